"""What somebody who holds a Twilio credential can do with what it reaches, in the order in which it is done."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from leakscan.inspection import Balance, BlastRadius, Permissions, SmsGeo, VoiceGeo, Whose, items

_NAMED = 8
_ABLE = frozenset({"live", "live_standard", "live_restricted"})
_SECRETIVE = ("KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "PRIVATE")


class Held(NamedTuple):
    """A credential by what matters here: what was found, how far it goes, and what it reaches."""

    kind: str
    state: str
    reach: BlastRadius


# What a type of credential can do, by kind and state (https://www.twilio.com/docs/iam/api-keys).
_POWERS = {
    ("auth_token", "live"): (
        "all that the account can do: send, call, buy and release numbers, read what was sent and recorded",
        "create and delete API keys, change the Auth Token itself, open subaccounts and close them",
        "sign webhook requests as if they were Twilio's (X-Twilio-Signature)",
        "it does not open the Console",
    ),
    ("auth_token", "live_test"): ("test credentials: they send nothing, cost nothing and read nothing",),
    ("auth_token", "live_client_validation_only"): (
        "nothing by itself: the account accepts only requests that are signed with a private key, too",
    ),
    ("api_key_secret", "live"): (
        "a Main key: all that the account can do, its keys and subaccounts included",
        "mint Access Tokens for the account's apps",
        "it signs no webhook requests, and does not read subaccounts' Auth Tokens",
    ),
    ("api_key_secret", "live_standard"): (
        "a Standard key: send, call, buy and release numbers, change webhooks, read what was sent and recorded",
        "mint Access Tokens for the account's apps",
        "it reaches neither the account's settings nor its API keys",
    ),
    ("api_key_secret", "live_restricted"): (
        "a Restricted key: what its permissions list, and nothing else",
        "it mints no Access Tokens",
    ),
    ("api_key_secret", "live_client_validation_only"): (
        "nothing by itself: the account accepts only requests that are signed with a private key, too",
    ),
    ("oauth_client_secret", "live"): ("tokens for all that its OAuth app is allowed to do, which cannot be asked for",),
}


def powers(kind: str, state: str, reach: BlastRadius | None = None) -> tuple[str, ...]:
    """What a type of credential can do, and how far, if what it reaches is known."""
    account = reach.account if reach else None
    below = isinstance(account, Whose) and account.subaccount
    limits = (
        ("all of it in a subaccount alone: neither its parent nor other subaccounts are in reach",) if below else ()
    )
    return (*_POWERS.get((kind, state), ()), *limits)


def risks(held: Held) -> tuple[str, ...]:
    """What an attacker would do with it, first things first, in sentences."""
    made = (_money, _persistence, _subaccounts, _interception, _reading, _variables, _forgery)
    told = held.state in _ABLE and held.kind in {"auth_token", "api_key_secret"}
    return tuple(sentence for each in made for sentence in each(held)) if told else ()


# --- what is allowed ---


def _may(held: Held, permission: str) -> bool | None:
    """Whether a permission is there; None if that cannot be told."""
    if held.state == "live_standard":
        return not permission.startswith("iam/")
    if held.state != "live_restricted":
        return held.state == "live"
    known = held.reach.permissions
    if not isinstance(known, Permissions):
        return None
    if permission in known.allowed or f"{permission.rpartition('/')[0]}/*" in known.allowed:
        return True
    return False if known.source == "policy" or permission in known.missing else None


def _any(held: Held, *permissions: str) -> str:
    """`can` if one of the permissions is there, `may be able to` if that cannot be told, else nothing."""
    found = [_may(held, each) for each in permissions]
    return "can" if True in found else "may be able to" if None in found else ""


# --- what is done ---


def _money(held: Held) -> Iterator[str]:
    """Calls and messages to numbers that pay whoever had them called: what most stolen credentials are used for."""
    reach = held.reach
    ways = {
        "call": _any(held, "voice/calls/create"),
        "send messages": _any(held, "messaging/messages/create"),
        "have codes sent through Verify": _any(held, "verify/verification/create"),
    }
    able = [way for way, can in ways.items() if can]
    if not able:
        return
    can = "can" if "can" in ways.values() else "may be able to"
    yield (
        f"Money first: whoever holds it {can} {_and(able)} at the account's cost, to numbers that pay them for it "
        f"(toll fraud, SMS pumping){_means(reach)}{_open(reach, ways)}."
    )
    if ways["send messages"]:
        services = items(reach.messaging)
        through = f", through {_count(services, 'messaging service')}" if services else ""
        come = "come" if ways["send messages"] == "can" else "would come"
        yield f"Phishing in your name: messages {come} from your numbers and sender names{through}."


def _means(reach: BlastRadius) -> str:
    account, balance = reach.account, reach.balance
    told = []
    if isinstance(balance, Balance):
        told.append(f"{balance.amount} {balance.currency} are there to be spent, more if the account recharges itself")
    numbers = items(reach.numbers)
    if numbers:
        told.append(f"{_count(numbers, 'phone number')} to do it from")
    if isinstance(account, Whose) and account.type == "Trial":
        told.append("a trial account: only numbers that were verified can be reached")
    return f"; {'; '.join(told)}" if told else ""


def _open(reach: BlastRadius, ways: dict[str, str]) -> str:
    """Where to the high-risk doors stand open, for what it may do."""
    told = []
    if (
        ways["call"]
        and isinstance(reach.voice, VoiceGeo)
        and (fraud := [each.code for each in reach.voice.risky if each.fraud])
    ):
        told.append(f"calls to toll-fraud numbers are open in {_some(fraud)}")
    if ways["send messages"] and isinstance(reach.sms, SmsGeo) and reach.sms.risky:
        told.append(f"messages to high-risk countries are open: {_some(reach.sms.risky)}")
    return f"; {'; '.join(told)}" if told else ""


def _persistence(held: Held) -> Iterator[str]:
    can = _any(held, "iam/api-keys/create")
    if can:
        more = " and rotate the Auth Token, which locks you out" if held.kind == "auth_token" else ""
        yield f"Staying: it {can} create API keys that go on working once this one is gone{more}."


def _subaccounts(held: Held) -> Iterator[str]:
    below = items(held.reach.subaccounts)
    if below and held.kind == "auth_token":
        yield f"Spreading: it reads the Auth Tokens of {_count(below, 'subaccount')}; they have to be rotated, too."
    elif below and held.state == "live":
        yield f"Spreading: it acts in {_count(below, 'subaccount')}."


def _interception(held: Held) -> Iterator[str]:
    can = _any(held, "phone-numbers/active-numbers/update")
    numbers, services = items(held.reach.numbers), items(held.reach.messaging)
    if can and numbers:
        hosts = {host for each in numbers for host in (each.voice_host, each.sms_host) if host}
        hosts |= {each.host for each in services if each.host}
        now = f", which go to {_some(sorted(hosts))} now" if hosts else ""
        yield (
            f"Listening in: it {can} point the webhooks of {_count(numbers, 'phone number')}{now}, elsewhere, and "
            "get incoming calls and messages, one-time codes among them."
        )


def _reading(held: Held) -> Iterator[str]:
    able = {
        "the texts of messages": _any(held, "messaging/messages/read", "messaging/messages/list"),
        "who was called": _any(held, "voice/calls/read", "voice/calls/list"),
        "recordings": _any(held, "voice/recordings/read", "voice/recordings/list"),
    }
    sure = [what for what, can in able.items() if can == "can"]
    if sure:
        yield f"Personal data: it can read {_and(sure)}. Whether that has to be reported is a question of law."


def _variables(held: Held) -> Iterator[str]:
    names = {name for each in items(held.reach.variables) for name in each.names}
    secretive = sorted(name for name in names if any(word in name.upper() for word in _SECRETIVE))
    if names:
        telling = f"; by their names these are secrets: {_some(secretive)}" if secretive else ""
        yield f"Other credentials: it reads the values of {_count(names, 'stored variable')}{telling}."


def _forgery(held: Held) -> Iterator[str]:
    if held.kind == "auth_token" and held.state == "live":
        yield "Forgery: it signs webhook requests, so that your servers take an attacker's for Twilio's."


# --- words ---


def _count(things: Iterable[object], noun: str) -> str:
    number = len(tuple(things))
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _some(words: Iterable[str]) -> str:
    told = list(words)
    return ", ".join(told[:_NAMED]) + (f" and {len(told) - _NAMED:,} more" if len(told) > _NAMED else "")
