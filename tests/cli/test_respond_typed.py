"""`leakscan respond` at a real terminal: what is typed confirms, and a new secret is shown once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .responding import World, acting, new_world, typed

START, SID, YES, SHOW = "Type start", "last four characters", "Type yes", "Type show"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with new_world(tmp_path, monkeypatch) as made:
        yield made


def run(world: World, arguments: list[str], *answers: tuple[str, str]) -> tuple[str, int]:
    return typed(world.folder, ["respond", "../leaks.json", *arguments], *answers)


def test_the_last_characters_of_the_sid_confirm(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    leaked = world.leak_key()
    acting(monkeypatch, world.account)
    wrong = "zzzz"
    said, code = run(world, ["--step", "revoke-key"], (START, "start\n"), (SID, f"{wrong}\n"))
    assert (code, world.changes) == (1, [])
    assert "not confirmed" in said
    said, code = run(world, ["--step", "revoke-key"], (START, "start\n"), (SID, f"{leaked.sid[-4:]}\n"))
    assert (code, len(world.changes)) == (0, 1)
    world.discreet(said)


@pytest.mark.parametrize("answer", ["\n", "no\n", "y\n"])
def test_a_plan_that_is_not_started_is_only_a_plan(world: World, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    world.leak_key()
    acting(monkeypatch, world.account)
    said, code = run(world, [], (START, answer))
    assert (code, world.changes) == (0, [])
    assert "revoke-key" in said


def test_a_whole_rotation_with_the_secret_shown_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.leak_token()
    acting(monkeypatch, world.account)
    last = f"{world.account.sid[-4:]}\n"
    answers = ((START, "start\n"), (SHOW, "show\n"), (SHOW, "show\n"), (YES, "yes\n"), (SID, last))
    said, code = run(world, [], *answers)
    assert code == 0
    assert said.count(world.account.token) == 1
    (made,) = world.twilio.keys.values()
    assert said.count(made.secret) == 1
    assert world.states["verify"] == "done"
    for secret in (world.account.token, made.secret):
        assert secret not in (next(world.folder.glob("leakscan-respond-*"))).read_text()


def test_without_show_no_secret_is_made(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.leak_token()
    acting(monkeypatch, world.account)
    _, code = run(world, [], (START, "start\n"), (SHOW, "yes\n"))
    assert (code, world.changes) == (1, [])


def test_the_operators_credential_at_a_prompt(world: World) -> None:
    leaked = world.leak_key()
    answers = (
        (START, "start\n"),
        ("Account SID", f"{world.account.sid}\n"),
        ("Auth Token", f"{world.account.token}\n"),
        (SID, f"{leaked.sid[-4:]}\n"),
    )
    said, code = run(world, ["--step", "revoke-key"], *answers)
    assert (code, leaked.sid in world.twilio.keys) == (0, False)
    world.discreet(said)


def test_the_end_of_input_at_a_prompt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.leak_key()
    acting(monkeypatch, world.account)
    said, code = run(world, ["--step", "revoke-key"], (START, "start\n"), (SID, "\x04"))
    assert (code, world.changes) == (130, [])
    assert "Traceback" not in said
