"""What was done with a Twilio account since a day: usage, traffic, changes and alerts, and the weeks before it.

Bodies of messages, other people's numbers and the texts of alerts end here: what goes on is counts, by country and day.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from leakscan.inspection import (
    WEEKS_BEFORE,
    Alert,
    Alerts,
    Change,
    Changes,
    Flow,
    Listed,
    Review,
    Series,
    Traffic,
    Unknown,
)
from leakscan.providers.discretion import amount, country, day, moment, short, shown
from leakscan.providers.twilio.questions import Asker, Body, gathered

# https://www.twilio.com/docs/usage/api/usage-record#usage-categories
_CATEGORIES = ("totalprice", "sms-outbound", "mms-outbound", "calls-outbound", "sms-inbound", "calls-inbound")
_MOST_DAYS = 4000
_MOST_SINCE, _MOST_BEFORE = 3000, 2000
_ALERTS_LAST = timedelta(days=29)  # of older ones the provider tells nothing
_MOST_COUNTRIES = 4  # whose prefixes are asked for
# Events that business makes, and no one who settles down.
_EVERYDAY = ("message", "media", "call", "recording", "conference", "participant", "transcription", "execution")
_PREFIX = 8  # characters of a number that are kept to be held against prefixes


def review(asker: Asker, since: date, until: date, reason: str) -> Review:
    """What was done from `since` to `until`, asked with requests that only read, some at once."""
    messages = _Kind("/Messages", "messages", "DateSent", ("date_sent", "date_created"))
    calls = _Kind("/Calls", "calls", "StartTime", ("start_time", "date_created"))
    asked: dict[str, Callable[[], Any]] = {
        "usage": lambda: _usage(asker, since, until),
        "messages": lambda: _traffic(asker, messages, since),
        "calls": lambda: _traffic(asker, calls, since),
        "changes": lambda: _changes(asker, since, until),
        "alerts": lambda: _alerts(asker, since, until),
    }
    return Review(since, until, reason, **gathered(asked))


def _before(since: date) -> date:
    return since - timedelta(weeks=WEEKS_BEFORE)


# --- usage ---


def _usage(asker: Asker, since: date, until: date) -> Listed[Series] | Unknown:
    def records(category: str) -> Listed[Body] | Unknown:
        path = asker.of_account("/Usage/Records/Daily")
        dates = {"StartDate": _before(since).isoformat(), "EndDate": until.isoformat()}
        return asker.listed("api", path, "usage_records", most=_MOST_DAYS, Category=category, **dates)

    answers = gathered({name: partial(records, name) for name in _CATEGORIES})
    unknown = {name: each for name, each in answers.items() if isinstance(each, Unknown)}
    if len(unknown) == len(answers):
        first: Unknown = unknown[_CATEGORIES[0]]
        return first
    cuts = [f"{name}: {each.because if name in unknown else each.cut}" for name, each in answers.items() if _cut(each)]
    known = (_series(name, each.items, since, until) for name, each in answers.items() if name not in unknown)
    return Listed(tuple(each for each in known if any(each.before) or any(each.since)), "; ".join(cuts))


def _cut(answer: Listed[Body] | Unknown) -> bool:
    return isinstance(answer, Unknown) or bool(answer.cut)


def _series(category: str, records: Iterable[Body], since: date, until: date) -> Series:
    """Records of single days as a row of numbers without gaps."""
    money = category == "totalprice"
    amounts: Counter[date] = Counter()
    unit = ""
    for record in records:
        when = day(record.get("start_date"))
        if when is not None:
            amounts[when] += amount(record.get("price" if money else "count"))  # type: ignore[assignment]
        unit = unit or shown(record.get("price_unit" if money else "count_unit")).upper()
    begin = _before(since)
    length, before = (until - begin).days + 1, (since - begin).days
    days = tuple(float(amounts[begin + timedelta(days=number)]) for number in range(length))
    return Series(category, unit if money else unit.lower(), days[:before], days[before:])


# --- calls and messages ---


class _Kind(NamedTuple):
    """Where calls or messages are listed, by which time they are asked for, and which fields tell it."""

    path: str
    name: str
    time: str
    times: tuple[str, ...]


class _Leg(NamedTuple):
    """One call or message, by what of it may be kept for a moment: the beginning of the other side's number."""

    direction: str
    country: str
    when: date | None
    prefix: str


def _traffic(asker: Asker, kind: _Kind, since: date) -> Traffic | Unknown:
    path = asker.of_account(kind.path)
    after, until = {f"{kind.time}>": since.isoformat()}, {f"{kind.time}<": (since - timedelta(days=1)).isoformat()}
    now = asker.listed("api", path, kind.name, most=_MOST_SINCE, **after)
    if isinstance(now, Unknown):
        return now
    start = {f"{kind.time}>": _before(since).isoformat()}
    earlier = asker.listed("api", path, kind.name, most=_MOST_BEFORE, **start, **until)
    legs = [_leg(body, kind.times) for body in now.items]
    past = [] if isinstance(earlier, Unknown) else [_leg(body, kind.times) for body in earlier.items]
    flows = _flows(legs, Counter((leg.direction, leg.country) for leg in past))
    if kind.name == "calls":
        flows = _with_risk(asker, flows, legs)
    return Traffic(flows, now.cut, f"not known: {earlier.because}" if isinstance(earlier, Unknown) else earlier.cut)


