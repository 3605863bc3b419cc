"""Requests that change things: keys vanish, tokens are promoted, countries close; and answers that get lost on the way.

https://www.twilio.com/docs/iam/api-keys/key-resource-v1, /docs/iam/api/authtoken, /docs/iam/api/account.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from leakscan.detection.samples import Samples

from .others import SendGrid
from .server import Asked, Reply
from .twilio import ABSENT, AUTHENTICATE, Account, Key, Twilio, error

CUT = Reply(0, "")  # no answer at all
_ACCOUNT = re.compile(r"/2010-04-01/Accounts/(AC[0-9a-fA-F]{32})\.json")
_CHANGES = {"POST", "DELETE", "PATCH", "PUT"}


@dataclass
class Fault:
    """What goes wrong with a change: the answer that comes instead, and whether the change happens all the same."""

    reply: Reply
    happens: bool
    path: str = ""


@dataclass
class Changing:
    """What changes Twilio's accounts and keys; `names` and `policies` are of keys, by SID."""

    twilio: Twilio
    faults: list[Fault] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    policies: dict[str, list[str]] = field(default_factory=dict)
    messages: dict[str, bool] = field(default_factory=lambda: {"US": True, "DE": True, "LV": True})
    calls: dict[str, bool] = field(default_factory=lambda: {"US": True, "CU": True})

    def __call__(self, asked: Asked) -> Reply | None:
        """The answer to a request that this knows about; None for others."""
        answer = self._route(asked)
        if answer is None:
            return None
        who = self._who(asked)
        if who is None:
            return AUTHENTICATE
        fault = self._fault(asked)
        if fault is not None and not fault.happens:
            return fault.reply
        reply: Reply = answer(asked, *who)
        return fault.reply if fault is not None else reply

    def _fault(self, asked: Asked) -> Fault | None:
        if asked.method not in _CHANGES:
            return None
        return next((each for each in self.faults if each.path in asked.path), None)

    def _route(self, asked: Asked) -> Any:
        product = asked.host.partition(".")[0]
        fixed = {
            ("iam", "/v1/Keys"): self._keys,
            ("accounts", "/v1/AuthTokens/Secondary"): self._secondary,
            ("accounts", "/v1/AuthTokens/Promote"): self._promote,
            ("accounts", "/v1/Messaging/GeoPermissions"): self._messages,
            ("voice", "/v1/DialingPermissions/Countries"): self._countries,
            ("voice", "/v1/DialingPermissions/BulkCountryUpdates"): self._bulk,
        }
        if (product, asked.path) in fixed:
            return fixed[product, asked.path]
        if product == "iam" and asked.path.startswith("/v1/Keys/"):
            return self._key
        inner = _ACCOUNT.fullmatch(asked.path) if product == "api" else None
        other = inner is not None and inner[1] != asked.basic[0] and asked.basic[0] in self.twilio.accounts
        return self._account if inner and (other or asked.method != "GET") else None

    def _who(self, asked: Asked) -> tuple[Account, Key | None] | None:
        """Whose the credential is that asks."""
        name, password = asked.basic
        key, account = self.twilio.keys.get(name), self.twilio.accounts.get(name)
        if key is not None and key.secret == password:
            return self.twilio.accounts[key.account], key
        if account is not None and password in {account.token, account.secondary} - {""}:
            return (account, None) if account.status == "active" else None
        return None

    # --- API keys ---

    def _keys(self, asked: Asked, account: Account, key: Key | None) -> Reply:
        if key is not None and key.kind == "standard":
            return AUTHENTICATE
        if asked.method == "GET":
            if asked.query.get("AccountSid") != account.sid:
                return error(400, 20001, "AccountSid is missing")
            mine = [each for each in self.twilio.keys.values() if each.account == account.sid]
            listed = [{"sid": each.sid, "friendly_name": self.names.get(each.sid, "")} for each in mine]
            return Reply(200, {"keys": listed, "meta": {"key": "keys", "next_page_url": None}})
        if len(asked.form["FriendlyName"]) > 64:
            return error(400, 70001, "FriendlyName is too long")
        kind = asked.form.get("KeyType", "standard")
        allow = json.loads(asked.form.get("Policy", '{"allow": []}'))["allow"]
        made = self.twilio.key(account, kind, frozenset(allow))
        self.names[made.sid], self.policies[made.sid] = asked.form["FriendlyName"], allow
        described = {"sid": made.sid, "friendly_name": self.names[made.sid], "secret": made.secret}
        return Reply(201, {**described, "policy": {"allow": allow}})

    def _key(self, asked: Asked, account: Account, key: Key | None) -> Reply:
        if key is not None and key.kind == "standard":
            return AUTHENTICATE
        wanted = self.twilio.keys.get(asked.path.rpartition("/")[2])
        if wanted is None or wanted.account != account.sid:
            return ABSENT
        if asked.method == "DELETE":
            del self.twilio.keys[wanted.sid]
            return Reply(204, {})
        return Reply(200, {"sid": wanted.sid, "friendly_name": self.names.get(wanted.sid, ""), "policy": None})

    # --- Auth Tokens ---

    def _secondary(self, asked: Asked, account: Account, key: Key | None) -> Reply:
        if key is not None:
            return AUTHENTICATE
        if asked.method == "DELETE":
            account.secondary = ""
            return Reply(204, {})
        account.secondary = Samples().value("auth_token")
        return Reply(201, {"account_sid": account.sid, "secondary_auth_token": account.secondary})

    def _promote(self, asked: Asked, account: Account, key: Key | None) -> Reply:
        if key is not None or not account.secondary:
            return error(400, 20001, "There is no secondary token")
        account.token, account.secondary = account.secondary, ""
        return Reply(200, {"account_sid": account.sid, "auth_token": account.token})

    # --- accounts ---

    def _account(self, asked: Asked, account: Account, key: Key | None) -> Reply:
        inner = _ACCOUNT.fullmatch(asked.path)
        assert inner
        wanted = self.twilio.accounts.get(inner[1])
        if wanted is None or account.sid not in {wanted.sid, wanted.parent}:
            return AUTHENTICATE
        if asked.method == "POST":
            if wanted.parent != account.sid:
                return error(400, 21100, "A main account cannot be changed so")
            wanted.status = asked.form["Status"]
        return Reply(200, self.twilio.described(wanted, everything=key is None))

    # --- countries ---

    def _messages(self, asked: Asked, account: Account, key: Key | None) -> Reply:
        if asked.method == "PATCH":
            changed = [json.loads(each) for each in parse_qs(asked.body)["Permissions"]]
            self.messages.update({each["country_code"]: each["enabled"] for each in changed})
            return Reply(200, {"permissions": [{**each, "error_code": 0, "error_messages": []} for each in changed]})
        listed = [{"country_code": code, "type": "country", "enabled": on} for code, on in self.messages.items()]
        return Reply(200, {"permissions": listed})

    def _countries(self, asked: Asked, account: Account, key: Key | None) -> Reply:
        codes = list(self.calls.items())
        page = int(asked.query.get("Page", 0))  # a country a page, so that all are turned
        listed = [{"iso_code": code, "low_risk_numbers_enabled": on} for code, on in codes[page : page + 1]]
        more = "https://voice.twilio.com/next" if page + 1 < len(codes) else None
        return Reply(200, {"content": listed, "meta": {"key": "content", "next_page_url": more}})

    def _bulk(self, asked: Asked, account: Account, key: Key | None) -> Reply:
        updates = json.loads(asked.form["UpdateRequest"])
        self.calls.update({each["iso_code"]: each["low_risk_numbers_enabled"] == "true" for each in updates})
        return Reply(201, {"update_count": len(updates), "update_request": asked.form["UpdateRequest"]})


