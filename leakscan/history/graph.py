"""The commits of a repository, and the trees above what was found: read by the workers, for findings only.

Trees are searched from the bottom up: which hold a blob that was found, which hold those, and so on. A tree's stream
tells quickly whether an id comes into it; only chains in which one does are put together.
"""

import re
import tempfile
from binascii import unhexlify
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np

from leakscan.analysis.provenance import Commits
from leakscan.history.scanning import Worker
from leakscan.history.sought import Above, Order, Sought, holds
from leakscan.history.working import worker
from leakscan.model import Problem
from leakscan.sources.entries import Broken, Entry
from leakscan.sources.objects import LOOSE, Object, ObjectDatabase, Unit, units
from leakscan.sources.packindex import COMMIT, TREE, Ints
from leakscan.workers import Pool

_COMMITTED = re.compile(rb"^committer .*> (\d+)", re.MULTILINE)  # whatever the zone: some are no zones at all


def read_commits(pool: Pool, database: ObjectDatabase) -> Commits:
    """Every commit of the database, in no order."""
    rows: list[_Row] = []

    def collect(_: Unit, found: list[_Row] | None) -> None:
        rows.extend(_or_problem(found, database))

    pool.run(_commits_of, [*units(database, "texts"), *_loose(database)], collect)
    return Commits.of(rows)


_Found = TypeVar("_Found")


def _or_problem(found: list[_Found] | None, database: ObjectDatabase) -> list[_Found]:
    """What a worker found; of one that was killed nothing, which is among the problems of the database then."""
    if found is None:
        message = "a worker process was killed that read them; the commits of some findings are not known"
        database.problems.append(Problem(f"{database.repository.shown}commits and trees", message))
    return found or []


_Row = tuple[bytes, bytes, tuple[bytes, ...], int]


def _loose(database: ObjectDatabase) -> list[Unit]:
    return [unit for unit in units(database, "blobs") if unit.pack == LOOSE]


def _commits_of(unit: Unit) -> list[_Row]:
    """Id, tree, parents and time of the commits of a unit."""
    own = worker()
    if unit.pack == LOOSE:
        return [_row(*each) for each in _loose_objects(own, unit, COMMIT)]
    if not _is_there(own, unit):
        return []
    return [_row(*each) for each in _packed_objects(own, unit, own.reader.members(unit), COMMIT)]


def _loose_objects(own: Worker, unit: Unit, kind: int) -> Iterator[tuple[bytes, bytes]]:
    """Id and bytes of the loose objects of a kind."""
    for each in own.reader.loose(unit):
        if isinstance(each, Object) and each.kind == kind:
            yield bytes.fromhex(each.oid), each.data


def _is_there(own: Worker, unit: Unit) -> bool:
    """Whether the pack of a unit can (still) be read: git may have packed anew since it was scanned."""
    try:
        own.reader.file(unit.pack)
    except OSError:
        return False
    return True


def _packed_objects(own: Worker, unit: Unit, members: Ints, kind: int) -> Iterator[tuple[bytes, bytes]]:
    """Id and bytes of those among the members of a unit that are of a kind; another copy of what is broken."""
    pack = own.reader.database.packs[unit.pack]
    for each in own.reader.file(unit.pack).chains(members):
        if isinstance(each, Entry):
            if pack.kinds[each.number] == kind:
                yield pack.oids[each.number].tobytes(), each.data
        elif isinstance(each, Broken) and (copy := own.reader.copy(unit, each)) is not None and copy.kind == kind:
            yield bytes.fromhex(copy.oid), copy.data


def _row(oid: bytes, data: bytes) -> _Row:
    width = 2 * len(oid)
    tree = data[5 : 5 + width]
    at = 6 + width
    parents = []
    while data.startswith(b"parent ", at):
        parents.append(_id(data[at + 7 : at + 7 + width]))
        at += 8 + width
    committed = _COMMITTED.search(data, data.find(b"\ncommitter ", at))
    return oid, _id(tree), tuple(parents), int(committed[1]) if committed and len(committed[1]) < 16 else 0


def _id(text: bytes) -> bytes:
    try:
        return unhexlify(text)
    except ValueError:
        return b""


