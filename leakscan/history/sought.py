"""What trees are searched for, and what of it stands in one."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from leakscan.detection.compiling import compile_patterns, hyperscan_version
from leakscan.history.tree_names import cuts
from leakscan.sources.contents import names_in_tree
from leakscan.sources.packindex import Bytes, Ints

_FEW = 24
# The bytes of an id that are looked for: in a delta the copies beside a new id may reach a few bytes into it.
_KEY = slice(4, 12)
# A name of which a delta copies the beginning comes into a stream in part: pieces of the random value in it are sought.
_RANDOM = re.compile(rb"[A-Za-z0-9]{24,}|[A-Za-z0-9_-]{40,}")
_PIECE = 8
_FOLDER = b"40000 "
_FILES = (b"100644 ", b"100755 ", b"120000 ", b"100664 ")
_LONGEST_ENTRY = 300
# As far from a cut as a piece, or a short name, can begin.
_BESIDE = 2 * _PIECE
# Twenty thousand take half a second to compile, and are then looked for at two gigabytes a second.
_MOST_COMPILED = 50_000


class Above(NamedTuple):
    """A tree that holds something under a name: ids as bytes. `child` is None for what was sought by its name."""

    tree: bytes
    name: bytes
    child: bytes | None


class Sought:
    """What trees are searched for: ids, of trees or else of blobs, and names; ready for searching.

    `compiled` is what `compile_keys` made of them; without it the search is slow.
    """

    def __init__(
        self, ids: frozenset[bytes], names: frozenset[bytes], compiled: bytes = b"", *, trees: bool = False
    ) -> None:
        self.ids, self.names, self.trees = ids, names, trees
        self.few = tuple(ids) if len(ids) <= _FEW and not names else ()
        self._short = tuple(name for name in names if len(name) < _BESIDE)
        self._keys = _keys(ids, names)
        self._compiled: Any = None
        if compiled:
            import hyperscan

            self._compiled = hyperscan.loadb(compiled, hyperscan.HS_MODE_BLOCK)
            self._scratch = hyperscan.Scratch(self._compiled)

    def offsets(self, text: bytes) -> Ints:
        """Where the middle of one of the ids ends in streams of trees, or a piece of one of the names; in no order."""
        pieces, at = cuts(text, _BESIDE)
        in_pieces = at[(self._offsets(pieces) - 1) // (2 * _BESIDE + 1)]
        return np.concatenate((self._offsets(text), in_pieces))

    def _offsets(self, text: bytes) -> Ints:
        short = [found.end() for name in self._short for found in re.finditer(re.escape(name), text)]
        if self._compiled is None:
            return np.append(_searched(np.frombuffer(text, np.uint8), self._keys), short).astype(np.int64)
        self._compiled.scan(text, _append, context=short, scratch=self._scratch)
        return np.array(short, np.int64)


def _append(_number: int, _start: int, end: int, _flags: int, seen: list[int]) -> None:
    seen.append(end)


def compile_keys(ids: frozenset[bytes], names: frozenset[bytes]) -> bytes:
    """What makes a search for these fast; nothing where Hyperscan is missing, or they are too many to be compiled."""
    keys = _keys(ids, names)
    if not 0 < len(keys) <= _MOST_COMPILED or hyperscan_version() is None:
        return b""
    patterns = {key.hex(): "".join(f"\\x{byte:02x}" for byte in key) for key in keys}
    return compile_patterns(patterns, once=False)


def _keys(ids: Iterable[bytes], names: Iterable[bytes]) -> list[bytes]:
    return sorted({*(oid[_KEY] for oid in ids), *(piece for name in names for piece in _pieces(name))})


def _pieces(name: bytes) -> Iterator[bytes]:
    """The pieces of a name of which some come into a stream whole, wherever a delta cuts the name."""
    for run in [found[0] for found in _RANDOM.finditer(name)] or [name]:
        yield from (run[at : at + _PIECE] for at in range(0, len(run) - _PIECE + 1, _PIECE))


class Order(NamedTuple):
    """What a worker is told to look for: ids in a folder that all workers read, names, and whether ids are of trees."""

    folder: str
    names: frozenset[bytes]
    trees: bool
    width: int

    @classmethod
    def of(cls, folder: Path, ids: frozenset[bytes], names: frozenset[bytes], width: int, *, trees: bool) -> "Order":
        """Write into an empty folder what the workers are to read there."""
        (folder / "ids").write_bytes(b"".join(ids))
        (folder / "compiled").write_bytes(compile_keys(ids, names))
        return cls(str(folder), names, trees, width)

    def sought(self) -> Sought:
        """The same, ready for searching; made once in each process."""
        if self.folder not in _sought:
            _sought.clear()
            ids, compiled = (Path(self.folder, name).read_bytes() for name in ("ids", "compiled"))
            found = frozenset(ids[at : at + self.width] for at in range(0, len(ids), self.width))
            _sought[self.folder] = Sought(found, self.names, compiled, trees=self.trees)
        return _sought[self.folder]


_sought: dict[str, Sought] = {}


def _searched(text: Bytes, keys: list[bytes]) -> Ints:
    """Where one of the keys ends in `text`."""
    if not keys or len(text) < _PIECE:
        return np.empty(0, np.int64)
    known = np.sort(np.frombuffer(b"".join(keys), np.uint64))
    first, second = (np.frombuffer(b"".join(key[at : at + 1] for key in keys), np.uint8) for at in (0, 1))
    beginnings = np.zeros(1 << 16, bool)
    beginnings[_first_two(first, second)] = True
    at = np.flatnonzero(beginnings[_first_two(text[: -_PIECE + 1], text[1 : -_PIECE + 2])])
    whole = np.ascontiguousarray(text[at[:, None] + np.arange(_PIECE)]).view(np.uint64).reshape(-1)
    places = np.minimum(np.searchsorted(known, whole), len(known) - 1)
    found: Ints = at[known[places] == whole] + _PIECE
    return found


def _first_two(first: Bytes, second: Bytes) -> Ints:
    numbers: Ints = first.astype(np.int64) << 8 | second
    return numbers


def holds(tree: bytes, data: bytes, sought: Sought) -> list[Above]:
    """What of that which is sought stands in one tree."""
    width = len(tree)
    if sought.trees:  # most trees hold none, and splitting them tells quickly
        parts = data.split(_FOLDER)[1:]
        held = sought.ids.intersection(part[(end := part.find(b"\0") + 1) : end + width] for part in parts)
    else:
        held = frozenset(oid for oid in sought.few if oid in data)
    if not sought.names and (sought.trees or sought.few):
        named = [_names_of(data, child, (_FOLDER,) if sought.trees else _FILES) for child in held]
        if None not in named:
            return [Above(tree, name, child) for child, names in zip(held, named, strict=True) for name in names or ()]
    at, found = 0, []
    for name in names_in_tree(data, width):
        at = data.index(b"\0", at) + 1
        child = data[at : at + width]
        at += width
        if child in sought.ids:
            found.append(Above(tree, name, child))
        if name in sought.names:
            found.append(Above(tree, name, None))
    return found


def _names_of(data: bytes, child: bytes, modes: tuple[bytes, ...]) -> list[bytes] | None:
    """The names that a tree gives to something, without reading all entries; None where that is not sure."""
    names = []
    at = data.find(child)
    while at >= 0:
        begin = max(data.rfind(mode, max(0, at - _LONGEST_ENTRY), at) for mode in modes)
        follows = begin == 0 or (begin > 0 and data[begin - len(child) - 1 : begin - len(child)] == b"\0")
        name = data[data.find(b" ", begin) + 1 : at - 1]
        if not follows or not name or b"\0" in name or data[at - 1 : at] != b"\0":
            return None
        names.append(name)
        at = data.find(child, at + len(child))
    return names
