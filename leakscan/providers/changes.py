"""What came of a request that changes something, and what a look at the state says afterwards.

A change is sent once and never again by itself. An answer that did not come, that says "too many" or "our fault", or
that nobody can read leaves it open whether anything changed; only a look can tell then.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from leakscan.providers.http import Answer, Trouble
from leakscan.secret import Secret


class Outcome(StrEnum):
    """Whether something was changed."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Changed(NamedTuple):
    """An outcome in words; `made` is the identifier of what was made, `secret` what only its maker gets to see."""

    outcome: Outcome
    detail: str
    made: str = ""
    secret: Secret | None = None


class State(StrEnum):
    """How things stand, as far as a step is concerned."""

    DONE = "done"  # as they are after it
    OPEN = "open"  # as they are before it
    ABSENT = "absent"  # what it is about is not there, or not for who asks
    UNKNOWN = "unknown"


class Look(NamedTuple):
    """How things stand, in words."""

    state: State
    detail: str


def sent_once(send: Callable[[], Answer], detail: Callable[[Answer], str]) -> tuple[Outcome, str, Answer | None]:
    """Send a change; its outcome, in words, and its answer. `detail` tells what an answer says, without values."""
    try:
        answer = send()
    except Trouble as trouble:
        return Outcome.UNKNOWN, str(trouble), None
    if 200 <= answer.status < 300:
        return Outcome.DONE, str(answer.status), answer
    if 400 <= answer.status < 500 and answer.status not in {408, 425, 429} and answer.body:
        return Outcome.REFUSED, detail(answer), answer
    return Outcome.UNKNOWN, detail(answer), answer
