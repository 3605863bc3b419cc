"""Facts of an inspection -> lines of words, each fact under its label, what is not known with the reason."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from leakscan.inspection import (
    Alerts,
    Balance,
    BlastRadius,
    Change,
    Changes,
    Flow,
    Key,
    Listed,
    Number,
    Permissions,
    Review,
    Service,
    SmsGeo,
    Subaccount,
    Traffic,
    Unknown,
    Variables,
    VoiceGeo,
    Whose,
)
from leakscan.reports.wording import counted

MOST = 12  # lines of one list; the JSON document has all


class Row(NamedTuple):
    """One fact: its label, and what is to say of it, in one line or some."""

    label: str
    texts: tuple[str, ...]
    known: bool = True


# --- what it reaches ---


def of_reach(reach: BlastRadius) -> tuple[Row, ...]:
    """What a credential reaches, fact by fact; what its type has not is left out."""
    told: dict[str, tuple[object, Callable[[Any], Iterable[str]]]] = {
        "account": (reach.account, _account),
        "balance": (reach.balance, _balance),
        "permissions": (reach.permissions, _permissions),
        "numbers": (reach.numbers, lambda fact: _list(fact, "phone number", _number)),
        "messaging": (reach.messaging, lambda fact: _list(fact, "messaging service", _service)),
        "Verify": (reach.verify, lambda fact: _list(fact, "Verify service", str)),
        "API keys": (reach.keys, lambda fact: _list(fact, "API key", _key)),
        "subaccounts": (reach.subaccounts, lambda fact: _list(fact, "subaccount", _subaccount)),
        "calls to": (reach.voice, _voice),
        "SMS to": (reach.sms, _sms),
        "variables": (reach.variables, lambda fact: _list(fact, "environment", _variables)),
    }
    return tuple(_rows(told))


def _rows(told: dict[str, tuple[object, Callable[[Any], Iterable[str]]]]) -> Iterator[Row]:
    for label, (fact, says) in told.items():
        if isinstance(fact, Unknown):
            yield Row(label, (f"not known: {fact.because}",), known=False)
        elif fact is not None:
            yield Row(label, tuple(says(fact)))


def _list(listed: Listed[Any], noun: str, says: Callable[[Any], str]) -> Iterator[str]:
    """How many things there are, and the first of them; why there may be more."""
    yield counted(len(listed.items), noun) + (f" ({listed.cut})" if listed.cut else "")
    yield from map(says, listed.items[:MOST])
    if (more := len(listed.items) - MOST) > 0:
        yield f"… and {counted(more, 'other')}; -f json lists all"


def _account(account: Whose) -> Iterator[str]:
    level = "subaccount" if account.subaccount else "main account" if account.sid else ""
    since = f"since {account.created}" if account.created else ""
    kind = f"type {account.type}" if account.type else ""
    name = f"“{account.name}”" if account.name else ""
    yield ", ".join(filter(None, (" ".join(filter(None, (account.sid, name))), account.status, kind, level, since)))


def _balance(balance: Balance) -> Iterator[str]:
    yield f"{balance.amount} {balance.currency}"


_SOURCES = {
    "policy": "its policy lists {}",
    "scopes": "{}",
    "answers": "its policy may not be read; by the answers it has {} to read (others cannot be tried harmlessly)",
}


def _permissions(permissions: Permissions) -> Iterator[str]:
    noun = "scope" if permissions.source == "scopes" else "permission"
    yield _SOURCES[permissions.source].format(counted(len(permissions.allowed), noun))
    yield from _wrapped(permissions.allowed)
    if permissions.missing:
        yield f"it lacks {', '.join(permissions.missing)}"


def _wrapped(names: tuple[str, ...]) -> Iterator[str]:
    if names:
        shown = names[: 4 * MOST]
        more = len(names) - len(shown)
        yield ", ".join(shown) + (f" and {counted(more, 'other')}; -f json lists all" if more else "")


def _number(number: Number) -> str:
    able = ", ".join(number.abilities) or "neither calls nor messages"
    hooks = (("calls", number.voice_host), ("messages", number.sms_host))
    leads = [f"{what} go to {host}" for what, host in hooks if host]
    bought = [f"since {number.created}"] if number.created else []
    return "; ".join([f"{number.shown} ({number.country}) {able}", *leads, *bought])


def _service(service: Service) -> str:
    facts = [f"“{service.name}”", service.usecase and f"for {service.usecase}", service.host and f"to {service.host}"]
    if service.registered is not None:
        facts.append("registered for US messaging" if service.registered else "not registered for US messaging")
    return ", ".join(filter(None, facts))


def _key(key: Key) -> str:
    made = f"since {key.created}" if key.created else ""
    own = "this is the one that leaked" if key.own else ""
    return ", ".join(filter(None, (f"{key.sid} “{key.name}”", made, " and ".join(key.flags), own)))


def _subaccount(subaccount: Subaccount) -> str:
    made = f"since {subaccount.created}" if subaccount.created else ""
    return ", ".join(filter(None, (f"{subaccount.sid} “{subaccount.name}”", subaccount.status, made)))


def _voice(geo: VoiceGeo) -> Iterator[str]:
    yield f"{geo.open:,} {'country' if geo.open == 1 else 'countries'} open" + (f" ({geo.cut})" if geo.cut else "")
    fraud = [f"{each.code} ({each.name})" for each in geo.risky if each.fraud]
    special = [f"{each.code} ({each.name})" for each in geo.risky if each.special]
    yield f"numbers known for toll fraud are open in {_codes(fraud)}"
    yield f"premium and other special numbers are open in {_codes(special)}"


def _sms(geo: SmsGeo) -> Iterator[str]:
    yield f"{len(geo.open):,} countries open, {geo.closed:,} closed"
    yield f"open, and called high-risk by Twilio: {_codes(geo.risky)}"


def _codes(codes: Iterable[str]) -> str:
    told = list(codes)
    more = len(told) - 2 * MOST
    return (", ".join(told[: 2 * MOST]) or "none") + (f" and {more:,} more; -f json lists all" if more > 0 else "")


def _variables(variables: Variables) -> str:
    return f"{variables.place}: {', '.join(variables.names)}"


# --- what was done ---


def of_review(review: Review) -> tuple[Row, ...]:
    """What was done, fact by fact."""
    told: dict[str, tuple[object, Callable[[Any], Iterable[str]]]] = {
        "usage": (review.usage, _usage),
        "messages": (review.messages, lambda fact: _traffic(fact, "messages")),
        "calls": (review.calls, lambda fact: _traffic(fact, "calls")),
        "changes": (review.changes, _changes),
        "alerts": (review.alerts, _alerts),
    }
    return tuple(_rows(told))


def _usage(usage: Listed[Any]) -> Iterator[str]:
    if not usage.items:
        yield "none, neither since nor in the four weeks before"
    else:
        yield "by day; first the four weeks before, then the time since"
    if usage.cut:
        yield f"not whole: {usage.cut}"


def _traffic(traffic: Traffic, noun: str) -> Iterator[str]:
    total = sum(flow.total for flow in traffic.flows)
    before = sum(flow.before for flow in traffic.flows)
    yield f"{total:,} {noun}, {before:,} in the four weeks before" + (f" ({traffic.cut})" if traffic.cut else "")
    if traffic.before_cut:
        yield f"of the weeks before: {traffic.before_cut}"
    yield from map(_flow, traffic.flows[:MOST])
    if (more := len(traffic.flows) - MOST) > 0:
        yield f"… and {counted(more, 'other')}; -f json lists all"


def _flow(flow: Flow) -> str:
    way = "to" if flow.direction == "outbound" else "from"
    risky = f", {flow.risky:,} to prefixes known for fraud" if flow.risky else ""
    first = f", first on {flow.first}" if flow.first and not flow.before else ""
    return f"{way} {flow.country}: {flow.total:,} ({flow.before:,} before){first}{risky}"


def _changes(changes: Changes) -> Iterator[str]:
    """How many, and the first of them: those from new addresses, then those that last, then the newest."""

    def new(change: Change) -> bool:
        return bool(changes.earlier) and bool(change.address) and change.address not in (changes.earlier or ())

    lasting = sum(each.lasting for each in changes.items)
    told = f"{counted(len(changes.items), 'change')}, {lasting:,} of them to keys, numbers and settings"
    yield told + (f" ({changes.cut})" if changes.cut else "")
    if not changes.earlier:
        yield "none is known of the weeks before, so that addresses cannot be held against theirs"
    for each in sorted(changes.items, key=lambda change: (not new(change), not change.lasting))[:MOST]:
        facts = ", ".join(filter(None, (each.source, "new address" if new(each) else "")))
        where = f" from {each.address}" if each.address else ""
        yield f"{each.when} {each.what} by {each.actor or 'unknown'}{where}" + (f" ({facts})" if facts else "")
    if (more := len(changes.items) - MOST) > 0:
        yield f"… and {counted(more, 'other')}; -f json lists all"


def _alerts(alerts: Alerts) -> Iterator[str]:
    total = sum(each.total for each in alerts.items)
    yield f"{counted(total, 'alert')} since {alerts.since}" + (f" ({alerts.cut})" if alerts.cut else "")
    for each in alerts.items[:MOST]:
        yield f"{each.total:,} of code {each.code} ({each.level}): twilio.com/docs/api/errors/{each.code}"
