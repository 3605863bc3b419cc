"""`leakscan respond`: a plan first, nothing changed unconfirmed, each step once, and no secret told."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .responding import World, acting, new_world


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with new_world(tmp_path, monkeypatch) as made:
        yield made


def test_a_plan_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.leak_key()
    acting(monkeypatch, world.account)
    done = world.respond()
    assert (done.returncode, world.changes, list(world.folder.glob("leakscan-*"))) == (0, [], [])
    for said in (
        "create-restricted",
        "revoke-key",
        "/twilio/messaging/messages/create",
        "app.py:5",
        "/twilio/voice/calls/list",
        "git filter-repo",
        "does not take the leak back",
        "live standard",
    ):
        assert said in done.stdout


def test_a_plan_without_a_network(world: World) -> None:
    world.leak_token()
    done = world.respond("--offline")
    assert (done.returncode, world.server.requests) == (0, [])
    assert ".github/workflows/ci.yml:4  GitHub Actions, secret TWILIO_AUTH_TOKEN" in done.stdout
    assert "take the file out of git" in done.stdout
    assert world.respond("--offline", "--yes").returncode == 2


def test_a_plan_as_json(world: World) -> None:
    world.leak_key()
    done = world.respond("-f", "json")
    document = json.loads(done.stdout)
    assert document["schema"] == "leakscan/response/1"
    assert [each["permission"] for each in document["permissions"]] == [
        "/twilio/messaging/messages/create",
        "/twilio/voice/calls/list",
    ]
    assert [each["name"] for each in document["steps"]][-3:] == ["revoke-key", "verify", "repository"]
    assert {each["state"] for each in document["steps"]} == {"planned"}


def test_an_api_key_is_replaced_and_revoked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    leaked, other = world.leak_key(), world.twilio.key(world.account)
    acting(monkeypatch, world.account)
    first = world.respond("--yes", "--secret-file", "new.env")
    assert first.returncode == 1
    assert "waiting for you" in first.stderr
    assert leaked.sid in world.twilio.keys
    (made,) = set(world.twilio.keys) - {leaked.sid, other.sid}
    secret = world.twilio.keys[made].secret
    assert (world.folder / "new.env").read_text() == f"TWILIO_API_KEY={made}\nTWILIO_API_SECRET={secret}\n"
    assert (world.folder / "new.env").stat().st_mode & 0o777 == 0o600
    assert world.changing.policies[made] == ["/twilio/messaging/messages/create", "/twilio/voice/calls/list"]
    second = world.respond("--yes", "--deployed")
    assert second.returncode == 0
    assert set(world.twilio.keys) == {other.sid, made}
    assert [each[0] for each in world.changes] == ["POST", "DELETE"]
    assert "refused" in second.stderr
    assert set(world.states.values()) == {"done"}
    third = world.respond("--yes", "--deployed")
    assert (third.returncode, len(world.changes)) == (0, 2)


def test_an_auth_token_is_rotated(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    old = world.leak_token()
    acting(monkeypatch, world.account)
    assert world.respond("--yes", "--secret-file", "new.env").returncode == 1
    assert (world.account.token, world.account.secondary != "") == (old, True)
    new = world.account.secondary
    assert f"TWILIO_AUTH_TOKEN={new}\n" in (world.folder / "new.env").read_text()
    assert world.respond("--yes", "--deployed").returncode == 0
    assert (world.account.token, world.account.secondary) == (new, "")
    assert [each[2] for each in world.changes if each[1].startswith("accounts")] == [
        "/v1/AuthTokens/Secondary",
        "/v1/AuthTokens/Promote",
    ]
    assert world.states["verify"] == "done"


def test_a_leaked_secondary_token_is_deleted_and_never_promoted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    primary, leaked = world.account.token, world.leak_token()
    world.account.token, world.account.secondary = primary[::-1], leaked
    acting(monkeypatch, world.account)
    steps = ["--step", "delete-secondary", "--step", "verify"]
    assert world.respond("--yes", *steps).returncode == 0
    assert (world.account.token, world.account.secondary) == (primary[::-1], "")
    assert [each[::2] for each in world.changes] == [("DELETE", "/v1/AuthTokens/Secondary")]


def test_one_step_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    leaked = world.leak_key()
    acting(monkeypatch, world.account, world.twilio.key(world.account, "main"))
    done = world.respond("--yes", "--step", "revoke-key")
    assert done.returncode == 0
    assert world.changes == [("DELETE", "iam.twilio.com", f"/v1/Keys/{leaked.sid}")]
    assert "no step 'rewoke'" in world.respond("--step", "rewoke").stderr


def test_a_key_of_another_region_is_revoked_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.account.region = "ie1"
    leaked = world.leak_key()
    with (world.folder / "prod.env").open("a") as file:
        file.write("TWILIO_REGION=ie1\n")
    acting(monkeypatch, world.account)
    done = world.respond("--yes", "--deployed")
    assert (done.returncode, "US1 only" in done.stdout) == (0, True)
    assert world.changes == [("DELETE", "iam.dublin.ie1.twilio.com", f"/v1/Keys/{leaked.sid}")]


def test_a_subaccounts_token_is_rotated_by_its_parent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = world.twilio.account()
    world.account.parent = parent.sid
    old = world.leak_token()
    acting(monkeypatch, parent)
    options = ["--yes", "--deployed", "--secret-file", "new.env"]
    assert world.respond(*options).returncode == 0
    assert world.account.token != old


def test_a_subaccount_is_suspended_only_when_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = world.twilio.account()
    world.account.parent = parent.sid
    world.leak_token()
    acting(monkeypatch, parent)
    assert world.respond("--yes", "--step", "suspend-account").returncode == 0
    assert (world.account.status, len(world.changes)) == ("suspended", 1)


def test_countries_are_narrowed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.leak_key()
    acting(monkeypatch, world.account)
    steps = ["--step", "narrow-messages", "--step", "narrow-calls"]
    refused = world.respond("--yes", *steps)
    assert (refused.returncode, world.changes) == (1, [])
    assert "--keep-country" in refused.stderr
    assert world.respond("--yes", *steps, "--keep-country", "us").returncode == 0
    assert [code for code, on in world.changing.messages.items() if on] == ["US"]
    assert [code for code, on in world.changing.calls.items() if on] == ["US"]
    (entry,) = [each for each in world.journal["steps"] if each["step"] == "narrow-messages"]
    assert entry["before"]["messages"] == ["DE", "LV"]
