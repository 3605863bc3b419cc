"""When a value came and went, and which refs lead to it, on small graphs of commits."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.analysis.provenance import Commits, holders, intervals, reached

# Each commit by its name, with its parents' names; the order of writing is that of time.
Graph = Mapping[str, str]


class Seen(NamedTuple):
    """A stay as tests write it down."""

    brought: str
    removed: str | None
    standing: str


def commits(graph: Graph) -> Commits:
    """A graph whose commits are named by one letter each, and which has each in the second of its place."""
    rows = [
        (name.encode(), b"tree " + name.encode(), tuple(parent.encode() for parent in parents), second)
        for second, (name, parents) in enumerate(graph.items())
    ]
    return Commits.of(rows)


def stays(graph: Graph, standing: str, tips: str) -> list[Seen]:
    """The stays of a value that stands in the commits `standing`."""
    made = commits(graph)
    names = [oid.decode() for oid in made.ids]
    numbers = np.array([names.index(tip) for tip in tips], np.int64)
    mask = np.array([name in standing for name in names])
    found = intervals(made, mask, numbers, reached(made, numbers))
    return [
        Seen(
            names[stay.brought],
            names[stay.removed] if stay.removed is not None else None,
            "".join(sorted(names[number] for number in np.flatnonzero(stay.standing))),
        )
        for stay in found
    ]


LINE = {"a": "", "b": "a", "c": "b", "d": "c", "e": "d"}
DIAMOND = {"a": "", "b": "a", "c": "a", "d": "bc", "e": "d"}


@pytest.mark.parametrize(
    ("graph", "standing", "tips", "expected"),
    [
        pytest.param(LINE, "", "e", [], id="nowhere"),
        pytest.param(LINE, "abcde", "e", [("a", None, "abcde")], id="from the root on"),
        pytest.param(LINE, "cde", "e", [("c", None, "cde")], id="in the middle"),
        pytest.param(LINE, "e", "e", [("e", None, "e")], id="in the tip alone"),
        pytest.param(LINE, "bc", "e", [("b", "d", "bc")], id="removed"),
        pytest.param(LINE, "bd", "e", [("b", "c", "b"), ("d", "e", "d")], id="reintroduced and removed"),
        pytest.param(LINE, "abe", "e", [("a", "c", "ab"), ("e", None, "e")], id="reintroduced and still there"),
        pytest.param(LINE, "bc", "ce", [("b", None, "bc")], id="removed but still in an old tip"),
        pytest.param(LINE, "de", "c", [("d", None, "de")], id="in dangling commits alone"),
        pytest.param(LINE, "d", "", [("d", "e", "d")], id="no refs at all"),
        pytest.param(DIAMOND, "bcde", "e", [("b", None, "bcde")], id="cherry-picked on both sides and merged"),
        pytest.param(DIAMOND, "bde", "e", [("b", None, "bde")], id="a branch merged is one stay"),
        pytest.param(DIAMOND, "bc", "e", [("b", "d", "b"), ("c", "d", "c")], id="two sides that the merge both drops"),
        pytest.param(DIAMOND, "de", "e", [("d", None, "de")], id="brought by a merge alone"),
        pytest.param(DIAMOND, "b", "e", [("b", "d", "b")], id="dropped by a merge alone"),
        pytest.param(DIAMOND, "ab", "e", [("a", "c", "ab")], id="removed on one side: that and not the merge"),
        pytest.param(DIAMOND, "a", "e", [("a", "c", "a")], id="removed on both sides: by the later one"),
        pytest.param(DIAMOND, "b", "eb", [("b", None, "b")], id="dropped by a merge, the branch still there"),
        pytest.param({"a": "", "b": "", "c": "ab"}, "abc", "c", [("a", None, "abc")], id="two roots"),
        pytest.param({"a": "", "b": ""}, "ab", "ab", [("a", None, "a"), ("b", None, "b")], id="roots apart"),
        pytest.param({"a": "", "b": "xa", "c": "y"}, "bc", "bc", [("b", None, "b"), ("c", None, "c")], id="shallow"),
        pytest.param({"a": "", "b": "aa", "c": "bb"}, "b", "c", [("b", "c", "b")], id="one parent named twice"),
        pytest.param({"a": "", "b": "a", "c": "a", "d": "bc"}, "bcd", "c", [("c", None, "bcd")], id="merge undone"),
        pytest.param({"a": "", "b": "a", "c": "a"}, "a", "b", [("a", "b", "a")], id="a dangling commit removed it too"),
    ],
)
def test_stays(graph: Graph, standing: str, tips: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert stays(graph, standing, tips) == expected


def test_more_than_one_merge_of_a_long_branch() -> None:
    graph = {"a": "", "b": "a", "c": "a", "d": "cb", "e": "b", "f": "de", "g": "f"}
    assert stays(graph, "bdef", "g") == [("b", "g", "bdef")]


def test_times_that_run_backwards() -> None:
    rows = [(b"a", b"", (), 30), (b"b", b"", (b"a",), 20), (b"c", b"", (b"b",), 10)]
    made = Commits.of(rows)
    (stay,) = intervals(made, np.array([True, True, False]), np.array([2]), np.ones(3, bool))
    assert (stay.brought, stay.removed) == (0, 2)


def test_the_order_in_which_commits_are_read_does_not_matter() -> None:
    rows = [(b"a", b"", (), 0), (b"b", b"", (b"a",), 0), (b"c", b"", (b"a",), 0), (b"d", b"", (b"b", b"c"), 0)]
    told = set()
    for order in (rows, rows[::-1], rows[2:] + rows[:2]):
        made = Commits.of(order)
        standing = np.array([oid in (b"b", b"c", b"d") for oid in made.ids])
        (stay,) = intervals(made, standing, np.array([made.numbers[b"d"]]), np.ones(4, bool))
        told.add(made.ids[stay.brought])
    assert told == {b"b"}


def test_no_commits() -> None:
    made = Commits.of([])
    assert intervals(made, np.zeros(0, bool), np.zeros(0, np.int64), np.zeros(0, bool)) == []
    assert holders(made, [], {}) == {}


def test_commits_in_a_circle_lose_nothing() -> None:
    graph = {"a": "c", "b": "a", "c": "b", "d": "d", "e": ""}
    made = commits(graph)
    assert len(made.oldest_first) == 5
    assert "".join(sorted(stay.standing for stay in stays(graph, "abcd", "e"))) == "abcd"


def test_a_long_line() -> None:
    count = 20_000
    numbers = [str(number).encode() for number in range(count)]
    rows = [(oid, b"", (numbers[place - 1],) if place else (), place) for place, oid in enumerate(numbers)]
    made = Commits.of(rows)
    standing = np.arange(count) % 1000 != 0
    found = intervals(made, standing, np.array([count - 1]), np.ones(count, bool))
    assert [(stay.brought, stay.removed) for stay in found[:2]] == [(1, 1000), (1001, 2000)]
    assert (len(found), found[-1].removed) == (20, None)
    assert holders(made, [5], {"main": count - 1, "old": 4}) == {5: ("main",)}


def test_holders_are_the_refs_from_which_one_gets_there() -> None:
    made = commits(DIAMOND | {"f": "b", "g": ""})
    tips = {name: made.numbers[name.encode()] for name in "befg"}
    found = holders(made, [made.numbers[name] for name in (b"a", b"b", b"c", b"g", b"f")], tips)
    assert ["".join(found[made.numbers[name]]) for name in (b"a", b"b", b"c", b"g", b"f")] == [
        "bef",
        "bef",
        "e",
        "g",
        "f",
    ]


def test_holders_of_more_commits_than_one_round_takes() -> None:
    rows = [(str(n).encode(), b"", (str(n - 1).encode(),) if n else (), n) for n in range(1500)]
    found = holders(Commits.of(rows), list(range(1500)), {"old": 700, "new": 1499})
    assert [found[n] for n in (0, 700, 701, 1499)] == [("new", "old"), ("new", "old"), ("new",), ("new",)]


# The obvious way, to which the fast one is held.


def obvious_stays(
    parents: Sequence[frozenset[int]], standing: frozenset[int], tips: frozenset[int]
) -> set[tuple[int, int | None, frozenset[int]]]:
    """The stays by the definitions, step by step; a commit's number is its time, too."""
    reachable = history(parents, tips)
    found: set[tuple[int, int | None, frozenset[int]]] = set()
    for group in groups(parents, standing):
        brought = {commit for commit in group if not parents[commit] & standing}
        first = min(brought & reachable or brought)
        leaving = {commit for commit in range(len(parents)) if commit not in standing and parents[commit] & group}
        leaving = leaving & reachable or leaving
        surely = {commit for commit in leaving if parents[commit] <= standing}
        removed = None if group & tips else max(surely or leaving, default=None)
        found.add((first, removed, group))
    return found


