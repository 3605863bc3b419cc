"""What our own reader makes of a repository's object database, next to what git makes of it."""

from pathlib import Path
from typing import NamedTuple

from leakscan.detection.cache import Prepared
from leakscan.history.scanning import BESIDE, Worker
from leakscan.model import Candidate, Problem
from leakscan.sources import git
from leakscan.sources.entries import Broken, Entry, Large
from leakscan.sources.objects import LOOSE, Object, ObjectDatabase, Reader, Unit, open_database, units
from leakscan.sources.packindex import KINDS
from leakscan.sources.repository import open_repository


class Read(NamedTuple):
    """Every object by its id, as kind and bytes; and what could not be read."""

    objects: dict[str, tuple[str, bytes]]
    problems: list[Problem]


def database_of(path: Path) -> ObjectDatabase:
    """The object database of the repository at `path`."""
    return open_database(open_repository(path))


def read_all(path: Path) -> Read:
    """Every object of the repository at `path`; one that is read twice is an error."""
    database = database_of(path)
    reader = Reader(database)
    read = Read({}, list(database.problems))
    for unit in units(database, "blobs", "trees", "texts"):
        for found in _loose(reader, unit) if unit.pack == LOOSE else _packed(reader, unit):
            if isinstance(found, Problem):
                read.problems.append(found)
                continue
            assert found.oid not in read.objects
            read.objects[found.oid] = (KINDS[found.kind], found.data)
    return read


def _loose(reader: Reader, unit: Unit) -> list[Object | Problem]:
    return list(reader.loose(unit))


def _packed(reader: Reader, unit: Unit) -> list[Object | Problem]:
    pack, file, skipped = reader.database.packs[unit.pack], reader.file(unit.pack), reader.skipped(unit)
    found: list[Object | Problem] = []
    for read in file.chains(reader.members(unit)):
        if skipped is not None and skipped[read.number]:
            continue
        if isinstance(read, Broken):
            found.append(reader.problem(unit, read))
            continue
        data = b"".join(file.pieces(read.number, 1 << 20)) if isinstance(read, Large) else read.data
        assert file.resolve(read.number) == data
        assert not isinstance(read, Entry) or (read.base == pack.bases[read.number])
        found.append(Object(int(pack.kinds[read.number]), pack.oid(read.number), data))
    return found


def git_objects(path: Path) -> dict[str, tuple[str, bytes]]:
    """Every object of the repository at `path`, as git reads them."""
    return {oid: (kind, data) for kind, oid, data in git.every_object(open_repository(path).own)}


class Scanned(NamedTuple):
    """What was found in a repository, and every problem on the way."""

    candidates: list[Candidate]
    problems: list[Problem]

    @property
    def values(self) -> set[str]:
        """The values found."""
        return {candidate.secret.reveal() for candidate in self.candidates}


def scan_units(prepared: Prepared, path: Path) -> Scanned:
    """What the fast path finds in the repository at `path`, with all that stands beside its objects."""
    database = database_of(path)
    worker = Worker.ready(prepared, database)
    found = Scanned([], [*database.repository.problems, *database.problems])
    for unit in [BESIDE, *units(database, "blobs", "trees", "texts")]:
        tally = worker.scan(unit)
        found.candidates.extend(tally.candidates)
        found.problems.extend(tally.problems)
    return found
