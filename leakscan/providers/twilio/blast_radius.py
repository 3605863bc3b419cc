"""What a live Twilio credential reaches: each fact from one list or object that it may read, or why it is not known.

https://www.twilio.com/docs/iam/api-keys and /docs/iam/api-keys/restricted-api-keys say which type may ask what.
"""

from collections.abc import Callable
from typing import Any

from leakscan.inspection import (
    Balance,
    BlastRadius,
    Country,
    Key,
    Listed,
    Number,
    Service,
    SmsGeo,
    Subaccount,
    Thing,
    Unknown,
    Variables,
    VoiceGeo,
    Whose,
)
from leakscan.providers.discretion import country, day, host, number, short, shown
from leakscan.providers.twilio.questions import ONLY_AT_HOME, Asker, Body, gathered
from leakscan.providers.twilio.verify import HOME

_MOST_SERVICES, _MOST_ENVIRONMENTS = 3, 2
_NOT_FOR_STANDARD = Unknown("a Standard key may not ask for it")


def blast_radius(asker: Asker) -> BlastRadius:
    """All that the credential reaches, asked with requests that only read, some at once."""
    standard, home = asker.state == "live_standard", asker.region == HOME
    questions: dict[str, Callable[[], Any]] = {
        "account": lambda: _NOT_FOR_STANDARD if standard else _account(asker),
        "subaccounts": lambda: _NOT_FOR_STANDARD if standard else _subaccounts(asker),
        "keys": lambda: _NOT_FOR_STANDARD if standard else _keys(asker) if home else ONLY_AT_HOME,
        "balance": lambda: _balance(asker),
        "numbers": lambda: _numbers(asker),
        "messaging": lambda: _messaging(asker),
        "verify": lambda: _verify(asker),
        "voice": lambda: _voice(asker),
        "sms": lambda: _sms(asker),
        "variables": lambda: _variables(asker),
    }
    return BlastRadius(**gathered(questions))


# --- whose it is, and who else has access ---


def _account(asker: Asker) -> Whose | Unknown:
    body = asker.one("api", asker.of_account(""))
    return body if isinstance(body, Unknown) else _whose(body)


def _whose(body: Body) -> Whose:
    """The account of a body, which holds a token as well and the owner's address more often than not."""
    owner = body.get("owner_account_sid")
    return Whose(
        short(body.get("sid")),
        shown(body.get("friendly_name")),
        shown(body.get("status")),
        shown(body.get("type")),
        bool(owner) and owner != body.get("sid"),
        day(body.get("date_created")),
    )


def _subaccounts(asker: Asker) -> Listed[Subaccount] | Unknown:
    return _each(asker.listed("api", "/2010-04-01/Accounts.json", "accounts"), lambda body: _subaccount(asker, body))


def _subaccount(asker: Asker, body: Body) -> Subaccount | None:
    if body.get("sid") == asker.account:
        return None
    whose = _whose(body)
    return Subaccount(whose.sid, whose.name, whose.status, whose.created)


def _keys(asker: Asker) -> Listed[Key] | Unknown:
    listed = asker.listed("iam", "/v1/Keys", "keys", AccountSid=asker.account)
    return _each(listed, lambda body: _key(asker, body))


def _key(asker: Asker, body: Body) -> Key:
    flags = body.get("flags")
    return Key(
        short(body.get("sid")),
        shown(body.get("friendly_name")),
        day(body.get("date_created")),
        tuple(shown(flag) for flag in flags) if isinstance(flags, list) else (),
        body.get("sid") == asker.username,
    )


# --- what there is to be used ---


def _balance(asker: Asker) -> Balance | Unknown:
    body = asker.one("api", asker.of_account("/Balance"))
    return body if isinstance(body, Unknown) else Balance(shown(body.get("balance")), shown(body.get("currency")))


def _numbers(asker: Asker) -> Listed[Number] | Unknown:
    return _each(asker.listed("api", asker.of_account("/IncomingPhoneNumbers"), "incoming_phone_numbers"), _number)


def _number(body: Body) -> Number:
    whole, able = body.get("phone_number"), body.get("capabilities")
    return Number(
        number(whole),
        country(whole) if isinstance(whole, str) else "",
        tuple(name.lower() for name in ("voice", "SMS", "MMS", "fax") if _has(able, name)),
        host(body.get("voice_url")),
        host(body.get("sms_url")),
        day(body.get("date_created")),
    )


def _has(able: object, name: str) -> bool:
    return isinstance(able, dict) and bool(able.get(name) or able.get(name.lower()))


