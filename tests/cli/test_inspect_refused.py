"""`leakscan inspect` where there is nothing to inspect, or not all of it can be: what is said, and the exit code."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from leakscan.detection.samples import Samples
from tests.standin.server import Asked, Reply, StandIn
from tests.standin.twilio import Account, Twilio

from .inspecting import marks, saved
from .test_verify import leakscan


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "1999-01-01", "9999-01-01", "", "0001-01-01T00:00+12:00"])
def test_since_that_is_no_day(tmp_path: Path, server: StandIn, account: Account, text: str) -> None:
    saved(tmp_path, account)
    done = leakscan("inspect", "saved.json", "--since", text, cwd=tmp_path)
    assert (done.returncode, "--since" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert server.requests == []


def test_a_finding_that_cannot_be_inspected(tmp_path: Path, server: StandIn, account: Account) -> None:
    path = saved(tmp_path, account)
    for mark, says in (
        (marks(path)["account_sid"], "opens nothing"),
        ("f" * 16, "no finding"),
        ("", "give more of it"),
    ):
        done = leakscan("inspect", "saved.json", "--finding", mark, cwd=tmp_path)
        assert (done.returncode, says in done.stderr) == (2, True)
    assert server.requests == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "name a report"),
        (["--from-environment"], "holds no credential"),
        (["saved.json", "--from-environment"], "not both"),
        (["nowhere.json"], "nowhere.json"),
        (["saved.json", "--offline"], "--offline"),
        (["saved.json", "-f", "sarif"], "sarif"),
        (["saved.json", "-o", "no/such/folder/x"], "no such directory"),
    ],
)
def test_what_cannot_be_done(
    tmp_path: Path, server: StandIn, account: Account, arguments: list[str], says: str
) -> None:
    saved(tmp_path, account)
    done = leakscan("inspect", *arguments, cwd=tmp_path)
    assert (done.returncode, says in done.stderr, done.stdout) == (2, True, "")
    assert "Traceback" not in done.stderr
    assert server.requests == []


def test_a_report_without_credentials(tmp_path: Path, server: StandIn) -> None:
    (tmp_path / "a.py").write_text("print()\n")
    leakscan("scan", "-f", "json", "-o", "saved.json", cwd=tmp_path)
    done = leakscan("inspect", "saved.json", cwd=tmp_path)
    assert (done.returncode, "nothing to inspect" in done.stderr) == (2, True)


def test_exit_codes(tmp_path: Path, twilio: Twilio, server: StandIn, account: Account) -> None:
    saved(tmp_path, account)

    def code() -> int:
        return leakscan("inspect", "saved.json", cwd=tmp_path).returncode

    def silent(asked: Asked) -> Reply | None:
        return Reply(503, {})

    def breaking(asked: Asked) -> Reply | None:
        return Reply(503, {}) if asked.host == "monitor.twilio.com" else None

    assert code() == 1
    server.routes.insert(0, breaking)
    assert code() == 1
    server.routes.insert(0, silent)
    assert code() == 3
    server.routes[:] = [twilio]
    account.status = "suspended"
    assert code() == 0
    account.status, account.token = "active", Samples().value("auth_token")
    assert code() == 0


def test_a_value_that_is_gone(tmp_path: Path, server: StandIn, account: Account) -> None:
    saved(tmp_path, account)
    (tmp_path / "app.env").unlink()
    done = leakscan("inspect", "saved.json", cwd=tmp_path)
    assert (done.returncode, server.requests) == (3, [])
    assert "no longer stands in app.env, line 2" in done.stdout
    assert "could not be told" in done.stdout


def test_a_dead_credential(tmp_path: Path, server: StandIn, account: Account) -> None:
    saved(tmp_path, account)
    account.token = Samples().value("auth_token")
    done = leakscan("inspect", "saved.json", cwd=tmp_path)
    assert (done.returncode, len(server.requests)) == (0, 1)
    assert "NOT LIVE" in done.stdout
    assert "nothing further was asked" in done.stdout


def test_an_interrupt_ends_it_with_what_there_is(tmp_path: Path, server: StandIn, account: Account) -> None:
    saved(tmp_path, account)
    asked = threading.Event()

    def slow(_asked: Asked) -> Reply | None:
        asked.set()
        time.sleep(0.5)
        return None

    server.routes.insert(0, slow)
    command = [sys.executable, "-m", "leakscan", "inspect", "saved.json"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert asked.wait(30)
        running.send_signal(signal.SIGINT)
        told, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in errors
    assert "Interrupted: the rest was not inspected." in told
