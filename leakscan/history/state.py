"""What was scanned before, with these rules, in a file of SQLite's: ids of objects and checksums of packs, no values.

Whatever had something to tell (a candidate, a problem) is not among it, so that it is read again and stays told.
"""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from leakscan.errors import UsageError
from leakscan.sources.known import Known
from leakscan.sources.packindex import Bytes

_SCHEMA = "leakscan/state/1"
_FORGET = "BEGIN; DELETE FROM scanned; DELETE FROM packs; DELETE FROM meta; COMMIT;"
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS scanned (repository TEXT NOT NULL, oids BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS packs (repository TEXT NOT NULL, checksum BLOB NOT NULL, UNIQUE (repository, checksum));
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
            self._connection.execute("SELECT repository, oids, checksum FROM scanned JOIN packs USING (repository)")
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

    def record(self, repository: str, oids: Bytes) -> None:
        """These objects need not be read again."""
        if len(oids):
            self._write("INSERT INTO scanned VALUES (?, ?)", (repository, oids.tobytes()))

    def finish(self, repository: str, checksums: Iterable[bytes]) -> None:
        """All objects of these packs are known."""
        for checksum in checksums:
            self._write("INSERT OR IGNORE INTO packs VALUES (?, ?)", (repository, checksum))

    def _write(self, statement: str, values: tuple[str, bytes]) -> None:
        try:
            self._connection.execute(statement, values)
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