def trees_above(pool: Pool, database: ObjectDatabase, blobs: Iterable[bytes], names: Iterable[bytes]) -> list[Above]:
    """All trees that hold one of `blobs` or a file of one of `names`, and those that hold such trees, to the top."""
    seen: set[bytes] = set()
    found: list[Above] = []
    ids, by_name = set(blobs), frozenset(names)
    while ids or by_name:
        level = _level(pool, database, ids, by_name, trees=bool(seen))
        found += level
        ids = {each.tree for each in level} - seen
        seen |= ids
        by_name = frozenset()
    return found


def names_near(pool: Pool, database: ObjectDatabase, blobs: Iterable[bytes]) -> set[bytes]:
    """The names under which trees hold `blobs`, and those of all folders: a path is made of one and some of these."""
    found = {each.name for each in _level(pool, database, set(blobs), frozenset(), trees=False)}

    def collect(_: Unit, names: set[bytes] | None) -> None:
        found.update(_or_problem(list(names) if names is not None else None, database))

    pool.run(_folders, [*units(database, "trees"), *_loose(database)], collect)
    return found


def _folders(unit: Unit) -> set[bytes]:
    """The names of folders that come into the trees of a unit."""
    own = worker()
    if unit.pack == LOOSE:
        text = b"\0".join(data for _, data in _loose_objects(own, unit, TREE))
    elif _is_there(own, unit):
        text, _, _ = _streams(own, unit, own.reader.members(unit))
    else:
        return set()
    parts = text.split(b"40000 ")[1:]
    return {b"/" + part[: part.find(b"\0", 0, 256)] + b"/" for part in parts}


def _level(
    pool: Pool, database: ObjectDatabase, ids: set[bytes], names: frozenset[bytes], *, trees: bool
) -> list[Above]:
    """The trees that hold any of `ids`, which are those of trees or of blobs, or a file of one of `names`."""
    found: list[Above] = []

    def collect(_: tuple[Unit, Order], above: list[Above] | None) -> None:
        found.extend(_or_problem(above, database))

    with tempfile.TemporaryDirectory(prefix="leakscan-") as folder:
        order = Order.of(Path(folder), frozenset(ids), names, database.repository.hash_size, trees=trees)
        work = [*units(database, "trees"), *_loose(database)]
        pool.run(_search, [(unit, order) for unit in work], collect)
    return found


def _search(task: tuple[Unit, Order]) -> list[Above]:
    """The trees of a unit that hold what is sought."""
    unit, order = task
    own, sought = worker(), order.sought()
    if unit.pack == LOOSE:
        return [above for tree, data in _loose_objects(own, unit, TREE) for above in holds(tree, data, sought)]
    if not _is_there(own, unit):
        return []
    chosen = _chains_with(own, unit, own.reader.members(unit), sought)
    if not len(chosen):
        return []
    return [above for tree, data in _packed_objects(own, unit, chosen, TREE) for above in holds(tree, data, sought)]


def _chains_with(own: Worker, unit: Unit, members: Ints, sought: Sought) -> Ints:
    """The members of chains into which something that is sought comes, as far as their streams tell."""
    text, ends, broken = _streams(own, unit, members)
    at = sought.offsets(text)
    roots = own.reader.database.packs[unit.pack].roots[members]
    chosen = np.unique(np.append(np.searchsorted(ends, at, side="right"), broken))  # a copy of those may hold anything
    return members[np.isin(roots, roots[chosen])]


_Streams = tuple[bytes, Ints, Ints]
# By the database of the process and the unit: another repository's units may look the same.
_streams_seen: dict[tuple[int, Unit], _Streams] = {}
_MOST_SEEN = 96 * 1024 * 1024


def _streams(own: Worker, unit: Unit, members: Ints) -> _Streams:
    """The streams of a unit's trees in one text, where each of them ends in it, and which are broken.

    They are kept between the searches of one run, as far as that is not too much.
    """
    key = (id(own.reader.database), unit)
    if key in _streams_seen:
        return _streams_seen[key]
    read = own.reader.file(unit.pack).streams(members)
    streams = [b"" if isinstance(stream, Broken) else stream for stream in read]
    ends = np.cumsum(np.fromiter((len(stream) + 2 for stream in streams), np.int64, len(streams)))
    broken = np.array([place for place, stream in enumerate(read) if isinstance(stream, Broken)], np.int64)
    found = (b"\0\0".join(streams), ends, broken)
    if sum(len(text) for text, _, _ in _streams_seen.values()) < _MOST_SEEN:
        _streams_seen[key] = found
    return found
