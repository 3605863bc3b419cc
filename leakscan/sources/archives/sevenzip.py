"""7z archives, unpacked in memory, some members at a time."""

import io
from collections.abc import Callable, Iterator, Mapping

import py7zr

from leakscan.sources.archives.bounds import Budget, Exhausted, Read, Refused, size
from leakscan.sources.archives.source import Member, Source, Unread

# So many bytes of members are unpacked together; those before them in a solid archive are unpacked each time.
_TOGETHER = 64 << 20
_ENCRYPTED = "the 7z archive is encrypted"


def members(source: Source, budget: Budget) -> Iterator[Member | Unread]:
    """The files in a 7z archive. Raises whatever py7zr raises for a damaged archive, Refused and Exhausted."""
    file = source.seekable(budget.bounds.held)
    packed = file.seek(0, io.SEEK_END)
    file.seek(0)
    try:
        archive = py7zr.SevenZipFile(file, max_extract_size=budget.bounds.total)
    except py7zr.PasswordRequired:
        raise Refused(_ENCRYPTED) from None
    with archive:
        if archive.needs_password():
            raise Refused(_ENCRYPTED)
        sizes: dict[str, int] = {}
        names: dict[str, str] = {}
        for number, entry in enumerate(getattr(archive, "files", ())):  # an empty archive has no list
            budget.enter()
            if not entry.is_file:
                continue
            if entry.uncompressed > budget.bounds.held:
                most = size(budget.bounds.held)
                yield Unread(entry.filename, f"it has more than {most}, which would have to be held in memory")
                continue
            key = str(number)
            names[key], sizes[key] = entry.filename, entry.uncompressed
            archive.files.files_list[number]["filename"] = key  # names may lead anywhere, and come twice
        for together in _portions(sizes):
            unpacking = _Unpacking(packed, budget)
            archive.reset()
            try:
                archive.extract(targets=together, factory=unpacking)
            except py7zr.DecompressionBombError:  # members that are passed over count, too
                raise Exhausted(f"the archive unpacks to more than {size(budget.bounds.total)}") from None
            for key in together:
                yield Member(names[key], unpacking.taken(key))


def _portions(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Members that are unpacked together."""
    together: list[str] = []
    waiting = 0
    for key, count in sizes.items():
        if together and waiting + count > _TOGETHER:
            yield together
            together, waiting = [], 0
        together.append(key)
        waiting += count
    if together:
        yield together


class _Unpacking(py7zr.WriterFactory):
    """Takes what is unpacked."""

    def __init__(self, packed: int, budget: Budget) -> None:
        self._files: dict[str, _Held] = {}
        self._count = budget.meter(lambda: packed)

    def create(self, filename: str) -> py7zr.Py7zIO:
        """Take the member of this key."""
        held = self._files[filename] = _Held(self._count)
        return held

    def taken(self, key: str) -> Read:
        """What reads the member of this key."""
        return io.BytesIO(self._files.pop(key).data).read


class _Held(py7zr.Py7zIO):
    """One member, held."""

    def __init__(self, count: Callable[[int], None]) -> None:
        self.data = bytearray()
        self._count = count

    def write(self, s: bytes | bytearray) -> int:
        """Take the next bytes. Raises Refused and Exhausted."""
        self._count(len(s))
        self.data += s
        return len(s)

    def read(self, size: int | None = None) -> bytes:
        """Nothing: what is taken is read elsewhere."""
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        """Nothing, as above."""
        return 0

    def flush(self) -> None:
        """Nothing, as above."""

    def size(self) -> int:
        """How many bytes were taken."""
        return len(self.data)

    def close(self) -> None:
        """Nothing, as above."""
