"""Where in a content it is worth looking: the places of anchors in groups, and what groups seen before gave.

Versions of one file are alike: what a group of places gives depends on its surroundings alone, so that the same
surroundings give the same. One detector remembers that between contents, by hashes.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from leakscan.model import Candidate

# What is read round a place: enclosing brackets and sections before it, a base64 run, what follows a value.
LEFT, RIGHT = 4_200, 2_400
_DELIMITERS = (b"\t", b",", b";", b"|")
_MOST_REGIONS = 300
_MOST_KEPT = 300_000
_FAR = 13  # lines: from here on it does not matter how far a SID stands from a secret


class Region(NamedTuple):
    """A group of places: the first and the last offset, and a hash of all that bears on it; 0 if that is too much."""

    first: int
    last: int
    key: int


# Spans that are counted from a region's first place, with what stands there.
Outcome = tuple[tuple[int, int, Candidate], ...]


class Memory:
    """What regions gave, by their keys."""

    def __init__(self) -> None:
        self._outcomes: dict[int, Outcome] = {}

    def recall(self, regions: Sequence[Region]) -> list[tuple[int, int, Candidate]] | None:
        """The spans in a content with these regions, each with what was found there; None unless all are known."""
        found = []
        for region in regions:
            outcome = self._outcomes.get(region.key) if region.key else None
            if outcome is None:
                return None
            found += [(region.first + start, region.first + end, candidate) for start, end, candidate in outcome]
        return found

    def keep(self, regions: Sequence[Region], spans: Sequence[tuple[int, int, Candidate]]) -> None:
        """Remember what a content's regions gave."""
        if len(self._outcomes) > _MOST_KEPT:
            return
        lasts = [region.last for region in regions]
        by_region: dict[int, list[tuple[int, int, Candidate]]] = {}
        for start, end, candidate in spans:
            # A match begins before its place and ends not far behind it; regions are further apart than that.
            index = min(bisect_left(lasts, start), len(regions) - 1)
            first = regions[index].first
            by_region.setdefault(index, []).append((start - first, end - first, candidate))
        for index, region in enumerate(regions):
            if region.key:
                self._outcomes[region.key] = tuple(by_region.get(index, ()))


def regions(
    data: bytes, places: Mapping[str, list[int]], speaking: Sequence[str], mentions: str, apart: int
) -> list[Region]:
    """The places in `data` in groups at least `apart` bytes from each other, from left to right.

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
    sids = sorted(end for name in speaking for end in places.get(name, ()))
    return [Region(first, last, _key(data, first, last, sids, mentions)) for first, last in groups]


def _key(data: bytes, first: int, last: int, sids: list[int], mentions: str) -> int:
    begin, end = max(0, first - LEFT), last + RIGHT
    around = data[begin:end]
    lines = around.count(b"\n")
    if begin and any(around.count(delimiter) > lines for delimiter in _DELIMITERS):
        return 0  # it may be a table, whose header stands further up
    near: tuple[int, ...] = ()
    if sids:
        left, right = bisect_left(sids, begin), bisect_left(sids, end)
        before = min(_FAR, data.count(b"\n", sids[left - 1], first)) if left else -1
        after = min(_FAR, data.count(b"\n", last, sids[right])) if right < len(sids) else -1
        near = (before, after)
    return hash((around, mentions, near, begin == 0, end > len(data))) or 1
