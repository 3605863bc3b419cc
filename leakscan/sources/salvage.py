"""A pack without a usable index: its entries one after another, and past damage by where zlib streams may begin."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from leakscan.model import Problem
from leakscan.sources.packfile import LARGEST, PackFile
from leakscan.sources.packindex import COMMIT, HEADER, KINDS, OFS_DELTA, REF_DELTA, TAG, Pack, link, object_id

# Where a zlib stream may begin: its first two bytes (RFC 1950), deflate with a window of 32 KiB.
_STREAM = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_STEP = 1024 * 1024


class _Found(NamedTuple):
    offset: int
    start: int
    end: int
    type: int
    size: int
    back: int
    base: bytes


def salvage(path: Path, hash_size: int, problems: list[Problem], where: str) -> Pack:
    """What can be found in the pack at `path`; ids are computed. What stands between is among `problems`."""
    data = b""
    try:
        if path.is_file():
            data = path.read_bytes()
    except OSError as error:
        problems.append(Problem(where, f"cannot be read: {error.strerror}"))
    entries = list(_entries(data, hash_size, problems, where))
    offsets = np.array([*(entry.offset for entry in entries), entries[-1].end if entries else HEADER], np.int64)
    pack = link(
        path,
        np.zeros((len(entries), hash_size), np.uint8),
        offsets,
        np.array([entry.start for entry in entries], np.int64),
        np.array([entry.size for entry in entries], np.int64),
        np.array([entry.type for entry in entries], np.uint8),
        np.array([entry.back for entry in entries], np.int64),
        {},
    )
    named = {number: entry.base for number, entry in enumerate(entries) if entry.type == REF_DELTA}
    return _with_ids(pack, named, hash_size) if entries else pack


def _entries(data: bytes, hash_size: int, problems: list[Problem], where: str) -> Iterator[_Found]:
    at = HEADER if data[:4] == b"PACK" else 0
    end = len(data)
    while at < end - hash_size:
        found = _entry(data, at, hash_size)
        if found is None:
            found = _next(data, at + 1, hash_size)
            upto = found.offset if found else end
            problems.append(Problem(where, f"bytes {at} to {upto} are damaged"))
            if found is None:
                return
        yield found
        at = found.end


def _next(data: bytes, at: int, hash_size: int) -> _Found | None:
    """The first entry behind `at` whose header and stream agree."""
    for stream in _STREAM.finditer(data, at):
        for back in range(1, 11 + hash_size):
            begin = stream.start() - back
            if begin < at:
                break
            found = _entry(data, begin, hash_size, stream.start())
            if found is not None:
                return found
    return None


def _entry(data: bytes, at: int, hash_size: int, start: int | None = None) -> _Found | None:
    """The entry at an offset, if one is there (and its stream begins at `start`)."""
    offset = at
    try:
        byte = data[at]
        kind, size, shift = byte >> 4 & 7, byte & 15, 4
        at += 1
        while byte & 128 and shift < 60:
            byte = data[at]
            size |= (byte & 127) << shift
            shift += 7
            at += 1
        back, base = 0, b""
        if kind == OFS_DELTA:
            byte = data[at]
            back = byte & 127
            at += 1
            while byte & 128:
                byte = data[at]
                back = (back + 1) << 7 | byte & 127
                at += 1
        elif kind == REF_DELTA:
            base = data[at : at + hash_size]
            at += hash_size
    except IndexError:
        return None
    known = kind in KINDS or kind in {OFS_DELTA, REF_DELTA}
    if not known or (start is not None and at != start) or size > LARGEST or back > offset:
        return None
    end = _stream_end(data, at, size)
    return None if end is None else _Found(offset, at, end, kind, size, back, base)


def _stream_end(data: bytes, start: int, size: int) -> int | None:
    """Where the zlib stream at `start` ends, if it inflates to `size` bytes."""
    stream = zlib.decompressobj()
    got, at = 0, start
    try:
        while not stream.eof and at < len(data):
            part = data[at : at + _STEP]
            at += len(part)
            while part and not stream.eof:
                got += len(stream.decompress(part, _STEP))
                part = stream.unconsumed_tail
                if got > size:
                    return None
    except zlib.error:
        return None
    return at - len(stream.unused_data) if stream.eof and got == size else None


def _with_ids(pack: Pack, named: dict[int, bytes], hash_size: int) -> Pack:
    """The same with the id of every object computed, and the bases of deltas that name theirs by id found."""
    file = PackFile(pack)
    places: dict[bytes, int] = {}
    waiting = list(range(len(pack)))
    kinds, bases, roots = pack.kinds, pack.bases, pack.roots
    moved = True
    while waiting and moved:
        moved = False
        rest = []
        for number in waiting:
            base = places.get(named[number], -1) if number in named else int(bases[number])
            if (number in named and base < 0) or (base >= 0 and not pack.oids[base].any()):
                rest.append(number)
                continue
            if base >= 0:
                bases[number], roots[number], kinds[number] = base, roots[base], kinds[base]
            try:
                data = file.resolve(number)
            except ValueError as error:
                pack.broken.setdefault(number, str(error))
                continue
            if COMMIT <= kinds[number] <= TAG:
                oid = bytes.fromhex(object_id(int(kinds[number]), data, hash_size))
                pack.oids[number] = np.frombuffer(oid, np.uint8)
                places[oid] = number
                moved = True
        waiting = rest
    for number in waiting:
        pack.broken.setdefault(number, "its delta base is missing")
        kinds[number] = 0
    file.close()
    return pack
