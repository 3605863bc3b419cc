"""The steps for each kind of credential: in which order, what each breaks, how it is undone, what hinders it: pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from leakscan.analysis.usage.calls import Beyond, Usage
from leakscan.providers.http import REGIONS
from leakscan.providers.twilio.verify import address
from leakscan.providers.verifying import NOT_TRIED
from leakscan.response.target import Target

MOST_PERMISSIONS = 100


class Step(NamedTuple):
    """One step: `confirm` is what has to be typed for it.

    One that is `manual` is done by a person, one that `makes_secret` needs a place for it, and an `optional` one is
    done only when named. `obstacle` says why it is not done, `firmly` that it is not even when named.
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


def spared(step: Step) -> bool:
    """Whether a step may be left out where something hinders it: the others are worth as much without it."""
    return bool(step.obstacle) and (step.name == "create-restricted" or not step.firmly)


def shown(sid: str) -> str:
    """An identifier as it is shown: enough to tell it from others."""
    return f"{sid[:4]}…{sid[-4:]}" if sid else "an identifier that is not known"


def not_covered(target: Target, usage: Usage) -> tuple[Beyond, ...]:
    """What a Restricted key cannot do of what the leaked credential could."""
    known = target.kind == "api_key_secret"
    return tuple(each for each in usage.beyond if not (known and each.needs == "auth_token"))


REPOSITORY = Step("repository", "Take the value out of the code, then out of the history, as said below.", manual=True)
_VERIFY = Step("verify", "Ask whether the leaked credential is refused now.", "GET, as `leakscan verify` asks")


# --- steps for each kind of credential ---


def _auth_token(target: Target, powers: Powers, usage: Usage, kept: Sequence[str]) -> list[Step]:
    account = shown(target.account)
    tokens = address("accounts", "/v1/AuthTokens", target.region)
    hindered = _token_obstacle(target, powers)
    gone = hindered or (_GONE if target.dead else "")
    if powers.primary is False:
        ending = [
            Step(
                "delete-secondary",
                f"Delete the secondary Auth Token of {account}: it is the one that leaked.",
                f"DELETE {tokens}/Secondary",
                "Everything that uses the secondary token stops at once.",
                "None; a new secondary token can be made.",
                target.account[-4:],
                obstacle=hindered,
                firmly=bool(hindered),
            )
        ]
        return [*_cuts(target, powers, kept), *_replacement(target, usage), _deploy(target), *ending, _VERIFY]
    making = Step(
        "create-secondary",
        f"Make a secondary Auth Token for {account}; both are accepted then.",
        f"POST {tokens}/Secondary",
        "Nothing. Twilio tells the account's owners by e-mail.",
        f"DELETE {tokens}/Secondary",
        "yes",
        makes_secret=True,
        obstacle=gone,
        firmly=bool(hindered),
    )
    promoting = Step(
        "promote",
        "Promote the secondary Auth Token: the leaked one is refused from then on.",
        f"POST {tokens}/Promote",
        "Whatever still uses the old token: requests, signature checks of webhooks, capability tokens that it signed. "
        "Serverless Functions may be refused for about a minute. Watch your API keys: that they go on working is what "
        "Twilio's documentation implies, not what was tried.",
        "None: the old token does not come back.",
        target.account[-4:],
        obstacle=hindered,
        firmly=bool(hindered),
    )
    checking = Step("check-secondary", "See that the new token is accepted.", "GET, with the new token")
    if target.dead:
        checking = checking._replace(obstacle=_GONE)
    deploying = _deploy(target)
    steps = [*_cuts(target, powers, kept), *_replacement(target, usage), making, deploying, checking, promoting]
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
        f"DELETE {address('iam', f'/v1/Keys/{shown(target.key)}', target.region)}",
        "Everything that uses this key, and every Access Token that it signed, stops at once.",
        "None: a key does not come back.",
        target.key[-4:],
        obstacle=obstacle,
        firmly=bool(obstacle),
    )
    replacing = _replacement(target, usage)
    deploying = _deploy(target, _MAKE_ONE if replacing[0].obstacle else _DEPLOY)
    return [*_cuts(target, powers, kept), *replacing, deploying, revoking, _VERIFY]


def _sendgrid(target: Target, *_: object) -> list[Step]:
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
    making = _deploy(target, _SCOPED)
    return [making, deleting, _VERIFY]


def by_hand(target: Target) -> list[Step]:
    """The steps for a kind of credential that leakscan cannot take out of use itself."""
    return [Step("by-hand", NOT_TRIED.get(target.kind, "Follow the finding's own steps in the Console."), manual=True)]


# --- steps that several kinds share ---


_DEPLOY = "Put the new credential where the old one is used, and see that it works."
_MAKE_ONE = (
    "Make a new key in the Console (API keys & tokens), put it where the old one is used, and see that it works."
)


_SCOPED = "Make a new key with just the scopes that the code needs (Settings, API Keys), and deploy it."
_GONE = "the provider refuses the leaked credential already"


def _deploy(target: Target, what: str = _DEPLOY) -> Step:
    said = "Nothing if it is done before the next step."
    return Step("deploy", what, breaks=said, confirm="yes", manual=True, obstacle=_GONE if target.dead else "")


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
    elif target.dead:
        obstacle, firmly = _GONE, False
    elif not_covered(target, usage):
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
    if not target.account:
        missing = "which account it belongs to is not known"
    open_ones = ", ".join(sorted(kept)) or "those that you name"
    unsure = "" if powers.parent else "this takes the parent account's credential, and it is not known to be one's"
    account = shown(target.account)

    def narrowing(what: str, request: str) -> Step:
        return Step(
            f"narrow-{what}",
            f"Let {what} go to {open_ones} alone.",
            request,
            f"{what.capitalize()} to all other countries.",
            "Open them again; the journal keeps which were open.",
            target.account[-4:],
            optional=True,
            obstacle=missing,
            firmly=bool(missing),
        )

    return [
        narrowing("messages", f"PATCH {address('accounts', '/v1/Messaging/GeoPermissions', target.region)}"),
        narrowing("calls", f"POST {address('voice', '/v1/DialingPermissions/BulkCountryUpdates', target.region)}"),
        Step(
            "suspend-account",
            f"Suspend the subaccount {account}.",
            f"POST {address('api', f'/2010-04-01/Accounts/{account}.json', target.region)}, Status=suspended",
            "Everything of this account: calls, messages, numbers.",
            "The same request with Status=active.",
            target.account[-4:],
            optional=True,
            obstacle=unsure,
            firmly=bool(unsure) and powers.known,
        ),
    ]


MAKERS: Mapping[str, Callable[[Target, Powers, Usage, Sequence[str]], list[Step]]] = {
    "auth_token": _auth_token,
    "api_key_secret": _api_key,
    "sendgrid_api_key": _sendgrid,
}
