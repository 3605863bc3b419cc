"""An archive -> the contents in it, archives in archives too, each at `outer!inner/path`; lazily, within bounds."""

import struct
import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TypeAlias

from leakscan.members import UNNAMED, below
from leakscan.model import Content, Origin, Problem
from leakscan.sources.archives.bounds import Bounds, Budget, Exhausted, Refused
from leakscan.sources.archives.source import STEP, Member, Source, Unread
from leakscan.sources.beginnings import HEAD, kind_of
from leakscan.sources.inflating import InflateError
from leakscan.sources.segments import SEGMENT, Suspects, segments

Opener: TypeAlias = Callable[[Source, Budget], Iterator[Member | Unread]]

# By kind the module whose `members` opens it, and what it is called in problems.
_OPENERS = {
    "zip": ("zips", "zip archive"),
    "tar": ("tars", "tar archive"),
    "gzip": ("streams", "gzip stream"),
    "bzip2": ("streams", "bzip2 stream"),
    "xz": ("streams", "xz stream"),
    "lzma": ("streams", "lzma stream"),
    "zstd": ("streams", "Zstandard stream"),
    "7z": ("sevenzip", "7z archive"),
    "pdf": ("pdfs", "PDF document"),
    "sqlite": ("databases", "SQLite database"),
    "plist": ("plists", "property list"),
}


def opened(  # an archive, and how it is opened
    source: Source,
    origin: Origin,
    shown: str,
    bounds: Bounds | None = None,
    suspects: Suspects | None = None,
) -> Iterator[Content | Problem]:
    """The contents in the archive that `source` holds, and what of it could not be read.

    Each has the origin of the archive with the member's name behind its path, or as `member` where the path is not
    known yet; `shown` stands for the archive in problems; `suspects` is as Budget says.
    """
    opening = _Opening(origin, shown, Budget(bounds or Bounds(), suspects))
    nothing = True
    try:
        for each in opening.contents(source, "", 0):
            nothing = False
            yield each
    except Exhausted as limit:
        yield Problem(opening.where(limit.where or ""), str(limit))
        nothing = False
    if nothing:
        yield Content(b"", origin)


class _Opening:
    """One archive that is in no other, being opened."""

    def __init__(self, origin: Origin, shown: str, budget: Budget) -> None:
        self._origin = origin
        self._shown = shown
        self._budget = budget

    def where(self, name: str) -> str:
        """What a member is called in problems."""
        return below(self._shown, name)

    def contents(self, source: Source, name: str, depth: int) -> Iterator[Content | Problem]:
        """What is in the member `name`. Raises Exhausted, with the member that was reached."""
        try:
            kind = kind_of(source.peek(HEAD))
            if kind is None:
                yield from self._plain(source, name)
            elif depth >= self._budget.bounds.depth:
                message = f"archives lie in each other deeper than {depth}; it was scanned without being opened"
                yield Problem(self.where(name), message)
                yield from self._plain(source, name)
            else:
                yield from self._members(kind, source, name, depth)
        except Exhausted as limit:
            limit.where = limit.where or name
            raise
        except Exception as error:  # noqa: BLE001  # somebody hostile can make a library raise anything
            yield Problem(self.where(name), _says(error, "member" if name else "content"))

    def _members(self, kind: str, source: Source, name: str, depth: int) -> Iterator[Content | Problem]:
        module, called = _OPENERS[kind]
        opener: Opener = import_module(f"leakscan.sources.archives.{module}").members
        begun = False
        try:
            for each in opener(source, self._budget):
                if isinstance(each, Unread):
                    begun = True
                    yield Problem(self.where(_inside(name, each.name)), _says(each.reason, "member"))
                    continue
                inner, inner_name = Source(each.read), _inside(name, each.name)
                if each.name == UNNAMED and kind_of(inner.peek(HEAD)) == "tar":
                    inner_name = name  # as people think of a compressed tar: one archive
                begun = True
                yield from self.contents(inner, inner_name, depth + 1)
        except Exhausted:
            raise
        except Exception as error:  # noqa: BLE001  # somebody hostile can make a library raise anything
            again = not begun and source.rewind()
            end = "; its bytes were scanned as they are" if again else ""
            yield Problem(self.where(name), _says(error, called) + end)
            if again:
                yield from self._plain(source, name)

    def _plain(self, source: Source, name: str) -> Iterator[Content]:
        """The bytes of a content that is not opened, as far as they can be read. Raises what ended them."""
        ended: list[Exception] = []

        def more() -> bytes:
            data = bytearray()
            try:
                while not ended and len(data) < SEGMENT and (piece := source.read(min(STEP, SEGMENT - len(data)))):
                    data += piece
            except Exception as error:  # noqa: BLE001  # what was read before is scanned first
                ended.append(error)
            return bytes(data)

        yield from segments(more(), more, self._at(name))
        if ended:
            raise ended[0]

    def _at(self, name: str) -> Origin:
        if not name:
            return self._origin
        if self._origin.path:
            return self._origin._replace(path=below(self._origin.path, name))
        return self._origin._replace(member=name)


def _inside(outer: str, name: str) -> str:
    """The name of a member of the member `outer`."""
    return below(outer, name) if outer else name


def _says(error: Exception | str, called: str) -> str:
    """Why something was not read, in words that hold nothing of what it holds."""
    if isinstance(error, str | Refused):
        return str(error)
    if isinstance(error, MemoryError):
        return f"the {called} needs more memory than there is"
    if isinstance(error, NotImplementedError):
        return f"the {called} is compressed in a way that is not supported"
    if isinstance(error, EOFError):
        return f"the {called} ends before its time"
    if isinstance(error, zlib.error | InflateError | struct.error | ValueError | LookupError):
        return f"the {called} is damaged"
    if isinstance(error, OSError) and error.errno is not None:
        return f"the {called} cannot be read: {error.strerror}"
    return f"the {called} is damaged, or not what it seems ({type(error).__name__})"
