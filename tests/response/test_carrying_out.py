"""Steps are done once, in order; what breaks off is written down, and a later run looks before it does anything."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from leakscan.errors import ReportError
from leakscan.providers.changes import Changed, Look, Outcome, State
from leakscan.response.carrying_out import Action, carry_out
from leakscan.response.journal import Journal
from leakscan.response.steps import Step

STEPS = (
    Step("cut", "", confirm="yes"),
    Step("make", "", confirm="yes"),
    Step("deploy", "", confirm="yes", manual=True),
    Step("revoke", "", confirm="yes"),
)
CHANGES = ("cut", "make", "revoke")


class Provider:
    """Remembers what was changed, and how often; `breaks` is called in the middle of one step."""

    def __init__(self, breaks_at: str = "", broken: Callable[[], Changed] | None = None) -> None:
        self.done: list[str] = []
        self._at, self._broken = breaks_at, broken

    def actions(self, *, blind: str = "") -> dict[str, Action]:
        """How each step is done; nobody can look at a `blind` one."""
        return {name: self._action(name, blind=name == blind) for name in CHANGES}

    def _action(self, name: str, *, blind: bool) -> Action:
        return Action(lambda: self._do(name), None if blind else lambda _begun: self._look(name))

    def _do(self, name: str) -> Changed:
        self.done.append(name)
        if name == self._at and self._broken is not None:
            broken, self._broken = self._broken, None
            return broken()
        return Changed(Outcome.DONE, "204")

    def _look(self, name: str) -> Look:
        return Look(State.DONE if name in self.done else State.OPEN, "seen")


class Everything:
    """Confirms all but some steps, and remembers what it was told."""

    def __init__(self, *refused: str) -> None:
        self._refused = refused
        self.told: list[tuple[str, str]] = []
        self.asked: list[str] = []

    def confirm(self, step: Step) -> bool:
        self.asked.append(step.name)
        return step.name not in self._refused

    def tell(self, step: Step, state: str, detail: str) -> None:
        self.told.append((step.name, str(state)))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(str(tmp_path / "j.json"), "0" * 16, "auth_token")


def again(journal: Journal) -> Journal:
    """The journal as another run reads it."""
    read = Journal(journal.path, journal.fingerprint, journal.kind)
    read.load()
    return read


def interrupted() -> Changed:
    raise KeyboardInterrupt


def test_all_is_done_in_order_and_once(journal: Journal) -> None:
    provider = Provider()
    assert carry_out(STEPS, journal, provider.actions(), Everything()) is Outcome.DONE
    assert provider.done == list(CHANGES)
    assert carry_out(STEPS, again(journal), provider.actions(), Everything()) is Outcome.DONE
    assert provider.done == list(CHANGES)


@pytest.mark.parametrize("name", ["cut", "make", "deploy", "revoke"])
def test_nothing_after_what_was_not_confirmed(journal: Journal, name: str) -> None:
    provider = Provider()
    assert carry_out(STEPS, journal, provider.actions(), Everything(name)) is Outcome.REFUSED
    names = [step.name for step in STEPS]
    assert provider.done == [each for each in names[: names.index(name)] if each != "deploy"]
    assert name not in again(journal).entries


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_interrupted_is_looked_at_and_not_repeated(journal: Journal, name: str) -> None:
    provider = Provider(name, interrupted)
    with pytest.raises(KeyboardInterrupt):
        carry_out(STEPS, journal, provider.actions(), Everything())
    resumed = again(journal)
    assert resumed.state(name) == "begun"
    assert carry_out(STEPS, resumed, provider.actions(), Everything()) is Outcome.DONE
    assert provider.done == list(CHANGES)


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_interrupted_and_cannot_be_looked_at_ends_the_run(journal: Journal, name: str) -> None:
    provider = Provider(name, interrupted)
    with pytest.raises(KeyboardInterrupt):
        carry_out(STEPS, journal, provider.actions(blind=name), Everything())
    before = list(provider.done)
    assert carry_out(STEPS, again(journal), provider.actions(blind=name), Everything()) is Outcome.UNKNOWN
    assert provider.done == before
    hands = Everything()
    assert carry_out(STEPS, again(journal), provider.actions(blind=name), hands, [name]) is Outcome.DONE
    assert name in hands.asked


def test_an_unknown_outcome_ends_the_run_unless_a_look_settles_it(journal: Journal) -> None:
    provider = Provider("make", lambda: Changed(Outcome.UNKNOWN, "500"))
    assert carry_out(STEPS, journal, provider.actions(blind="make"), Everything()) is Outcome.UNKNOWN
    assert (provider.done, again(journal).state("make")) == (["cut", "make"], "unknown")
    settled = Provider("cut", lambda: Changed(Outcome.UNKNOWN, "500"))
    journal.entries.clear()
    assert carry_out(STEPS, journal, settled.actions(), Everything()) is Outcome.DONE
    assert settled.done == list(CHANGES)


def test_what_is_refused_ends_the_run(journal: Journal) -> None:
    provider = Provider("cut", lambda: Changed(Outcome.REFUSED, "403"))
    assert carry_out(STEPS, journal, provider.actions(), Everything()) is Outcome.REFUSED
    assert provider.done == ["cut"]


def test_an_obstacle_is_told_and_only_a_soft_one_gives_way(journal: Journal) -> None:
    soft, firm = (Step("cut", "", confirm="yes", obstacle="it rains", firmly=firmly) for firmly in (False, True))
    provider = Provider()
    for step, named in ((soft, []), (firm, ["cut"])):
        assert carry_out([step], journal, provider.actions(), Everything(), named) is Outcome.REFUSED
    assert provider.done == []
    assert carry_out([soft], journal, provider.actions(), Everything(), ["cut"]) is Outcome.DONE


def test_a_look_that_fails_changes_nothing(journal: Journal) -> None:
    provider = Provider()
    for state, outcome in ((State.UNKNOWN, Outcome.UNKNOWN), (State.ABSENT, Outcome.REFUSED)):
        action = Action(lambda: provider._do("cut"), partial(_seen, state))
        assert carry_out(STEPS[:1], journal, {"cut": action}, Everything()) is outcome
    assert provider.done == []


def _seen(state: State, _begun: bool) -> Look:
    return Look(state, "?")


def test_how_things_were_is_kept(journal: Journal) -> None:
    action = Action(lambda: Changed(Outcome.DONE, ""), before=lambda: {"messages": ["DE"]})
    carry_out(STEPS[:1], journal, {"cut": action}, Everything())
    assert again(journal).entries["cut"].before == {"messages": ["DE"]}


def test_a_journal_that_cannot_be_written_stops_before_the_change(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    provider = Provider()
    with pytest.raises(ReportError):
        carry_out(STEPS, Journal(str(tmp_path / "link"), "0" * 16, "x"), provider.actions(), Everything())
    assert provider.done == []
