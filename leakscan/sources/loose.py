"""A loose object: a file of its own (https://git-scm.com/docs/gitformat-loose), inflated within bounds."""

import stat
import zlib
from pathlib import Path

from leakscan.sources.packfile import LARGEST
from leakscan.sources.packindex import NUMBERS


def read_loose(path: Path) -> tuple[int, bytes] | str:
    """Kind and bytes of a loose object, or why it cannot be read."""
    try:
        facts = path.stat()
        data = path.read_bytes() if stat.S_ISREG(facts.st_mode) and facts.st_size <= LARGEST else None
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if data is None:
        return f"it is no file of up to {LARGEST >> 20} MiB"
    try:
        return _inflated(data)
    except (zlib.error, MemoryError):
        return "its compressed data is damaged"


def _inflated(data: bytes) -> tuple[int, bytes] | str:
    """Kind and bytes of what a loose object's file holds. Raises zlib.error or MemoryError."""
    head, _, _ = zlib.decompressobj().decompress(data, 64).partition(b"\0")
    kind, _, size = head.partition(b" ")
    number = NUMBERS.get(kind.decode("latin-1"))
    if number is None or not size.isdigit():
        return "it is not a git object"
    length = int(size)
    if length > LARGEST:
        return f"it needs more than {LARGEST >> 20} MiB of memory"
    whole = zlib.decompressobj()
    data = whole.decompress(data, len(head) + 2 + length)
    if len(data) != len(head) + 1 + length:
        return "its size is not what its header says"
    if not whole.eof:
        whole.decompress(whole.unconsumed_tail, 1)
    return number, data[len(head) + 1 :]