def history(parents: Sequence[frozenset[int]], starts: frozenset[int]) -> frozenset[int]:
    """All commits to which one gets from `starts`."""
    found = set(starts)
    while more := {parent for commit in found for parent in parents[commit]} - found:
        found |= more
    return frozenset(found)


def groups(parents: Sequence[frozenset[int]], standing: frozenset[int]) -> set[frozenset[int]]:
    """The commits in `standing` that hang together."""
    found = set()
    for commit in standing:
        group = {commit}
        while True:
            up = {parent for each in group for parent in parents[each] & standing}
            down = {each for each in standing if parents[each] & group}
            if up | down <= group:
                break
            group |= up | down
        found.add(frozenset(group))
    return found


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[frozenset[int]], frozenset[int], frozenset[int]]:
    """Parents of each commit, the commits in which the value stands, and the tips."""
    count = draw(st.integers(1, 12))
    parents = [
        draw(st.frozensets(st.integers(0, number - 1), max_size=3)) if number else frozenset()
        for number in range(count)
    ]
    some = st.frozensets(st.integers(0, count - 1))
    return parents, draw(some), draw(some)


def made_of(parents: Sequence[frozenset[int]], order: Sequence[int]) -> Commits:
    """The commits in the order in which they are read."""
    return Commits.of(
        (b"%d" % number, b"", tuple(b"%d" % parent for parent in sorted(parents[number])), number) for number in order
    )


