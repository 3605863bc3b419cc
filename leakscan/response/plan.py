"""What to do about a leaked credential, in which order, what each step breaks and how it is undone: pure."""

from collections.abc import Sequence
from typing import NamedTuple

from leakscan.analysis.usage.calls import Usage
from leakscan.analysis.usage.dependents import Dependent
from leakscan.providers.http import REGIONS
from leakscan.providers.verifying import NOT_TRIED
from leakscan.response.target import Target

MOST_PERMISSIONS = 100


class Step(NamedTuple):
    """One step. `confirm` is what has to be typed; one that is `manual` is done by a person, one that `makes_secret`
    needs a place for it; an `optional` one is done only when named. `obstacle` says why it is not done, and `firmly`
    not even when named.
    """

    name: str
    what: str
    request: str = ""
    breaks: str = ""
    undo: str = ""
    confirm: str = ""
    manual: bool = False
    makes_secret: bool = False
    optional: bool = False
    obstacle: str = ""
    firmly: bool = False


class Powers(NamedTuple):
    """What the operator's credential may do, as far as it is known."""

    known: bool = False
    parent: bool = False
    token: bool = False
    is_leaked_key: bool = False
    # Whether the leaked Auth Token is the account's primary one; None if that could not be told.
    primary: bool | None = None
    says: str = "no operator's credential was given"


class Plan(NamedTuple):
    """The steps, and what they were derived from."""

    target: Target
    powers: Powers
    steps: tuple[Step, ...]
    usage: Usage
    dependents: tuple[Dependent, ...]
    notes: tuple[str, ...] = ()


def shown(sid: str) -> str:
    """An identifier as it is shown: enough to tell it from others."""
    return f"{sid[:4]}…{sid[-4:]}" if sid else "an identifier that is not known"


def planned(
    target: Target, powers: Powers, usage: Usage, dependents: Sequence[Dependent], kept: Sequence[str] = ()
) -> Plan:
    """The plan for a target; `kept` are the countries that calls and messages may still go to."""
    makers = {"auth_token": _auth_token, "api_key_secret": _api_key, "sendgrid_api_key": _sendgrid}
    maker = makers.get(target.kind)
    steps = maker(target, powers, usage, kept) if maker else _by_hand(target)
    return Plan(target, powers, (*steps, _REPOSITORY), usage, tuple(dependents), _notes(target, usage))


def chosen(plan: Plan, names: Sequence[str]) -> tuple[Step, ...]:
    """The steps to carry out: those named, or all that are not optional and that nothing hinders."""
    if names:
        return tuple(step for step in plan.steps if step.name in names)
    return tuple(step for step in plan.steps if not step.optional and not (step.obstacle and step.name in _SPARED))


# Steps without which the others are worth as much.
_SPARED = frozenset({"create-restricted"})
_REPOSITORY = Step("repository", "Take the value out of the code, then out of the history, as said below.", manual=True)
_VERIFY = Step("verify", "Ask whether the leaked credential is refused now.", "GET, as `leakscan verify` asks")


def _notes(target: Target, usage: Usage) -> tuple[str, ...]:
    notes = []
    if target.dead:
        notes.append(f"The provider refuses the credential already ({target.detail}).")
    if target.state == "live_test":
        notes.append("These are test credentials: they cost nothing and reach nobody.")
    if usage.beyond:
        notes.append(
            f"A Restricted key is not enough for all of this code: {len(usage.beyond)} lines need more (listed below)."
        )
    if not usage.permissions and target.kind in {"auth_token", "api_key_secret"}:
        notes.append("No call of Twilio's API was found here, so that no replacement is made by itself.")
    return tuple(notes)


# --- steps for each kind of credential ---


def _auth_token(target: Target, powers: Powers, usage: Usage, kept: Sequence[str]) -> list[Step]:
    account = shown(target.account)
    hosts = _host("accounts", target)
    hindered = _token_obstacle(target, powers)
    if powers.primary is False:
        ending = [
            Step(
                "delete-secondary",
                f"Delete the secondary Auth Token of {account}: it is the one that leaked.",
                f"DELETE https://{hosts}/v1/AuthTokens/Secondary",
                "Everything that uses the secondary token stops at once.",
                "None; a new secondary token can be made.",
                target.account[-4:],
                obstacle=hindered,
                firmly=bool(hindered),
            )
        ]
        return [*_cuts(target, powers, kept), *_replacement(target, usage), _deploy(), *ending, _VERIFY]
    making = Step(
        "create-secondary",
        f"Make a secondary Auth Token for {account}; both are accepted then.",
        f"POST https://{hosts}/v1/AuthTokens/Secondary",
        "Nothing. Twilio tells the account's owners by e-mail.",
        f"DELETE https://{hosts}/v1/AuthTokens/Secondary",
        "yes",
        makes_secret=True,
        obstacle=hindered,
        firmly=bool(hindered),
    )
    promoting = Step(
        "promote",
        "Promote the secondary Auth Token: the leaked one is refused from then on.",
        f"POST https://{hosts}/v1/AuthTokens/Promote",
        "Whatever still uses the old token: requests, signature checks of webhooks, capability tokens that it signed. "
        "Serverless Functions may be refused for about a minute. Watch your API keys: that they go on working is what "
        "Twilio's documentation implies, not what was tried.",
        "None: the old token does not come back.",
        target.account[-4:],
        obstacle=hindered,
        firmly=bool(hindered),
    )
    checking = Step("check-secondary", "See that the new token is accepted.", "GET, with the new token")
    steps = [*_cuts(target, powers, kept), *_replacement(target, usage), making, _deploy(), checking, promoting]
    return [*steps, _VERIFY]


