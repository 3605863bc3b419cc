"""What may be shown of what a provider answers: no address, no number, no value; and what a number alone tells."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from math import isfinite
from urllib.parse import urlsplit

_LONGEST = 80
_MAIL = re.compile(r"[^\s<>\"'(),:;]+@[^\s<>\"'(),:;]+|[^\s<>\"'(),:;]+%40[^\s<>\"'(),:;]+", re.IGNORECASE)
# Eight digits are a date, too.
_PHONE = re.compile(r"\+\d[\d\s().-]{5,}\d|\(?\d(?:[\s().-]{0,2}\d){8,}")
# Of names in words none has so many letters and digits, mixed and without a mark between them.
_VALUE = re.compile(r"(?=[A-Za-z._-]*\d)[A-Za-z0-9]{20,}|SG\.[\w.-]{20,}|sgp_\w+|eyJ[\w.-]{20,}")
_HOST = re.compile(r"[\w.\-\[\]:]{1,253}")


def shown(text: object, longest: int = _LONGEST) -> str:
    """A name or a sentence without e-mail addresses, phone numbers and values, and not long; empty for no text."""
    if not isinstance(text, str):
        return ""
    words = " ".join(_VALUE.sub("…", _PHONE.sub("…", _MAIL.sub("…@…", text))).split())
    return words if len(words) <= longest else words[: longest - 1] + "…"


def short(sid: object) -> str:
    """So much of an identifier that its owner knows it again."""
    return f"{sid[:8]}…" if isinstance(sid, str) and sid else ""


def host(url: object) -> str:
    """The host of an address, whose user, path and query may hold anything."""
    try:
        found = urlsplit(url if isinstance(url, str) else "").hostname or ""
    except ValueError:
        return "(no address that can be read)"
    return found if not found or _HOST.fullmatch(found) else "(no address that can be read)"


def number(text: object) -> str:
    """A phone number by its country's prefix and its last two digits."""
    digits = re.sub(r"\D", "", text) if isinstance(text, str) else ""
    prefix = _prefix(f"+{digits}") if isinstance(text, str) and text.startswith("+") else ""
    return f"{prefix}…{digits[-2:]}" if len(digits) > 6 else "…"


@lru_cache(maxsize=4096)
def country(text: str) -> str:
    """The code of the country of a phone number, by its prefix; else what kind of address it is."""
    plain = text.rpartition(":")[2] if text.partition(":")[0] in {"whatsapp", "rcs", "messenger"} else text
    if ":" in plain or "@" in plain:
        return "an app or SIP address"
    if not plain.startswith("+"):
        return "a short code" if plain.isdecimal() and len(plain) <= 6 else "a sender's name or no number"
    import phonenumbers  # its tables are large

    try:
        parsed = phonenumbers.parse(plain)
    except phonenumbers.NumberParseException:
        return "no valid number"
    code = phonenumbers.region_code_for_number(parsed)
    code = code or phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return {"001": "satellite or international", "ZZ": "no valid number"}.get(code, code)


def _prefix(text: str) -> str:
    import phonenumbers

    try:
        return f"+{phonenumbers.parse(text).country_code} "
    except phonenumbers.NumberParseException:
        return ""


def amount(value: object) -> float:
    """A number as a provider writes it, without its sign; nothing for what is none."""
    try:
        found = abs(float(value)) if isinstance(value, str | int | float) else 0.0
    except (ValueError, OverflowError):
        return 0.0
    return found if isfinite(found) else 0.0


def moment(text: object) -> datetime | None:
    """A moment as Twilio writes it: RFC 2822 in the older APIs, ISO 8601 in the newer ones, and seconds elsewhere."""
    if not isinstance(text, str):
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def day(text: object) -> date | None:
    """The day of such a moment, in UTC."""
    found = moment(text)
    return found.date() if found else None
