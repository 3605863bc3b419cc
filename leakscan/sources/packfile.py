"""The fast path through a pack: each delta chain from its root down, a base resolved once and used while in cache."""

import mmap
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from dulwich.errors import ApplyDeltaError
from dulwich.pack import apply_delta

from leakscan.sources.deltas import target_size
from leakscan.sources.entries import Broken, Entry, Large, Read
from leakscan.sources.inflating import InflateError, zlib
from leakscan.sources.packindex import BLOB, Ints, Pack

# The largest object that is held in memory, and the most that the bases of one chain may hold together, in bytes.
LARGEST = 512 * 1024 * 1024
_HELD = 2 * LARGEST
# A blob of this size that nothing is made from is streamed.
STREAMED = 32 * 1024 * 1024
# Up to here an entry's stream may lie about its size: it cannot inflate to more than about a thousand times this.
_TRUSTED = 64 * 1024
# How many bytes of a pack may stay mapped; the pages read are given back now and then.
_MAPPED = 96 * 1024 * 1024


class _Members(NamedTuple):
    """Some objects of a pack as plain lists, which a loop reads fastest; `roots` and `children` are places in them."""

    numbers: list[int]
    starts: list[int]
    ends: list[int]
    sizes: list[int]
    roots: list[int]
    children: list[list[int]]

    @classmethod
    def of(cls, pack: Pack, members: Ints) -> "_Members":
        """The objects `members` of a pack."""
        numbers = members.tolist()
        places = {number: place for place, number in enumerate(numbers)}
        children: list[list[int]] = [[] for _ in numbers]
        roots = []
        for place, base in enumerate(pack.bases[members].tolist()):
            if base < 0:
                roots.append(place)
            else:
                children[places[base]].append(place)
        ends = pack.offsets[members + 1].tolist()
        return cls(numbers, pack.starts[members].tolist(), ends, pack.sizes[members].tolist(), roots, children)

    def all_broken(self, place: int, message: str) -> Iterator[Broken]:
        """An object that cannot be read, and all that is made from it."""
        yield Broken(self.numbers[place], message)
        rest = list(self.children[place])
        while rest:
            place = rest.pop()
            yield Broken(self.numbers[place], "its delta base cannot be read")
            rest += self.children[place]


