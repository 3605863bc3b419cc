"""What one pass of each Hyperscan database of the rules costs over the files of a folder, in nanoseconds a byte.

How fast a database is depends on how its patterns stand together: one that is added, left out or put elsewhere can make
the pass twice as slow, though it is never found. So look here before and after each change to a trigger, an anchor or
a gate.
"""

import argparse
import sys
import time
from pathlib import Path

import hyperscan

if not __package__:  # run as a file
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.tree import files_in
from leakscan.detection.cache import prepare

_MOST = 64 * 1024 * 1024  # of the files, in bytes
_LARGEST = 4 * 1024 * 1024
_ROUNDS = 5


def main() -> int:
    """Scan the files with each database in turn, and say how long the fastest round took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    texts = _texts(parser.parse_args().folder)
    size = sum(map(len, texts))
    if not size:
        parser.error("there are no files in it")
    databases = prepare().databases
    assert databases is not None
    opened = {name: hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK) for name, data in databases.items()}
    fastest = dict.fromkeys(opened, float("inf"))
    for _ in range(_ROUNDS):  # in turn, so that all of them meet the machine as it is
        for name, database in opened.items():
            fastest[name] = min(fastest[name], _pass(database, texts))
    print(f"{len(texts):,} files, {size:,} bytes, the fastest of {_ROUNDS} rounds")
    print(f"{'database':28} {'KB':>6} {'ns/byte':>8}")
    for name, seconds in sorted(fastest.items(), key=lambda each: -each[1]):
        print(f"{name:28} {len(databases[name]) / 1e3:6.0f} {seconds * 1e9 / size:8.3f}")
    return 0


def _texts(folder: Path) -> list[bytes]:
    """The files of a folder, but for large ones, up to as many bytes as are worth it."""
    texts = []
    left = _MOST
    for path in files_in(folder):
        if path.is_file() and path.stat().st_size <= _LARGEST and left >= 0:
            texts.append(path.read_bytes())
            left -= len(texts[-1])
    return texts


def _pass(database: hyperscan.Database, texts: list[bytes]) -> float:
    """How long one pass over the texts takes, in seconds."""
    scratch = hyperscan.Scratch(database)
    begin = time.perf_counter()
    for text in texts:
        database.scan(text, _nothing, scratch=scratch)
    return time.perf_counter() - begin


def _nothing(*_: object) -> None:
    """What is done with a match."""


if __name__ == "__main__":
    sys.exit(main())
