"""Texts in base64, over one line or several, compressed or not; each with its span."""

import base64
import binascii
import re
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from leakscan.detection.coded.packed import BEGINNINGS, unpacked
from leakscan.detection.coded.texts import Coded, as_text
from leakscan.detection.decoding import plain_text

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_APART = bytes(ord("." if code in _BASE64 else "#") for code in range(256))
_TOKEN = _BASE64 + b"-_."
_BESIDE = frozenset((b"-", b"_", b"."))
_SHORTEST, _USUAL, _LONGEST = 40, 200, 64 * 1024
_SHORT = 80
_MOST_INFLATED = 4 * 1024 * 1024
# Of four letters the first tells the first byte but for two bits: these may stand for a letter or a line end.
TEXT_FIRSTS = b"CDIJKLMNOPQRSTUVWXYZabcdef"
# Who logs in, under which name, with which password (RFC 4616).
_SASL = re.compile(rb"[ -~]{0,120}\0[ -~]{1,120}\0[ -~]{1,200}")
PACKED = (b"H4sI", b"eJ", b"eN", b"UEsDB")
_FURTHER_LINES = re.compile(
    rb"(?:\r?\n[ \t]{0,40}+[A-Za-z0-9+/]{2,}+(?=={0,2}[ \t]{0,9}(?:[\r\n\"\'<),;\\]|\Z))){1,2000}+={0,2}"
)


def base64_texts(data: bytes, places: Iterable[int], *, deflated: bool = False) -> Iterator[Coded]:
    """The base64 runs in `data` that hold text; `places` are one behind the ends of long runs, no padding.

    With `deflated` text is looked for that is compressed without a header, which nothing in the run tells.
    """
    for place in places:
        end = place - 1
        if not deflated and _are_no_text(data[max(0, end - _SHORT) : end]):
            continue
        run = run_before(data, end)
        if not _SHORTEST <= len(run) <= _LONGEST or not (_may_be_text(run) or deflated):
            continue
        if _in_token(data, end - len(run), end):
            continue  # a part of a JSON Web Token, which is read as a whole
        padding = data[end : end + 3]
        padded = len(padding) - len(padding.lstrip(b"="))
        plain = _base64_text(run, deflated=deflated) if padded <= 2 else None
        if plain is not None:
            yield Coded(end - len(run), end + padded, *plain)


def wrapped_texts(data: bytes, places: Sequence[int], *, deflated: bool = False) -> tuple[list[Coded], list[int]]:
    """The texts in base64 that goes over several lines, and the places of runs that may be texts by themselves.

    `places` are one behind the ends of long runs, in order.
    """
    found: list[Coded] = []
    alone: list[int] = []
    at = 0
    while at < len(places):
        end = places[at] - 1
        further = _FURTHER_LINES.match(data, end) if data[end : end + 1] in {b"\n", b"\r"} else None
        if further is None:
            alone.append(places[at])
            at += 1
            continue
        start, done = end - len(run_before(data, end)), further.end()
        within = places[at : bisect_right(places, done)]
        at += len(within)
        run = b"".join(data[start:done].split()).rstrip(b"=")
        plain = whole_text(run, deflated=deflated)
        if plain is None:
            alone += within
        else:
            found.append(Coded(start, done, *plain))
    return found, alone


def run_before(data: bytes, end: int) -> bytes:
    """The base64 letters before an offset, as far as one more than the longest run that is read."""
    for reach in (_USUAL, _LONGEST + 1):
        before = data[max(0, end - reach) : end]
        run = before[before.translate(_APART).rfind(b"#") + 1 :]
        if len(run) < reach:
            break
    # A blank in an address is written %20: its digits are no part of what follows.
    return run[2:] if data[end - len(run) - 1 : end - len(run)] == b"%" and len(run) < end else run


def whole_text(run: bytes, *, deflated: bool = False) -> tuple[str, str] | None:
    """What base64 without its padding says, and in which encoding, if that is text."""
    return _base64_text(run, deflated=deflated) if deflated or _may_be_text(run) else None


@lru_cache(maxsize=1 << 15)
def _are_no_text(last: bytes) -> bool:
    """Whether the last letters of some bytes are a whole run that is no text: names stand in file after file."""
    run = run_before(last, len(last))
    return len(run) < len(last) and not _may_be_text(run)


def _in_token(data: bytes, start: int, end: int) -> bool:
    """Whether a run is a part of a JSON Web Token, which has dots and begins with eyJ."""
    if data[start - 1 : start] not in _BESIDE and data[end : end + 1] not in _BESIDE:
        return False
    before, behind = data[max(0, end - _LONGEST - 1) : end], data[end : end + _LONGEST]
    part = before[len(before.rstrip(_TOKEN)) :] + behind[: len(behind) - len(behind.lstrip(_TOKEN))]
    return part.startswith(b"eyJ") and part.count(b".") == 2


def _may_be_text(run: bytes) -> bool:
    """Whether base64 may hold text, or what text is compressed to, by its first letters."""
    firsts = run[: 4 * 64 : 4]
    others = len(firsts.translate(None, TEXT_FIRSTS))
    return others * 8 <= len(firsts) or run.startswith(PACKED) or run.count(b"A") * 4 >= len(run)


@lru_cache(maxsize=4096)
def _base64_text(bare: bytes, *, deflated: bool) -> tuple[str, str] | None:
    """What a run without its padding says, and in which encoding, if that is text."""
    if len(bare) % 4 == 1:
        return None
    try:
        raw = base64.b64decode(bare + b"=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    if raw.startswith(BEGINNINGS):
        packed = unpacked(raw)
        plain = None if packed is None else as_text(packed)
        return None if plain is None else (plain, "zip+base64" if raw.startswith(BEGINNINGS[0]) else "gzip+base64")
    inflated = _inflated(raw) or (_inflated(raw, bare=True) if deflated else None)
    if inflated is not None:
        return inflated, "gzip+base64"
    if _SASL.fullmatch(raw):
        raw = raw.lstrip(b"\0").replace(b"\0", b":")
    plain = as_text(plain_text(raw) if raw.count(0) * 3 < len(raw) * 2 else raw)
    return None if plain is None else (plain, "base64")


def _inflated(raw: bytes, *, bare: bool = False) -> str | None:
    """The text that is compressed with zlib, or `bare`, without its header."""
    if not bare and not (raw[:1] == b"\x78" and len(raw) > 1 and raw[1] in b"\x01\x5e\x9c\xda"):
        return None
    try:
        return as_text(plain_text(zlib.decompressobj(-15 if bare else 47).decompress(raw, _MOST_INFLATED)))
    except zlib.error:
        return None
