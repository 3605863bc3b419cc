"""Texts that are written in another way: base64, hex, escapes, character codes, compressed; each with its span.

An encoding is looked for where its gate, a cheap pattern, occurs; see gates.py.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from leakscan.detection.decoding import plain_text
from leakscan.detection.gates import REVERSED
from leakscan.detection.packed import BEGINNINGS, unpacked

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_TOKEN = _BASE64 + b"-_."
_SHORTEST, _USUAL, _LONGEST = 40, 200, 64 * 1024
_MOST_INFLATED = 4 * 1024 * 1024
# Of four letters the first tells the first byte but for two bits: these may stand for a letter or a line end.
_TEXT_FIRSTS = b"CDIJKLMNOPQRSTUVWXYZabcdef"
_FURTHER_LINES = re.compile(
    rb"(?:\r?\n[ \t]{0,40}+[A-Za-z0-9+/]{2,}+(?=={0,2}[ \t]{0,9}(?:[\r\n\"\'<),;\\]|\Z))){1,2000}+={0,2}"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BETWEEN = rb"[\w.:=/@-]{0,8}"
_MOST_BETWEEN = 8


class Coded(NamedTuple):
    """A span of a content that says something else when it is decoded: what, and in which encoding."""

    start: int
    end: int
    plain: str
    encoding: str


def base64_texts(data: bytes, places: Iterable[int]) -> dict[int, Coded]:
    """The base64 runs in `data` that hold text, by place; `places` are one behind the ends of long runs, no padding."""
    found = {}
    for place in places:
        end = place - 1
        run = _run_before(data, end)
        if not _SHORTEST <= len(run) <= _LONGEST or not _may_be_text(run):
            continue
        if _in_token(data[max(0, end - _LONGEST - 1) : end], data[end : end + _LONGEST]):
            continue  # a part of a JSON Web Token, which is read as a whole
        padding = data[end : end + 3]
        padded = len(padding) - len(padding.lstrip(b"="))
        plain = _base64_text(run) if padded <= 2 else None
        if plain is not None:
            found[place] = Coded(end - len(run), end + padded, *plain)
    return found


def wrapped_texts(data: bytes, places: Iterable[int]) -> Iterator[Coded]:
    """The texts in base64 that goes over several lines; `places` are one behind the ends of long runs, in order."""
    done = 0
    for place in places:
        end = place - 1
        if end < done or data[end : end + 1] not in {b"\n", b"\r"}:
            continue
        further = _FURTHER_LINES.match(data, end)
        if further is None:
            continue
        done = further.end()
        start = end - len(_run_before(data, end))
        run = b"".join(data[start:done].split()).rstrip(b"=")
        plain = _base64_text(run) if _may_be_text(run) else None
        if plain is not None:
            yield Coded(start, done, *plain)


def _run_before(data: bytes, end: int) -> bytes:
    """The base64 letters before an offset, as far as one more than the longest run that is read."""
    for reach in (_USUAL, _LONGEST + 1):
        before = data[max(0, end - reach) : end]
        run = before[len(before.rstrip(_BASE64)) :]
        if len(run) < reach:
            break
    # A blank in an address is written %20: its digits are no part of what follows.
    return run[2:] if data[end - len(run) - 1 : end - len(run)] == b"%" and len(run) < end else run


def _in_token(before: bytes, behind: bytes) -> bool:
    """Whether a run, the end of `before`, is a part of a JSON Web Token, which has dots and begins with eyJ."""
    part = before[len(before.rstrip(_TOKEN)) :] + behind[: len(behind) - len(behind.lstrip(_TOKEN))]
    return part.startswith(b"eyJ") and part.count(b".") == 2


def _may_be_text(run: bytes) -> bool:
    """Whether base64 may hold text, or what text is compressed to, by its first letters."""
    firsts = run[: 4 * 64 : 4]
    others = len(firsts.translate(None, _TEXT_FIRSTS))
    return others * 8 <= len(firsts) or run.startswith((b"H4sI", b"eJ", b"UEsDB")) or run.count(b"A") * 4 >= len(run)


@lru_cache(maxsize=4096)
def _base64_text(bare: bytes) -> tuple[str, str] | None:
    """What a run without its padding says, and in which encoding, if that is text."""
    if len(bare) % 4 == 1:
        return None
    try:
        raw = base64.b64decode(bare + b"=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    if raw.startswith(BEGINNINGS):
        packed = unpacked(raw)
        plain = None if packed is None else _text(packed)
        return None if plain is None else (plain, "zip+base64" if raw.startswith(BEGINNINGS[0]) else "gzip+base64")
    inflated = _inflated(raw)
    if inflated is not None:
        return inflated, "gzip+base64"
    plain = _text(plain_text(raw) if raw.count(0) * 3 < len(raw) * 2 else raw)
    return None if plain is None else (plain, "base64")


def _inflated(raw: bytes) -> str | None:
    if not (raw[:1] == b"\x78" and len(raw) > 1 and raw[1] in b"\x01\x5e\x9c\xda"):
        return None
    try:
        return _text(plain_text(zlib.decompressobj(47).decompress(raw, _MOST_INFLATED)))
    except zlib.error:
        return None


def _text(data: bytes) -> str | None:
    """`data` as text, one character a byte, if it is text."""
    try:
        spelled = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if not spelled or _CONTROL.search(spelled) else data.decode("latin-1")


def _number(sign: bytes) -> int:
    """The number that a sign spells: behind an x, or a zero and an x, in hexadecimal digits, else in decimal ones."""
    text = sign.strip(b" ,\t\r\n").lower().lstrip(b"0") or b"0"
    return int(text[1:], 16) if text.startswith(b"x") else int(text)


def _character(code: int) -> bytes:
    return chr(code).encode("utf-8", "replace") if code < 0x110000 else b"?"


class _Signs(NamedTuple):
    """An encoding that writes each character as a sign of its own: a run of them, one sign, what that stands for.

    A run begins with its first sign; of the letters before that as many belong to it as `between` signs.
    """

    encoding: str
    run: re.Pattern[bytes]
    sign: re.Pattern[bytes]
    code: Callable[[re.Match[bytes]], int]
    before: re.Pattern[bytes] = re.compile(rb"\Z")

    def texts(self, data: bytes) -> Iterator[Coded]:
        """What the runs in `data` say, if that is text."""
        for found in self.run.finditer(data):
            if self._is_text(found[0]):
                before = self.before.search(data, max(0, found.start() - _MOST_BETWEEN), found.start())
                start = before.start() if before else found.start()
                yield from _coded(data, start, found.end(), self._decoded(data[start : found.end()]), self.encoding)

    def _is_text(self, run: bytes) -> bool:
        """Whether a run begins like text: most long ones are lists of numbers, and those often in order."""
        codes = [self.code(sign) for sign in islice(self.sign.finditer(run), _FIRST_SIGNS)]
        in_order = len(codes) >= _LONG_LIST and codes == sorted(codes)
        return not in_order and _text(b"".join(map(_character, codes))) is not None

    def _decoded(self, run: bytes) -> bytes:
        return self.sign.sub(lambda sign: _character(self.code(sign)), run).rstrip(b"\0")  # as C ends its strings


def _signs(encoding: str, sign: bytes, code: Callable[[re.Match[bytes]], int]) -> _Signs:
    """An encoding whose signs may have a few plain letters between them; a run begins with a sign."""
    plain = re.sub(rb"(?<!\\)\((?!\?)", b"(?:", sign)  # no groups within the run
    run = plain + b"(?:" + _BETWEEN + plain + rb"){3,}[\w.:=/@-]{0,64}"
    return _Signs(encoding, re.compile(run), re.compile(sign), code, re.compile(_BETWEEN + rb"\Z"))


_CODE = rb"(?:0[xX][0-9a-fA-F]{2}|[0-9]{2,3})"
_COMMA = rb"\s{0,4},\s{0,4}"
# The first code of a run; a class in front is what the standard library's engine finds fast.
_FIRST_CODE = rb"[0-9](?<![\w.].)(?:(?<=0)[xX][0-9a-fA-F]{2}|[0-9]{1,2})"
# What most lists of numbers don't go on with: codes of letters, signs and line ends.
_OF_TEXT = rb"(?=(?:" + _COMMA + rb"(?:0[xX][0-9a-fA-F]{2}|0?[3-9][0-9]|0?1[03]|1[0-2][0-9])){7})"
_QUOTED = rb"'[!-~]'"
_LETTERS = re.compile(rb"(?:" + _QUOTED + rb"\s{0,4},\s{0,4}){16,9999}" + _QUOTED)
_CODES = re.compile(_FIRST_CODE + _OF_TEXT + rb"(?:" + _COMMA + _CODE + rb"){16,9999}(?![\w.])")
_CHR = rb"(?i:chr[wb]?)\(([0-9]{2,3})\)\s{0,4}[.&+|~]{0,2}\s{0,4}"
_CHARACTERS = rb"[cC][hH][rR](?:(?i:[wb]?)\([0-9]{2,3}\)\s{0,4}[.&+|~]{0,2}\s{0,4}(?i:chr)){7,}(?i:[wb]?)\([0-9]{2,3}\)"
_SIGNS = {
    "x": _signs("hex-escapes", rb"\\x([2-7][0-9a-fA-F]|0[9aAdD])", lambda sign: int(sign[1], 16)),
    "u": _signs(
        "unicode-escapes", rb"\\u\{?((?:00)?[2-7][0-9a-fA-F]|(?:00)?0[9aAdD])\}?", lambda sign: int(sign[1], 16)
    ),
    "octal": _signs("octal-escapes", rb"\\([01]?[0-7]{2})", lambda sign: int(sign[1], 8)),
    "percent": _signs("percent", rb"%([2-7][0-9a-fA-F]|0[9aAdD])", lambda sign: int(sign[1], 16)),
    "some-percent": _Signs(
        "percent",
        re.compile(rb"(?<![\w%.-])[\w.-]{1,80}(?:%(?:2[dDeE]|5[fF])[\w.-]{0,80}){1,32}"),
        re.compile(rb"%(2[dDeE]|5[fF])"),
        lambda sign: int(sign[1], 16),
    ),
    "entities": _signs("entities", rb"&#([xX]?[0-9a-fA-F]{2,4});", lambda sign: _number(sign[1])),
    "chr": _Signs("character-codes", re.compile(_CHARACTERS), re.compile(_CHR), lambda sign: int(sign[1])),
    "codes": _Signs(
        "character-codes", _CODES, re.compile(_CODE + rb"(?:\s{0,4},\s{0,4})?"), lambda sign: _number(sign[0])
    ),
    "letters": _Signs(
        "character-codes", _LETTERS, re.compile(rb"'([!-~])'(?:\s{0,4},\s{0,4})?"), lambda sign: sign[1][0]
    ),
}
_REVERSED = re.compile(
    rb"""["'`]([A-Za-z0-9._-]{32,120})["'`]\)?(?:\.(?:split|chars)\b(?:\(["'`]{0,2}\))?)?\s{0,9}(?:\.reverse|\[::-1\])"""
    rb"""|(?:strrev|\b[rR]ev(?:erse\w{0,9})?)\(\s?["'`]([A-Za-z0-9._-]{32,120})["'`]"""
)
_HEX = re.compile(
    rb"[02-7](?<![0-9a-zA-Z].)(?:(?<=0)[9aAdD]|(?<!0)[0-9a-fA-F])(?:[2-7][0-9a-fA-F]|0[9aAdD]){23,}+(?![0-9a-zA-Z])"
)
_SOFT_BREAK = re.compile(rb"[\w-]=\r?\n")
_LONGEST_LINE = 1_000
_FIRST_SIGNS, _LONG_LIST = 24, 12


