"""Zip archives and what is made of them: jar, war, apk, aab, ipa, whl, nupkg, office documents."""

import io
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO

from leakscan.sources.archives.bounds import Budget, Read, Refused, size
from leakscan.sources.archives.office import Texts
from leakscan.sources.archives.source import STEP, Member, Source, Unread, reading
from leakscan.sources.inflating import zlib

_ENCRYPTED = 0x1
# What an entry takes in the directory of an ordinary archive, at most; the directory is read at once.
_ENTRY = 256
_LEAST_DIRECTORY = 1 << 20
_LOCAL_HEADER = 30


def members(source: Source, budget: Budget) -> Iterator[Member | Unread]:
    """The members of a zip archive; those of an office document, and `text`: what one reads in it.

    Raises whatever zipfile raises for a damaged archive, Refused and Exhausted.
    """
    file = source.seekable(budget.bounds.held)
    with zipfile.ZipFile(_Guarded(file, budget)) as archive:
        infos = archive.infolist()
        hidden = _overlapping(infos)
        texts = Texts.of({info.filename for info in infos})
        for number, info in enumerate(infos):
            budget.enter()
            if info.is_dir():
                continue
            if info.flag_bits & _ENCRYPTED:
                yield Unread(info.filename, "it is encrypted")
            elif number in hidden:
                yield Unread(info.filename, "it overlaps with another entry of the archive")
            else:
                yield _opened(archive, info, budget, texts)
        if texts.found:
            yield Member("text", reading([texts.joined()]))


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget, texts: Texts) -> Member | Unread:
    try:
        member = archive.open(info)
        if info.compress_type == zipfile.ZIP_DEFLATED and hasattr(member, "_decompressor"):
            member._decompressor = zlib.decompressobj(-15)  # noqa: SLF001  # zipfile takes none; half the time
        read = budget.metered(member.read, lambda: info.compress_size)
    except (NotImplementedError, RuntimeError, zipfile.BadZipFile, OSError, ValueError) as error:
        return Unread(info.filename, error)
    if not texts.has(info.filename):
        return Member(info.filename, read)
    if info.file_size > budget.bounds.held:
        return Unread(info.filename, f"it is a text of more than {size(budget.bounds.held)}")
    return Member(info.filename, reading(_without_text(info.filename, read, texts, budget.bounds.held)))


def _without_text(name: str, read: Read, texts: Texts, most: int) -> Iterator[bytes]:
    """A part of an office document without the text that is read out of it."""
    data = bytearray()
    while piece := read(STEP):
        data += piece
        if len(data) > most:
            raise Refused(f"it is a text of more than {size(most)}")
    yield texts.taken_from(name, bytes(data))


def _overlapping(infos: list[zipfile.ZipInfo]) -> set[int]:
    """The entries of which the data begin before those of another one end."""
    order = sorted(range(len(infos)), key=lambda number: infos[number].header_offset)
    found = set()
    for number, following in pairwise(order):
        info = infos[number]
        end = info.header_offset + _LOCAL_HEADER + info.compress_size
        if end > infos[following].header_offset:
            found |= {number, following}
    return found


class _Guarded(io.RawIOBase):
    """The archive's file; refuses to read a directory that is far too large, which zipfile reads at once."""

    def __init__(self, file: BinaryIO, budget: Budget) -> None:
        self._file = file
        self._most = max(_LEAST_DIRECTORY, budget.bounds.entries * _ENTRY)
        self._entries = budget.bounds.entries

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def read(self, count: int = -1) -> bytes:
        if count > self._most:
            raise Refused(f"the archive's directory is too large for {self._entries:,} entries; nothing was scanned")
        return self._file.read(count)