def _messaging(asker: Asker) -> Listed[Service] | Unknown:
    return _each(asker.listed("messaging", "/v1/Services", "services"), _service)


def _service(body: Body) -> Service:
    registered = body.get("us_app_to_person_registered")
    return Service(
        shown(body.get("friendly_name")),
        shown(body.get("usecase")),
        host(body.get("inbound_request_url")),
        registered if isinstance(registered, bool) else None,
    )


def _verify(asker: Asker) -> Listed[str] | Unknown:
    return _each(asker.listed("verify", "/v2/Services", "services"), lambda body: shown(body.get("friendly_name")))


# --- where to ---


def _voice(asker: Asker) -> VoiceGeo | Unknown:
    listed = asker.listed("voice", "/v1/DialingPermissions/Countries", "content")
    if isinstance(listed, Unknown):
        return listed
    countries = [_open_in(body) for body in listed.items]
    risky = tuple(each for each in countries if each and (each.fraud or each.special))
    return VoiceGeo(sum(each is not None for each in countries), risky, listed.cut)


def _open_in(body: Body) -> Country | None:
    """A country that can be called, with which of its high-risk numbers can be; None if none at all can be."""
    low, fraud, special = (
        body.get(f"{level}_numbers_enabled") is True
        for level in ("low_risk", "high_risk_tollfraud", "high_risk_special")
    )
    code, name = shown(body.get("iso_code")), shown(body.get("name"))
    return Country(code, name, fraud, special) if low or fraud or special else None


def _sms(asker: Asker) -> SmsGeo | Unknown:
    body = asker.one("accounts", "/v1/Messaging/GeoPermissions")
    if isinstance(body, Unknown):
        return body
    listed = body.get("permissions")
    if not isinstance(listed, list):
        return Unknown("the answer is no list of what was asked for", unanswered=True)
    countries = [each for each in listed if isinstance(each, dict) and each.get("type", "country") == "country"]

    def codes(*, enabled: bool, risky: bool) -> tuple[str, ...]:
        fitting = (
            each for each in countries if (each.get("enabled") is True) == enabled and (_risky(each) or not risky)
        )
        return tuple(sorted(shown(each.get("country_code")) for each in fitting))

    closed = len(codes(enabled=False, risky=False))
    risky, risky_closed = codes(enabled=True, risky=True), codes(enabled=False, risky=True)
    return SmsGeo(codes(enabled=True, risky=False), closed, risky, risky_closed)


def _risky(country_: Body) -> bool:
    return "high risk" in str(country_.get("message", "")).lower()


# --- what is stored ---


def _variables(asker: Asker) -> Listed[Variables] | Unknown:
    """The names of serverless variables, of the first few services; their values are dropped with each answer."""
    services = asker.listed("serverless", "/v1/Services", "services")
    if isinstance(services, Unknown):
        return services
    found: list[Variables] = []
    cuts = [services.cut]
    for service in services.items[:_MOST_SERVICES]:
        path = f"/v1/Services/{service.get('sid')}/Environments"
        environments = asker.listed("serverless", path, "environments")
        if isinstance(environments, Unknown):
            cuts.append(environments.because)
            continue
        for environment in environments.items[:_MOST_ENVIRONMENTS]:
            names = _names(asker, f"{path}/{environment.get('sid')}/Variables")
            place = f"{shown(service.get('unique_name'))}/{shown(environment.get('unique_name'))}"
            if isinstance(names, Unknown):
                cuts.append(names.because)
            elif names:
                found.append(Variables(place, names))
        if len(environments.items) > _MOST_ENVIRONMENTS:
            cuts.append(f"only {_MOST_ENVIRONMENTS} environments of each service were asked about")
    if len(services.items) > _MOST_SERVICES:
        cuts.append(f"only {_MOST_SERVICES} of {len(services.items):,} services were asked about")
    return Listed(tuple(found), "; ".join(dict.fromkeys(filter(None, cuts))))


def _names(asker: Asker, path: str) -> tuple[str, ...] | Unknown:
    listed = asker.listed("serverless", path, "variables")
    return listed if isinstance(listed, Unknown) else tuple(sorted(shown(body.get("key")) for body in listed.items))


def _each(listed: Listed[Body] | Unknown, made: Callable[[Body], Thing | None]) -> Listed[Thing] | Unknown:
    """A list with its items read, those that are none left out."""
    if isinstance(listed, Unknown):
        return listed
    return Listed(tuple(item for body in listed.items if (item := made(body)) is not None), listed.cut)
