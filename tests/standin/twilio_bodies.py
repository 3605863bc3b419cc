"""Things of a Twilio account as its API describes them, with what nobody may see in them: texts, numbers, addresses."""

from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import Any

from leakscan.detection.samples import Samples

Body = dict[str, Any]


def sid(letters: str) -> str:
    """A new identifier."""
    return letters + Samples().value("auth_token")


def mail_date(day: date) -> str:
    """A day as the oldest API writes it."""
    return format_datetime(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def iso(day: date) -> str:
    """A day as the newer ones do."""
    return f"{day.isoformat()}T12:00:00Z"


def message(account: str, to: str, day: date, *, body: str = "code 123", inbound: bool = False) -> Body:
    """A message, `to` the other side."""
    ours, name = "+14155550100", sid("SM")
    return {
        "sid": name,
        "account_sid": account,
        "body": body,
        "direction": "inbound" if inbound else "outbound-api",
        "from": to if inbound else ours,
        "to": ours if inbound else to,
        "date_sent": mail_date(day),
        "date_created": mail_date(day),
        "date_updated": mail_date(day),
        "status": "received" if inbound else "delivered",
        "price": "-0.00750",
        "price_unit": "USD",
        "num_segments": "1",
        "num_media": "0",
        "error_code": None,
        "error_message": None,
        "messaging_service_sid": None,
        "api_version": "2010-04-01",
        "uri": f"/2010-04-01/Accounts/{account}/Messages/{name}.json",
        "subresource_uris": {},
    }


def call(account: str, to: str, day: date, *, inbound: bool = False) -> Body:
    """A call, `to` the other side."""
    ours, name = "+14155550100", sid("CA")
    return {
        "sid": name,
        "account_sid": account,
        "direction": "inbound" if inbound else "outbound-api",
        "from": to if inbound else ours,
        "to": ours if inbound else to,
        "start_time": mail_date(day),
        "end_time": mail_date(day),
        "date_created": mail_date(day),
        "date_updated": mail_date(day),
        "status": "completed",
        "duration": "42",
        "price": "-0.02000",
        "price_unit": "USD",
        "caller_name": "Grace Hopper",
        "uri": f"/2010-04-01/Accounts/{account}/Calls/{name}.json",
        "subresource_uris": {},
    }


def number(account: str, shown: str, day: date, **urls: str) -> Body:
    """A phone number of the account's."""
    name = sid("PN")
    return {
        "sid": name,
        "account_sid": account,
        "friendly_name": shown,
        "phone_number": shown,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "date_created": mail_date(day),
        "date_updated": mail_date(day),
        "voice_url": "https://voice.example.com/answer?key=planted-value",
        "sms_url": "https://user:planted-value@sms.example.com/hook",
        "status": "in-use",
        "type": "local",
        "uri": f"/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{name}.json",
        **urls,
    }


def usage(account: str, category: str, day: date, amount: float) -> Body:
    """One category's usage of one day."""
    money = category == "totalprice"
    return {
        "account_sid": account,
        "api_version": "2010-04-01",
        "as_of": f"{day.isoformat()}T23:00:00+00:00",
        "category": category,
        "count": None if money else str(int(amount)),
        "count_unit": None if money else "messages",
        "description": category,
        "start_date": day.isoformat(),
        "end_date": day.isoformat(),
        "price": amount if money else amount / 100,
        "price_unit": "usd",
        "subresource_uris": {},
        "uri": f"/2010-04-01/Accounts/{account}/Usage/Records/Daily.json",
        "usage": str(amount),
        "usage_unit": "usd" if money else "messages",
    }


def event(account: str, what: str, day: date, address: str, actor: str = "") -> Body:
    """One change."""
    return {
        "sid": sid("AE"),
        "account_sid": account,
        "actor_sid": actor or sid("US"),
        "actor_type": "account" if actor else "user",
        "description": "by jane.doe@example.org",
        "event_data": {"secret": "planted-value"},
        "event_date": iso(day),
        "event_type": what,
        "resource_sid": account,
        "resource_type": what.partition(".")[0],
        "source": "api" if actor else "web",
        "source_ip_address": address,
        "url": None,
        "links": {},
    }


def alert(account: str, code: str, day: date) -> Body:
    """One alert."""
    return {
        "sid": sid("NO"),
        "account_sid": account,
        "alert_text": "to +14155550199, body: planted-value",
        "api_version": "2010-04-01",
        "date_created": iso(day),
        "date_generated": iso(day),
        "date_updated": iso(day),
        "error_code": code,
        "log_level": "error",
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "request_method": "POST",
        "request_url": "https://user:planted-value@sms.example.com/hook",
        "resource_sid": sid("SM"),
        "url": None,
        "service_sid": None,
    }


def service(account: str, name: str = "alerts for jane.doe@example.org") -> Body:
    """A messaging service."""
    return {
        "sid": sid("MG"),
        "account_sid": account,
        "friendly_name": name,
        "date_created": "2020-01-01T12:00:00Z",
        "date_updated": "2020-01-01T12:00:00Z",
        "inbound_request_url": "https://inbound.example.com/hook?key=planted-value",
        "usecase": "notifications",
        "us_app_to_person_registered": True,
        "links": {},
    }


def verify_service(account: str) -> Body:
    """A Verify service."""
    return {"sid": sid("VA"), "account_sid": account, "friendly_name": "login", "code_length": 6, "links": {}}


def country(code: str, name: str, *, low: bool = True, fraud: bool = False, special: bool = False) -> Body:
    """A country that can be called, or not."""
    return {
        "iso_code": code,
        "name": name,
        "continent": "EUROPE",
        "country_codes": ["+0"],
        "low_risk_numbers_enabled": low,
        "high_risk_tollfraud_numbers_enabled": fraud,
        "high_risk_special_numbers_enabled": special,
        "url": f"https://voice.twilio.com/v1/DialingPermissions/Countries/{code}",
        "links": {},
    }


def permission(code: str, *, enabled: bool, risky: bool = False) -> Body:
    """A country that messages can be sent to, or not."""
    message_ = "High Risk Country" if risky else ""
    return {"country_code": code, "type": "country", "enabled": enabled, "prefix": "+0", "message": message_}


def variable(account: str, name: str, value: str) -> Body:
    """A serverless variable with its value."""
    return {
        "sid": sid("ZV"),
        "account_sid": account,
        "service_sid": sid("ZS"),
        "environment_sid": sid("ZE"),
        "key": name,
        "value": value,
        "date_created": "2020-01-01T12:00:00Z",
        "date_updated": "2020-01-01T12:00:00Z",
        "url": "https://serverless.twilio.com/",
    }
