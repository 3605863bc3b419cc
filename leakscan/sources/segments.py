"""Texts that are too large to be held, in pieces; and what tells of a text whether it is worth having at all."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from leakscan.model import Content, Origin

# Tells whether a text, of which blanks may be missing, could hold anything that is looked for.
Suspects: TypeAlias = Callable[[bytes], bool]
SEGMENT = 16 * 1024 * 1024
OVERLAP = 64 * 1024


def segments(data: bytes, more: Callable[[], bytes], origin: Origin) -> Iterator[Content]:
    """Pieces that overlap, so that what crosses a border is whole in one of them."""
    line = column = 1
    first = True
    while True:
        following = more()
        yield Content(data, origin, line, column, cut_before=not first, cut_after=bool(following))
        if not following:
            return
        first = False
        cut = _character_start(data, max(0, len(data) - OVERLAP))
        gone, keep = data[:cut], data[cut:]
        ends = gone.count(b"\n")
        last = gone[gone.rfind(b"\n") + 1 :]
        column = len(last.decode("utf-8", "surrogateescape")) + (1 if ends else column)
        line += ends
        data = keep + following


def _character_start(data: bytes, offset: int) -> int:
    """`offset`, or up to three bytes before it where it would cut a UTF-8 sequence; text with NULs is left alone."""
    start = offset
    if 0 not in data[offset - 4 : offset + 4]:
        while offset - start < 3 and start > 0 and data[start] & 0xC0 == 0x80:
            start -= 1
    return start
