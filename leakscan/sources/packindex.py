"""A pack's index and the headers of its entries -> arrays: where each object lies, what it is, what it is made from.

Formats: https://git-scm.com/docs/gitformat-pack. Everything is read in large steps with numpy; a repository of ten
million objects costs some 60 bytes for each.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Small: TypeAlias = NDArray[np.int32]
Bytes: TypeAlias = NDArray[np.uint8]

COMMIT, TREE, BLOB, TAG = 1, 2, 3, 4
OFS_DELTA, REF_DELTA = 6, 7
KINDS = {COMMIT: "commit", TREE: "tree", BLOB: "blob", TAG: "tag"}
NUMBERS = {name: number for number, name in KINDS.items()}
HEADER = 12  # of a pack: "PACK", version, number of objects
_MAGIC = b"\xfftOc"
_STEP = 32 * 1024 * 1024
# An entry's header is its size in at most 10 bytes and an offset in at most 10, or an object id.
_LONGEST_HEADER = 64
# What a zlib stream inflates to is at most 1032 times its length; a header that says more is damaged, or hostile.
_MOST_INFLATED = 1040


class PackError(Exception):
    """A pack or its index is damaged, so that it cannot be read by its index; the message says what is wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """The objects of one pack in the order of their offsets; every array has one element for each.

    `offsets` has one more, the end of the last entry. `starts` is where an entry's zlib stream begins, `sizes` how many
    bytes it inflates to. `bases` is the number of the object that a delta is applied to, -1 for none; `roots` that of
    the object at the beginning of its chain; `kinds` what it is in the end, 0 where that is unknown: `foreign` holds
    the base ids of deltas whose base is not in the pack, `broken` says what is wrong with others.
    """

    path: Path
    oids: Bytes
    offsets: Ints
    starts: Ints
    sizes: Ints
    kinds: Bytes
    bases: Small
    roots: Small
    foreign: dict[int, bytes] = field(default_factory=dict)
    broken: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.starts)

    def oid(self, number: int) -> str:
        """The id of an object, in hex."""
        oid: bytes = self.oids[number].tobytes()
        return oid.hex()

    @property
    def lengths(self) -> Ints:
        """How many compressed bytes each entry has, its header left out."""
        return self.offsets[1:] - self.starts


def read_pack(path: Path, hash_size: int) -> Pack:
    """The objects of the pack at `path` by the index beside it; ids have `hash_size` bytes. Raises PackError."""
    beside = path.with_suffix(".idx")
    if not beside.is_file() or not path.is_file():
        raise PackError("its index is missing" if path.is_file() else "it is not a file")
    try:
        return _by_index(path, np.fromfile(beside, dtype=np.uint8), hash_size)
    except OSError as error:
        raise PackError(f"cannot be read: {error.strerror}") from None


