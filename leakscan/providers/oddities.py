"""What looks wrong in a review, and why: days, destinations, addresses and keys held against the weeks before.

Whatever is busier than usual by chance stays unsaid; what cannot be compared is never called odd.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from statistics import median
from typing import NamedTuple

from leakscan.inspection import (
    WEEKS_BEFORE,
    BlastRadius,
    Changes,
    Flow,
    Review,
    Series,
    SmsGeo,
    Traffic,
    Unknown,
    figure,
    items,
)

# A day is odd that exceeds its weekday's median by so many spreads, by so many units or so much money, and twice over.
_SPREADS, _TIMES, _LEAST, _LEAST_MONEY = 5.0, 2.0, 25.0, 5.0
_OVER_BUSIEST = 1.2
_TO_DEVIATION = 1.4826  # of a median absolute deviation
_GROWS_IN = 56  # days
_FEW = 5  # calls or messages to a new country that are no news
_NAMED = 6
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_EARLIER = "in the four weeks before"


def oddities(review: Review, reach: BlastRadius | None = None) -> tuple[str, ...]:
    """What looks wrong, in sentences, the gravest kind first."""
    reach = reach or BlastRadius()
    return (
        *_made_since(review.since, reach),
        *_destinations("Calls", review.calls, frozenset()),
        *_destinations("Messages", review.messages, _risky(reach.sms)),
        *_days(review),
        *_addresses(review.changes),
    )


def _risky(geo: SmsGeo | Unknown | None) -> frozenset[str]:
    return frozenset((*geo.risky, *geo.risky_closed)) if isinstance(geo, SmsGeo) else frozenset()


# --- what there is now that there was not ---


def _made_since(since: date, reach: BlastRadius) -> Iterator[str]:
    """Keys, subaccounts and numbers that date from the leak or later: what outlives the credential."""
    keys = [each for each in items(reach.keys) if _later(each.created, since) and not each.own]
    if keys:
        names = _some(f"{key.sid} “{key.name}” ({key.created})" for key in keys)
        says = "created since, and will outlive this credential unless you delete what is not yours"
        yield f"{_were(keys, 'API key')} {says}: {names}"
    below = [each for each in items(reach.subaccounts) if _later(each.created, since)]
    if below:
        names = _some(f"{each.sid} “{each.name}” ({each.created})" for each in below)
        yield f"{_were(below, 'subaccount')} created since; delete what is not yours: {names}"
    numbers = [each for each in items(reach.numbers) if _later(each.created, since)]
    if numbers:
        names = _some(f"{each.shown} ({each.created})" for each in numbers)
        yield f"{_were(numbers, 'phone number')} bought since; release what is not yours: {names}"


def _later(created: date | None, since: date) -> bool:
    return created is not None and created >= since


def _were(things: Sequence[object], noun: str) -> str:
    return f"1 {noun} was" if len(things) == 1 else f"{len(things):,} {noun}s were"


# --- where it went ---


def _destinations(what: str, traffic: Traffic | Unknown | None, risky: frozenset[str]) -> Iterator[str]:
    """Countries that nothing went to before, unless it is next to nothing; high-risk ones however little."""
    if not isinstance(traffic, Traffic) or traffic.before_cut.startswith("not known"):
        return
    new = [flow for flow in traffic.flows if flow.direction == "outbound" and flow.total and not flow.before]
    grave = [flow for flow in new if flow.risky or flow.country in risky]
    other = [flow for flow in new if flow not in grave and flow.total >= _FEW]
    known = "among the newest of the four weeks before" if traffic.before_cut else _EARLIER
    if grave:
        told = _some(_told(flow, risky) for flow in grave)
        yield f"{what} went to high-risk destinations that none went to {known}: {told}"
    if other:
        told = _some(_told(flow, risky) for flow in other)
        yield f"{what} went to countries that none went to {known}: {told}"


def _told(flow: Flow, risky: frozenset[str]) -> str:
    marks = [f"{flow.total:,}"]
    if flow.first:
        marks.append(f"first on {flow.first}")
    if flow.risky:
        marks.append(f"{flow.risky:,} to prefixes known for fraud")
    if flow.country in risky:
        marks.append("which the provider calls high-risk")
    return f"{flow.country} ({', '.join(marks)})"


# --- how much it was ---


def _days(review: Review) -> Iterator[str]:
    for series in items(review.usage):
        yield from _odd_days(series, review.since)


class _Usual(NamedTuple):
    """What some weeks were like: the median of each weekday, how far days stray from theirs, and the busiest day."""

    weekdays: tuple[float, ...]
    spread: float
    busiest: float

    @classmethod
    def of(cls, amounts: Sequence[float], begin: date) -> "_Usual":
        """What days from `begin` on were like."""
        by_weekday: list[list[float]] = [[] for _ in _WEEKDAYS]
        for number, amount in enumerate(amounts):
            by_weekday[(begin + timedelta(days=number)).weekday()].append(amount)
        medians = tuple(median(each) if each else 0.0 for each in by_weekday)
        strays = [abs(amount - medians[weekday]) for weekday, each in enumerate(by_weekday) for amount in each]
        return cls(medians, median(strays) * _TO_DEVIATION if strays else 0.0, max(amounts, default=0.0))

    def exceeded(self, amount: float, when: date, least: float) -> bool:
        """Whether a day has far more than the same weekdays, and more than any other: fees come once a month."""
        expected = self.weekdays[when.weekday()]
        bar = max(expected + max(_SPREADS * self.spread, least), _TIMES * expected, _OVER_BUSIEST * self.busiest)
        return amount > bar


def _odd_days(series: Series, since: date) -> Iterator[str]:
    """Days that stand out from the same weekdays before, as one sentence that names the worst."""
    past, days = len(series.before), (*series.before, *series.since)
    usual = _Usual.of(series.before, since - timedelta(days=past))
    least = _LEAST_MONEY if series.category == "totalprice" else _LEAST
    found = []
    for number, amount in enumerate(series.since):
        when = since + timedelta(days=number)
        if usual.exceeded(amount, when, least) and not _grown(days[: past + number], when, amount, least):
            found.append((amount - usual.weekdays[when.weekday()], amount, when))
    if found:
        _, amount, when = max(found)
        told = "1 day" if len(found) == 1 else f"{len(found):,} days"
        expected, spread = figure(usual.weekdays[when.weekday()]), figure(usual.spread)
        like = f"{_WEEKDAYS[when.weekday()]}s {_EARLIER}: {expected}, give or take {spread}"
        unit = f" {series.unit}" if series.unit else ""
        yield (
            f"{series.category}: far more than usual on {told}, most on {when}: {figure(amount)}{unit} "
            f"({like}; the busiest day: {figure(usual.busiest)})"
        )


def _grown(earlier: Sequence[float], when: date, amount: float, least: float) -> bool:
    """Whether a day long after the leak is like those just before it: in so much time a business grows."""
    if len(earlier) < 7 * WEEKS_BEFORE + _GROWS_IN:
        return False
    lately = earlier[-7 * WEEKS_BEFORE :]
    return not _Usual.of(lately, when - timedelta(days=len(lately))).exceeded(amount, when, least)


# --- from where ---


def _addresses(changes: Changes | Unknown | None) -> Iterator[str]:
    """Changes that last, from addresses of which no change came before, where any did."""
    if not isinstance(changes, Changes) or not changes.earlier:
        return
    made = [each for each in changes.items if each.lasting and each.address and each.address not in changes.earlier]
    new = Counter(each.address for each in made)
    if not new:
        return
    told = []
    for address, count in new.most_common(_NAMED):
        kinds = Counter(each.what for each in made if each.address == address)
        told.append(f"{address} ({count:,}: {', '.join(name for name, _ in kinds.most_common(3))})")
    more = f" and {len(new) - _NAMED:,} more" if len(new) > _NAMED else ""
    says = f"Keys, numbers or settings were changed from addresses that no change came from {_EARLIER}"
    yield f"{says}: {'; '.join(told)}{more}"


def _some(texts: Iterable[str]) -> str:
    """The first few of some texts, and how many more there are."""
    told = list(texts)
    more = f" and {len(told) - _NAMED:,} more" if len(told) > _NAMED else ""
    return "; ".join(told[:_NAMED]) + more
