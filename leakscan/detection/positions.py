"""Offsets -> lines and columns, without reading a content again for each."""

import re
from bisect import bisect_right

from leakscan.model import Content, Place

_LINE_END = re.compile(rb"\n")


class Positions:
    """The lines and columns of `data`, which is the text of `content`; 1-based, as in the whole file.

    A column counts characters: UTF-8 sequences, or bytes where those are not valid.
    """

    def __init__(self, content: Content, data: bytes) -> None:
        self._content = content
        self._data = data
        self._starts: list[int] | None = None
        self._known = (0, 1)  # an offset and its column: in a file that is one long line the next one is not far

    def place(self, start: int, end: int) -> Place:
        """Where `data[start:end]` stands."""
        return Place(*self._spot(start), *self._spot(end))

    def _spot(self, offset: int) -> tuple[int, int]:
        if self._starts is None:
            self._starts = [0, *(found.end() for found in _LINE_END.finditer(self._data))]
        index = bisect_right(self._starts, offset) - 1
        behind, column = self._known
        if not self._starts[index] < behind <= offset:
            behind, column = self._starts[index], 1
        column += len(self._data[behind:offset].decode("utf-8", "surrogateescape"))
        self._known = (offset, column)
        first = self._content.column - 1 if index == 0 else 0
        return self._content.line + index, column + first
