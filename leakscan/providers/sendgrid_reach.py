"""What a live SendGrid API key reaches, what was sent since it leaked, and what that means.

https://www.twilio.com/docs/sendgrid/api-reference/api-key-permissions names the scopes.
"""

import json
from datetime import date, timedelta

from leakscan.inspection import (
    WEEKS_BEFORE,
    BlastRadius,
    Inspection,
    Key,
    Listed,
    Permissions,
    Review,
    Series,
    Unknown,
    Whose,
)
from leakscan.providers.credentials import Credential
from leakscan.providers.discretion import amount, day, short, shown
from leakscan.providers.http import Answer, Gate, Trouble
from leakscan.providers.oddities import oddities

_HOSTS = ("api.sendgrid.com", "api.eu.sendgrid.com")
_METRICS = ("requests", "bounces", "spam_reports")
# What a key with all or most scopes has (https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys).
_FULL, _BILLING = "user.email.read", "billing.read"
# What a scope opens, in the order in which it would be used.
_OPENS = {
    "mail.send": "Phishing first: it can send mail from your domains, with your reputation and past filters.",
    "api_keys.create": "Staying: it can create API keys that go on working once this one is gone.",
    "teammates.create": "Staying: it can invite people into the account.",
    "user.webhooks.parse.settings.create": "Listening in: it can have incoming mail sent to a host of its own.",
    "user.webhooks.event.settings.update": "Listening in: it can have events about your mail sent to its own host.",
    "marketing.read": "Personal data: it can read contacts and campaigns.",
    "suppression.read": "Personal data: it can read the addresses that bounced or unsubscribed.",
    "templates.update": "Tampering: it can change the templates that your mail is made from.",
}
_NO_MORE = "Nothing here that an attacker would start with; what it may do is listed below."


def inspected(
    gate: Gate, credential: Credential, seen: Inspection, since: date, until: date, reason: str
) -> Inspection:
    """What a live key reaches and what was sent since, asked with requests that only read."""
    host, scopes = _scopes(gate, credential)
    keys = _keys(gate, host, credential) if host else Unknown("which of SendGrid's hosts knows it is not known")
    reach = BlastRadius(account=_account(gate, host, credential), permissions=scopes, keys=keys)
    review = Review(since, until, reason, usage=_usage(gate, host, credential, since, until))
    return seen._replace(
        powers=_powers(scopes),
        reach=reach,
        review=review,
        risks=_risks(scopes),
        oddities=oddities(review, reach),
    )


def _ask(gate: Gate, host: str, credential: Credential, path: str, **params: str) -> Answer | Unknown:
    """The answer to a GET, if it is one with status 200."""
    bearer = {"Authorization": f"Bearer {credential.secret.reveal()}"}
    try:
        answer = gate.send("GET", f"https://{host or _HOSTS[0]}{path}", params=params, headers=bearer)
    except Trouble as trouble:
        return Unknown(str(trouble), unanswered=True)
    if answer.status == 200:
        return answer
    if answer.status in {401, 403}:
        return Unknown(f"the key lacks the scope for it, or is kept out by an IP access list ({answer.status})")
    return Unknown(f"the answer was {answer.status}", unanswered=answer.status >= 429)


def _scopes(gate: Gate, credential: Credential) -> tuple[str, Permissions | Unknown]:
    """The host that knows the key, and the key's scopes."""
    found: Unknown | None = None
    for host in _HOSTS:
        answer = _ask(gate, host, credential, "/v3/scopes")
        if isinstance(answer, Unknown):
            found = found or answer
            continue
        scopes = answer.body.get("scopes")
        if isinstance(scopes, list):
            return host, Permissions("scopes", tuple(sorted(shown(each) for each in scopes)))
    return "", found or Unknown("the answer holds no scopes")


def _account(gate: Gate, host: str, credential: Credential) -> Whose | Unknown:
    answer = _ask(gate, host, credential, "/v3/user/account")
    if isinstance(answer, Unknown):
        return answer
    return Whose("", "", "", shown(answer.body.get("type")))


def _keys(gate: Gate, host: str, credential: Credential) -> Listed[Key] | Unknown:
    """The account's keys: names and beginnings of ids; an id is the middle of a key's value and no secret."""
    answer = _ask(gate, host, credential, "/v3/api_keys")
    if isinstance(answer, Unknown):
        return answer
    listed, middle = answer.body.get("result"), credential.secret.reveal().split(".")[1]
    if not isinstance(listed, list):
        return Unknown("the answer is no list of keys", unanswered=True)
    return Listed(
        tuple(
            Key(short(each.get("api_key_id")), shown(each.get("name")), own=each.get("api_key_id") == middle)
            for each in listed
            if isinstance(each, dict)
        )
    )


def _usage(gate: Gate, host: str, credential: Credential, since: date, until: date) -> Listed[Series] | Unknown:
    begin = since - timedelta(weeks=WEEKS_BEFORE)
    dates = {"start_date": begin.isoformat(), "end_date": until.isoformat(), "aggregated_by": "day"}
    answer = _ask(gate, host, credential, "/v3/stats", **dates)
    if isinstance(answer, Unknown):
        return answer
    amounts = _metrics(answer.text)
    if amounts is None:
        return Unknown("the answer holds no statistics", unanswered=True)
    length, before = (until - begin).days + 1, (since - begin).days
    series = []
    for metric in _METRICS:
        days = tuple(amounts.get((begin + timedelta(days=number), metric), 0.0) for number in range(length))
        series.append(Series(f"mail {metric.replace('_', ' ')}", "", days[:before], days[before:]))
    return Listed(tuple(each for each in series if any(each.before) or any(each.since)))


def _metrics(text: str) -> dict[tuple[date, str], float] | None:
    """The numbers of each day, by metric; None if it is no list of days."""
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(loaded, list):
        return None
    found: dict[tuple[date, str], float] = {}
    for entry in loaded:
        when = day(entry.get("date")) if isinstance(entry, dict) else None
        stats = entry.get("stats") if when else None
        for each in stats if isinstance(stats, list) else ():
            metrics = each.get("metrics") if isinstance(each, dict) else None
            for name, value in metrics.items() if isinstance(metrics, dict) else ():
                if when and name in _METRICS:
                    found[when, name] = found.get((when, name), 0.0) + amount(value)
    return found


# --- judging ---


def _powers(scopes: Permissions | Unknown) -> tuple[str, ...]:
    if isinstance(scopes, Unknown):
        return ("what it can do is not known: its scopes could not be read",)
    if _FULL in scopes.allowed:
        return (f"full access: all {len(scopes.allowed)} scopes of the account, or nearly",)
    if _BILLING in scopes.allowed:
        return ("billing access: the account's bills and plan",)
    many = "1 scope" if len(scopes.allowed) == 1 else f"{len(scopes.allowed)} scopes"
    return (f"restricted access: {many}",)


def _risks(scopes: Permissions | Unknown) -> tuple[str, ...]:
    if isinstance(scopes, Unknown):
        return ()
    return tuple(says for scope, says in _OPENS.items() if scope in scopes.allowed) or (_NO_MORE,)