def _by_index(path: Path, index: Bytes, hash_size: int) -> Pack:
    """See `read_pack`. Raises PackError or OSError."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEADER)
    oids, offsets, trailer = _read_index(index, hash_size)
    if head[:4] != b"PACK" or int.from_bytes(head[4:8], "big") not in {2, 3}:
        raise PackError("it does not begin as a pack does")
    if int.from_bytes(head[8:], "big") != len(offsets):
        raise PackError("its index holds another number of objects than the pack")
    order = np.argsort(offsets)  # none stands there twice; a stable sort takes three times as long
    offsets = offsets[order]
    if len(offsets) and (offsets[0] < HEADER or (np.diff(offsets) <= 0).any()):
        raise PackError("its index has offsets that cannot be")
    with path.open("rb") as file:
        file.seek(max(0, size - hash_size))
        whole = file.read() == trailer
    end = size - hash_size if whole else size
    return _with_headers(path, np.take(oids, order, axis=0), np.append(offsets, max(end, HEADER)), hash_size)


def _read_index(index: Bytes, hash_size: int) -> tuple[Bytes, Ints, bytes]:
    """Ids and offsets in the order of ids, and the checksum of the pack. Raises PackError."""
    if len(index) < 1024 + 2 * hash_size:
        raise PackError("its index is too short")
    digest = hashlib.sha1 if hash_size == 20 else hashlib.sha256  # git's own checksum
    if digest(index[:-hash_size].data).digest() != index[-hash_size:].tobytes():
        raise PackError("the checksum of its index is wrong")
    second = index[:4].tobytes() == _MAGIC
    if second and index[4:8].tobytes() != b"\0\0\0\2":
        raise PackError("its index has an unknown version")
    begin = 8 if second else 0
    counts = _big_endian(index[begin : begin + 1024], 4)
    if (np.diff(counts) < 0).any():
        raise PackError("the table at the beginning of its index is out of order")
    count, begin = int(counts[-1]), begin + 1024
    width = hash_size + 8 if second else hash_size + 4
    body = index[begin : len(index) - 2 * hash_size]
    if len(body) < count * width:
        raise PackError("its index is too short")
    trailer = index[len(index) - 2 * hash_size : len(index) - hash_size].tobytes()
    if not second:
        rows = body[: count * width].reshape(count, width)
        return rows[:, 4:], _big_endian(rows[:, :4].reshape(-1), 4), trailer
    oids = body[: count * hash_size].reshape(count, hash_size)
    offsets = _big_endian(body[count * (hash_size + 4) : count * width], 4)
    far = np.flatnonzero(offsets >> 31)
    if len(far):
        table = _big_endian(body[count * width :][: (len(body) - count * width) // 8 * 8], 8)
        numbers = offsets[far] & 0x7FFFFFFF
        if numbers.max() >= len(table):
            raise PackError("its index is too short")
        offsets[far] = table[numbers]
    return oids, offsets, trailer


def _big_endian(data: Bytes, width: int) -> Ints:
    return np.frombuffer(data.tobytes(), f">u{width}").astype(np.int64)


def _with_headers(path: Path, oids: Bytes, offsets: Ints, hash_size: int) -> Pack:
    """Read the header of each entry, in one pass over the pack."""
    count = len(offsets) - 1
    starts = np.zeros(count, np.int64)
    sizes = np.zeros(count, np.int64)
    types = np.zeros(count, np.uint8)
    back = np.zeros(count, np.int64)
    named: dict[int, bytes] = {}
    # Once: fresh memory costs more than reading. Of a pack that is cut short some offsets are beyond its end.
    space = np.zeros(min(_STEP, int(offsets.max())) + _LONGEST_HEADER, np.uint8)
    with path.open("rb", buffering=0) as file:
        first = 0
        while first < count:
            begin = int(offsets[first])
            last = int(np.searchsorted(offsets[:count], begin + _STEP))
            file.seek(begin)
            data = space[: int(offsets[last - 1]) - begin + _LONGEST_HEADER]
            got, part = 1, 0
            while got and part < len(data):
                got = file.readinto(data.data[part:]) or 0
                part += got
            data[part:] = 0
            chunk = slice(first, last)
            at = offsets[chunk] - begin
            types[chunk], sizes[chunk], at = _sizes(data, at)
            deltas = np.flatnonzero(types[chunk] == OFS_DELTA)
            back[first + deltas], at[deltas] = _distances(data, at[deltas])
            for number in np.flatnonzero(types[chunk] == REF_DELTA):
                named[first + int(number)] = data[at[number] : at[number] + hash_size].tobytes()
                at[number] += hash_size
            starts[chunk] = at + begin
            first = last
    return link(path, oids, offsets, starts, sizes, types, back, named)


def _sizes(data: Bytes, at: Ints) -> tuple[Bytes, Ints, Ints]:
    """Type and size of the entries that begin at `at`, and where those headers end."""
    byte = data[at]
    types = ((byte >> 4) & 7).astype(np.uint8)
    sizes = (byte & 15).astype(np.int64)
    at = at + 1
    going = np.flatnonzero(byte & 128)
    for shift in range(4, 60, 7):
        if not len(going):
            break
        byte = data[at[going]]
        sizes[going] |= (byte & 127).astype(np.int64) << shift
        at[going] += 1
        going = going[(byte & 128) != 0]
    return types, sizes, at


def _distances(data: Bytes, at: Ints) -> tuple[Ints, Ints]:
    """How far before itself the base of each delta lies whose distance is written at `at`, and where that ends."""
    at = at.copy()
    byte = data[at]
    back = (byte & 127).astype(np.int64)
    at += 1
    going = np.flatnonzero(byte & 128)
    for _ in range(8):
        if not len(going):
            break
        byte = data[at[going]]
        back[going] = ((back[going] + 1) << 7) | (byte & 127)
        at[going] += 1
        going = going[(byte & 128) != 0]
    return back, at


def link(  # noqa: PLR0913, PLR0917  # the columns of one table
    path: Path,
    oids: Bytes,
    offsets: Ints,
    starts: Ints,
    sizes: Ints,
    types: Bytes,
    back: Ints,
    named: dict[int, bytes],
) -> Pack:
    """Find each delta's base (`back` bytes before it, or `named` by id), the root of its chain, and what is wrong."""
    count = len(starts)
    bases = np.full(count, -1, np.int32)
    broken: dict[int, str] = {}
    near = np.flatnonzero(types == OFS_DELTA)
    wanted = offsets[near] - back[near]
    found = _places(offsets[:count], wanted)
    right = (found < count) & (back[near] > 0) & (offsets[np.minimum(found, max(count - 1, 0))] == wanted)
    bases[near[right]] = found[right]
    broken.update(dict.fromkeys(near[~right].tolist(), "its delta base is not where it should be"))
    foreign: dict[int, bytes] = {}
    if named:
        places = {oid.tobytes(): number for number, oid in enumerate(oids)}
        for number, oid in named.items():
            base = places.get(oid)
            if base is None:
                foreign[number] = oid
            else:
                bases[number] = base
    beyond = (starts > offsets[1:]) | (starts >= offsets[-1])
    broken.update(dict.fromkeys(np.flatnonzero(beyond).tolist(), "the pack ends before it"))
    unknown = np.flatnonzero((types == 0) | (types == 5))
    broken.update(dict.fromkeys(unknown.tolist(), "its header is damaged"))
    lying = np.flatnonzero(sizes > _MOST_INFLATED * (np.maximum(offsets[1:] - starts, 0) + 1))
    broken.update(dict.fromkeys(lying.tolist(), "its size is not what its header says"))
    roots = np.where(bases < 0, np.arange(count, dtype=np.int32), bases)
    for _ in range(max(1, count.bit_length())):
        further = roots[roots]
        if (further == roots).all():
            break
        roots = further
    kinds = np.where(types <= TAG, types, 0)[roots].astype(np.uint8)
    circle = np.flatnonzero(bases[roots] >= 0)
    broken.update(dict.fromkeys(circle.tolist(), "its delta chain goes in a circle"))
    kinds[circle] = 0
    if broken:
        hurt = np.isin(roots, np.array(list(broken), np.int32)) & (kinds == 0)
        for number in np.flatnonzero(hurt).tolist():  # the others are met on the way down from their roots
            broken.setdefault(number, "its delta base cannot be read")
    return Pack(path, oids, offsets, starts, sizes, kinds, bases, roots, foreign, broken)


def _places(ordered: Ints, wanted: Ints) -> Ints:
    """`np.searchsorted`, which takes half the time if what it looks for is in order, too."""
    order = np.argsort(wanted)
    found = np.empty(len(wanted), np.int64)
    found[order] = np.searchsorted(ordered, wanted[order])
    return found


def object_id(kind: int, data: bytes, hash_size: int) -> str:
    """The id of an object, in hex."""
    digest = hashlib.sha1 if hash_size == 20 else hashlib.sha256  # git's own
    return digest(f"{KINDS[kind]} {len(data)}".encode() + b"\0" + data).hexdigest()
