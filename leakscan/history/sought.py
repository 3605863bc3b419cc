"""What trees are searched for, and what of it stands in one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from leakscan.sources.contents import names_in_tree
from leakscan.sources.packindex import Bytes, Ints

_FEW = 24
# The bytes of an id that are looked for: in a delta the copies beside a new id may reach a few bytes into it.
_KEY = slice(4, 12)
# A name of which a delta copies the beginning comes into a stream in part: pieces of the random value in it are sought.
_RANDOM = re.compile(rb"[A-Za-z0-9]{24,}|[A-Za-z0-9_-]{40,}")
_PIECE = 8


class Above(NamedTuple):
    """A tree that holds something under a name: ids as bytes. `child` is None for what was sought by its name."""

    tree: bytes
    name: bytes
    child: bytes | None


class Sought:
    """What trees are searched for: ids, of trees or else of blobs, and names; ready for searching."""

    def __init__(self, ids: frozenset[bytes], names: frozenset[bytes] = frozenset(), *, trees: bool = False) -> None:
        self.ids, self.names, self.trees = ids, names, trees
        self.few = tuple(ids) if len(ids) <= _FEW and not names else ()
        pieces = [piece for name in names for piece in _pieces(name)]
        self.short = tuple(name for name in names if len(name) < 2 * _PIECE)
        keys = np.frombuffer(b"".join((*(oid[_KEY] for oid in ids), *pieces)), np.uint8).reshape(-1, _PIECE)
        self.keys = np.unique(keys.copy().view(np.uint64).reshape(-1))
        self.beginnings = np.zeros(1 << 24, bool)
        self.beginnings[_first_three(keys[:, 0], keys[:, 1], keys[:, 2])] = True


def _pieces(name: bytes) -> Iterator[bytes]:
    """The pieces of a name of which some come into a stream whole, wherever a delta cuts the name."""
    for run in [found[0] for found in _RANDOM.finditer(name)] or [name]:
        yield from (run[at : at + _PIECE] for at in range(0, len(run) - _PIECE + 1, _PIECE))


class Order(NamedTuple):
    """What a worker is told to look for: ids in a file, which all workers read, names, and whether ids are of trees."""

    file: str
    names: frozenset[bytes]
    trees: bool
    width: int

    def sought(self) -> Sought:
        """The same, ready for searching; made once in each process."""
        if self.file not in _sought:
            _sought.clear()
            ids = Path(self.file).read_bytes()
            found = frozenset(ids[at : at + self.width] for at in range(0, len(ids), self.width))
            _sought[self.file] = Sought(found, self.names, trees=self.trees)
        return _sought[self.file]


_sought: dict[str, Sought] = {}


def offsets(text: Bytes, sought: Sought) -> Ints:
    """Where the middle of one of the ids stands in `text`, or a piece of one of the names."""
    if not len(sought.keys) or len(text) < 8:
        return np.empty(0, np.int64)
    at = np.flatnonzero(sought.beginnings[_first_three(text[:-7], text[1:-6], text[2:-5])])
    whole = np.ascontiguousarray(text[at[:, None] + np.arange(8)]).view(np.uint64).reshape(-1)
    places = np.minimum(np.searchsorted(sought.keys, whole), len(sought.keys) - 1)
    found: Ints = at[sought.keys[places] == whole]
    return found


def _first_three(first: Bytes, second: Bytes, third: Bytes) -> Ints:
    numbers: Ints = first.astype(np.int32) << 16 | second.astype(np.int32) << 8 | third
    return numbers


def holds(tree: bytes, data: bytes, sought: Sought) -> list[Above]:
    """What of that which is sought stands in one tree."""
    width = len(tree)
    if sought.trees:  # most trees hold none, and splitting them tells quickly
        parts = data.split(b"40000 ")[1:]
        if sought.ids.isdisjoint(part[(end := part.find(b"\0") + 1) : end + width] for part in parts):
            return []
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
