"""What an answer of Twilio's API says about the credential that asked.

Status 401 with code 20003 alone is refusal, and even that may be a matter of region, of the account in the path, or of
what this type of key may ask (https://www.twilio.com/docs/api/errors/20003). What is not known for certain is unclear.
"""

import re
from enum import Enum, auto
from typing import NamedTuple

from leakscan.providers.http import Answer


class Said(Enum):
    """What an answer comes down to."""

    YES = auto()  # the request was served
    REFUSED = auto()  # not accepted here, for this
    RESTRICTED = auto()  # accepted, but this permission is missing
    TEST = auto()  # accepted, as test credentials, which may not read
    VALIDATION = auto()  # accepted, but the account wants signed requests, too
    SUSPENDED = auto()
    ABSENT = auto()  # what the path names is not there, or not for this credential
    TOO_MANY = auto()
    UNCLEAR = auto()


class Reading(NamedTuple):
    """What an answer says; `detail` is the provider's own words, short; `permission` the one that is missing."""

    said: Said
    detail: str
    permission: str = ""


_PERMISSION = re.compile(r"required permission /?(twilio/[\w.\-/]+) is missing", re.IGNORECASE)
# https://www.twilio.com/docs/api/errors, by number.
_BY_CODE = {20005: Said.SUSPENDED, 20008: Said.TEST, 70052: Said.VALIDATION, 20429: Said.TOO_MANY}
_REFUSED = 20003
# What code 20003 has been seen to mean besides, of credentials that work.
_WORKS = re.compile(r"profile|complian|not approved|permission", re.IGNORECASE)
_STATUSES = {429: Said.TOO_MANY, 404: Said.ABSENT}
_LONGEST = 160
_VALUE = re.compile(r"[A-Za-z0-9_.-]{20,}")


def read(answer: Answer) -> Reading:
    """What an answer of one of Twilio's hosts says."""
    body = answer.body
    code, message = _code(body.get("code")), str(body.get("message") or body.get("detail") or body.get("title") or "")
    detail = _detail(answer.status, code, message)
    if 200 <= answer.status < 300:
        return Reading(Said.YES if body else Said.UNCLEAR, detail)
    missing = _PERMISSION.search(message)
    if missing and answer.status in {401, 403}:
        return Reading(Said.RESTRICTED, detail, missing[1])
    if code in _BY_CODE and 400 <= answer.status < 500:
        return Reading(_BY_CODE[code], detail)
    if answer.status == 401 and code == _REFUSED and not _WORKS.search(message):
        return Reading(Said.REFUSED, detail)
    if body or answer.status == 429:
        return Reading(_STATUSES.get(answer.status, Said.UNCLEAR), detail)
    return Reading(Said.UNCLEAR, f"{answer.status}, and no JSON")


def _code(value: object) -> int:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else 0


def _detail(status: int, code: int, message: str) -> str:
    """Status, code and message, in which nothing is left that could be a value."""
    words = " ".join(_VALUE.sub("…", message).split())
    shown = words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
    return ", ".join(part for part in (str(status), f"code {code}" if code else "", shown) if part)