def _token_obstacle(target: Target, powers: Powers) -> str:
    if not target.account:
        return "which account it belongs to is not known"
    if powers.known and not powers.token:
        return "this takes the account's Auth Token, or its parent's (TWILIO_AUTH_TOKEN)"
    if powers.known and powers.primary is None and not target.dead:
        return "the account does not tell which of its two tokens this is; rotate it in the Console"
    return ""


def _api_key(target: Target, powers: Powers, usage: Usage, kept: Sequence[str]) -> list[Step]:
    obstacle = ""
    if not target.key:
        obstacle = "which API key it belongs to is not known for sure"
    elif powers.is_leaked_key:
        obstacle = (
            "the operator's credential is the leaked key itself; use the account's Auth Token or another Main key"
        )
    revoking = Step(
        "revoke-key",
        f"Revoke the API key {shown(target.key)}.",
        f"DELETE https://{_host('iam', target)}/v1/Keys/{shown(target.key)}",
        "Everything that uses this key, and every Access Token that it signed, stops at once.",
        "None: a key does not come back.",
        target.key[-4:],
        obstacle=obstacle,
        firmly=bool(obstacle),
    )
    return [*_cuts(target, powers, kept), *_replacement(target, usage), _deploy(), revoking, _VERIFY]


def _sendgrid(target: Target, powers: Powers, usage: Usage, kept: Sequence[str]) -> list[Step]:
    deleting = Step(
        "delete-sendgrid-key",
        "Delete the SendGrid API key.",
        "DELETE https://api.sendgrid.com/v3/api_keys/{its middle, between the dots}",
        "Everything that sends mail with this key stops, within moments.",
        "None: a key does not come back.",
        "yes",
        obstacle="" if target.credential.secret.held else "its value no longer stands here, and its id is part of it",
        firmly=not target.credential.secret.held,
    )
    making = _deploy("Make a new key with just the scopes that the code needs (Settings, API Keys), and deploy it.")
    return [making, deleting, _VERIFY]


def _by_hand(target: Target) -> list[Step]:
    return [Step("by-hand", NOT_TRIED.get(target.kind, "Follow the finding's own steps in the Console."), manual=True)]


# --- steps that several kinds share ---


def _deploy(what: str = "Put the new credential where the old one is used, and see that it works.") -> Step:
    return Step("deploy", what, breaks="Nothing if it is done before the next step.", confirm="yes", manual=True)


def _replacement(target: Target, usage: Usage) -> list[Step]:
    permissions = usage.permissions
    obstacle, firmly = "", True
    if not permissions:
        obstacle = "nothing here tells what it would need; make a key in the Console (API keys & tokens)"
    elif len(permissions) > MOST_PERMISSIONS:
        obstacle = f"a Restricted key holds at most {MOST_PERMISSIONS} permissions, and this code needs more"
    elif target.region in REGIONS:
        obstacle = "Restricted keys exist in US1 only"
    elif not target.account:
        obstacle = "which account it is for is not known"
    elif usage.beyond:
        obstacle, firmly = "it is not enough for all of this code; name it with --step to make it for the rest", False
    return [
        Step(
            "create-restricted",
            f"Make a Restricted API key with {len(permissions)} permissions, for what the code does (listed below).",
            "POST https://iam.twilio.com/v1/Keys, KeyType=restricted",
            "Nothing.",
            "Delete the key in the Console.",
            "yes",
            makes_secret=True,
            obstacle=obstacle,
            firmly=firmly and bool(obstacle),
        )
    ]


def _cuts(target: Target, powers: Powers, kept: Sequence[str]) -> list[Step]:
    """What limits the damage before anything else; done only when named."""
    missing = "" if kept else "say which countries stay open, with --keep-country US (and again for more)"
    open_ones = ", ".join(sorted(kept)) or "those that you name"
    unsure = "" if powers.parent else "this takes the parent account's credential, and it is not known to be one's"
    account = shown(target.account)
    return [
        Step(
            "narrow-messages",
            f"Let messages go to {open_ones} alone.",
            f"PATCH https://{_host('accounts', target)}/v1/Messaging/GeoPermissions",
            "Messages to all other countries.",
            "Open them again; the journal keeps which were open.",
            target.account[-4:],
            optional=True,
            obstacle=missing,
            firmly=bool(missing),
        ),
        Step(
            "narrow-calls",
            f"Let calls go to {open_ones} alone.",
            f"POST https://{_host('voice', target)}/v1/DialingPermissions/BulkCountryUpdates",
            "Calls to all other countries.",
            "Open them again; the journal keeps which were open.",
            target.account[-4:],
            optional=True,
            obstacle=missing,
            firmly=bool(missing),
        ),
        Step(
            "suspend-account",
            f"Suspend the subaccount {account}.",
            f"POST https://{_host('api', target)}/2010-04-01/Accounts/{account}.json, Status=suspended",
            "Everything of this account: calls, messages, numbers.",
            "The same request with Status=active.",
            target.account[-4:],
            optional=True,
            obstacle=unsure,
            firmly=bool(unsure) and powers.known,
        ),
    ]


def _host(product: str, target: Target) -> str:
    place = f".{REGIONS[target.region]}.{target.region}" if target.region in REGIONS else ""
    return f"{product}{place}.twilio.com"