@given(graphs(), st.randoms(use_true_random=False))
def test_stays_are_those_of_the_obvious_way(
    graph: tuple[list[frozenset[int]], frozenset[int], frozenset[int]], rng: "object"
) -> None:
    parents, standing, tips = graph
    order = list(range(len(parents)))
    rng.shuffle(order)  # type: ignore[attr-defined]
    made = made_of(parents, order)
    mask = np.array([number in standing for number in order])
    numbers = np.array([made.numbers[b"%d" % tip] for tip in sorted(tips)], np.int64)
    found = intervals(made, mask, numbers, reached(made, numbers))
    told = [
        (
            order[stay.brought],
            None if stay.removed is None else order[stay.removed],
            frozenset(order[number] for number in np.flatnonzero(stay.standing).tolist()),
        )
        for stay in found
    ]
    assert len(set(told)) == len(told)
    assert set(told) == obvious_stays(parents, standing, tips)


@given(graphs())
def test_holders_are_those_of_the_obvious_way(
    graph: tuple[list[frozenset[int]], frozenset[int], frozenset[int]],
) -> None:
    parents, wanted, tips = graph
    made = made_of(parents, range(len(parents)))
    found = holders(made, sorted(wanted), {f"{tip:02}": tip for tip in tips})
    assert found == {
        commit: tuple(f"{tip:02}" for tip in sorted(tips) if commit in history(parents, frozenset({tip})))
        for commit in wanted
    }
