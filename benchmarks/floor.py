"""The least that reading a history can take in Python: the entries of all packs inflated, and nothing done with them.

No delta is applied, nothing is looked at; worker processes as leakscan's. Loose objects are left out.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

if not __package__:  # run as a file
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from leakscan.sources.objects import LOOSE, ObjectDatabase, Reader, Unit, open_database, units
from leakscan.sources.packfile import STREAMED, PackFile
from leakscan.sources.packindex import Ints, Pack
from leakscan.sources.repository import open_repository
from leakscan.workers import Pool

_STEP = 1024 * 1024
_TOGETHER = 32 * 1024 * 1024  # what is held at once, in bytes

_readers: list[Reader] = []


def main() -> int:
    """Inflate, and say how much it was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--everything", action="store_true", help="commits, tags and trees, too; else only blobs")
    parser.add_argument("--jobs", type=int, default=2, help="worker processes (default 2)")
    options = parser.parse_args()
    database = open_database(open_repository(options.repository))
    groups = ("blobs", "trees", "texts") if options.everything else ("blobs",)
    work = sorted((unit for unit in units(database, *groups) if unit.pack != LOOSE), key=lambda unit: -unit.weight)
    entries = size = lost = 0

    def collect(unit: Unit, inflated: int | None) -> None:
        nonlocal entries, size, lost
        entries += unit.end - unit.begin
        size += inflated or 0
        lost += inflated is None

    pool = Pool(options.jobs, _start, (database,))
    pool.run(_inflate, work, collect)
    pool.close()
    print(f"{entries:,} entries, {size:,} bytes inflated")
    return 1 if lost else 0


def _start(database: ObjectDatabase) -> None:
    _readers[:] = [Reader(database)]


def _inflate(unit: Unit) -> int:
    """How many bytes the entries of a unit inflate to."""
    reader = _readers[0]
    file, pack, members = reader.file(unit.pack), reader.database.packs[unit.pack], reader.members(unit)
    large = pack.sizes[members] > STREAMED
    return _held(file, pack, members[~large]) + sum(_streamed(file, number) for number in members[large].tolist())


def _held(file: PackFile, pack: Pack, members: Ints) -> int:
    steps = np.cumsum(pack.sizes[members]) // _TOGETHER
    size = 0
    for part in np.split(members, np.flatnonzero(np.diff(steps)) + 1):
        size += sum(len(data) for data in file.streams(part) if isinstance(data, bytes))
    return size


def _streamed(file: PackFile, number: int) -> int:
    try:
        return sum(map(len, file.pieces(number, _STEP)))
    except ValueError:  # broken; leakscan tells of it
        return 0


if __name__ == "__main__":
    sys.exit(main())
