"""A bare repository of any number of small blobs in one pack, the same for the same seed; the pack written by hand.

No commit or tree leads to them: what a scan takes then grows with the number of objects and nothing else.
Formats: https://git-scm.com/docs/gitformat-pack.
"""

import argparse
import hashlib
import multiprocessing
import os
import random
import struct
import sys
import zlib
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

if not __package__:  # run as a file
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from leakscan.detection.samples import Samples

_STEP = 20_000
_CREDENTIALS = 8  # blobs with a pair of credentials, spread evenly
_PAIR = "TWILIO_ACCOUNT_SID=@{account_sid}\nTWILIO_AUTH_TOKEN=@{auth_token}\n"
_BLOB = 3
_FAR = 1 << 31  # offsets from here on stand in a table of their own
_CONFIG = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"


class _Part(NamedTuple):
    """Some entries as they stand in the pack, and of each its id, its CRC-32 and its length."""

    entries: bytes
    oids: bytes
    checks: "array[int]"
    lengths: "array[int]"


def make(folder: Path, count: int, seed: int) -> None:
    """Make `folder` a bare repository of `count` blobs. Raises FileExistsError."""
    packs = folder / "objects" / "pack"
    packs.mkdir(parents=True)
    (folder / "refs" / "heads").mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/main\n", "utf-8")
    (folder / "config").write_text(_CONFIG, "utf-8")
    unnamed = packs / "new.pack"
    oids, checks, lengths = bytearray(), array("I"), array("I")
    with unnamed.open("wb") as file:
        head = b"PACK" + struct.pack(">2L", 2, count)
        digest = hashlib.sha1(head)
        file.write(head)
        for part in _parts(count, seed):
            file.write(part.entries)
            digest.update(part.entries)
            oids += part.oids
            checks += part.checks
            lengths += part.lengths
        file.write(digest.digest())
    name = f"pack-{digest.hexdigest()}"
    offsets = len(head) + np.concatenate(([0], np.cumsum(np.asarray(lengths, np.int64))))[:-1]
    index = _index(bytes(oids), np.asarray(checks, np.uint32), offsets, digest.digest())
    (packs / f"{name}.idx").write_bytes(index)
    unnamed.rename(packs / f"{name}.pack")


def _parts(count: int, seed: int) -> Iterator[_Part]:
    work = [(begin, min(begin + _STEP, count), count, seed) for begin in range(0, count, _STEP)]
    if len(work) < 2:
        yield from map(_part, work)
        return
    with multiprocessing.Pool(os.cpu_count()) as pool:
        yield from pool.imap(_part, work)


def _part(work: tuple[int, int, int, int]) -> _Part:
    """The blobs from `begin` to `end` of `count`."""
    begin, end, count, seed = work
    every = -(-count // _CREDENTIALS)
    words = random.Random(f"{seed} {begin}").randbytes(8 * (end - begin)).hex()
    parts, oids, checks, lengths = [], [], array("I"), array("I")
    for number in range(begin, end):
        place = 16 * (number - begin)
        text = f"setting-{number} = {words[place : place + 16]}\n"
        if number % every == every // 2:
            text += Samples(seed * count + number).fill(_PAIR)
        data = text.encode()
        entry = _header(len(data)) + _deflated(data)
        parts.append(entry)
        oids.append(hashlib.sha1(b"blob %d\0" % len(data) + data).digest())
        checks.append(zlib.crc32(entry))
        lengths.append(len(entry))
    return _Part(b"".join(parts), b"".join(oids), checks, lengths)


def _header(size: int) -> bytes:
    """An entry's type and size: 4 bits of it and then 7 in each byte, the lowest first."""
    found = bytearray([_BLOB << 4 | size & 15])
    size >>= 4
    while size:
        found[-1] |= 128
        found.append(size & 127)
        size >>= 7
    return bytes(found)


def _deflated(data: bytes) -> bytes:
    """Level 1; the least memory, because making that ready takes ten times as long as the rest."""
    stream = zlib.compressobj(1, zlib.DEFLATED, 9, 1)
    return stream.compress(data) + stream.flush()


def _index(oids: bytes, checks: NDArray[np.uint32], offsets: NDArray[np.int64], pack: bytes) -> bytes:
    """The index, version 2, of the pack whose checksum is `pack`."""
    rows = np.frombuffer(oids, np.uint8).reshape(-1, 20)
    order = np.argsort(np.frombuffer(oids, "S20"), kind="stable")  # zeros at the end of an id change no order
    rows, checks, offsets = rows[order], checks[order], offsets[order]
    fanout = np.cumsum(np.bincount(rows[:, 0], minlength=256))
    far = offsets >= _FAR
    near = np.where(far, _FAR + np.cumsum(far) - 1, offsets)
    index = b"\xfftOc" + struct.pack(">L", 2)
    index += fanout.astype(">u4").tobytes() + rows.tobytes() + checks.astype(">u4").tobytes()
    index += near.astype(">u4").tobytes() + offsets[far].astype(">u8").tobytes() + pack
    return index + hashlib.sha1(index).digest()


def main() -> int:
    """Make one to keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the repository is made; must not be one yet")
    parser.add_argument("count", type=int, help="how many blobs")
    parser.add_argument("--seed", type=int, default=1, help="what they are made from")
    options = parser.parse_args()
    make(options.folder, options.count, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
