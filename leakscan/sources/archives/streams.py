"""Compressed streams: gzip, bzip2, xz, lzma and Zstandard, several of one kind behind each other too."""

import bz2
import gzip
import lzma
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Protocol, TypeAlias

from leakscan.members import UNNAMED
from leakscan.sources.archives.bounds import Budget, Read
from leakscan.sources.archives.source import STEP, Member, Source, Unread
from leakscan.sources.beginnings import HEAD, kind_of


class _Decompressor(Protocol):
    """What those of the standard library have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


_Start: TypeAlias = Callable[[], _Decompressor]


def members(source: Source, budget: Budget) -> Iterator[Member | Unread]:
    """What is compressed, as one member without a name.

    What it gives raises whatever the libraries raise for damaged data, Refused and Exhausted.
    """
    kind = kind_of(source.peek(HEAD))
    memory = budget.bounds.held
    if kind == "gzip":
        read: Read = gzip.GzipFile(fileobj=source, mode="rb").read1  # type: ignore[call-overload]  # `read` is all that it calls
    elif kind == "bzip2":
        read = _joined(source, bz2.BZ2Decompressor)
    elif kind == "zstd":
        read = _joined(source, zstd().ZstdDecompressor)
    else:
        read = _joined(source, lambda: lzma.LZMADecompressor(memlimit=memory))
    yield Member(UNNAMED, budget.metered(read, lambda: source.taken))


def zstd() -> ModuleType:
    """The module for Zstandard: the standard library's, or what stands in for it in older Pythons."""
    if sys.version_info >= (3, 14):
        from compression import zstd as module
    else:
        from backports import zstd as module
    return module


def _joined(source: Source, start: _Start) -> Read:
    """Streams behind each other as one; zeros behind the last one are padding."""
    stream = start()
    rest = b""

    def read(count: int) -> bytes:
        nonlocal stream, rest
        while True:
            if stream.eof:
                rest = (stream.unused_data or rest or source.read(STEP)).lstrip(b"\0")
                while not rest and (piece := source.read(STEP)):
                    rest = piece.lstrip(b"\0")
                if not rest:
                    return b""
                stream = start()
            data = b""
            if stream.needs_input:
                data = rest or source.read(STEP)
                rest = b""
                if not data:
                    raise EOFError
            if unpacked := stream.decompress(data, count):
                return unpacked

    return read
