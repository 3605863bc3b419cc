"""Every credential is inspected: tried first and, if it is live, asked what it reaches and what was done since.

Facts are gathered (twilio/blast_radius.py, twilio/activity.py), then judged (twilio/risk.py, oddities.py).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from leakscan.inspection import BlastRadius, Inspected, Inspection, Unknown, Whose
from leakscan.model import Finding
from leakscan.providers import sendgrid_reach, verifying
from leakscan.providers.credentials import Credential
from leakscan.providers.discretion import moment, shown
from leakscan.providers.http import Gate, Trouble
from leakscan.providers.oddities import oddities
from leakscan.providers.twilio.activity import review
from leakscan.providers.twilio.blast_radius import blast_radius
from leakscan.providers.twilio.permissions import permissions
from leakscan.providers.twilio.questions import Asker
from leakscan.providers.twilio.risk import Held, powers, risks
from leakscan.providers.twilio.verify import HOME
from leakscan.providers.verdict import Verdict

DAYS = 30  # looked back where nothing tells when it leaked
_READING = frozenset({"live", "live_standard", "live_restricted"})
_TWILIO = frozenset({"auth_token", "api_key_secret"})
_TWILIO_ASKED = (
    "api, accounts, iam, messaging, monitor, serverless, verify and voice.twilio.com "
    "(account, balance, numbers, keys, permissions, variables' names; usage, calls, messages, changes, alerts)"
)
# What a live credential of a kind is asked about, and at most how often, as a user is told before.
_TOLD = {
    "auth_token": (45, _TWILIO_ASKED),
    "api_key_secret": (45, _TWILIO_ASKED),
    "sendgrid_api_key": (8, "api.sendgrid.com or api.eu.sendgrid.com (scopes, account, keys, statistics)"),
    "segment_public_api_token": (3, "api.segmentapis.com or eu1.api.segmentapis.com (workspace)"),
    "authy_api_key": (2, "api.authy.com (the app's details)"),
}
# Which account the services belong to that a key may list, asked of each in turn.
_TELL_ACCOUNT = {"verify": "/v2/Services", "serverless": "/v1/Services", "monitor": "/v1/Events"}


class Subject(NamedTuple):
    """A credential to be inspected with its finding, and the day from which on it may have been used, with the why."""

    credential: Credential
    finding: Finding
    since: date
    reason: str


def subject(credential: Credential, finding: Finding, since: date | None, today: date) -> Subject:
    """A credential with the day of its leak: the one that was given, or that of the earliest commit, or a month ago."""
    if since is not None:
        return Subject(credential, finding, since, "the day that --since names")
    dates = [found for place in finding.occurrences if (found := moment(place.date))]
    known = [found.date() for found in dates if found.date() <= today]
    if known:
        return Subject(credential, finding, min(known), "the day of the first commit that holds it")
    reason = f"{DAYS} days ago, for no commit tells when it leaked; --since names another day"
    return Subject(credential, finding, today - timedelta(days=DAYS), reason)


def disclosure(subjects: Sequence[Subject], *, every_region: bool) -> str:
    """One line on what will be asked where."""
    tried = [each.credential for each in subjects]
    places = dict.fromkeys(_TOLD[each.kind] for each in tried if each.kind in _TOLD)
    asked = "; ".join(f"at most some {most} requests each to {hosts}" for most, hosts in places)
    live = verifying.disclosure(tried, every_region=every_region)
    return f"{live}; then, of what is live, what it reaches: {asked}" if asked else live


def inspect_all(
    subjects: Sequence[Subject],
    gate: Gate,
    *,
    every_region: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    advance: Callable[[int], None] = lambda _count: None,
) -> Inspected:
    """What came of each credential: all are tried at once, and what is live is asked one after another.

    An interrupt (^C) ends it early, with what there is.
    """
    done: list[Inspection] = []
    began = now()
    verdicts, complete = verifying.verified([each.credential for each in subjects], gate, every_region=every_region)
    try:
        for each in subjects if complete else ():
            done.append(_inspection(each, gate, began.date(), *verdicts[each.credential.fingerprint]))
            advance(1)
    except KeyboardInterrupt:
        complete = False
    started = began.isoformat(timespec="seconds")
    return Inspected(tuple(done), started, sum(gate.sent.values()), complete)


def unread(finding: Finding, why: str) -> Inspection:
    """The inspection of a credential whose value is not there to be tried."""
    return _seen(finding, Verdict("unknown", why), None)


def _inspection(subject: Subject, gate: Gate, today: date, verdict: Verdict, when: str) -> Inspection:
    credential = subject.credential
    seen = _seen(subject.finding, verdict, when)
    until = max(today, subject.since)
    if credential.kind in _TWILIO:
        return _of_twilio(gate, subject, seen, verdict, until)
    if verdict.state in _READING and credential.kind == "sendgrid_api_key":
        return sendgrid_reach.inspected(gate, credential, seen, subject.since, until, subject.reason)
    if verdict.state in _READING and credential.kind in _BY_NAME:
        return seen._replace(powers=_BY_NAME[credential.kind].powers, reach=_named(gate, credential))
    return seen._replace(powers=powers(credential.kind, verdict.state))


def _seen(finding: Finding, verdict: Verdict, when: str | None) -> Inspection:
    return Inspection(
        finding.fingerprint,
        finding.rule.kind,
        finding.rule.description,
        finding.secret.redacted,
        verdict.state,
        shown(verdict.detail, 300),
        when,
    )


# --- Twilio ---


def _of_twilio(gate: Gate, subject: Subject, seen: Inspection, verdict: Verdict, until: date) -> Inspection:
    """Facts, then what to make of them; nothing further is asked of a credential that may not read."""
    kind = subject.credential.kind
    reach, since = BlastRadius(), None
    if verdict.state in _READING:
        asker = _asker(gate, subject.credential, verdict)
        reach, since = blast_radius(asker), review(asker, subject.since, until, subject.reason)
        if verdict.state == "live_restricted":
            reach = reach._replace(permissions=permissions(asker, reach, since))
    return seen._replace(
        powers=powers(kind, verdict.state, reach),
        reach=reach if since else None,
        review=since,
        risks=risks(Held(kind, verdict.state, reach)),
        oddities=oddities(since, reach) if since else (),
    )


def _asker(gate: Gate, credential: Credential, verdict: Verdict) -> Asker:
    asker = Asker(
        gate,
        verdict.key or verdict.account,
        credential.secret,
        verdict.account,
        verdict.region or HOME,
        verdict.state,
    )
    return asker if asker.account else asker._replace(account=_account_of(asker))


def _account_of(asker: Asker) -> str:
    """The account that a key belongs to, as the first thing says that it may list; empty if none does."""
    for product, path in _TELL_ACCOUNT.items():
        body = asker.one(product, path, PageSize=1)
        for listed in body.values() if isinstance(body, dict) else ():
            if isinstance(listed, list) and listed and isinstance(listed[0], dict):
                return str(listed[0].get("account_sid") or "")
    return ""


# --- Segment and Authy, of which there is little to ask ---


class _Named(NamedTuple):
    """Where a credential's owner is told, how, and what the credential can do."""

    urls: tuple[str, ...]
    header: str
    before: str
    field: str
    powers: tuple[str, ...]