def encoded(data: bytes, gates: Iterable[str]) -> Iterator[Coded]:
    """What the encodings whose `gates` occur in `data` hold."""
    for gate in gates:
        if gate == "hex":
            for run in _HEX.finditer(data):
                yield from _coded(data, *run.span(), bytes.fromhex(run[0].decode()), "hex")
        elif gate == REVERSED:
            for turned in _REVERSED.finditer(data):
                group = 1 if turned[1] else 2
                yield Coded(*turned.span(group), turned[group].decode("latin-1")[::-1], REVERSED)
        elif gate == "quoted-printable":
            yield from _quoted_printable(data)
        elif gate in _SIGNS:
            yield from _SIGNS[gate].texts(data)


def _quoted_printable(data: bytes) -> Iterator[Coded]:
    """Lines that a soft line break goes on from, with those that they go on in (RFC 2045, 6.7)."""
    import quopri

    done = 0
    for found in _SOFT_BREAK.finditer(data):
        if found.start() < done:
            continue
        start = max(data.rfind(b"\n", 0, found.start()) + 1, found.start() - _LONGEST_LINE)
        end = found.end()
        while (line_end := data.find(b"\n", end, end + _LONGEST_LINE)) > 0 and data[end:line_end].rstrip().endswith(
            b"="
        ):
            end = line_end + 1
        done = end = line_end if line_end > 0 else min(len(data), end + _LONGEST_LINE)
        plain = _text(quopri.decodestring(data[start:end]))
        if plain is not None:
            yield Coded(start, end, plain, "quoted-printable")


def _coded(data: bytes, start: int, end: int, decoded: bytes, encoding: str) -> Iterator[Coded]:
    """A span of `data` that says something else, if what it says is text."""
    plain = _text(decoded)
    if plain is not None and decoded != data[start:end]:
        yield Coded(start, end, plain, encoding)
