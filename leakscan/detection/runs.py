"""How wide patterns are; and anchors that are runs of letters of one class: where those end."""

import re
import sys
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

# The widest run of the one family that has several.
ANY_RUN = "/any-run"
_MOST_STRETCHES, _LONG_STRETCH = 1 << 15, 200
_PART = 64 * 1024
# An anchor of this form is a run of letters of one class: its least length and its most, if there is one; or its
# length, and in front groups that say what else it has to be.
_RUN = re.compile(r"(?P<letters>\[[^\]]+\])\{(?P<least>\d+),(?P<most>\d*)\}")
_FITTING_RUN = re.compile(r"(?P<fitting>(?:\(\?.+\)\??)+)(?P<letters>\[[^\]]+\])\{(?P<least>\d+)\}")


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

    @property
    def piece(self) -> str:
        """A pattern that occurs wherever such a run does, and is found fast."""
        return f"{self.class_}{{{self.least}}}"

    def fits(self, text: bytes, start: int, end: int) -> bool:
        """Whether a run in a text, which is long enough, is not too long, and fits."""
        return end - start <= self.most and (
            self.fitting is None or self.fitting.fullmatch(text, start, end) is not None
        )


class Family(NamedTuple):
    """Runs that are looked for together: one has the letters of all, and `widest` is wherever any of them is."""

    widest: Run
    runs: tuple[Run, ...]


def families(runs: Collection[Run]) -> list[Family]:
    """The families of some runs: `ANY_RUN` is the widest of those whose letters one without an end has, if any has."""
    endless = [each for each in runs if each.most == sys.maxsize]
    most = max(endless, key=lambda each: len(each.letters), default=None)
    covered = tuple(each for each in runs if most and set(each.letters) <= set(most.letters))
    alone = [Family(each, (each,)) for each in runs if each not in covered]
    if most is None:
        return alone
    return [Family(most._replace(name=ANY_RUN, least=min(each.least for each in covered)), covered), *alone]


class RunFinder:
    """Finds where the runs of a family end."""

    def __init__(self, family: Family, occurs: Callable[[bytes], bool]) -> None:
        """Take the family, and what tells fast whether the widest run occurs in a part of a large text.

        What is in a stretch of letters is remembered, as the same ones stand in text after text.
        """
        self._widest, self._runs = family
        self._occurs = occurs
        self._outlines = {run.name: outline(run.letters) for run in (self._widest, *self._runs)}
        self._other = re.compile(b"[^" + re.escape(self._widest.letters) + b"]")
        self._in_short_stretch = lru_cache(maxsize=_MOST_STRETCHES)(self._in_stretch)

    def ends(self, data: bytes, names: Collection[str]) -> dict[str, list[int]]:
        """One behind the ends of the runs of these names in `data`, in order; a run without any is not among them."""
        found: dict[str, list[int]] = {}
        for begin, part in [(0, data)] if len(data) <= _PART else self._parts(data):
            for start, end in stretches(part, self._outlines[self._widest.name], self._widest.least):
                in_stretch = self._in_short_stretch if end - start < _LONG_STRETCH else self._in_stretch
                for name, at in in_stretch(part[start - 1 : end] if start else b"\n" + part[:end]):
                    found.setdefault(name, []).append(begin + start + at)
        return {name: ends for name, ends in found.items() if name in names}

    def _parts(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """The parts of `data` in which there are runs, with their offsets; no run is cut."""
        begin = 0
        while begin < len(data):
            cut = self._other.search(data, begin + _PART)
            end = cut.start() if cut else len(data)
            part = data[begin:end]
            if self._occurs(part):
                yield begin, part
            begin = end

    def _in_stretch(self, framed: bytes) -> tuple[tuple[str, int], ...]:
        """The runs in a stretch of the family's letters, and what is before it, by name and by where they end."""
        return tuple(
            (run.name, end)
            for run in self._runs
            for start, end in stretches(framed, self._outlines[run.name], run.least)
            if run.fits(framed, start, end)
        )


def outline(letters: bytes) -> bytes:
    """A table for `stretches`: these letters and all others."""
    return bytes(ord("x") if code in letters else ord(".") for code in range(256))


def stretches(data: bytes, table: bytes, least: int) -> Iterator[tuple[int, int]]:
    """Where `least` or more of the letters of an outline stand together: far faster than a pattern tells."""
    text = data.translate(table) + b"."
    start = text.find(b"x" * least)
    while start >= 0:
        end = text.index(b".", start)
        yield start, end
        start = text.find(b"x" * least, end)