def _leg(body: Body, times: Sequence[str]) -> _Leg:
    inbound = str(body.get("direction") or "").startswith("inbound")
    other = str(body.get("from" if inbound else "to") or "")
    when = next((found for name in times if (found := day(body.get(name)))), None)
    return _Leg("inbound" if inbound else "outbound", country(other), when, other[:_PREFIX])


def _flows(legs: Iterable[_Leg], before: Counter[tuple[str, str]]) -> tuple[Flow, ...]:
    """Traffic by direction and country, the most first, what ceased included."""
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], date] = {}
    for leg in legs:
        key = (leg.direction, leg.country)
        counts[key] += 1
        if leg.when is not None:
            first[key] = min(first.get(key, leg.when), leg.when)
    keys = sorted(counts.keys() | before.keys(), key=lambda key: (key[0] == "inbound", -counts[key], -before[key], key))
    return tuple(Flow(*key, counts[key], before[key], first.get(key)) for key in keys)


def _with_risk(asker: Asker, flows: tuple[Flow, ...], legs: Iterable[_Leg]) -> tuple[Flow, ...]:
    """The flows with how many calls went to prefixes known for fraud, where they go to countries that are new."""
    new = [flow.country for flow in flows if flow.direction == "outbound" and flow.total and not flow.before]
    prefixes = {code: _prefixes(asker, code) for code in new[:_MOST_COUNTRIES] if len(code) == 2}
    risky = Counter(
        leg.country
        for leg in legs
        if leg.direction == "outbound" and leg.prefix.startswith(prefixes.get(leg.country, ()))
    )
    return tuple(flow._replace(risky=risky[flow.country]) if flow.direction == "outbound" else flow for flow in flows)


def _prefixes(asker: Asker, code: str) -> tuple[str, ...]:
    """The high-risk prefixes of a country, cut to what is kept of numbers; none if they are not known."""
    listed = asker.listed("voice", f"/v1/DialingPermissions/Countries/{code}/HighRiskSpecialPrefixes", "content")
    if isinstance(listed, Unknown):
        return ()
    found = (str(body.get("prefix") or "") for body in listed.items)
    return tuple(prefix[:_PREFIX] for prefix in found if len(prefix) > 2)


# --- changes and alerts ---


def _changes(asker: Asker, since: date, until: date) -> Changes | Unknown:
    now = asker.listed("monitor", "/v1/Events", "events", most=_MOST_SINCE, **_span(since, until))
    if isinstance(now, Unknown):
        return now
    start, end = _before(since), since - timedelta(days=1)
    earlier = asker.listed("monitor", "/v1/Events", "events", most=_MOST_BEFORE, **_span(start, end))
    made = sorted((_change(asker, body) for body in now.items), reverse=True)
    if isinstance(earlier, Unknown):
        return Changes(tuple(made), None, now.cut)
    addresses = {_change(asker, body).address for body in earlier.items} - {""}
    return Changes(tuple(made), tuple(sorted(addresses)), now.cut)


def _span(start: date, end: date) -> dict[str, str]:
    return {"StartDate": f"{start.isoformat()}T00:00:00Z", "EndDate": f"{end.isoformat()}T23:59:59Z"}


def _change(asker: Asker, body: Body) -> Change:
    """An event without its data, in which there may be anything."""
    actor = body.get("actor_sid")
    who = _who(asker, actor) or " ".join((shown(body.get("actor_type")), short(actor)))
    when = moment(body.get("event_date"))
    return Change(
        f"{when:%Y-%m-%d %H:%M}" if when else "",
        shown(body.get("event_type")),
        who.strip(),
        shown(body.get("source")),
        _address(body.get("source_ip_address")),
        not str(body.get("event_type")).startswith(_EVERYDAY),
    )


def _who(asker: Asker, actor: object) -> str:
    """Who of those that are known made a change: requests with any credential of the account count as the account's."""
    return "this key" if actor == asker.username != asker.account else "the account" if actor == asker.account else ""


def _address(text: object) -> str:
    from ipaddress import ip_address

    try:
        return str(ip_address(text)) if isinstance(text, str) else ""
    except ValueError:
        return ""


def _alerts(asker: Asker, since: date, until: date) -> Alerts | Unknown:
    start = max(since, until - _ALERTS_LAST)
    listed = asker.listed("monitor", "/v1/Alerts", "alerts", most=_MOST_BEFORE, StartDate=start.isoformat())
    if isinstance(listed, Unknown):
        return listed
    counts = Counter((shown(body.get("error_code")), shown(body.get("log_level"))) for body in listed.items)
    return Alerts(start, tuple(Alert(*key, count) for key, count in counts.most_common()), listed.cut)
