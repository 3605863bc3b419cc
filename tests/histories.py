"""Histories written in one go, by `git fast-import`: a process for each commit would take tests too long."""

import subprocess
from collections.abc import Mapping

from .repository import Repository

PERSON = "Ada Author <ada@example.org>"


class History:
    """Commits and tags to be written into a repository; each is known by the number that making it gives."""

    def __init__(self) -> None:
        self._stream = bytearray()
        self._marks = 0

    def commit(
        self,
        files: Mapping[str, bytes | None],
        *parents: int,
        message: str = "A commit",
        author: str = PERSON,
        ref: str = "refs/heads/main",
    ) -> int:
        """A commit on `ref` that writes `files`; None deletes one, and so does a folder's name all that is in it."""
        self._marks += 1
        lines = [f"commit {ref}", f"mark :{self._marks}", f"author {author} {1_700_000_000 + self._marks} +0000"]
        self._add(*lines, f"committer {PERSON} {1_700_000_000 + self._marks} +0000")
        self._data(message.encode())
        self._add(*(f"{'merge' if number else 'from'} :{parent}" for number, parent in enumerate(parents)))
        for name, data in files.items():
            if data is None:
                self._add(f"D {name}")
            else:
                self._add(f"M 100644 inline {name}")
                self._data(data)
        return self._marks

    def tag(self, name: str, commit: int, message: str = "A tag", author: str = PERSON) -> None:
        """An annotated tag."""
        self._add(f"tag {name}", f"from :{commit}", f"tagger {author} 1700000000 +0000")
        self._data(message.encode())

    def write(self, repository: Repository, *, loose: bool = False) -> None:
        """Write all of it, as a pack or as loose objects."""
        limit = 1_000_000 if loose else 1
        command = ["git", "-c", f"fastimport.unpackLimit={limit}", "fast-import", "--quiet", "--force"]
        subprocess.run(command, cwd=repository.root, input=bytes(self._stream), check=True, capture_output=True)

    def _add(self, *lines: str) -> None:
        self._stream += b"".join(line.encode() + b"\n" for line in lines)

    def _data(self, data: bytes) -> None:
        self._stream += b"data %d\n%b\n" % (len(data), data)
