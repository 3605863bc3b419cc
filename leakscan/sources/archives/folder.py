"""A zip archive in a work tree as the project that its members make: who gets to see one is told by the others."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

_MOST_FILES = 20_000
_LARGEST, _MOST_READ = 400_000, 16 * 1024 * 1024
_DAMAGED = (OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zipfile.BadZipFile)


class ZipFolder:
    """The members of a zip archive; without any where it cannot be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._left = _MOST_READ

    @cached_property
    def _sizes(self) -> dict[str, int]:
        try:
            with zipfile.ZipFile(self._path) as archive:
                return {info.filename: info.file_size for info in archive.infolist()[:_MOST_FILES]}
        except _DAMAGED:
            return {}

    def files(self) -> Iterable[str]:
        """The names of all members."""
        return self._sizes

    def texts(self, paths: Sequence[str]) -> Mapping[str, str]:
        """The texts of members, without those that are missing, too large, over the bounds, or cannot be read."""
        found: dict[str, str] = {}
        try:
            with zipfile.ZipFile(self._path) as archive:
                for path in paths:
                    if self._sizes.get(path, _LARGEST) < min(_LARGEST, self._left):
                        with archive.open(path) as member:
                            data = member.read(_LARGEST)
                        self._left -= len(data)
                        found[path] = data.decode("utf-8", "replace")
        except _DAMAGED:
            return found
        return found
