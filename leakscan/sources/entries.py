"""What a pack gives for an object: its bytes, or why not; and what is new in it against the one it was made from."""

from typing import NamedTuple, TypeAlias

from leakscan.sources.deltas import inserted, insertions

# Finding what a delta inserts pays in large objects with few changes.
_LARGE = 8_000
_WORTH = 40
# Telling what changed pays where a delta is short beside its result, and has few operations: each costs as much as
# looking closely at so many bytes.
_FEW = 25
_LOOKING = 150


class Entry(NamedTuple):
    """One object: its number in the pack and its bytes; the number of its delta base, -1 for none, and the delta."""

    number: int
    data: bytes
    base: int = -1
    delta: bytes = b""

    def fresh(self, margin: int | None) -> bytes:
        """Its bytes that its base does not have, with `margin` bytes round each insertion and seam, run together.

        All of them where it has no base, telling them apart does not pay, or no margin is enough (None).
        """
        data, delta = self.data, self.delta
        if margin is None or not delta or not _LARGE < len(data) > len(delta) * _WORTH:
            return data
        return inserted(delta, data, margin) or data

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
