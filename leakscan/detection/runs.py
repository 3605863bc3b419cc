"""How wide patterns are; and anchors that are runs of letters of one class: where those end."""

import re
import sys
from collections.abc import Callable, Collection
from typing import NamedTuple

# An anchor of this form is a run of letters of one class: its least length and its most, if there is one; or its
# length, and in front groups that say what else it has to be.
_RUN = re.compile(r"(?P<letters>\[[^\]]+\])\{(?P<least>\d+),(?P<most>\d*)\}")
_FITTING_RUN = re.compile(r"(?P<fitting>(?:\(\?.+\)\??)+)(?P<letters>\[[^\]]+\])\{(?P<least>\d+)\}")
# Another way to look for a run, where so many pieces of runs are in a text: more than one in so many bytes of it.
MANY = "/many"
_BYTES_A_PIECE = 100
_LEAST_PIECES, _MOST_PIECES = 100, 2_000


def widest(pattern: str) -> int:
    """The most characters that a pattern can match."""
    from re import _parser  # type: ignore[attr-defined]  # the one place that knows

    most: int = _parser.parse(pattern).getwidth()[1]
    return most


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
        """The patterns that it is looked for with, by names: each piece of the least length, or a whole run's end.

        The former is found faster, the latter has fewer matches in a text of many runs or long ones.
        """
        piece, others = f"{self.class_}{{{self.least}}}", f"[^{self.class_[1:]}"
        if self.most == sys.maxsize:
            return {self.name: piece, self.name + MANY: piece + others}
        return {self.name: piece, self.name + MANY: f"{others}{self.class_}{{{self.least},{self.most}}}{others}"}

    def fits(self, before: bytes) -> bool:
        """Whether the run at the end of a text, and that is long enough, is not too long, and fits.

        Of the text `seen` bytes are needed: names stand in it again and again, and may be asked about once.
        """
        length = len(before) - len(before.rstrip(self.letters))
        if length > self.most:
            return False
        return self.fitting is None or self.fitting.fullmatch(before, len(before) - length) is not None

    @property
    def seen(self) -> int:
        """How many bytes before an end tell whether a run fits."""
        return self.most + 1


def covering(runs: Collection[Run]) -> tuple[str, frozenset[str]]:
    """A pattern that occurs wherever one of several runs does, and their names: runs of letters that one of them has.

    Most texts have none of them, and that is told in a third of the time.
    """
    endless = [each for each in runs if each.most == sys.maxsize]
    widest = max(endless, key=lambda each: len(each.letters), default=None)
    if widest is None:
        return "", frozenset()
    covered = [each for each in runs if set(each.letters) <= set(widest.letters)]
    return f"{widest.class_}{{{min(each.least for each in covered)}}}", frozenset(each.name for each in covered)


def appending(ends: list[int], size: int) -> Callable[..., bool]:
    """What notes in `ends` where matches in `size` bytes end, and stops the scan where there are too many."""
    most = min(max(_LEAST_PIECES, size // _BYTES_A_PIECE), _MOST_PIECES)

    def append(_number: int, _start: int, end: int, _flags: int, _context: object) -> bool:
        ends.append(end)
        return len(ends) > most

    return append


def last_ends(ends: list[int]) -> list[int]:
    """Where runs end, of the ends of all their pieces that are long enough."""
    following = [*ends[1:], -1]
    return [end for end, after in zip(ends, following, strict=False) if after != end + 1]
