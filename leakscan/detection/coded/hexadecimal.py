"""Texts in hexadecimal digits: runs over one line or several, with signs between them, dumps; each with its span."""

import re
from collections.abc import Iterator

from leakscan.detection.coded.texts import Coded, as_coded, number_stretches
from leakscan.detection.runs import outline, stretches

# A byte of text, and the first digit of a run: a class in front is what the standard library's engine finds fast.
_BYTE = rb"(?:[2-7][0-9a-fA-F]|0[9aAdD])"
_FIRST = rb"[02-7](?:(?<![0-9a-zA-Z].)|(?<=[0\\][xX].))(?:(?<=0)[9aAdD]|(?<!0)[0-9a-fA-F])"
_ENDED = rb"(?![0-9a-zA-Z])"
_FURTHER = rb"(?:\r?\n[ \t]{0,40}+" + _BYTE + rb"{2,}+" + _ENDED + rb"){1,2000}+"
_RUN = re.compile(_FIRST + _BYTE + rb"{23,}+" + _ENDED)
_RUNS = re.compile(_FIRST + _BYTE + rb"{23,}+" + _FURTHER)
DIGITS = "0123456789abcdefABCDEF"
_OUTLINE, _LEAST = outline(DIGITS.encode()), 48
# How a literal of a database begins: 0x41…, \x41…, X'41…'.
_LITERAL = re.compile(rb"(?:(?<![0-9A-Za-z])(?:0[xX]|[xX]')|\\{1,2}x)\Z")
_BETWEEN = rb"(?:[ ,:-]{1,2}+(?:\\?\r?\n[ \t]{0,20}+)?+|\r?\n[ \t]{0,20}+)"
# In UTF-16 there is a zero behind each, as in Windows' registry files.
_GROUP = rb"(?:" + _BYTE + rb"{1,4}+(?:" + _BETWEEN + rb"00" + _ENDED + rb")?+)"
_SPACED = re.compile(
    rb"[02-7](?<![0-9a-zA-Z].)(?:(?<=0)[9aAdD]|(?<!0)[0-9a-fA-F])"
    rb"(?:" + _BYTE + rb"{0,3}+(?:" + _BETWEEN + rb"00" + _ENDED + rb")?+)"
    rb"(?:" + _BETWEEN + _GROUP + rb"){7,}+(?:" + _BETWEEN + rb"00){0,2}" + _ENDED
)
_SPACED_OUTLINE, _LEAST_SPACED = outline(DIGITS.encode() + b" ,:-\\\r\n\t"), 23
_REGISTRY = re.compile(rb"hex(?:\([0-9a-f]\))?:\Z")
_PAIR = rb"[0-9a-fA-F]{2}"
# A line of xxd or tcpdump, and one of hexdump -C: where it is, then the bytes, then what they say.
_DUMPED = re.compile(
    rb"^[ \t>|*#/]{0,20}(?:0x)?[0-9a-fA-F]{4,8}(?::[ \t]{1,2}((?:"
    + _PAIR
    + rb"){1,2}(?:[ ](?:"
    + _PAIR
    + rb"){1,2}){0,15})"
    rb"|[ ]{2}(" + _PAIR + rb"(?:[ ]{1,2}" + _PAIR + rb"){0,15}))(?=[ \r\n]|\Z)[^\n]{0,80}",
    re.MULTILINE,
)


def hex_texts(data: bytes) -> Iterator[Coded]:
    """What runs of hexadecimal digits say, each by itself, and lines of them as one."""
    runs = [run for start, _ in stretches(data, _OUTLINE, _LEAST) if (run := _RUN.match(data, start))]
    for found in runs:
        start, end = found.span()
        literal = _LITERAL.search(data, max(0, start - 3), start)
        quoted = literal is not None and literal[0].endswith(b"'") and data.startswith(b"'", end)
        yield from as_coded(data, literal.start() if literal else start, end + quoted, _bytes(found[0]), "hex")
    done = 0
    for run in runs:
        lines = _RUNS.match(data, run.start()) if run.start() >= done else None
        if lines:
            done = lines.end()
            yield from as_coded(data, *lines.span(), _bytes(lines[0]), "hex")


def spaced_texts(data: bytes) -> Iterator[Coded]:
    """What hexadecimal digits with blanks, commas, colons or hyphens between them say."""
    for start, end in number_stretches(data, _SPACED_OUTLINE, _LEAST_SPACED):
        yield from _spaced(data, start, end)


def _spaced(data: bytes, begin: int, end: int) -> Iterator[Coded]:
    for found in _SPACED.finditer(data, begin, end + 1):
        registry = _REGISTRY.search(data, max(0, found.start() - 8), found.start())
        start = registry.start() if registry else found.start()
        yield from as_coded(data, start, found.end(), _bytes(found[0]).translate(None, b"\0"), "hex")


def dumped_texts(data: bytes) -> Iterator[Coded]:
    """What the bytes in dumps say, each dump as one."""
    start, end, digits = 0, -2, b""
    for found in _DUMPED.finditer(data):
        group = 1 if found[1] else 2
        if data[end : found.start()].strip(b"\r") != b"\n":
            yield from as_coded(data, start, end, _bytes(digits), "hex-dump")
            start, digits = found.start(group), b""
        digits, end = digits + found[group], found.end()
    yield from as_coded(data, start, end, _bytes(digits), "hex-dump")


def _bytes(digits: bytes) -> bytes:
    return bytes.fromhex(re.sub(rb"[^0-9a-fA-F]", b"", digits).decode())