@dataclass
class SendGridKeys:
    """SendGrid's keys as one resource each, by the middle of the key."""

    sendgrid: SendGrid
    faults: list[Fault] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Reply | None:
        """The answer to a request about keys."""
        keys = {"api.sendgrid.com": self.sendgrid.keys, "api.eu.sendgrid.com": self.sendgrid.eu_keys}.get(asked.host)
        if keys is None or not asked.path.startswith("/v3/api_keys/"):
            return None
        needed = {"GET": "api_keys.read", "DELETE": "api_keys.delete"}[asked.method]
        if asked.bearer not in keys:
            return Reply(401, {"errors": [{"message": "The provided authorization grant is invalid"}]})
        if needed not in keys[asked.bearer]:
            return Reply(403, {"errors": [{"message": "access forbidden"}]})
        identifier = asked.path.rpartition("/")[2]
        wanted = next((key for key in keys if key.split(".")[1] == identifier), None)
        if wanted is None:
            return Reply(404, {"errors": [{"message": "unable to find API Key"}]})
        if asked.method == "GET":
            return Reply(200, {"result": [{"api_key_id": identifier, "name": "x"}]})
        fault = self.faults[0] if self.faults else None
        if fault is None or fault.happens:
            del keys[wanted]
        return fault.reply if fault else Reply(204, {})
