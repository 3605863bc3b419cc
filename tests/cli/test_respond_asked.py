"""What `leakscan respond` is asked for: who acts, where secrets go, and exactly which credential."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from leakscan.detection.samples import Samples
from leakscan.secret import Secret

from .responding import World, acting, new_world


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with new_world(tmp_path, monkeypatch) as made:
        yield made


# --- who acts ---


def test_nobody_acts_without_a_credential(world: World) -> None:
    world.leak_key()
    done = world.respond("--yes", "--step", "revoke-key")
    assert (done.returncode, world.changes) == (2, [])
    assert "TWILIO_ACCOUNT_SID" in done.stderr


@pytest.mark.parametrize("who", ["wrong", "stranger", "standard", "leaked"])
def test_who_may_not_act_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    leaked = world.leak_key("main" if who == "leaked" else "standard")
    if who == "wrong":
        acting(monkeypatch, world.account)
        monkeypatch.setenv("TWILIO_AUTH_TOKEN", world.account.token[::-1])
    elif who == "stranger":
        acting(monkeypatch, world.twilio.account())
    else:
        acting(monkeypatch, world.account, leaked if who == "leaked" else world.twilio.key(world.account))
    done = world.respond("--yes", "--step", "revoke-key")
    assert (done.returncode, world.changes) == (1 if who == "leaked" else 2, [])
    said = {
        "wrong": "rotated",
        "stranger": "another account",
        "standard": "Standard key",
        "leaked": "leaked key itself",
    }
    assert said[who] in done.stderr


def test_an_api_key_cannot_rotate_a_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.leak_token()
    acting(monkeypatch, world.account, world.twilio.key(world.account, "main"))
    done = world.respond("--yes", "--step", "create-secondary", "--secret-file", "new.env")
    assert (done.returncode, world.changes, (world.folder / "new.env").exists()) == (1, [], False)
    assert "TWILIO_AUTH_TOKEN" in done.stderr


# --- where secrets go ---


def test_no_secret_is_made_without_a_place_for_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.leak_token()
    acting(monkeypatch, world.account)
    done = world.respond("--yes")
    assert (done.returncode, world.changes) == (2, [])
    assert "--secret-file" in done.stderr


@pytest.mark.parametrize("what", ["link", "dangling link", "file", "folder", "linked folder"])
def test_a_place_for_secrets_that_is_not_new_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    world.leak_token()
    acting(monkeypatch, world.account)
    place = world.folder / "new.env"
    name = "new.env"
    if what == "link":
        (world.folder / "other").write_text("x")
        place.symlink_to(world.folder / "other")
    elif what == "dangling link":
        place.symlink_to(world.folder / "nowhere")
    elif what == "file":
        place.write_text("x")
    elif what == "folder":
        place.mkdir()
    else:
        (world.folder / "real").mkdir()
        (world.folder / "linked").symlink_to(world.folder / "real")
        name = "linked/new.env"
    done = world.respond("--yes", "--secret-file", name)
    assert (done.returncode, world.changes) == (2, [])
    assert not (world.folder / "nowhere").exists()


def test_a_replacement_file_is_written_when_asked_for(world: World) -> None:
    token = world.leak_token()
    done = world.respond("--offline", "--replacements", "replace.txt")
    assert done.returncode == 0
    path = world.folder / "replace.txt"
    assert path.read_text() == f"literal:{token}==>REMOVED-TWILIO_AUTH_TOKEN\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert "delete it" in done.stderr


# --- what is asked for ---


def test_which_finding(world: World) -> None:
    world.leak_key()
    report = json.loads((world.folder.parent / "leaks.json").read_text())
    marks = {each["kind"]: each["fingerprint"] for each in report["findings"]}
    secret = marks["api_key_secret"]
    assert world.respond("--finding", secret[:8], "--offline").returncode == 0
    wrong = world.respond("--finding", marks["api_key_sid"], "--offline")
    assert (wrong.returncode, secret in wrong.stderr) == (2, True)
    assert world.respond("--finding", "0000", "--offline").returncode == 2
    assert world.respond("--finding", "", "--offline").returncode == 2


def test_a_journal_of_something_else_is_refused(world: World) -> None:
    world.leak_key()
    for text in ("{", "[]", json.dumps({"schema": "leakscan/response/1", "fingerprint": "0" * 16, "steps": []})):
        (world.folder.parent / "j.json").write_text(text)
        done = world.respond("--offline", "--journal", "../j.json")
        assert (done.returncode, "journal" in done.stderr) == (2, True)


def test_a_file_that_cannot_be_read_is_told(world: World) -> None:
    world.leak_key()
    (world.folder / "broken").write_bytes(b"PK\3\4" + b"x" * 100)
    done = world.respond("--offline")
    assert (done.returncode, "broken" in done.stderr) == (3, True)


def test_what_only_people_can_do(world: World) -> None:
    samples = Samples()
    (world.folder / "a.py").write_text(samples.fill('TWILIO_ACCESS_TOKEN = "@{access_token}"\n'))
    world.scan()
    report = json.loads((world.folder.parent / "leaks.json").read_text())
    mark = next(each["fingerprint"] for each in report["findings"] if each["kind"] == "access_token")
    assert world.respond("--finding", mark).returncode == 0
    done = world.respond("--finding", mark, "--yes")
    assert (done.returncode, world.server.requests) == (1, [])
    assert "yours" in done.stderr


def test_a_secret_that_is_not_paired_for_sure(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many keys beside a secret, the one that it opens is revoked; if none is told, none is."""
    leaked = world.leak_key()
    others = [world.twilio.key(world.account) for _ in range(2)]
    (world.folder / "prod.env").write_text(f"TWILIO_API_SECRET={leaked.secret}\n")
    (world.folder / "keys.txt").write_text("".join(f"api key {each.sid}\n" for each in (others[0], leaked, others[1])))
    world.scan()
    acting(monkeypatch, world.account)
    mark = Secret(leaked.secret).fingerprint("api_key_secret")
    offline = world.respond("--finding", mark, "--offline")
    assert "not known for sure" in offline.stdout
    assert world.respond("--finding", mark, "--yes", "--step", "revoke-key").returncode == 0
    assert set(world.twilio.keys) == {each.sid for each in others}


