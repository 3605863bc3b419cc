"""The whole object database of a repository, as units of work: packs along their delta chains, and loose objects.

Reached or not, every object is read where it lies; each object once, in however many packs it is.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leakscan.model import Problem
from leakscan.sources import git
from leakscan.sources.chains import bases_of, borders, depth_first, members_of
from leakscan.sources.entries import Broken
from leakscan.sources.known import Known, Mask
from leakscan.sources.loose import read_loose
from leakscan.sources.packfile import PackFile
from leakscan.sources.packindex import BLOB, COMMIT, KINDS, NUMBERS, TAG, TREE, Bytes, Ints, Pack, PackError, read_pack
from leakscan.sources.repository import Repository
from leakscan.sources.salvage import salvage

# What a unit should take, in bytes of packs: small enough to share evenly, large enough not to count.
_UNIT = 2 * 1024 * 1024
# The last ones are smaller, so that no worker waits long for another one: what a byte costs differs.
_FROM, _SMALL = 0.95, _UNIT // 4
_EACH = 1000  # what an entry costs besides its bytes, in bytes
_LOOSE_UNIT = 500
_HEX = re.compile(r"[0-9a-f]+")
_OTHERS = {38, 62}  # the names of loose objects by SHA-1 and by SHA-256, less the folder's two letters
LOOSE = -1
APART = "apart"


class Unit(NamedTuple):
    """A piece of work: objects of one group (`blobs`, `trees`, `texts`, which are commits and tags, or APART).

    They are `begin` to `end` of the group's objects in the pack of number `pack`; LOOSE for loose objects.
    """

    group: str
    pack: int
    begin: int
    end: int
    weight: int


class Object(NamedTuple):
    """One object: its kind (COMMIT, TREE, BLOB, TAG), its id in hex, its bytes."""

    kind: int
    oid: str
    data: bytes


_GROUPS = {"blobs": (BLOB,), "trees": (TREE,), "texts": (COMMIT, TAG)}


@dataclass(slots=True, eq=False)
class _Group:
    """The objects of one group in a pack, chains together, and which objects of the pack need no look."""

    members: Ints
    skipped: Mask


@dataclass(eq=False)
class ObjectDatabase:
    """What lies in the object stores of a repository, and what is wrong with it."""

    repository: Repository
    packs: list[Pack] = field(default_factory=list)
    loose: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    groups: list[dict[str, _Group]] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)  # ids of objects that git reads, whatever their packs

    def where(self, pack: Pack, number: int) -> str:
        """What a problem with an object is told of."""
        kind = KINDS.get(int(pack.kinds[number]), "object")
        return f"{self.repository.shown}{kind} {pack.oid(number)[:16]} in {pack.path.name}"


def open_database(
    repository: Repository,
    known: Known | None = None,
    wanted: Known | None = None,
    passed: Callable[[Path], bool] | None = None,
) -> ObjectDatabase:
    """Read the indexes of all packs and the names of all loose objects.

    Objects whose ids are `known` are left out, and all but those `wanted`; packs that are `passed` over altogether.
    """
    database = ObjectDatabase(repository)
    seen = Known(repository.hash_size)
    if known is not None:
        seen.add(known.rows())
    for store in repository.objects:
        for path in sorted((store / "pack").glob("*.pack")):
            if passed is not None and passed(path):
                continue
            try:
                pack = read_pack(path, repository.hash_size)
            except PackError as error:
                where = f"{repository.shown}{path.name}"
                database.problems.append(Problem(where, f"{error}; what could be read without it was scanned"))
                pack = salvage(path, repository.hash_size, database.problems, where)
            _add(database, pack, seen, wanted)
        for path in sorted((store / "pack").glob("*.idx")):
            if not path.with_suffix(".pack").exists():
                database.problems.append(Problem(f"{repository.shown}{path.name}", "the pack of this index is missing"))
        database.loose += _loose_names(store, repository, database.problems)
    database.loose = list({_loose_oid(path): path for path in reversed(database.loose)}.values())[::-1]
    old = seen.has(map(_loose_oid, database.loose))
    database.loose = [path for path, known_one in zip(database.loose, old, strict=True) if not known_one]
    if wanted is not None:
        asked = wanted.has(map(_loose_oid, database.loose))
        database.loose = [path for path, wanted_one in zip(database.loose, asked, strict=True) if wanted_one]
    return database


def _add(database: ObjectDatabase, pack: Pack, seen: Known, wanted: Known | None) -> None:
    """Take a pack in, and its objects among those that are seen."""
    skip = seen.mask(pack.oids)
    if wanted is not None:
        skip |= ~wanted.mask(pack.oids)
    skip[list(pack.broken)] = True
    for number, message in pack.broken.items():
        database.problems.append(Problem(database.where(pack, number), message))
    database.packs.append(pack)
    groups = {}
    for name, kinds in _GROUPS.items():
        members = members_of(pack, kinds)
        if skip.any() and len(members):
            fresh = np.zeros(len(pack), bool)  # whole chains: of those in which nothing is new none is read
            fresh[pack.roots[members[~skip[members]]]] = True
            members = members[fresh[pack.roots[members]]]
        groups[name] = _Group(depth_first(pack, members) if kinds == (BLOB,) else members, skip)
    database.groups.append(groups)
    if pack.foreign:
        _foreign_problems(database, pack)
    readable = (pack.kinds >= COMMIT) & (pack.kinds <= TAG)  # of what is broken here another copy may be whole
    readable[list(pack.broken)] = False
    seen.add(pack.oids if readable.all() else pack.oids[readable])


def named(oids: Bytes) -> NDArray[np.bytes_]:
    """Rows of bytes as fixed-length byte strings, which numpy can sort and find."""
    rows = np.ascontiguousarray(oids)
    return rows.view(f"S{rows.shape[1]}").reshape(-1)


def _foreign_problems(database: ObjectDatabase, pack: Pack) -> None:
    apart = np.isin(pack.roots, np.array(list(pack.foreign), np.int32))
    for number in np.flatnonzero(apart).tolist():
        message = "its delta base is not in the pack; `git repack -a -d` mends that where the base exists"
        database.problems.append(Problem(database.where(pack, number), message))


def _loose_names(store: Path, repository: Repository, problems: list[Problem]) -> Iterator[Path]:
    for folder in sorted(store.glob("[0-9a-f][0-9a-f]")):
        try:
            names = sorted(file.name for file in folder.iterdir())
        except OSError as error:
            problems.append(Problem(f"{repository.shown}objects/{folder.name}", f"cannot be read: {error.strerror}"))
            continue
        for name in names:
            if len(name) == 2 * repository.hash_size - 2 and _HEX.fullmatch(name):
                yield folder / name
            elif len(name) in _OTHERS and _HEX.fullmatch(name):
                problems.append(
                    Problem(f"{repository.shown}object {folder.name}{name[:14]}", "its id is of another hash")
                )


def loose_ids(database: ObjectDatabase, unit: Unit) -> list[str]:
    """The ids of a unit of loose objects, in hex."""
    return [_loose_oid(path) for path in database.loose[unit.begin : unit.end]]


def _loose_oid(path: Path) -> str:
    return path.parent.name + path.name


def units(database: ObjectDatabase, *groups: str) -> list[Unit]:
    """The work on objects of `groups`, in pieces of about equal weight, which is in bytes of packs."""
    found = []
    for number, (pack, own) in enumerate(zip(database.packs, database.groups, strict=True)):
        lengths = pack.lengths
        for group in groups:
            members = own[group].members
            if not len(members):
                continue
            weights = np.cumsum(lengths[members] + _EACH)
            cuts = borders(pack, members, within=group == "blobs")
            late, total = max(_UNIT, _FROM * weights[-1]), weights[-1]
            marks = np.concatenate((np.arange(_UNIT, late, _UNIT), np.arange(late, total, _SMALL), [total]))
            ends = np.unique(cuts[np.searchsorted(weights[cuts - 1], marks)]).tolist()
            for begin, end in zip([0, *ends], ends, strict=False):
                before = int(weights[begin - 1]) if begin else 0
                found.append(Unit(group, number, begin, end, int(weights[end - 1]) - before))
    if "blobs" in groups:
        for group, many in (("blobs", len(database.loose)), (APART, len(database.apart))):
            for begin in range(0, many, _LOOSE_UNIT):
                end = min(begin + _LOOSE_UNIT, many)
                found.append(Unit(group, LOOSE, begin, end, (end - begin) * 1000))
    return found


class Reader:
    """Reads a database's objects in one process; keeps its packs open."""

    def __init__(self, database: ObjectDatabase) -> None:
        self.database = database
        self._files: dict[int, PackFile] = {}
        self._sorted: dict[int, tuple[NDArray[np.bytes_], Ints]] = {}

    def file(self, pack: int) -> PackFile:
        """A pack, mapped. Raises OSError or ValueError."""
        if pack not in self._files:
            self._files[pack] = PackFile(self.database.packs[pack])
        return self._files[pack]

    def members(self, unit: Unit) -> Ints:
        """The objects of a unit by their numbers in its pack, behind the bases that are those of another unit."""
        own = self.database.groups[unit.pack][unit.group].members[unit.begin : unit.end]
        bases = self._bases(unit)
        return np.concatenate((bases, own)) if len(bases) else own

    def _bases(self, unit: Unit) -> Ints:
        """The bases of a unit's first object that are another unit's, its chain being cut."""
        own = self.database.groups[unit.pack][unit.group].members[unit.begin : unit.end]
        bases = np.array(bases_of(self.database.packs[unit.pack], int(own[0])) if len(own) else [], np.int64)
        return bases[~np.isin(bases, own)] if len(bases) else bases

    def skipped(self, unit: Unit) -> Mask | None:
        """Which objects of the pack need no look, because they were read elsewhere; None if there is none."""
        group = self.database.groups[unit.pack][unit.group]
        bases = self._bases(unit)
        if len(bases):
            skipped = group.skipped.copy()
            skipped[bases] = True
            return skipped
        return group.skipped if group.skipped.any() else None

    def problem(self, unit: Unit, broken: Broken) -> Problem:
        """What to tell of an object that cannot be read."""
        return Problem(self.database.where(self.database.packs[unit.pack], broken.number), broken.message)

    def copy(self, unit: Unit, broken: Broken) -> Object | None:
        """The same object from another pack, or loose, if it lies there too and is whole."""
        packs, repository = self.database.packs, self.database.repository
        oid = packs[unit.pack].oid(broken.number)
        for other, pack in enumerate(packs):
            number = -1 if other == unit.pack else self._number(other, packs[unit.pack].oids[broken.number])
            if number >= 0 and int(pack.kinds[number]) in KINDS:
                with suppress(OSError, ValueError):
                    return Object(int(pack.kinds[number]), oid, self.file(other).resolve(number))
        for store in repository.objects:
            found = read_loose(store / oid[:2] / oid[2:])
            if not isinstance(found, str):
                return Object(found[0], oid, found[1])
        return None

    def _number(self, pack: int, oid: Bytes) -> int:
        """An object's number in a pack; -1 if it is not there."""
        if pack not in self._sorted:
            names = named(self.database.packs[pack].oids)
            order = np.argsort(names, kind="stable")
            self._sorted[pack] = names[order], order
        names, order = self._sorted[pack]
        wanted = named(oid.reshape(1, -1))
        place = int(np.searchsorted(names, wanted)[0])
        return int(order[place]) if place < len(names) and names[place] == wanted[0] else -1

    def loose(self, unit: Unit) -> Iterator[Object | Problem]:
        """The loose objects of a unit."""
        for path in self.database.loose[unit.begin : unit.end]:
            oid = _loose_oid(path)
            found = read_loose(path)
            if isinstance(found, str):
                yield Problem(f"{self.database.repository.shown}object {oid[:16]}", found)
            else:
                yield Object(found[0], oid, found[1])

    def apart(self, unit: Unit) -> Iterator[Object]:
        """The objects of a unit that git reads; those that it does not find are left out. Raises GitError."""
        for kind, oid, data in git.objects(self.database.repository.own, self.database.apart[unit.begin : unit.end]):
            yield Object(NUMBERS[kind], oid, data)
