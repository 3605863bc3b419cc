"""Packs put together by hand, as no git would: each entry says what its test wants it to say."""

import hashlib
import zlib
from pathlib import Path

OFS, REF = 6, 7


def number(value: int) -> bytes:
    """A size as deltas begin with: seven bits a byte, the lowest first."""
    low = b""
    while value > 127:
        low += bytes([value & 127 | 128])
        value >>= 7
    return low + bytes([value])


def copy(offset: int, length: int) -> bytes:
    """The operation of a delta that copies a piece of the base."""
    parts = [offset >> shift & 255 for shift in (0, 8, 16, 24)] + [length >> shift & 255 for shift in (0, 8, 16)]
    mask = sum(1 << place for place, part in enumerate(parts) if part)
    return bytes([128 | mask, *filter(None, parts)])


def appending(base: bytes, new: bytes) -> bytes:
    """The delta that puts up to 127 bytes behind `base`."""
    return number(len(base)) + number(len(base) + len(new)) + copy(0, len(base)) + bytes([len(new)]) + new


def entry(kind: int, data: bytes, between: bytes = b"", *, size: int | None = None) -> bytes:
    """An entry of a pack; `between` header and stream stands what a delta says of its base."""
    left = len(data) if size is None else size
    head = [kind << 4 | left & 15]
    left >>= 4
    while left:
        head[-1] |= 128
        head.append(left & 127)
        left >>= 7
    return bytes(head) + between + zlib.compress(data, 1)


def distance(back: int) -> bytes:
    """How an entry says that its base begins so many bytes before itself."""
    found = [back & 127]
    while back := back >> 7:
        back -= 1
        found.insert(0, back & 127 | 128)
    return bytes(found)


def oid(kind: str, data: bytes) -> bytes:
    """The id of an object."""
    return hashlib.sha1(b"%b %d\0%b" % (kind.encode(), len(data), data)).digest()


def write_pack(git_folder: Path, entries: dict[bytes, bytes], *, index: bool = True) -> Path:
    """A pack of `entries` in their order, by the ids that its index gives them."""
    body = b"PACK" + (2).to_bytes(4, "big") + len(entries).to_bytes(4, "big")
    offsets = {}
    for name, data in entries.items():
        offsets[name] = len(body)
        body += data
    body += hashlib.sha1(body).digest()
    path = git_folder / "objects/pack" / f"pack-{body[-20:].hex()}.pack"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    if index:
        write_index(path, offsets, body[-20:])
    return path


def write_index(pack: Path, offsets: dict[bytes, int], trailer: bytes) -> None:
    """An index of version 2 beside the pack, saying where each object is."""
    names = sorted(offsets)
    counts = [sum(name[0] <= first for name in names) for first in range(256)]
    text = b"\xfftOc" + (2).to_bytes(4, "big") + b"".join(count.to_bytes(4, "big") for count in counts)
    text += b"".join(names) + bytes(4 * len(names))
    far = [offsets[name] for name in names if offsets[name] >> 31]
    for name in names:
        place = offsets[name]
        text += (1 << 31 | far.index(place) if place >> 31 else place).to_bytes(4, "big")
    text += b"".join(place.to_bytes(8, "big") for place in far) + trailer
    pack.with_suffix(".idx").write_bytes(text + hashlib.sha1(text).digest())
