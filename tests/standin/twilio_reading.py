"""What can be read of an account at Twilio: lists in pages, narrowed by days, and the few things that are no list."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from leakscan.providers.discretion import day

from .server import Asked, Reply
from .twilio_bodies import Body, sid, verify_service

# By product: what a path lists, under which name an account holds it, and under which the answer does.
_LISTS = {
    "api": (
        (r"/IncomingPhoneNumbers", "numbers", "incoming_phone_numbers"),
        (r"/Messages", "messages", "messages"),
        (r"/Calls", "calls", "calls"),
        (r"/Usage/Records/Daily", "usage", "usage_records"),
    ),
    "messaging": ((r"/v1/Services", "messaging", "services"),),
    "verify": ((r"/v2/Services", "verify", "services"),),
    "monitor": ((r"/v1/Events", "events", "events"), (r"/v1/Alerts", "alerts", "alerts")),
    "voice": (
        (r"/v1/DialingPermissions/Countries", "countries", "content"),
        (r"/v1/DialingPermissions/Countries/(\w\w)/HighRiskSpecialPrefixes", "prefixes", "content"),
    ),
    "serverless": (
        (r"/v1/Services", "functions", "services"),
        (r"/v1/Services/ZS\w+/Environments", "environments", "environments"),
        (r"/v1/Services/ZS\w+/Environments/ZE\w+/Variables", "variables", "variables"),
    ),
}
# Which parameter bounds a list by days, from below or above, and the field that it bounds.
_BOUNDS = {
    "DateSent>": ("date_sent", False),
    "DateSent<": ("date_sent", True),
    "StartTime>": ("start_time", False),
    "StartTime<": ("start_time", True),
    "StartDate": ("", False),
    "EndDate": ("", True),
}
_TIMES = ("start_date", "event_date", "date_created")
ACCOUNT_PATH = re.compile(r"/2010-04-01/Accounts/AC[0-9a-fA-F]{32}(.*)\.json")


def held_at_first(account: str) -> dict[str, list[Body]]:
    """What every account has."""
    service = {"sid": sid("MG"), "account_sid": account, "friendly_name": "x", "usecase": "undeclared"}
    return {"messaging": [service], "verify": [verify_service(account)]}


def read(product: str, asked: Asked, account: str, held: dict[str, list[Any]], *, parent: bool) -> Reply | None:
    """The answer to a request for something of an account's that holds this; None if it is for nothing here."""
    inner = ACCOUNT_PATH.fullmatch(asked.path) if product == "api" else None
    path = inner[1] if inner else asked.path
    if product == "api" and path == "/Balance":
        balance = {"account_sid": account, "balance": "12.3", "currency": "USD"}
        missing = Reply(404, {"code": 20404, "message": "Child accounts do not contain balance information"})
        return missing if parent else Reply(200, balance)
    if product == "accounts" and path == "/v1/Messaging/GeoPermissions":
        return Reply(200, {"permissions": held.get("permissions", [])})
    for pattern, name, key in _LISTS.get(product, ()):
        found = re.fullmatch(pattern, path)
        if found:
            items = held.get(name, [])
            if found.groups():
                items = [{"prefix": prefix} for country, prefix in items if country == found[1]]
            return page(asked, key, list(_fitting(items, asked)), old=product == "api")
    return None


def _fitting(items: list[Body], asked: Asked) -> Iterator[Body]:
    for item in items:
        if "Category" in asked.query and item.get("category") != asked.query["Category"]:
            continue
        if all(_within(item, name, text) for name, text in asked.query.items() if name in _BOUNDS):
            yield item


def _within(item: Body, name: str, text: str) -> bool:
    field, above = _BOUNDS[name]
    when = day(item.get(field)) if field else next((found for each in _TIMES if (found := day(item.get(each)))), None)
    bound = date.fromisoformat(text[:10])
    return when is not None and (when <= bound if above else when >= bound)


def page(asked: Asked, key: str, items: list[Body], *, old: bool) -> Reply:
    """One page of a list, as the oldest API writes it or as the newer ones do."""
    size, number = int(asked.query.get("PageSize", "50")), int(asked.query.get("Page", "0"))
    part, more = items[number * size : (number + 1) * size], len(items) > (number + 1) * size
    query = {name: value for name, value in asked.query.items() if name not in {"Page", "PageToken"}}
    first = f"{asked.path}?{urlencode({**query, 'Page': 0})}"
    following = f"{asked.path}?{urlencode({**query, 'Page': number + 1, 'PageToken': 'PA' + key})}" if more else None
    if old:
        start = number * size
        paging = {"page": number, "page_size": size, "start": start, "end": start + max(0, len(part) - 1)}
        links = {"first_page_uri": first, "next_page_uri": following, "previous_page_uri": None, "uri": first}
        return Reply(200, {key: part, **paging, **links})
    host = f"https://{asked.host}"
    meta = {
        "key": key,
        "page": number,
        "page_size": size,
        "first_page_url": host + first,
        "next_page_url": host + following if following else None,
        "previous_page_url": None,
        "url": host + first,
    }
    return Reply(200, {key: part, "meta": meta})
