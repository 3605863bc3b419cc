"""The nouns of an inspection: whom a credential opens what to, what was done since it leaked, and what to make of it.

Nothing here is secret or personal: names come with e-mail addresses masked, numbers with all but their country and two
digits, and neither bodies nor values of variables are kept at all (providers/discretion.py).
"""

from datetime import date
from typing import Generic, NamedTuple, TypeVar

Thing = TypeVar("Thing")

WEEKS_BEFORE = 4  # that the time since a leak is held against
# States in which somebody who holds the credential can do something with it.
LIVE = frozenset({"live", "live_standard", "live_restricted", "live_test", "live_client_validation_only"})
# States that say nothing, because no answer came that could.
UNTOLD = frozenset({"unknown", "rate_limited", "unchecked"})


class Unknown(NamedTuple):
    """What could not be learned, and why: a missing `permission`, or no answer, so that asking again may help."""

    because: str
    permission: str = ""
    unanswered: bool = False


class Listed(NamedTuple, Generic[Thing]):
    """What a list held; `cut` says why it may hold more."""

    items: tuple[Thing, ...] = ()
    cut: str = ""


def items(fact: "Listed[Thing] | Unknown | None") -> tuple[Thing, ...]:
    """What a list held; nothing where that is not known."""
    return fact.items if isinstance(fact, Listed) else ()


def figure(number: float) -> str:
    """A number for people: whole where it is large or whole."""
    return f"{number:,.0f}" if number >= 100 or number == int(number) else f"{number:,.2f}"


# --- the blast radius: what the credential reaches ---


class Whose(NamedTuple):
    """An account; `type` is Trial or Full, as the provider calls it."""

    sid: str
    name: str
    status: str
    type: str
    subaccount: bool = False
    created: date | None = None


class Permissions(NamedTuple):
    """What a credential may do: as its `source`, a policy or scopes, lists it, or as harmless requests showed."""

    source: str
    allowed: tuple[str, ...]
    missing: tuple[str, ...] = ()


class Balance(NamedTuple):
    """The money that is there to be spent."""

    amount: str
    currency: str


class Number(NamedTuple):
    """A phone number that the account has, and the hosts that hear of its calls and messages."""

    shown: str
    country: str
    abilities: tuple[str, ...]
    voice_host: str = ""
    sms_host: str = ""
    created: date | None = None


class Service(NamedTuple):
    """A messaging service, and the host that hears of its messages."""

    name: str
    usecase: str
    host: str = ""
    registered: bool | None = None


class Key(NamedTuple):
    """An API key of the account; `own` if it is the one that is inspected."""

    sid: str
    name: str
    created: date | None = None
    flags: tuple[str, ...] = ()
    own: bool = False


class Subaccount(NamedTuple):
    """An account below the one that is inspected."""

    sid: str
    name: str
    status: str
    created: date | None = None


class Country(NamedTuple):
    """A country whose high-risk numbers can be called: those known for toll fraud, or special ones such as premium."""

    code: str
    name: str
    fraud: bool
    special: bool


class VoiceGeo(NamedTuple):
    """In how many countries numbers can be called, and those in which high-risk ones can."""

    open: int
    risky: tuple[Country, ...]
    cut: str = ""


class SmsGeo(NamedTuple):
    """The countries, by code, to which messages can be sent, and those that the provider calls high-risk."""

    open: tuple[str, ...]
    closed: int
    risky: tuple[str, ...]
    risky_closed: tuple[str, ...] = ()


class Variables(NamedTuple):
    """The names of the variables that a serverless environment keeps; their values were never kept."""

    place: str
    names: tuple[str, ...]


class BlastRadius(NamedTuple):
    """What a credential reaches. None is what its type has not."""

    account: Whose | Unknown | None = None
    permissions: Permissions | Unknown | None = None
    balance: Balance | Unknown | None = None
    numbers: Listed[Number] | Unknown | None = None
    messaging: Listed[Service] | Unknown | None = None
    verify: Listed[str] | Unknown | None = None
    keys: Listed[Key] | Unknown | None = None
    subaccounts: Listed[Subaccount] | Unknown | None = None
    voice: VoiceGeo | Unknown | None = None
    sms: SmsGeo | Unknown | None = None
    variables: Listed[Variables] | Unknown | None = None


# --- the review: what was done since ---


class Series(NamedTuple):
    """Usage of one category, day by day: in the weeks before the leak, and from its day on."""

    category: str
    unit: str
    before: tuple[float, ...]
    since: tuple[float, ...]


class Flow(NamedTuple):
    """Calls or messages in one direction with one country; `risky` of them to prefixes that are known for fraud."""

    direction: str
    country: str
    total: int
    before: int = 0
    first: date | None = None
    risky: int = 0


class Traffic(NamedTuple):
    """Calls or messages since the leak; `cut` and `before_cut` say why there may be more of them, since or before."""

    flows: tuple[Flow, ...]
    cut: str = ""
    before_cut: str = ""


class Change(NamedTuple):
    """One entry of the account's log: what was changed, by what kind of actor, and from which address.

    `lasting` if it is about keys, numbers or settings, and not about the messages and calls of every day.
    """

    when: str
    what: str
    actor: str
    source: str
    address: str
    lasting: bool = True


class Changes(NamedTuple):
    """Changes since the leak, newest first; `earlier` are the addresses of the weeks before, None if not known."""

    items: tuple[Change, ...]
    earlier: tuple[str, ...] | None
    cut: str = ""


class Alert(NamedTuple):
    """How often the provider raised one error or warning."""

    code: str
    level: str
    total: int


class Alerts(NamedTuple):
    """Alerts since the leak, or since the day that the provider still has them of."""

    since: date
    items: tuple[Alert, ...]
    cut: str = ""


class Review(NamedTuple):
    """What was done from the day `since` on, a day that `reason` explains. None is what the provider has not."""

    since: date
    until: date
    reason: str
    usage: Listed[Series] | Unknown | None = None
    messages: Traffic | Unknown | None = None
    calls: Traffic | Unknown | None = None
    changes: Changes | Unknown | None = None
    alerts: Alerts | Unknown | None = None


# --- the whole ---


class Inspection(NamedTuple):
    """One credential: its state, what it reaches, what was done with it, and what that means, in words.

    `powers` is what its type can do, `risks` what an attacker would do first and then, `oddities` what looks wrong.
    """

    fingerprint: str
    kind: str
    description: str
    redacted: str
    state: str
    detail: str
    checked_at: str | None = None
    powers: tuple[str, ...] = ()
    reach: BlastRadius | None = None
    review: Review | None = None
    risks: tuple[str, ...] = ()
    oddities: tuple[str, ...] = ()

    @property
    def live(self) -> bool:
        """Whether somebody who holds it can do something with it."""
        return self.state in LIVE

    @property
    def unanswered(self) -> tuple[Unknown, ...]:
        """What no answer came to."""
        facts = (*(self.reach or ()), *(self.review or ()))
        return tuple(fact for fact in facts if isinstance(fact, Unknown) and fact.unanswered)


class Inspected(NamedTuple):
    """The outcome of a run: its inspections, whether it came to its end, when it began, how much it asked."""

    inspections: tuple[Inspection, ...]
    started: str
    requests: int = 0
    complete: bool = True
