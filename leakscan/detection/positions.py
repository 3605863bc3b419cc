"""Offsets -> lines and columns, without reading a content again for each."""

from leakscan.model import Content, Place


class Positions:
    """The lines and columns of `data`, which is the text of `content`; 1-based, as in the whole file.

    A column counts characters: UTF-8 sequences, or bytes where those are not valid.
    """

    def __init__(self, content: Content, data: bytes) -> None:
        self._content = content
        self._data = data
        # What was asked for last, its line and its column: the next one is not far.
        self._last = (0, 0, 1)

    def place(self, start: int, end: int) -> Place:
        """Where `data[start:end]` stands."""
        return Place(*self._spot(start), *self._spot(end))

    def _spot(self, offset: int) -> tuple[int, int]:
        last, line, column = self._last
        if offset < last:
            line -= self._data.count(b"\n", offset, last)
            last = self._data.rfind(b"\n", 0, offset) + 1
            column = 1
        elif further := self._data.count(b"\n", last, offset):
            line += further
            last = self._data.rfind(b"\n", last, offset) + 1
            column = 1
        column += len(self._data[last:offset].decode("utf-8", "surrogateescape"))
        self._last = (offset, line, column)
        first = self._content.column - 1 if line == 0 else 0
        return self._content.line + line, column + first
