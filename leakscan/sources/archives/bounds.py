"""What an archive may take: bounds, how much of them is used up, and what is raised where one is reached."""

import time
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

Read: TypeAlias = Callable[[int], bytes]


class Bounds(NamedTuple):
    """How far an archive is opened.

    `depth`: archives in each other. For one that is in no other, with all that is in it: `entries`, `total` unpacked
    bytes, and `seconds`. `held`: bytes of an archive in an archive, or of another member that must be whole in memory
    to be read. `ratio`: how many bytes each packed byte of a member may become, from `free` unpacked bytes on.
    """

    depth: int = 8
    entries: int = 100_000
    total: int = 1 << 30
    held: int = 256 << 20
    ratio: int = 200
    free: int = 32 << 20
    seconds: float = 60.0


class Refused(Exception):  # noqa: N818  # not always an error
    """A member that is not read, or not to its end; says why in words of our own, never in an archive's."""


class Exhausted(Refused):
    """A bound on the whole archive is reached: nothing more of it is read. `where` is the member reached."""

    where: str | None = None


def size(count: int) -> str:
    """A number of bytes in words."""
    return f"{count >> 20:,} MiB" if count >= 1 << 20 else f"{count:,} bytes"


class Budget:
    """The bounds of one archive that is in no other, and how much of them is used up.

    `suspects` tells whether text, of which blanks may be missing, could hold anything that is looked for: what is
    dear to work out is, if so.
    """

    def __init__(self, bounds: Bounds, suspects: Callable[[bytes], bool] | None = None) -> None:
        self.bounds = bounds
        self.suspects = suspects or (lambda _text: True)
        self._entries = 0
        self._unpacked = 0
        self._deadline = time.monotonic() + bounds.seconds

    def enter(self) -> None:
        """Count an entry. Raises Exhausted."""
        self._entries += 1
        if self._entries > self.bounds.entries:
            raise Exhausted(f"the archive has more than {self.bounds.entries:,} entries; the rest was not scanned")
        self.tick()

    def tick(self) -> None:
        """Look at the clock. Raises Exhausted."""
        if time.monotonic() > self._deadline:
            message = f"the archive took longer than {self.bounds.seconds:g} seconds; the rest was not scanned"
            raise Exhausted(message)

    def late(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self._deadline

    def unpack(self, count: int) -> None:
        """Count unpacked bytes. Raises Exhausted."""
        self._unpacked += count
        if self._unpacked > self.bounds.total:
            unpacked = size(self.bounds.total)
            raise Exhausted(f"the archive unpacks to more than {unpacked}; the rest was not scanned")
        self.tick()

    def meter(self, packed: Callable[[], int]) -> Callable[[int], None]:
        """What counts a member's bytes as they are unpacked; `packed` tells how many packed ones that took so far.

        It raises Exhausted, and Refused where the ratio is out of bounds.
        """
        done = 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            self.unpack(more)
            if done > self.bounds.free and done > self.bounds.ratio * packed():
                ratio = self.bounds.ratio
                raise Refused(f"it unpacks to more than {ratio} times its packed size; the rest of it was not scanned")

        return count

    def metered(self, read: Read, packed: Callable[[], int]) -> Read:
        """`read`, with a meter."""
        count = self.meter(packed)

        def counting(most: int) -> bytes:
            data = read(most)
            count(len(data))
            return data

        return counting
