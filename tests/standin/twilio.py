"""Twilio: accounts and keys, and what each may ask, as its documentation and its answers have it.

https://www.twilio.com/docs/iam/api-keys, /docs/api/errors, /docs/iam/test-credentials.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from leakscan.detection.samples import Samples

from .server import Asked, Reply
from .twilio_reading import held_at_first, page, read

_PLACE = re.compile(r"([a-z-]+)(?:\.\w+\.(ie1|au1|jp1))?\.twilio\.com")
_ACCOUNT = re.compile(r"/2010-04-01/Accounts/(AC[0-9a-fA-F]{32})(?:\.json|/(.+)\.json)")
WHEN = "Thu, 30 Jul 2015 20:00:00 +0000"


@dataclass
class Account:
    """An account: with `parent` a subaccount; `validation` if it wants signed requests, `test` for test credentials."""

    sid: str
    token: str
    status: str = "active"
    kind: str = "Full"
    parent: str = ""
    region: str = "us1"
    validation: bool = False
    test: bool = False
    secondary: str = ""
    name: str = "owner@example.org's Account"
    created: str = WHEN
    numbers: list[dict[str, Any]] = field(default_factory=list)
    holds: dict[str, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.holds = {**held_at_first(self.sid), **self.holds}


@dataclass
class Key:
    """An API key; `allow` are the permissions of a restricted one."""

    sid: str
    secret: str
    account: str
    kind: str = "standard"
    allow: frozenset[str] = frozenset()
    region: str = "us1"
    name: str = "ci"
    created: str = WHEN


def error(status: int, code: int, message: str) -> Reply:
    """An error as api.twilio.com words it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Reply(status, {"code": code, "message": message, "more_info": more, "status": status})


AUTHENTICATE = error(401, 20003, "Authenticate")
ABSENT = error(404, 20404, "The requested resource was not found")


@dataclass
class Twilio:
    """All accounts and keys there are."""

    samples: Samples = field(default_factory=Samples)
    accounts: dict[str, Account] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    apps: dict[str, str] = field(default_factory=dict)

    def account(self, **facts: Any) -> Account:
        """A new account."""
        fresh = Samples()
        made = Account(fresh.value("account_sid"), fresh.value("auth_token"), **facts)
        self.accounts[made.sid] = made
        return made

    def key(self, account: Account, kind: str = "standard", allow: frozenset[str] = frozenset(), **facts: Any) -> Key:
        """A new API key."""
        fresh = Samples()
        sid, secret = fresh.value("api_key_sid"), fresh.value("api_key_secret")
        self.keys[sid] = Key(sid, secret, account.sid, kind, allow, **{"region": account.region, **facts})
        return self.keys[sid]

    # --- who asks ---

    def __call__(self, asked: Asked) -> Reply | None:
        """The answer to a request, if it is for Twilio."""
        place = _PLACE.fullmatch(asked.host)
        if place is None:
            return None
        product, region = place[1], place[2] or "us1"
        if product == "oauth":
            return self._token(asked)
        name, password = asked.basic
        key, account = self.keys.get(name), self.accounts.get(name)
        if key is not None:
            right = key.secret == password and key.region == region
            return self._as_key(product, key, asked) if right else AUTHENTICATE
        if account is None or password not in {account.token, account.secondary} - {""} or account.region != region:
            return AUTHENTICATE
        return self._as_account(product, account, asked)

    def _token(self, asked: Asked) -> Reply:
        if self.apps.get(asked.form.get("client_id", "")) != asked.form.get("client_secret"):
            return Reply(401, {"error": "invalid_client", "code": 70002})
        return Reply(200, {"access_token": self.samples.value("other_jwt"), "token_type": "Bearer", "expires_in": 3600})

    def _as_account(self, product: str, account: Account, asked: Asked) -> Reply:
        if account.test:
            return error(403, 20008, "Resource not accessible with Test Account Credentials")
        if account.validation:
            return error(403, 70052, "Public Key Client Validation Required For Account")
        if account.status == "suspended":
            return error(401, 20005, "Account not active")
        if account.status == "closed":
            return AUTHENTICATE
        return self._served(product, asked, account, everything=True)

    def _as_key(self, product: str, key: Key, asked: Asked) -> Reply:
        account = self.accounts[key.account]
        if account.validation:
            return error(403, 70052, "Public Key Client Validation Required For Account")
        if account.status == "suspended":
            return error(401, 20005, "Account not active")
        if account.status == "closed":
            return AUTHENTICATE
        needed = permission(product, asked)
        inner = _ACCOUNT.fullmatch(asked.path)
        if product == "api" and inner and inner[1] != account.sid:
            return AUTHENTICATE
        if key.kind == "restricted" and needed and needed not in key.allow:
            code, status = (8021, 401) if product == "verify" else (70051, 401)
            return error(
                status, code, f"Authorization Error: required permission {needed.removeprefix('/')} is missing"
            )
        if key.kind == "standard" and needed.startswith("/twilio/iam/"):
            return AUTHENTICATE
        return self._served(product, asked, account, everything=False)

    # --- what is answered ---

    def _served(self, product: str, asked: Asked, account: Account, *, everything: bool) -> Reply:
        inner = _ACCOUNT.fullmatch(asked.path)
        if product == "api" and inner is not None and inner[1] != account.sid:
            return AUTHENTICATE
        if product == "api" and asked.path == "/2010-04-01/Accounts.json":
            below = [each for each in self.accounts.values() if each.parent == account.sid]
            listed = [self.described(each, everything=everything) for each in (account, *below)]
            return page(asked, "accounts", listed, old=True)
        if product == "api" and inner is not None and inner[2] is None:
            return Reply(200, self.described(account, everything=everything))
        keys = [key for key in self.keys.values() if key.account == account.sid]
        if product == "api" and inner is not None and inner[2] == "Keys":
            return page(asked, "keys", [_key(key) for key in keys], old=True)
        if product == "iam" and asked.path == "/v1/Keys":
            flags = {"main": ["rest_api", "signing", "manage_keys"], "standard": ["rest_api", "signing"]}
            listed = [{**_key(key), "flags": flags.get(key.kind, ["restricted"])} for key in keys]
            return page(asked, "keys", listed, old=False)
        for key in keys:
            if product == "iam" and asked.path == f"/v1/Keys/{key.sid}":
                return Reply(200, {**_key(key), "policy": {"allow": sorted(key.allow)} if key.allow else None})
        held = {**account.holds, "numbers": account.numbers}
        return read(product, asked, account.sid, held, parent=bool(account.parent)) or ABSENT

    def described(self, account: Account, *, everything: bool) -> dict[str, Any]:
        """An account as the API shows it: to its own token with the token."""
        path = f"/2010-04-01/Accounts/{account.sid}"
        return {
            "sid": account.sid,
            "friendly_name": account.name,
            "status": account.status,
            "type": account.kind,
            "owner_account_sid": account.parent or account.sid,
            "auth_token": account.token if everything else None,
            "date_created": account.created,
            "date_updated": account.created,
            "uri": f"{path}.json",
            "subresource_uris": {"keys": f"{path}/Keys.json"},
        }


