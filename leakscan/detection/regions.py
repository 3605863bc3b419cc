"""Where in a content it is worth looking: the places of anchors in groups, and what groups seen before gave.

Versions of one file are alike: what a group of places gives depends on its surroundings alone, so that the same
surroundings give the same. One detector remembers that between contents, by hashes.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from leakscan.model import Candidate

# What is read round a place: enclosing brackets and sections before it, a base64 run, what follows a value.
LEFT, RIGHT = 4_200, 2_400
_DELIMITERS = b"\t,;|"
_MOST_REGIONS = 300
_MOST_KEPT = 300_000
_FAR = 13  # lines: from here on it does not matter how far a SID stands from a secret

# A span of a content with what was found there: a candidate, or the kind of an identifier.
Found = tuple[int, int, Candidate]
Partner = tuple[int, int, str]
_Spans = TypeVar("_Spans", Found, Partner)


class Region(NamedTuple):
    """A group of places: the first and the last offset, and a hash of all that bears on it; 0 if that is too much."""

    first: int
    last: int
    key: int


class Outcome(NamedTuple):
    """What a region gave: candidates, and the identifiers that speak for secrets near them."""

    found: tuple[Found, ...] = ()
    partners: tuple[Partner, ...] = ()


class Memory:
    """What regions gave, by their keys; offsets are counted from a region's first place."""

    def __init__(self) -> None:
        self._outcomes: dict[int, Outcome] = {}

    def recall(self, region: Region) -> Outcome | None:
        """What a region with the same surroundings gave, if one has been seen."""
        known = self._outcomes.get(region.key) if region.key else None
        if known is None or not (known.found or known.partners):
            return known
        return Outcome(tuple(_moved(known.found, region.first)), tuple(_moved(known.partners, region.first)))

    def keep(self, regions: Sequence[Region], found: Iterable[Found], partners: Iterable[Partner]) -> None:
        """Remember what the regions of a content gave."""
        if len(self._outcomes) > _MOST_KEPT:
            return
        lasts = [region.last for region in regions]
        candidates: list[list[Found]] = [[] for _ in regions]
        identifiers: list[list[Partner]] = [[] for _ in regions]
        # A match begins before its place and ends not far behind it; regions are further apart than that.
        for each in found:
            candidates[min(bisect_left(lasts, each[0]), len(regions) - 1)].append(each)
        for other in partners:
            identifiers[min(bisect_left(lasts, other[0]), len(regions) - 1)].append(other)
        for region, own, beside in zip(regions, candidates, identifiers, strict=True):
            if region.key:
                moved = tuple(_moved(own, -region.first)), tuple(_moved(beside, -region.first))
                self._outcomes[region.key] = Outcome(*moved)


def _moved(spans: Iterable[_Spans], by: int) -> list[_Spans]:
    return [(start + by, end + by, what) for start, end, what in spans]


def regions(
    data: bytes, places: Mapping[str, list[int]], speaking: Sequence[str], mentions: str, apart: int
) -> list[Region]:
    """The places in `data` in groups more than `apart` bytes from each other, from left to right.

    `speaking` are the anchors of identifiers, which speak for secrets elsewhere in the content.
    """
    ends = sorted(end for found in places.values() for end in found)
    groups: list[list[int]] = []
    for end in ends:
        if groups and end - groups[-1][1] <= apart:
            groups[-1][1] = end
        else:
            groups.append([end, end])
    if len(groups) > _MOST_REGIONS or len(ends) > 4 * _MOST_REGIONS:
        return [Region(first, last, 0) for first, last in groups]
    sids = sorted(end for name in set(speaking) for end in places.get(name, ()))
    return [Region(first, last, _key(data, first, last, sids, mentions)) for first, last in groups]


def within(places: Mapping[str, list[int]], chosen: list[Region]) -> dict[str, list[int]]:
    """The places that stand in the chosen regions."""
    spans = [(region.first, region.last) for region in chosen]
    return {
        name: inside
        for name, ends in places.items()
        if (
            inside := [
                end for first, last in spans for end in ends[bisect_left(ends, first) : bisect_right(ends, last)]
            ]
        )
    }


def _key(data: bytes, first: int, last: int, sids: list[int], mentions: str) -> int:
    begin, end = max(0, first - LEFT), last + RIGHT
    around = data[begin:end]
    if begin and _may_be_table(data[begin:first]):
        return 0  # its header may stand further up
    near: tuple[int, ...] = ()
    if sids:
        left, right = bisect_left(sids, begin), bisect_left(sids, end)
        before = _lines(data, sids[left - 1], first) if left else -1
        after = _lines(data, last, sids[right]) if right < len(sids) else -1
        near = (before, after)
    return hash((around, mentions, near, begin == 0, end > len(data))) or 1


def _may_be_table(before: bytes) -> bool:
    """Whether some delimiter stands in each of the lines before a place."""
    last = before.rfind(b"\n")
    if last < 0:  # one long line: a header holds no such signs
        return not any(sign in before[:-500] for sign in b"{}=<>:")
    above = before[before.rfind(b"\n", 0, last) + 1 : last]
    if not any(delimiter in above for delimiter in _DELIMITERS):
        return False
    lines = before.split(b"\n")[:0:-1]
    return any(all(delimiter in line for line in lines) for delimiter in _DELIMITERS)


def _lines(data: bytes, begin: int, end: int) -> int:
    """The number of line ends between two offsets, as far as that matters."""
    near = data.count(b"\n", begin, min(end, begin + 800))
    return min(_FAR, near if near >= _FAR else data.count(b"\n", begin, min(end, begin + 100_000)))
