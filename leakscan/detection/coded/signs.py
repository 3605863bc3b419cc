"""Texts that are written sign by sign: hex, escapes, entities, character codes, turned round; each with its span.

An encoding is looked for where its gate, a cheap pattern, occurs; see gates.py.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple

from leakscan.detection.coded.hexadecimal import dumped_texts, hex_texts, spaced_texts
from leakscan.detection.coded.texts import Coded, as_coded, as_text, in_order, number_stretches
from leakscan.detection.gates import REVERSED
from leakscan.detection.runs import outline

_LEAST_RUN = 40
_BETWEEN = rb"[\w.:=/@-]{0,8}"
_MOST_BETWEEN = 12


def _number(sign: bytes) -> int:
    """The number that a sign spells: behind 0x, x, $ or &H in hexadecimal digits, else in decimal ones."""
    if sign.isdigit():
        return int(sign)
    text = sign.strip().lower().replace(b"&h", b"x").replace(b"$", b"x").lstrip(b"0") or b"0"
    if text.startswith(b"x"):
        return int(text[1:], 16)
    return int(text) if text.isdigit() else 0


def _character(code: int) -> bytes:
    return chr(code).encode("utf-8", "replace") if code < 0x110000 else b"?"


class _Signs(NamedTuple):
    """An encoding that writes each character as a sign of its own: a run of them, one sign, what that stands for.

    A run begins with its first sign; of the letters before that as many belong to it as `between` signs, or `head`,
    without which there is no run.
    """

    encoding: str
    run: re.Pattern[bytes]
    sign: re.Pattern[bytes]
    code: Callable[[re.Match[bytes]], int]
    before: re.Pattern[bytes] = re.compile(rb"\Z")
    head: re.Pattern[bytes] | None = None
    outline: bytes | None = None  # of all that a run may have

    def texts(self, data: bytes) -> Iterator[Coded]:
        """What the runs in `data` say, if that is text."""
        for start, end in self._runs(data) if self.head is None else self._headed(data, self.head):
            yield from as_coded(data, start, end, self._decoded(data[start:end]), self.encoding)

    def _runs(self, data: bytes) -> Iterator[tuple[int, int]]:
        spans = number_stretches(data, self.outline, _LEAST_RUN) if self.outline else [(0, len(data))]
        for found in chain.from_iterable(self.run.finditer(data, start, end + 1) for start, end in spans):
            if self._is_text(found[0]):
                before = self.before.search(data, max(0, found.start() - _MOST_BETWEEN), found.start())
                yield before.start() if before else found.start(), found.end()

    def _headed(self, data: bytes, head: re.Pattern[bytes]) -> Iterator[tuple[int, int]]:
        done = 0
        for sign in self.sign.finditer(data):
            before = None if sign.start() < done else head.search(data, max(done, sign.start() - 81), sign.start())
            run = self.run.match(data, sign.start()) if before else None
            if before and run:
                done = run.end()
                yield before.start(), done

    def _is_text(self, run: bytes) -> bool:
        """Whether a run begins like text: most long ones are lists of numbers, and those often in order."""
        codes = [self.code(sign) for sign in islice(self.sign.finditer(run), _FIRST_SIGNS)]
        return not in_order(codes) and as_text(b"".join(map(_character, codes))) is not None

    def _decoded(self, run: bytes) -> bytes:
        return self.sign.sub(lambda sign: _character(self.code(sign)), run).rstrip(b"\0")  # as C ends its strings


def _bare(pattern: bytes) -> bytes:
    """A pattern without its groups: a run has many signs."""
    return re.sub(rb"(?<!\\)\((?!\?)", b"(?:", pattern)


def _signs(encoding: str, sign: bytes, code: Callable[[re.Match[bytes]], int]) -> _Signs:
    """An encoding whose signs may have a few plain letters between them; a run begins with a sign."""
    plain = _bare(sign)
    run = plain + b"(?:(?:" + _BETWEEN + plain + rb"){3,}[\w.:=/@-]{0,64}|(?:" + plain + rb"|[CKQ])[0-9a-f]{32}(?!\w))"
    return _Signs(encoding, re.compile(run), re.compile(sign), code, re.compile(_BETWEEN + rb"\Z"))


_LETTERS_BEFORE = re.compile(rb"(?<![\w%&#;.\\-])[\w.-]{1,80}\Z")


def _some(encoding: str, sign: bytes, base: int = 16) -> _Signs:
    """An encoding of which only the signs between letters are written: dots, hyphens, underscores."""
    run = re.compile(rb"(?:" + _bare(sign) + rb"[\w.-]{0,80}){1,32}")
    return _Signs(encoding, run, re.compile(sign), lambda sign: int(sign[1], base), head=_LETTERS_BEFORE)


_CODE = rb"(?:0[xX][0-9a-fA-F]{2}|[0-9]{2,3}+)"
_CAST = rb"(?:\((?:byte|char|int)\)\s?)?"
_KIND = rb"(?:u8)?"  # as Rust says it
_BETWEEN_CODES = rb"(?:\s{0,4}+,\s{0,40}+|[ \t]{1,4}+|\r?\n\s{0,40}+)"
# The first code of a run; a class in front is what the standard library's engine finds fast.
_FIRST_CODE = rb"[0-9](?<![\w.].)(?:(?<=0)[xX][0-9a-fA-F]{2}|[0-9]{1,2}+)" + _KIND
_NEXT = _BETWEEN_CODES + _CAST
# What most lists of numbers don't go on with: codes of letters, signs and line ends.
_OF_TEXT = rb"(?=(?:" + _NEXT + rb"(?:0[xX][0-9a-fA-F]{2}|0?[3-9][0-9]|0?1[03]|1[0-2][0-9])" + _KIND + rb"){7})"
_QUOTED = rb"b?'[!-~]'"
_LETTERS = re.compile(rb"(?:" + _QUOTED + rb"\s{0,4},\s{0,4}){16,9999}" + _QUOTED)
_CODES = re.compile(_FIRST_CODE + _OF_TEXT + rb"(?:" + _NEXT + _CODE + _KIND + rb"){16,9999}(?![\w.])")
# Chr(84) & Chr$(87), CHAR(84) + CHAR(87), [char]84 + [char]0x57, over several lines, and one added after the other.
_CHARACTER = (
    rb"(?:(?:String\.from)?[cC][hH][aA]?[rR](?:Code|[wWbB]?\$?)\(\s?((?:0[xX]|&[hH])?[0-9a-fA-F]{2,3})\s?\)"
    rb"|\[[cC][hH][aA][rR]\]\s?\(?((?:0[xX])?[0-9a-fA-F]{2,3})\)?)"
)
_ADDED = (
    rb";?+\s{0,40}+(?:[.&+|~,]{1,2}+[ \t]{0,4}+_?+\s{0,40}+)?+"
    rb"(?:[\w$.]{1,40}+\s{0,4}+[.&+]?+=\s{0,4}+(?:[\w$.]{1,40}+\s{0,4}+[.&+|~]{1,2}+\s{0,4}+)?+)?+"
)
_CHARACTERS = re.compile(_bare(_CHARACTER) + rb"(?:" + _ADDED + _bare(_CHARACTER) + rb"){7,9999}")
_ONE_CHARACTER = re.compile(_CHARACTER + rb"(?:" + _ADDED + rb"(?=" + _bare(_CHARACTER) + rb"))?")
_SIGNS: dict[str, tuple[_Signs, ...]] = {
    "x": (_signs("hex-escapes", rb"\\x\{?([2-7][0-9a-fA-F]|0[9aAdD])\}?", lambda sign: int(sign[1], 16)),),
    "u": (_signs("unicode-escapes", rb"\\u\{?(?:00)?([2-7][0-9a-fA-F]|0[9aAdD])\}?", lambda sign: int(sign[1], 16)),),
    "octal": (
        _signs("octal-escapes", rb"\\0?([01]?[0-7]{2})", lambda sign: int(sign[1], 8)),
        _signs("decimal-escapes", rb"\\(0?[3-9][0-9]|1[0-2][0-9]|0?1[03])", lambda sign: int(sign[1])),
    ),
    "percent": (_signs("percent", rb"%([2-7][0-9a-fA-F]|0[9aAdD])", lambda sign: int(sign[1], 16)),),
    "some": (
        _some("percent", rb"%(2[dDeE]|5[fF])"),
        _some("entities", rb"&#[xX](2[dDeE]|5[fF]);"),
        _some("entities", rb"&#(4[56]|95);", 10),
        _some("hex-escapes", rb"\\x(2[dDeE]|5[fF])"),
        _some("unicode-escapes", rb"\\u00(2[dDeE]|5[fF])"),
    ),
    "entities": (_signs("entities", rb"&#([xX]?[0-9a-fA-F]{2,4});", lambda sign: _number(sign[1])),),
    "chr": (
        _Signs("character-codes", _CHARACTERS, _ONE_CHARACTER, lambda sign: _number(sign[1] or sign[2])),
        _signs("character-codes", rb"#(\$?[0-9a-fA-F]{2,3})", lambda sign: _number(sign[1])),
    ),
    "codes": (
        _Signs(
            "character-codes",
            _CODES,
            re.compile(_CAST + rb"(" + _CODE + rb")" + _KIND + rb"(?:" + _BETWEEN_CODES + rb")?"),
            lambda sign: _number(sign[1]),
            outline=outline(b"0123456789abcdefABCDEFxXu8, \t\r\n\v\f(byte)(char)(int)"),
        ),
    ),
    "letters": (
        _Signs(
            "character-codes", _LETTERS, re.compile(rb"b?'([!-~])'(?:\s{0,4},\s{0,4})?"), lambda sign: sign[1][0]
        ),
    ),
}  # fmt: skip
_HEXADECIMAL = {"hex": (hex_texts,), "codes": (spaced_texts,), "spaced": (spaced_texts, dumped_texts)}
_REVERSED = re.compile(
    rb"""["'`]([A-Za-z0-9._-]{32,120})["'`]\)?(?:\.(?:split|chars)\b(?:\(["'`]{0,2}\))?)?\s{0,9}(?:\.reverse|\[::-1\])"""
    rb"""|(?:strrev|\b[rR]ev(?:erse\w{0,9})?)\(\s?["'`]([A-Za-z0-9._-]{32,120})["'`]"""
)
# What stands between two literals that are one text.
_SEAM = re.compile(rb"""["'`]\s{0,40}(?:[+.&~\\]|\.\.)?\s{0,40}[uULRb]?["'`]""")
_LONGEST_SEAM, _MOST_PARTS = 90, 64
_SOFT_BREAK = re.compile(rb"=(?<=[\w-]=)\r?\n")  # a sign in front is what the engine finds fast
# An equals sign before a value, in a text that says that it is written so.
_EQUALS = re.compile(rb"=3D([\w.-]{20,120})")
_SAID = re.compile(rb"[qQ]uoted-[pP]rintable")
_LONGEST_LINE = 1_000
_FIRST_SIGNS = 24


def encoded(data: bytes, gates: Iterable[str]) -> Iterator[Coded]:
    """What the encodings whose `gates` occur in `data` hold."""
    for gate in gates:
        if gate == REVERSED:
            for turned in _REVERSED.finditer(data):
                group = 1 if turned[1] else 2
                yield Coded(*turned.span(group), turned[group].decode("latin-1")[::-1], REVERSED)
        elif gate == "quoted-printable":
            yield from _quoted_printable(data)
        else:
            for signs in _SIGNS.get(gate, ()):
                yield from _with_wholes(data, signs.texts(data))
            for texts in _HEXADECIMAL.get(gate, ()):
                yield from _with_wholes(data, texts(data))


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
    if _SAID.search(data):
        for found in _EQUALS.finditer(data):
            yield Coded(*found.span(), "=" + found[1].decode(), "quoted-printable")
