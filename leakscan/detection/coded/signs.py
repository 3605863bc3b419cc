"""Texts that are written sign by sign: hex, escapes, entities, character codes, turned round; each with its span.

An encoding is looked for where its gate, a cheap pattern, occurs; see gates.py.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from leakscan.detection.gates import REVERSED

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BETWEEN = rb"[\w.:=/@-]{0,8}"
_MOST_BETWEEN = 8


class Coded(NamedTuple):
    """A span of a content that says something else when it is decoded: what, and in which encoding."""

    start: int
    end: int
    plain: str
    encoding: str


def as_text(data: bytes) -> str | None:
    """`data` as text, one character a byte, if it is text; else None."""
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
        return not in_order and as_text(b"".join(map(_character, codes))) is not None

    def _decoded(self, run: bytes) -> bytes:
        return self.sign.sub(lambda sign: _character(self.code(sign)), run).rstrip(b"\0")  # as C ends its strings


def _signs(encoding: str, sign: bytes, code: Callable[[re.Match[bytes]], int]) -> _Signs:
    """An encoding whose signs may have a few plain letters between them; a run begins with a sign."""
    plain = re.sub(rb"(?<!\\)\((?!\?)", b"(?:", sign)  # no groups within the run
    run = plain + b"(?:(?:" + _BETWEEN + plain + rb"){3,}[\w.:=/@-]{0,64}|(?:" + plain + rb"|[CKQ])[0-9a-f]{32}(?!\w))"
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
# What stands between two literals that are one text.
_SEAM = re.compile(rb"""["'`]\s{0,40}(?:[+.&~\\]|\.\.)?\s{0,40}[uULRb]?["'`]""")
_LONGEST_SEAM, _MOST_PARTS = 90, 64
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
            yield from _with_wholes(data, _SIGNS[gate].texts(data))


def _with_wholes(data: bytes, texts: Iterable[Coded]) -> Iterator[Coded]:
    """What literals say, and what those say as one: C and Python put literals side by side together."""
    whole: Coded | None = None
    parts = 0
    for each in texts:
        yield each
        near = whole is not None and parts < _MOST_PARTS and each.start - whole.end < _LONGEST_SEAM
        if whole and near and _SEAM.fullmatch(data, whole.end, each.start):
            whole, parts = whole._replace(end=each.end, plain=whole.plain + each.plain), parts + 1
        else:
            if whole and parts > 1:
                yield whole
            whole, parts = each, 1
    if whole and parts > 1:
        yield whole


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
        plain = as_text(quopri.decodestring(data[start:end]))
        if plain is not None:
            yield Coded(start, end, plain, "quoted-printable")


def _coded(data: bytes, start: int, end: int, decoded: bytes, encoding: str) -> Iterator[Coded]:
    """A span of `data` that says something else, if what it says is text."""
    plain = as_text(decoded)
    if plain is not None and decoded != data[start:end]:
        yield Coded(start, end, plain, encoding)