def _key(key: Key) -> dict[str, Any]:
    return {"sid": key.sid, "friendly_name": key.name, "date_created": key.created, "date_updated": key.created}


_NEEDED = {
    ("api", ""): "iam/accounts/read",
    ("api", "Accounts"): "iam/accounts/list",
    ("api", "IncomingPhoneNumbers"): "phone-numbers/active-numbers/list",
    ("api", "Keys"): "iam/api-keys/list",
    ("api", "Messages"): "messaging/messages/list",
    ("api", "Calls"): "voice/calls/list",
    ("api", "Usage/Records/Daily"): "billing/usage/read",
    ("iam", "Keys"): "iam/api-keys/list",
    ("messaging", "Services"): "messaging/services/list",
    ("verify", "Services"): "verify/service/list",
    ("monitor", "Events"): "monitor/events/list",
    ("monitor", "Alerts"): "monitor/alerts/list",
}
_SINGLE = {"Messages": "messaging/messages/read", "Calls": "voice/calls/read", "Recordings": "voice/recordings/read"}
# What no permission of the catalogue is about.
_FREE = ("/Balance.json", "GeoPermissions", "DialingPermissions")


def permission(product: str, asked: Asked) -> str:
    """The permission that a request needs, as the catalogue of restricted keys names it; empty if none."""
    if any(part in asked.path for part in _FREE):
        return ""
    inner = _ACCOUNT.fullmatch(asked.path)
    name = (inner[2] or "") if inner else asked.path.rstrip("/").rpartition("/")[2].removesuffix(".json")
    one = _SINGLE.get(name.partition("/")[0]) if "/" in name else None
    if product == "iam" and asked.path.startswith("/v1/Keys/"):
        one = "iam/api-keys/read"
    return f"/twilio/{one or _NEEDED.get((product, name), f'{product}/{name.lower()}/list')}"
