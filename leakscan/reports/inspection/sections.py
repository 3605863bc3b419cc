"""One inspection -> what is said of it, in sections that every format for people shows."""

from collections.abc import Iterator
from typing import NamedTuple

from leakscan.inspection import (
    UNTOLD,
    BlastRadius,
    Inspected,
    Inspection,
    Review,
    Unknown,
    items,
)
from leakscan.reports.inspection.charts import Chart, chart
from leakscan.reports.inspection.facts import Row, of_reach, of_review
from leakscan.reports.wording import counted


class Section(NamedTuple):
    """A heading with a note, sentences (`numbered` if in order), facts, and charts."""

    title: str
    points: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    charts: tuple[Chart, ...] = ()
    note: str = ""
    numbered: bool = False


def verdict(inspected: Inspected) -> str:
    """The sentence on all of it."""
    live = sum(each.live for each in inspected.inspections)
    untold = sum(each.state in UNTOLD for each in inspected.inspections)
    total = len(inspected.inspections)
    told = [f"{counted(live, 'credential')} of {total:,} {'is' if live == 1 else 'are'} live."] if total else []
    if untold:
        told.append(f"Of {untold:,} it could not be told.")
    if unanswered := sum(len(each.unanswered) for each in inspected.inspections):
        told.append(f"{counted(unanswered, 'question').capitalize()} came to no answer: ask again later.")
    if not inspected.complete:
        told.append("Interrupted: the rest was not inspected.")
    return " ".join(told)


def badge(inspection: Inspection) -> str:
    """Whether a credential is live, in a word or two."""
    return "live" if inspection.live else "unknown" if inspection.state in UNTOLD else "not live"


def state(inspection: Inspection) -> str:
    """The state of a credential and how it is known, in words."""
    when = f" ({inspection.checked_at})" if inspection.checked_at else ""
    return f"{inspection.state.replace('_', ' ')}: {inspection.detail}{when}"


def sections(inspection: Inspection) -> list[Section]:
    """All that is to say of one inspection beyond its state, the most urgent first."""
    return [each for each in _sections(inspection) if each.points or each.rows or each.charts or each.note]


def _sections(inspection: Inspection) -> Iterator[Section]:
    if inspection.reach is None:
        yield Section("What it can do", inspection.powers, note=_no_further(inspection))
        return
    if inspection.review is not None:
        yield _oddities(inspection.reach, inspection.review, inspection.oddities)
    yield Section("What an attacker would do", inspection.risks, numbered=True)
    yield Section("What it can do", inspection.powers)
    yield Section("What it reaches", rows=of_reach(inspection.reach))
    if inspection.review is not None:
        yield _done(inspection.review)


def _no_further(inspection: Inspection) -> str:
    if inspection.state in UNTOLD:
        return "Whether it is live could not be told, so nothing further was asked of it."
    if not inspection.live:
        return "It is not live, so nothing further was asked of it."
    return "Nothing further can be asked with it."


def _oddities(reach: BlastRadius, review: Review, oddities: tuple[str, ...]) -> Section:
    since = f"since {review.since}, {review.reason}"
    judged = {**review._asdict(), "keys": reach.keys, "subaccounts": reach.subaccounts, "numbers": reach.numbers}
    unknown = [name for name, fact in judged.items() if isinstance(fact, Unknown)]
    limits = f"Not known: {', '.join(unknown)} (see below for why)." if unknown else ""
    note = "" if oddities else "Nothing of what could be asked looks wrong; that is no proof that nobody used it."
    return Section(f"What looks wrong ({since})", oddities, note=" ".join(filter(None, (note, limits))))


def _done(review: Review) -> Section:
    charts = tuple(chart(each, review.since) for each in items(review.usage))
    return Section(f"What was done from {review.since} to {review.until}", rows=of_review(review), charts=charts)
