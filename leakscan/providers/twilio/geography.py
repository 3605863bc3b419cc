"""To which countries an account may send messages and place calls: read, and narrowed to some."""

import json
from collections.abc import Collection
from typing import Any, NamedTuple

from leakscan.providers.changes import Changed, Outcome
from leakscan.providers.http import Gate
from leakscan.providers.twilio.answers import Said, read
from leakscan.providers.twilio.client import ask, client
from leakscan.providers.twilio.operators import Operator, act
from leakscan.providers.twilio.verify import address

_LEVELS = ("low_risk_numbers_enabled", "high_risk_special_numbers_enabled", "high_risk_tollfraud_numbers_enabled")
_MOST_PAGES = 20


class Geography(NamedTuple):
    """The countries that are open, by ISO code: for messages, and for calls with the risk levels that are."""

    messages: tuple[str, ...]
    calls: dict[str, tuple[str, ...]]

    def beyond(self, kept: Collection[str]) -> "Geography":
        """What is open besides the countries that are kept."""
        calls = {code: levels for code, levels in self.calls.items() if code not in kept}
        return Geography(tuple(code for code in self.messages if code not in kept), calls)


def opened(gate: Gate, actor: Operator) -> Geography | str:
    """The countries that are open, or why they cannot be told. Raises Trouble."""
    asking = client(gate, actor.username, actor.password, actor.account)
    answer = ask(asking, address("accounts", "/v1/Messaging/GeoPermissions", actor.region))
    if read(answer).said is not Said.YES:
        return read(answer).detail
    messages = [
        str(each.get("country_code"))
        for each in _objects(answer.body.get("permissions"))
        if each.get("type", "country") == "country" and each.get("enabled") is True
    ]
    calls: dict[str, tuple[str, ...]] = {}
    for page in range(_MOST_PAGES):
        url = address("voice", "/v1/DialingPermissions/Countries", actor.region)
        answer = ask(asking, url, PageSize=100, Page=page)
        if read(answer).said is not Said.YES:
            return read(answer).detail
        listed = _objects(answer.body.get("content"))
        for each in listed:
            levels = tuple(level for level in _LEVELS if each.get(level) is True)
            if levels:
                calls[str(each.get("iso_code"))] = levels
        meta = answer.body.get("meta")
        if not listed or not (isinstance(meta, dict) and meta.get("next_page_url")):
            return Geography(tuple(sorted(messages)), calls)
    return f"there are more than {_MOST_PAGES} pages of countries"


def close_messages(gate: Gate, actor: Operator, countries: Collection[str]) -> Changed:
    """Let no messages go to these countries any more."""
    closed = [json.dumps({"country_code": code, "type": "country", "enabled": False}) for code in sorted(countries)]
    url = address("accounts", "/v1/Messaging/GeoPermissions", actor.region)
    outcome, detail, answer = act(gate, actor, "PATCH", url, Permissions=closed)
    told = _objects(answer.body.get("permissions")) if answer is not None else []
    failed = [str(each.get("country_code")) for each in told if each.get("error_code")]
    if outcome is Outcome.DONE and failed:
        return Changed(Outcome.REFUSED, f"not for {', '.join(failed[:20])}")
    return Changed(outcome, detail)


def close_calls(gate: Gate, actor: Operator, countries: Collection[str]) -> Changed:
    """Let no calls go to these countries any more."""
    updates = [{"iso_code": code, **dict.fromkeys(_LEVELS, "false")} for code in sorted(countries)]
    url = address("voice", "/v1/DialingPermissions/BulkCountryUpdates", actor.region)
    outcome, detail, _ = act(gate, actor, "POST", url, UpdateRequest=json.dumps(updates))
    return Changed(outcome, detail)


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
