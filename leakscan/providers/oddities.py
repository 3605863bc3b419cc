"""What looks wrong in a review, and why: days, destinations, addresses and keys held against the weeks before.

Whatever is busier than usual by chance stays unsaid; what cannot be compared is never called odd.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from statistics import median

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
        yield f"{_were(keys, 'API key')} created since, and will outlive this credential: {names}"
    below = [each for each in items(reach.subaccounts) if _later(each.created, since)]
    if below:
        names = _some(f"{each.sid} “{each.name}” ({each.created})" for each in below)
        yield f"{_were(below, 'subaccount')} created since: {names}"
    numbers = [each for each in items(reach.numbers) if _later(each.created, since)]
    if numbers:
        names = _some(f"{each.shown} ({each.created})" for each in numbers)
        yield f"{_were(numbers, 'phone number')} bought since: {names}"


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


def _odd_days(series: Series, since: date) -> Iterator[str]:
    """Days that stand out from the same weekdays before, as one sentence that names the worst."""
    begin, past = since - timedelta(days=len(series.before)), len(series.before)
    days = (*series.before, *series.since)
    usual, spread = _usual(days[:past], begin)
    found = []
    for number, amount in enumerate(series.since):
        when = since + timedelta(days=number)
        expected = usual[when.weekday()]
        if amount > _bar(series, expected, spread) and not _grown(series, days[: past + number], when, amount):
            found.append((amount - expected, amount, when, expected))
    if found:
        _, amount, when, expected = max(found)
        told = "1 day" if len(found) == 1 else f"{len(found):,} days"
        like = f"{_WEEKDAYS[when.weekday()]}s {_EARLIER}: {figure(expected)}, give or take {figure(spread)}"
        unit = f" {series.unit}" if series.unit else ""
        yield f"{series.category}: far more than usual on {told}, most on {when}: {figure(amount)}{unit} ({like})"


def _grown(series: Series, earlier: Sequence[float], when: date, amount: float) -> bool:
    """Whether a day long after the leak is like those just before it: in so much time a business grows."""
    if len(earlier) < len(series.before) + _GROWS_IN:
        return False
    lately = earlier[-7 * WEEKS_BEFORE :]
    usual, spread = _usual(lately, when - timedelta(days=len(lately)))
    return amount <= _bar(series, usual[when.weekday()], spread)


def _bar(series: Series, expected: float, spread: float) -> float:
    least = _LEAST_MONEY if series.category == "totalprice" else _LEAST
    return max(expected + max(_SPREADS * spread, least), _TIMES * expected)


def _usual(amounts: Sequence[float], begin: date) -> tuple[list[float], float]:
    """The median of each weekday among days from `begin` on, and how far days stray from theirs."""
    by_weekday: list[list[float]] = [[] for _ in _WEEKDAYS]
    for number, amount in enumerate(amounts):
        by_weekday[(begin + timedelta(days=number)).weekday()].append(amount)
    usual = [median(each) if each else 0.0 for each in by_weekday]
    strays = [abs(amount - usual[weekday]) for weekday, each in enumerate(by_weekday) for amount in each]
    return usual, median(strays) * _TO_DEVIATION if strays else 0.0


# --- from where ---


def _addresses(changes: Changes | Unknown | None) -> Iterator[str]:
    """Changes from addresses of which none came before, where any came before."""
    if not isinstance(changes, Changes) or not changes.earlier:
        return
    new = Counter(each.address for each in changes.items if each.address and each.address not in changes.earlier)
    if not new:
        return
    told = []
    for address, count in new.most_common(_NAMED):
        kinds = Counter(each.what for each in changes.items if each.address == address)
        told.append(f"{address} ({count:,}: {', '.join(name for name, _ in kinds.most_common(3))})")
    more = f" and {len(new) - _NAMED:,} more" if len(new) > _NAMED else ""
    yield f"Changes were made from addresses that made none {_EARLIER}: {'; '.join(told)}{more}"


def _some(texts: Iterable[str]) -> str:
    """The first few of some texts, and how many more there are."""
    told = list(texts)
    more = f" and {len(told) - _NAMED:,} more" if len(told) > _NAMED else ""
    return "; ".join(told[:_NAMED]) + more
