"""When a value came to a path, when it left, and from where it can be seen: worked out on the graph of commits.

A commit brings a value to a path if it stands there in the commit and in none of its parents; it takes it away if it
stood there in all of them (a merge also: if it drops what one side has and no commit of the other side dropped).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
_BITS = 512


@dataclass(frozen=True, eq=False)
class Commits:
    """The commits of a repository by number: ids, trees (by number), times in seconds, and the edges to parents.

    `child` and `parent` are the two ends of each edge; parents that are not there (a shallow clone) have none.
    """

    ids: tuple[bytes, ...]
    trees: Ints
    times: Ints
    child: Ints
    parent: Ints
    numbers: Mapping[bytes, int]
    tree_numbers: Mapping[bytes, int] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[bytes, bytes, tuple[bytes, ...], int]]) -> "Commits":
        """From each commit's id, tree, parents and time."""
        known = {row[0]: row for row in rows}
        numbers = {oid: number for number, oid in enumerate(known)}
        tree_numbers: dict[bytes, int] = {}
        trees = [tree_numbers.setdefault(row[1], len(tree_numbers)) for row in known.values()]
        edges = [
            (number, numbers[parent])
            for number, row in enumerate(known.values())
            for parent in row[2]
            if parent in numbers
        ]
        table = np.array(edges, np.int64).reshape(-1, 2)
        times = np.array([row[3] for row in known.values()], np.int64)
        made = cls(tuple(known), np.array(trees, np.int64), times, table[:, 0], table[:, 1], numbers, tree_numbers)
        return made if len(made.oldest_first) == len(made) else made._without_circles()

    def _without_circles(self) -> "Commits":
        """The same with no parents for commits that come before themselves: an index that lies can name such."""
        sane = np.zeros(len(self), bool)
        sane[self.oldest_first] = True
        kept = sane[self.child]
        return replace(self, child=self.child[kept], parent=self.parent[kept])

    def __len__(self) -> int:
        return len(self.ids)

    def age(self, number: int) -> tuple[int, bytes]:
        """What commits are ordered by, oldest first, in whichever order they were read."""
        return int(self.times[number]), self.ids[number]

    @cached_property
    def parents(self) -> list[list[int]]:
        """The numbers of each commit's parents."""
        found: list[list[int]] = [[] for _ in self.ids]
        for child, parent in zip(self.child.tolist(), self.parent.tolist(), strict=True):
            found[child].append(parent)
        return found

    @cached_property
    def oldest_first(self) -> list[int]:
        """All commits, each behind its parents."""
        waiting = np.bincount(self.child, minlength=len(self)).tolist()
        children: list[list[int]] = [[] for _ in self.ids]
        for child, parent in zip(self.child.tolist(), self.parent.tolist(), strict=True):
            children[parent].append(child)
        order = [number for number, count in enumerate(waiting) if not count]
        for number in order:
            for child in children[number]:
                waiting[child] -= 1
                if not waiting[child]:
                    order.append(child)
        return order


class Interval(NamedTuple):
    """One stay of a value at a path: the commit that brought it, the one that took it away, and all that had it.

    `bringing` are all that brought it, on several branches that were merged: `brought` is the one to tell of.
    """

    brought: int
    removed: int | None
    standing: Mask
    bringing: tuple[int, ...] = ()


def reached(commits: Commits, tips: Ints) -> Mask:
    """Which commits are in the history of the `tips`."""
    found = np.zeros(len(commits), bool)
    waiting = tips.tolist()
    while waiting:
        number = waiting.pop()
        if not found[number]:
            found[number] = True
            waiting += commits.parents[number]
    return found


def intervals(commits: Commits, standing: Mask, tips: Ints, within: Mask) -> list[Interval]:
    """The stays of a value that stands (`standing`) in some of the commits, oldest first.

    `tips` are those that refs name, and `within` tells which commits these reach.
    """
    in_parent = np.zeros(len(commits), bool)
    in_parent[commits.child[standing[commits.parent]]] = True
    brought = np.flatnonzero(standing & ~in_parent)
    if not len(brought):
        return []
    missing_in_parent = np.zeros(len(commits), bool)
    missing_in_parent[commits.child[~standing[commits.parent]]] = True
    gone = ~standing & in_parent
    groups = [standing] if len(brought) == 1 else _connected(commits, standing, brought)
    found = []
    for group in groups:
        bringing = sorted(brought[group[brought]].tolist(), key=commits.age)
        first = next((number for number in bringing if within[number]), bringing[0])
        removed = None if group[tips].any() else _removed(commits, group, gone, missing_in_parent, within)
        found.append(Interval(first, removed, group, tuple(bringing)))
    return sorted(found, key=lambda stay: commits.age(stay.brought))


def _removed(commits: Commits, group: Mask, gone: Mask, missing_in_parent: Mask, within: Mask) -> int | None:
    """The last commit that took a value away: one of a merge's sides before the merge itself."""
    leaving = np.unique(commits.child[group[commits.parent] & gone[commits.child]])
    if not len(leaving):
        return None
    told = leaving[within[leaving]] if within[leaving].any() else leaving
    surely = told[~missing_in_parent[told]]
    last: list[int] = (surely if len(surely) else told).tolist()
    return max(last, key=commits.age)


def _connected(commits: Commits, standing: Mask, brought: Ints) -> list[Mask]:
    """The commits that have the value in groups that hang together."""
    inside = standing[commits.child] & standing[commits.parent]
    one, other = commits.child[inside], commits.parent[inside]
    label = np.arange(len(commits))
    while True:
        least = np.minimum(label[one], label[other])
        before = label.copy()
        np.minimum.at(label, before[one], least)
        np.minimum.at(label, before[other], least)
        label = label[label]
        if (label == before).all():
            break
    return [standing & (label == group) for group in np.unique(label[brought])]


def holders(commits: Commits, wanted: Sequence[int], tips: Mapping[str, int]) -> dict[int, tuple[str, ...]]:
    """For each wanted commit the refs (names of `tips`) whose history holds it, sorted."""
    found: dict[int, tuple[str, ...]] = {}
    lists: dict[tuple[str, ...], tuple[str, ...]] = {}  # each once, however many commits have it
    distinct = sorted(set(wanted))
    for begin in range(0, len(distinct), _BITS):
        part = distinct[begin : begin + _BITS]
        bits = {number: 1 << place for place, number in enumerate(part)}
        masks = [0] * len(commits)
        for number in commits.oldest_first:
            mask = bits.get(number, 0)
            for parent in commits.parents[number]:
                mask |= masks[parent]
            masks[number] = mask
        by_mask: dict[int, list[str]] = {}
        for name, tip in tips.items():
            by_mask.setdefault(masks[tip], []).append(name)
        for number, bit in bits.items():
            names = tuple(sorted(name for mask, names in by_mask.items() if mask & bit for name in names))
            found[number] = lists.setdefault(names, names)
    return found
