"""Steps, one after another: looked at, confirmed, written down, done once, written down.

What ended unclear ends the run. A later run looks first, and sends a change again only where the state shows that it
did not happen, or where nobody can tell and the step is named; always with a confirmation of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from leakscan.providers.changes import Changed, Look, Outcome, State
from leakscan.response.journal import Journal
from leakscan.response.steps import Step


class Action(NamedTuple):
    """How a step is done. `look` is told whether it was begun before; `before` says what to remember to undo it by."""

    do: Callable[[], Changed]
    look: Callable[[bool], Look] | None = None
    before: Callable[[], dict[str, Any]] = dict
    changes: bool = True


class Hands(Protocol):
    """Who confirms, and who is told."""

    def confirm(self, step: Step) -> bool:
        """Whether a step may be done."""

    def tell(self, step: Step, state: str, detail: str) -> None:
        """How a step stands."""


def carry_out(
    steps: Sequence[Step], journal: Journal, actions: Mapping[str, Action], hands: Hands, named: Sequence[str] = ()
) -> Outcome:
    """Carry steps out until one is not done; `named` are those that were asked for by name. Raises ReportError."""
    for step in steps:
        if journal.state(step.name) == "done":
            hands.tell(step, "done before", journal.entries[step.name].at)
            continue
        outcome, detail = _one(step, journal, actions, hands, insisted=step.name in named)
        hands.tell(step, outcome, detail)
        if outcome is not Outcome.DONE:
            return outcome
    return Outcome.DONE


def _one(
    step: Step, journal: Journal, actions: Mapping[str, Action], hands: Hands, *, insisted: bool
) -> tuple[Outcome, str]:
    if step.obstacle and (step.firmly or not insisted):
        return Outcome.REFUSED, step.obstacle
    if step.manual:
        return _by_hand(step, journal, hands)
    action = actions[step.name]
    begun = journal.state(step.name) in {"begun", "unknown"}
    stopped = _looked(step, journal, action, begun=begun, insisted=insisted)
    if stopped is not None:
        return stopped
    if action.changes and not hands.confirm(step):
        return Outcome.REFUSED, "not confirmed; nothing was changed"
    journal.put(step.name, "begun", before=action.before())
    changed = action.do()
    if changed.outcome is Outcome.UNKNOWN and action.look is not None and action.changes:
        look = action.look(True)
        done = look.state is State.DONE
        detail = f"{changed.detail}; {look.detail}"
        changed = changed._replace(outcome=Outcome.DONE if done else Outcome.UNKNOWN, detail=detail)
    journal.put(step.name, changed.outcome, changed.detail, made=changed.made)
    if changed.outcome is Outcome.UNKNOWN and action.changes:
        return changed.outcome, f"whether it was done is not known: {changed.detail}. It is not sent again by itself"
    return changed.outcome, changed.detail


def _by_hand(step: Step, journal: Journal, hands: Hands) -> tuple[Outcome, str]:
    if step.confirm and not hands.confirm(step):
        return Outcome.REFUSED, "waiting for you; run this again when it is done"
    if step.confirm:
        journal.put(step.name, Outcome.DONE)
    return Outcome.DONE, "as you say" if step.confirm else "yours to do; see below"


def _looked(step: Step, journal: Journal, action: Action, *, begun: bool, insisted: bool) -> tuple[Outcome, str] | None:
    """What a look at the state settles; None if the step is to be done."""
    if action.look is None:
        if begun and action.changes and not insisted:
            how = f"name it with --step {step.name} once you have looked in the Console"
            return Outcome.UNKNOWN, f"it was begun before, and how it ended cannot be asked; {how}"
        return None
    look = action.look(begun)
    if look.state is State.DONE:
        journal.put(step.name, Outcome.DONE, look.detail)
        return Outcome.DONE, f"nothing to do: {look.detail}"
    if look.state is State.ABSENT:
        return Outcome.REFUSED, look.detail
    if look.state is State.UNKNOWN and not (begun and insisted):
        said = "it was begun before, and how it ended is not known" if begun else "nothing was changed"
        return Outcome.UNKNOWN, f"{said}: {look.detail}"
    return None
