"""Anchors that are runs of letters of one class: where such runs end, of the ends of all their pieces."""

import re
import sys
from typing import NamedTuple

from leakscan.detection.rules import widest

# An anchor of this form is a run of letters of one class: its least length and its most, if there is one; or its
# length, and in front groups that say what else it has to be.
_RUN = re.compile(r"(?P<letters>\[[^\]]+\])\{(?P<least>\d+),(?P<most>\d*)\}")
_FITTING_RUN = re.compile(r"(?P<fitting>(?:\(\?.+\)\??)+)(?P<letters>\[[^\]]+\])\{(?P<least>\d+)\}")
# With more matches than this a content is one of many runs.
_FEW = 1_500
MANY = "/many"


def as_run(pattern: str) -> re.Match[str] | None:
    """The parts of an anchor that is a run; None for any other."""
    return _RUN.fullmatch(pattern) or _FITTING_RUN.fullmatch(pattern)


class Run(NamedTuple):
    """An anchor that is a run: the bytes that it may hold, its least and greatest length, and what it has to fit."""

    name: str
    class_: str
    letters: bytes
    least: int
    most: int
    fitting: re.Pattern[bytes] | None

    @classmethod
    def of(cls, name: str, pattern: str) -> "Run | None":
        """The run that an anchor's pattern describes, if it does."""
        found = as_run(pattern)
        if found is None:
            return None
        class_, least = found["letters"], int(found["least"])
        letters = b"".join(re.findall(class_.encode(), bytes(range(256)), re.DOTALL))
        if found.re is _RUN:
            return cls(name, class_, letters, least, int(found["most"] or sys.maxsize), None)
        return cls(name, class_, letters, least, widest(pattern), re.compile(pattern.encode()))

    def patterns(self) -> dict[str, str]:
        """The patterns that it is looked for with, by names: each piece of the least length, or where a run ends."""
        piece = f"{self.class_}{{{self.least}}}"
        return {self.name: piece, self.name + MANY: f"{piece}[^{self.class_[1:]}"}

    def fits(self, data: bytes, end: int) -> bool:
        """Whether the run that ends at an offset, and is long enough, is not too long, and fits."""
        before = data[max(0, end - self.most - 1) : end]
        length = len(before) - len(before.rstrip(self.letters))
        if length > self.most:
            return False
        return self.fitting is None or self.fitting.fullmatch(data, end - length, end) is not None


def append_few(_number: int, _start: int, end: int, _flags: int, seen: list[int]) -> bool:
    """Note where a match ends, until there are too many: then true, which stops the scan."""
    seen.append(end)
    return len(seen) > _FEW


def last_ends(ends: list[int]) -> list[int]:
    """Where runs end, of the ends of all their pieces that are long enough."""
    following = [*ends[1:], -1]
    return [end for end, after in zip(ends, following, strict=False) if after != end + 1]
