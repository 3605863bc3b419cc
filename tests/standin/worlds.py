"""Accounts with a life: a quiet one, one that is pumped, one in which an attacker settles down."""

from datetime import date, timedelta
from typing import Any

from .twilio import Account, Key, Twilio
from .twilio_bodies import (
    alert,
    call,
    country,
    event,
    mail_date,
    message,
    number,
    permission,
    service,
    sid,
    usage,
    variable,
)

US, GERMANY, LATVIA, TUNISIA = "+14155550123", "+4915123456789", "+37190001234", "+21620123456"
HOME_ADDRESS, OFFICE, STRANGER = "198.51.100.7", "198.51.100.8", "203.0.113.99"
# What no output may hold: texts of messages, whole numbers, addresses of people, values, parts of URLs.
PLANTED = (
    "code 123",
    "planted-value",
    "jane.doe",
    "owner@example.org",
    "Grace Hopper",
    *(shown.removeprefix("+") for shown in (US, GERMANY, LATVIA, TUNISIA)),
    "4155550100",
)


def quiet(twilio: Twilio, leaked: date, today: date, **facts: Any) -> Account:
    """An account that did the same every day: more on weekdays, to the same countries, from the same address."""
    account = twilio.account(**facts)
    one = account.sid
    days = [leaked + timedelta(days=shift) for shift in range(-28, (today - leaked).days + 1)]
    busy = {when: 40 + when.day % 5 if when.weekday() < 5 else 10 for when in days}
    account.numbers = [number(one, US, date(2020, 1, 1))]
    functions = [{"sid": sid("ZS"), "account_sid": one, "unique_name": "hooks"}]
    environments = [{"sid": sid("ZE"), "account_sid": one, "unique_name": "production"}]
    account.holds |= {
        "usage": [usage(one, "sms-outbound", when, busy[when]) for when in days]
        + [usage(one, "totalprice", when, busy[when] / 100) for when in days],
        "messages": [message(one, to, when) for when in days for to in (US, GERMANY)]
        + [message(one, US, when, inbound=True) for when in days],
        "calls": [call(one, US, when) for when in days],
        "events": [event(one, "message.deleted", when, HOME_ADDRESS) for when in days[::3]],
        "alerts": [alert(one, "11200", today)],
        "messaging": [service(one)],
        "countries": [
            country("US", "United States/Canada"),
            country("DE", "Germany"),
            country("LV", "Latvia", fraud=True, special=True),
            country("KP", "Nowhere", low=False),
        ],
        "prefixes": [("LV", "+3719000")],
        "permissions": [
            permission("US", enabled=True),
            permission("TN", enabled=True, risky=True),
            permission("PK", enabled=False, risky=True),
        ],
        "functions": functions,
        "environments": environments,
        "variables": [variable(one, "STRIPE_SECRET_KEY", "planted-value"), variable(one, "GREETING", "planted-value")],
    }
    return account


def pumped(twilio: Twilio, leaked: date, today: date) -> Account:
    """Thousands of messages to a high-risk country, and calls to numbers known for fraud, from the second day on."""
    account = quiet(twilio, leaked, today)
    one, began = account.sid, leaked + timedelta(days=1)
    account.holds["usage"] += [usage(one, "sms-outbound", began, 4000), usage(one, "totalprice", began, 300.0)]
    account.holds["messages"] += [message(one, TUNISIA, began) for _ in range(30)]
    account.holds["calls"] += [call(one, LATVIA, began) for _ in range(7)]
    return account


def settled(twilio: Twilio, leaked: date, today: date) -> tuple[Account, Key]:
    """A key, a subaccount and a number that an attacker made, from an address of their own."""
    account = quiet(twilio, leaked, today)
    later = leaked + timedelta(days=2)
    minted = twilio.key(account, name="backup jane.doe@example.org", created=mail_date(later))
    twilio.key(account, name="ci")
    twilio.account(parent=account.sid, name="more", created=mail_date(later))
    account.numbers.append(number(account.sid, TUNISIA, later, voice_url="http://192.0.2.66/x?planted-value"))
    changed = ("api-key.created", "account.created", "phone-number.updated")
    account.holds["events"] += [event(account.sid, what, later, STRANGER, account.sid) for what in changed]
    return account, minted