_BY_NAME: Mapping[str, _Named] = {
    "segment_public_api_token": _Named(
        ("https://api.segmentapis.com/", "https://eu1.api.segmentapis.com/"),
        "Authorization",
        "Bearer ",
        "workspace",
        ("read and change the workspace: sources with their write keys, destinations, and who gets customers' data",),
    ),
    "authy_api_key": _Named(
        ("https://api.authy.com/protected/json/app/details",),
        "X-Authy-API-Key",
        "",
        "app",
        ("register users for two-factor codes, send codes and calls at the account's cost, and check them",),
    ),
}


def _named(gate: Gate, credential: Credential) -> BlastRadius:
    how = _BY_NAME[credential.kind]
    failed = Unknown("no answer tells it")
    for url in how.urls:
        try:
            answer = gate.send("GET", url, headers={how.header: how.before + credential.secret.reveal()})
        except Trouble as trouble:
            failed = Unknown(str(trouble), unanswered=True)
            continue
        data = answer.body.get("data")
        body = {**answer.body, **data} if isinstance(data, dict) else answer.body
        named = body.get(how.field)
        if answer.status == 200 and isinstance(named, dict):
            return BlastRadius(account=Whose("", shown(named.get("name")), "", shown(named.get("plan"))))
        failed = Unknown(f"the answer was {answer.status}", unanswered=answer.status >= 429)
    return BlastRadius(account=failed)
