"""A text in another writing, with its span; and what counts as text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from leakscan.detection.runs import stretches

_LONG_LIST = 12
_SHORT_LIST = 2_000  # bytes: so many are remembered
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


class Coded(NamedTuple):
    """A span of a content that says something else when it is decoded: what, and in which encoding."""

    start: int
    end: int
    plain: str
    encoding: str


def in_order(codes: Sequence[int]) -> bool:
    """Whether numbers are those of a list, of lines or documents, and not the codes of a text."""
    return len(codes) >= _LONG_LIST and list(codes) == sorted(codes)


def number_stretches(data: bytes, table: bytes, least: int) -> Iterator[tuple[int, int]]:
    """The `stretches` in which codes may stand: those that are no lists in order."""
    return ((start, end) for start, end in stretches(data, table, least) if not is_list_in_order(data[start:end]))


def is_list_in_order(text: bytes) -> bool:
    """Whether a text is nothing but such a list, with commas between its numbers."""
    return (_is_short_list if len(text) < _SHORT_LIST else _is_list)(text)


def _is_list(text: bytes) -> bool:
    try:
        return in_order([int(number) for number in text.strip(b",").split(b",")])
    except ValueError:
        return False


# Search indexes have the same ones in version after version.
_is_short_list = lru_cache(maxsize=1 << 13)(_is_list)


def as_text(data: bytes) -> str | None:
    """`data` as text, one character a byte, if it is text; else None."""
    try:
        spelled = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if not spelled or _CONTROL.search(spelled) else data.decode("latin-1")


def as_coded(data: bytes, start: int, end: int, decoded: bytes, encoding: str) -> Iterator[Coded]:
    """A span of `data` that says something else, if what it says is text."""
    plain = as_text(decoded)
    if plain is not None and decoded != data[start:end]:
        yield Coded(start, end, plain, encoding)


def in_plain(text: str, begin: int, end: int, coded: Iterable[Coded]) -> str:
    """A part of a text in which encoded identifiers stand as what they say: beside them is their other half."""
    parts = []
    for each in coded:
        if begin <= each.start and each.end <= end:
            parts += [text[begin : each.start], each.plain]
            begin = each.end
    return "".join([*parts, text[begin:end]])
