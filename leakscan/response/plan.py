"""What to do about a leaked credential, in which order, what each step breaks and how it is undone: pure."""

from collections.abc import Sequence
from typing import NamedTuple

from leakscan.analysis.usage.calls import Usage
from leakscan.analysis.usage.dependents import Dependent
from leakscan.response.steps import MAKERS, REPOSITORY, Powers, Step, by_hand, not_covered, spared
from leakscan.response.target import Target


class Plan(NamedTuple):
    """The steps, and what they were derived from."""

    target: Target
    powers: Powers
    steps: tuple[Step, ...]
    usage: Usage
    dependents: tuple[Dependent, ...]
    notes: tuple[str, ...] = ()


def planned(
    target: Target, powers: Powers, usage: Usage, dependents: Sequence[Dependent], kept: Sequence[str] = ()
) -> Plan:
    """The plan for a target; `kept` are the countries that calls and messages may still go to."""
    maker = MAKERS.get(target.kind)
    steps = maker(target, powers, usage, kept) if maker else by_hand(target)
    return Plan(target, powers, (*steps, REPOSITORY), usage, tuple(dependents), _notes(target, usage))


def chosen(plan: Plan, names: Sequence[str]) -> tuple[Step, ...]:
    """The steps to carry out: those named, or all that are not optional and that nothing hinders."""
    if names:
        return tuple(step for step in plan.steps if step.name in names)
    return tuple(step for step in plan.steps if not (step.optional or spared(step)))


# The steps that end an abuse.
_AT_ONCE = {
    "api_key_secret": "--step revoke-key --yes",
    "auth_token": "--step create-secondary --step promote --yes --secret-file FILE",
    "sendgrid_api_key": "--step delete-sendgrid-key --yes",
}


def _notes(target: Target, usage: Usage) -> tuple[str, ...]:
    notes = []
    beyond = not_covered(target, usage)
    if target.dead:
        notes.append(f"The provider refuses the credential already ({target.detail}).")
    if target.state == "live_test":
        notes.append("These are test credentials: they cost nothing and reach nobody.")
    if beyond and target.kind in {"auth_token", "api_key_secret"}:
        notes.append(f"A Restricted key is not enough for all of this code: {_lines(len(beyond))} more (listed below).")
    if target.state.startswith("live") and target.kind in _AT_ONCE:
        notes.append(f"Is it being abused? Stop that first, whatever breaks: {_AT_ONCE[target.kind]}.")
    if not usage.permissions and target.kind in {"auth_token", "api_key_secret"}:
        notes.append("No call of Twilio's API was found here, so that no replacement is made by itself.")
    return tuple(notes)


def _lines(count: int) -> str:
    return "1 line needs" if count == 1 else f"{count} lines need"
