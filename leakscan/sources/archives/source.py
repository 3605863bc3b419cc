"""The bytes of an archive, or of a member of one: read in order, or held where a format jumps about in them."""

import io
from collections.abc import Iterable
from typing import BinaryIO, NamedTuple

from leakscan.sources.archives.bounds import Read, Refused, size

STEP = 256 * 1024
# So much of what was read first is kept, so that it can be read again if it turns out to be no archive.
_KEPT = 1024 * 1024


class Source:
    """Bytes read once, from their beginning, through `read`; or `file`, in which one can go back."""

    def __init__(self, read: Read, file: BinaryIO | None = None) -> None:
        self._read = read
        self._file = file
        self._kept: bytearray | None = bytearray()
        self._at = 0
        self.taken = 0

    @classmethod
    def of_file(cls, file: BinaryIO) -> "Source":
        """The bytes of an open file, from its beginning."""
        file.seek(0)
        return cls(file.read, file)

    def peek(self, count: int) -> bytes:
        """The first bytes, up to `count` of them, which are still to be read."""
        assert self._kept is not None
        while len(self._kept) < count and (piece := self._read(count - len(self._kept))):
            self._kept += piece
        return bytes(self._kept[:count])

    def read(self, count: int = STEP) -> bytes:
        """The next bytes, at most `count`; none at the end."""
        if self._kept is not None and self._at < len(self._kept):
            data = bytes(self._kept[self._at : self._at + count])
            self._at += len(data)
        else:
            data = self._read(count)
            if self._kept is not None:
                self._kept += data
                self._at = len(self._kept)
                if self._at > _KEPT:
                    self._kept = None
        self.taken += len(data)
        return data

    def rewind(self) -> bool:
        """Go back to the beginning; whether that is possible."""
        if self._kept is None and self._file is not None:
            self._file.seek(0)
            self._kept = bytearray()
        elif self._kept is not None and self._file is not None:
            self._file.seek(len(self._kept))
        self._at = 0
        return self._kept is not None

    def seekable(self, most: int) -> BinaryIO:
        """All bytes as a file. Raises Refused where they would have to be held and are more than `most`."""
        if self._file is None:
            pieces = []
            held = 0
            while piece := self.read(STEP):
                pieces.append(piece)
                held += len(piece)
                if held > most:
                    self._kept, self._at = bytearray(b"".join(pieces)), held
                    raise Refused(f"it is an archive of more than {size(most)} that would have to be held in memory")
            self._file = io.BytesIO(b"".join(pieces))
            self._read = self._file.read
            self._kept = None
        self._file.seek(0)
        return self._file

    def held(self, most: int) -> bytes:
        """All bytes. Raises Refused where they are more than `most`."""
        file = self.seekable(most)
        data = file.read(most + 1)
        if len(data) > most:
            raise Refused(f"it has more than {size(most)}, which would have to be held in memory")
        return data


class Member(NamedTuple):
    """A content in an archive, to be read before the next one is asked for; its name may be members.UNNAMED."""

    name: str
    read: Read


class Unread(NamedTuple):
    """A member that is not read, and why: an exception, or words."""

    name: str
    reason: Exception | str


def reading(chunks: Iterable[bytes]) -> Read:
    """What reads from `chunks` as from a file."""
    waiting = filter(None, chunks)
    rest = memoryview(b"")

    def read(count: int) -> bytes:
        nonlocal rest
        rest = rest or memoryview(next(waiting, b""))
        piece, rest = bytes(rest[:count]), rest[count:]
        return piece

    return read