def test_a_dead_secret_that_is_not_paired_revokes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    leaked = world.leak_key()
    others = [world.twilio.key(world.account) for _ in range(2)]
    (world.folder / "prod.env").write_text(f"TWILIO_API_SECRET={leaked.secret[::-1]}\n")
    (world.folder / "keys.txt").write_text("".join(f"api key {each.sid}\n" for each in others))
    world.scan()
    acting(monkeypatch, world.account)
    mark = Secret(leaked.secret[::-1]).fingerprint("api_key_secret")
    done = world.respond("--finding", mark, "--yes", "--step", "revoke-key")
    assert (done.returncode, world.changes, "not known for sure" in done.stderr) == (1, [], True)


def test_a_key_of_another_account_is_not_taken_for_revoked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    leaked = world.leak_key()
    text = (world.folder / "prod.env").read_text()
    (world.folder / "prod.env").write_text(text.replace(f"TWILIO_ACCOUNT_SID={world.account.sid}\n", ""))
    world.scan()
    stranger = world.twilio.account()
    acting(monkeypatch, stranger)
    done = world.respond("--yes", "--step", "revoke-key")
    assert (done.returncode in {1, 2}, world.changes, leaked.sid in world.twilio.keys) == (True, [], True)


def test_a_value_that_is_gone_is_revoked_by_its_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    leaked = world.leak_key()
    (world.folder / "prod.env").write_text(f"TWILIO_ACCOUNT_SID={world.account.sid}\nTWILIO_API_KEY={leaked.sid}\n")
    acting(monkeypatch, world.account)
    done = world.respond("--yes", "--step", "revoke-key", "--step", "verify")
    assert (done.returncode, leaked.sid in world.twilio.keys) == (0, False)


def test_a_key_that_the_secret_does_not_open_is_not_revoked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An old secret beside a key that is in use: a key keeps its secret, so that this is not the one that leaked."""
    used = world.leak_key()
    text = (world.folder / "prod.env").read_text()
    (world.folder / "prod.env").write_text(text.replace(used.secret, used.secret[::-1]))
    world.scan()
    acting(monkeypatch, world.account)
    for regions in ("hinted", "all"):
        done = world.respond("--yes", "--step", "revoke-key", "--regions", regions)
        assert (done.returncode, world.changes) == (1, [])
        assert "do not belong together" in done.stderr


@pytest.mark.parametrize("kind", ["key", "token"])
def test_what_us1_alone_refuses_is_not_called_dead(world: World, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    if kind == "key":
        del world.twilio.keys[world.leak_key().sid]
    else:
        world.account.token = world.leak_token()[::-1]
    acting(monkeypatch, world.account)
    step = ["--step", "revoke-key" if kind == "key" else "promote", "--step", "verify"]
    assert world.respond("--yes", *step).returncode == 3
    done = world.respond("--yes", *step, "--regions", "all")
    assert (done.returncode, world.changes) == (0, [])
    assert "refused everywhere" in done.stderr


def test_nothing_is_made_for_what_is_dead(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.account.token = world.leak_token()[::-1]
    acting(monkeypatch, world.account)
    done = world.respond("--yes", "--regions", "all")
    assert (done.returncode, world.changes) == (0, [])
    assert "nothing to do" in done.stderr


def test_reports_and_journals_are_no_code(world: World) -> None:
    world.leak_token()
    (world.folder / "old.json").write_text((world.folder.parent / "leaks.json").read_text())
    assert "old.json" not in world.respond("--offline").stdout
