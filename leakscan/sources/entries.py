"""What a pack gives for an object: its bytes, or why not; and what is new in it against the one it was made from."""

from typing import NamedTuple, TypeAlias

from leakscan.sources.deltas import insertions

# Telling what changed pays where a delta is short beside its result, and has few operations: each costs as much as
# looking closely at so many bytes.
_FEW = 25
_LOOKING = 150


class Entry(NamedTuple):
    """One object: its number in the pack, its bytes, and `fresh`: its bytes that its base does not have.

    `fresh` comes with `margin` bytes round each insertion and seam, run together; it is `data` itself where telling
    them apart does not pay. `base` is the number of the delta base, -1 for none, and `delta` what makes it of that.
    """

    number: int
    data: bytes
    fresh: bytes
    base: int = -1
    delta: bytes = b""

    def changed(self, margin: int) -> list[tuple[int, int]] | None:
        """Where both ends are, all that its base does not have and every seam, with `margin` bytes round each.

        None where it has no base, or telling that apart does not pay.
        """
        size = len(self.data)
        few = 0 < len(self.delta) * _FEW < size
        new = insertions(self.delta, size, margin, _LOOKING) if few else None
        return None if new is None else [(0, min(size, margin)), *new, (max(0, size - margin), size)]


class Broken(NamedTuple):
    """An object that cannot be read, and why."""

    number: int
    message: str


class Large(NamedTuple):
    """A blob that is too large to be held; `pieces` of the pack file streams it."""

    number: int


Read: TypeAlias = Entry | Broken | Large