class PackFile:
    """A pack opened for reading; forgets now and then what it has mapped, so that memory stays bounded."""

    def __init__(self, pack: Pack) -> None:
        """Map the pack. Raises OSError or ValueError (an empty file)."""
        self._pack = pack
        with pack.path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._view = memoryview(self._map)
        self._touched = 0

    def close(self) -> None:
        """Unmap the pack."""
        self._view.release()
        self._map.close()

    def chains(self, members: Ints) -> Iterator[Read]:
        """The objects `members` (whole chains, each object behind its root), depth first."""
        found = _Members.of(self._pack, members)
        self._count(sum(found.ends) - sum(found.starts))
        yield from self._depth_first(found)

    def texts(self, members: Ints) -> Iterator[Read]:
        """The objects `members`, small ones of which few are deltas, in no order."""
        roots = self._pack.roots[members]
        borders = np.concatenate(([True], roots[1:] != roots[:-1], [True]))
        alone = borders[:-1] & borders[1:]
        single = members[alone]
        for number, data in zip(single.tolist(), self.streams(single), strict=True):
            yield data if isinstance(data, Broken) else Entry(number, data)
        yield from self.chains(members[~alone])

    def streams(self, members: Ints) -> list[bytes | Broken]:
        """What the entries of `members` hold, no delta being applied."""
        pack = self._pack
        numbers = members.tolist()
        starts, sizes = pack.starts[members].tolist(), pack.sizes[members].tolist()
        ends = pack.offsets[members + 1].tolist()
        self._count(sum(ends) - sum(starts))
        view, inflate = self._view, zlib.decompress
        if not pack.broken and max(map(int.__sub__, ends, starts), default=0) <= _TRUSTED:
            try:
                found: list[bytes | Broken] = [
                    inflate(view[start:end], 15, size + 1) for start, end, size in zip(starts, ends, sizes, strict=True)
                ]
            except InflateError:
                found = []
            if [len(data) for data in found if isinstance(data, bytes)] == sizes:
                return found
        return [
            self._inflated(number, start, end, size)
            for number, start, end, size in zip(numbers, starts, ends, sizes, strict=True)
        ]

    def _depth_first(self, members: _Members) -> Iterator[Read]:  # the hot loop
        """Walk each chain from its root down; a base is let go as its last child is taken up."""
        pack, children, numbers = self._pack, members.children, members.numbers
        for root in members.roots:
            number, size = numbers[root], members.sizes[root]
            waiting = children[root]
            if size > STREAMED and not waiting and number not in pack.broken and pack.kinds[number] == BLOB:
                yield Large(number)
                continue
            read = self._inflated(number, members.starts[root], members.ends[root], size)
            if isinstance(read, Broken):
                yield from members.all_broken(root, read.message)
                continue
            yield Entry(number, read)
            stack = [(read, number, waiting[::-1])] if waiting else []
            held = len(read)
            while stack:
                base, base_number, waiting = stack[-1]
                place = waiting.pop()
                if not waiting:
                    stack.pop()
                    held -= len(base)
                number = numbers[place]
                made = self._made(number, members.starts[place], members.ends[place], members.sizes[place], base)
                if isinstance(made, Broken):
                    yield from members.all_broken(place, made.message)
                    continue
                delta, data = made
                yield Entry(number, data, base_number, delta)
                waiting = children[place]
                if waiting and held + len(data) > _HELD:
                    for child in waiting:
                        yield from members.all_broken(child, _TOO_LARGE)
                elif waiting:
                    held += len(data)
                    stack.append((data, number, waiting[::-1]))

    def _made(self, number: int, start: int, end: int, size: int, base: bytes) -> tuple[bytes, bytes] | Broken:
        """One delta, and what it makes of its base."""
        try:
            if end - start > _TRUSTED or number in self._pack.broken:
                delta = self._inflated(number, start, end, size)
                if isinstance(delta, Broken):
                    return delta
            else:
                delta = zlib.decompress(self._view[start:end], 15, size + 1)
            if len(delta) != size:
                return Broken(number, _WRONG_SIZE)
            if size * len(base) > LARGEST and target_size(delta) > LARGEST:
                return Broken(number, _TOO_LARGE)
            parts = apply_delta(base, delta)
            return delta, parts[0] if len(parts) == 1 else b"".join(parts)
        except (InflateError, ApplyDeltaError, IndexError, MemoryError) as error:
            return Broken(number, _says(error))

    def _inflated(self, number: int, start: int, end: int, size: int) -> bytes | Broken:
        """One entry's bytes, never more than its header says."""
        if number in self._pack.broken:
            return Broken(number, self._pack.broken[number])
        if size > LARGEST:
            return Broken(number, _TOO_LARGE)
        try:
            if end - start <= _TRUSTED:
                data = zlib.decompress(self._view[start:end], 15, size + 1)
            else:
                stream = zlib.decompressobj(15)
                data = stream.decompress(self._view[start:end], size + 1)
                if len(data) == size and not stream.eof:  # only the checksum is left to be read
                    data += stream.decompress(stream.unconsumed_tail, 1)
                if not stream.eof and len(data) <= size:
                    return Broken(number, "the pack ends in the middle of it")
        except (InflateError, MemoryError) as error:
            return Broken(number, _says(error))
        return data if len(data) == size else Broken(number, _WRONG_SIZE)

    def pieces(self, number: int, step: int) -> Iterator[bytes]:
        """The bytes of an object that is no delta, at most `step` at a time. Raises ValueError that says why not."""
        pack = self._pack
        stream = zlib.decompressobj(15)
        left = int(pack.sizes[number])
        at, end = int(pack.starts[number]), int(pack.offsets[number + 1])
        data: bytes | memoryview = b""
        while left > 0:
            if not data:
                data = self._view[at : min(at + step, end)]  # not all at once: what is left is copied each time
                at += len(data)
                self._count(len(data))
            ends = not data
            try:
                piece = stream.decompress(data, min(step, left))
            except InflateError as error:
                raise ValueError(_says(error)) from None
            data = stream.unconsumed_tail
            left -= len(piece)
            if piece:
                yield piece
            elif stream.eof:
                raise ValueError(_WRONG_SIZE)
            elif ends:
                raise ValueError("the pack ends in the middle of it")

    def resolve(self, number: int) -> bytes:
        """One object's bytes, through its delta chain. Raises ValueError that says why not."""
        pack = self._pack
        chain = [number]
        while pack.bases[chain[-1]] >= 0 and len(chain) <= len(pack):
            chain.append(int(pack.bases[chain[-1]]))
        data = b""
        for link in reversed(chain):
            part = self._inflated(link, int(pack.starts[link]), int(pack.offsets[link + 1]), int(pack.sizes[link]))
            if isinstance(part, Broken):
                raise ValueError(part.message)  # noqa: TRY004  # not a matter of types
            if link == chain[-1]:
                data = part
                continue
            try:
                if target_size(part) > LARGEST:
                    raise ValueError(_TOO_LARGE)
                data = b"".join(apply_delta(data, part))
            except (ApplyDeltaError, IndexError, MemoryError) as error:
                raise ValueError(_says(error)) from None
        return data

    def _count(self, touched: int) -> None:
        self._touched += touched
        if self._touched > _MAPPED and hasattr(self._map, "madvise"):
            self._touched = 0
            self._map.madvise(mmap.MADV_DONTNEED)


_WRONG_SIZE = "its size is not what its header says"
_TOO_LARGE = f"it needs more than {LARGEST >> 20} MiB of memory"


def _says(error: BaseException) -> str:
    if isinstance(error, ApplyDeltaError | IndexError):
        return "its delta does not fit its base"
    return "out of memory" if isinstance(error, MemoryError) else "its compressed data is damaged"
