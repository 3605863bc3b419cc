"""`leakscan respond` where answers get lost or somebody interrupts: it says where things stand, and goes on."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.standin.changing import CUT, Fault
from tests.standin.server import Asked, Reply

from .responding import CHANGES, World, acting, new_world

STEPS = ["/Keys", "/Secondary", "/Promote"]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with new_world(tmp_path, monkeypatch) as made:
        yield made


def lost(world: World, path: str, *, happens: bool, reply: Reply = CUT) -> None:
    world.changing.faults.append(Fault(reply, happens=happens, path=path))


@pytest.mark.parametrize("reply", [CUT, Reply(500, {"code": 20500}), Reply(429, {"code": 20429}), Reply(502, "<html>")])
def test_a_revocation_without_an_answer(world: World, monkeypatch: pytest.MonkeyPatch, reply: Reply) -> None:
    leaked = world.leak_key()
    acting(monkeypatch, world.account)
    lost(world, "/Keys", happens=False, reply=reply)
    done = world.respond("--yes", "--step", "revoke-key")
    assert (done.returncode, len(world.changes), world.states) == (3, 1, {"revoke-key": "unknown"})
    assert "the key exists" in done.stderr
    world.changing.faults.clear()
    assert world.respond("--yes", "--step", "revoke-key").returncode == 0
    assert (leaked.sid in world.twilio.keys, len(world.changes)) == (False, 2)


def test_a_revocation_whose_answer_got_lost_is_seen_to_have_happened(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.leak_key()
    acting(monkeypatch, world.account)
    lost(world, "/Keys", happens=True)
    done = world.respond("--yes", "--step", "revoke-key", "--step", "verify")
    assert (done.returncode, len(world.changes)) == (0, 1)
    assert world.states == {"revoke-key": "done", "verify": "done"}


def test_a_key_whose_secret_got_lost_is_not_made_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.leak_key()
    acting(monkeypatch, world.account)
    lost(world, "/Keys", happens=True)
    first = world.respond("--yes", "--secret-file", "new.env")
    assert (first.returncode, len(world.changes), (world.folder / "new.env").exists()) == (3, 1, False)
    (made,) = world.changing.names
    assert made in first.stderr
    world.changing.faults.clear()
    assert world.respond("--yes", "--secret-file", "new.env").returncode == 3
    assert len(world.changes) == 1
    del world.twilio.keys[made]
    assert world.respond("--yes", "--secret-file", "new.env").returncode == 1  # waiting for the deployment
    assert len(world.changes) == 2


@pytest.mark.parametrize("happens", [True, False])
def test_a_secondary_token_without_an_answer(world: World, monkeypatch: pytest.MonkeyPatch, happens: bool) -> None:
    world.leak_token()
    acting(monkeypatch, world.account)
    lost(world, "/Secondary", happens=happens)
    options = ["--yes", "--secret-file", "new.env"]
    only = ["--step", "create-secondary"]
    assert world.respond(*options, "--step", "create-secondary").returncode == 3
    world.changing.faults.clear()
    unclear = world.respond(*options)
    assert (unclear.returncode, "Console" in unclear.stderr) == (3, True)
    assert [each[2] for each in world.changes].count("/v1/AuthTokens/Secondary") == 1
    assert world.respond("--yes", "--secret-file", "third.env", *only).returncode == 0


@pytest.mark.parametrize("happens", [True, False])
def test_a_promotion_without_an_answer(world: World, monkeypatch: pytest.MonkeyPatch, happens: bool) -> None:
    old = world.leak_token()
    acting(monkeypatch, world.account)
    lost(world, "/Promote", happens=happens)
    done = world.respond("--yes", "--deployed", "--secret-file", "new.env")
    assert (done.returncode, world.states["promote"]) == ((0, "done") if happens else (3, "unknown"))
    world.changing.faults.clear()
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", world.account.token)
    assert world.respond("--yes", "--deployed").returncode == 0
    assert world.account.token != old
    assert [each[2] for each in world.changes].count("/v1/AuthTokens/Promote") == (1 if happens else 2)


class Held:
    """Holds a change back until it is let go."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.came, self.go = threading.Event(), threading.Event()

    def __call__(self, asked: Asked) -> Reply | None:
        if asked.method in CHANGES and self._path in asked.path and not self.go.is_set():
            self.came.set()
            self.go.wait(30)
        return None


@pytest.mark.parametrize("path", STEPS)
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interruption_while_a_change_is_on_its_way(
    world: World, monkeypatch: pytest.MonkeyPatch, path: str, sign: signal.Signals
) -> None:
    leaked = world.leak_key().sid if path == "/Keys" else world.leak_token()
    acting(monkeypatch, world.account)
    held = Held(path)
    world.server.routes.insert(0, held)
    step = ["--step", "revoke-key"] if path == "/Keys" else ["--deployed", "--secret-file", "new.env"]
    report = str(world.folder.parent / "leaks.json")
    command = [sys.executable, "-m", "leakscan", "respond", report, "--yes", *step]
    with subprocess.Popen(command, cwd=world.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert held.came.wait(30)
        os.kill(process.pid, sign)
        out, err = process.communicate(timeout=30)
    held.go.set()
    world.discreet(out.decode(), err.decode())
    assert process.returncode == (-9 if sign == signal.SIGKILL else 130)
    before = len(world.changes)
    name = {"/Keys": "revoke-key", "/Secondary": "create-secondary", "/Promote": "promote"}[path]
    assert world.states[name] == "begun"
    if path == "/Keys":
        again = world.respond("--yes", "--step", "revoke-key")
        assert (again.returncode, leaked in world.twilio.keys) == (0, False)
        assert len(world.changes) <= before + 1
    elif path == "/Secondary":
        assert world.respond("--yes", "--deployed", "--secret-file", "more.env").returncode == 3
        assert len(world.changes) == before
    else:
        while world.account.secondary:
            time.sleep(0.01)
        monkeypatch.setenv("TWILIO_AUTH_TOKEN", world.account.token)
        assert world.respond("--yes", "--deployed").returncode == 0
        assert len(world.changes) == before
