"""What was scanned before, with these rules, in a file of SQLite's: ids of objects and checksums of packs, no values.

Whatever had something to tell (a candidate, a problem) is read again and stays told. It is listed apart, so that a
pack need not be opened for it.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from leakscan.errors import UsageError
from leakscan.sources.known import Known
from leakscan.sources.packindex import Bytes

_SCHEMA = "leakscan/state/2"
_FORGET = """
BEGIN;
DELETE FROM scanned; DELETE FROM packs; DELETE FROM telling; DELETE FROM spoken; DELETE FROM meta;
COMMIT;
"""
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS scanned (repository TEXT NOT NULL, oids BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS packs (repository TEXT NOT NULL, checksum BLOB NOT NULL, UNIQUE (repository, checksum));
CREATE TABLE IF NOT EXISTS telling (repository TEXT NOT NULL, oid TEXT NOT NULL, UNIQUE (repository, oid));
CREATE TABLE IF NOT EXISTS spoken (
  repository TEXT NOT NULL, rule TEXT NOT NULL, blob TEXT NOT NULL, UNIQUE (repository, rule, blob)
);
"""


class State:
    """A state file, open. Every unit of work that is recorded stays recorded, whenever the process is killed."""

    def __init__(self, path: Path, rules: str) -> None:
        """Open the file or make it; `rules` names the rules, and what was scanned with others is forgotten.

        Raises UsageError if it is something else, or cannot be written.
        """
        self._path = path
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise self._refusal("it is not a regular file")
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._connection = sqlite3.connect(path, isolation_level=None)
            self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;" + _TABLES)
            self._connection.execute(
                "SELECT oids, checksum, oid, rule, blob FROM scanned, packs, telling, spoken LIMIT 0"
            )
            wanted = f"{_SCHEMA} {rules}"
            known = self._connection.execute("SELECT value FROM meta WHERE key = 'made_with'").fetchone()
            if known is None or known[0] != wanted:
                self._connection.executescript(_FORGET)
                self._connection.execute("INSERT INTO meta VALUES ('made_with', ?)", (wanted,))
        except OSError as error:
            raise self._refusal(str(error.strerror)) from None
        except sqlite3.Error as error:
            raise self._refusal(str(error)) from None

    def _refusal(self, reason: str) -> UsageError:
        return UsageError(f"cannot use {self._path} as a state file: {reason}; name another with --state, or remove it")

    def known(self, repository: str, hash_size: int) -> Known:
        """The ids of the objects of a repository that need not be read again."""
        found = Known(hash_size)
        for (oids,) in self._connection.execute("SELECT oids FROM scanned WHERE repository = ?", (repository,)):
            found.add(np.frombuffer(oids, np.uint8).reshape(-1, hash_size))
        return found

    def packs(self, repository: str) -> frozenset[bytes]:
        """The checksums of packs of which every object is known."""
        rows = self._connection.execute("SELECT checksum FROM packs WHERE repository = ?", (repository,))
        return frozenset(row[0] for row in rows)

    def telling(self, repository: str) -> list[str]:
        """The ids, in hex, of the objects in those packs that have something to tell."""
        rows = self._connection.execute("SELECT oid FROM telling WHERE repository = ?", (repository,))
        return [row[0] for row in rows]

    def spoken(self, repository: str) -> set[tuple[str, str]]:
        """The rules that names in the trees read so far could speak for, with the blobs there; "" for all blobs."""
        return set(self._connection.execute("SELECT rule, blob FROM spoken WHERE repository = ?", (repository,)))

    def record(self, repository: str, oids: Bytes, spoken: Iterable[tuple[str, str]] = ()) -> None:
        """These objects need not be read again; `spoken` is what the names among them could speak for."""
        with self._writing() as write:
            if len(oids):
                write("INSERT INTO scanned VALUES (?, ?)", [(repository, oids.tobytes())])
            write("INSERT OR IGNORE INTO spoken VALUES (?, ?, ?)", [(repository, *each) for each in spoken])

    def finish(
        self, repository: str, checksums: Iterable[bytes], telling: Iterable[str] = (), gone: Iterable[str] = ()
    ) -> None:
        """All objects of these packs are known but those that are `telling`; `gone` are telling no more."""
        with self._writing() as write:
            write("DELETE FROM telling WHERE repository = ? AND oid = ?", [(repository, oid) for oid in gone])
            write("INSERT OR IGNORE INTO telling VALUES (?, ?)", [(repository, oid) for oid in telling])
            write("INSERT OR IGNORE INTO packs VALUES (?, ?)", [(repository, each) for each in checksums])

    @contextmanager
    def _writing(self) -> Iterator[Callable[[str, list[tuple[Any, ...]]], object]]:
        """Write all that is written inside, or nothing of it. Raises UsageError."""
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection.executemany
        except sqlite3.Error as error:
            raise self._refusal(str(error)) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(sqlite3.Error):
            self._connection.close()


def checksum(pack: Path, hash_size: int) -> bytes:
    """What tells a pack from every other: its own checksum, and how long it is; empty if it cannot be read."""
    try:
        with pack.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - hash_size))
            return file.read() + size.to_bytes(8, "big")
    except OSError:
        return b""
