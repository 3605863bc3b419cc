"""Anchors that are runs of letters: found by an outline, as a pattern would find them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.detection.runs import ANY_RUN, Run, RunFinder, families
from leakscan.detection.samples import Samples

PATTERNS = {
    "base64": "[A-Za-z0-9+/]{40,}",
    "word": "(?=[A-Za-z]*[0-9])[A-Za-z0-9]{32}",
    "key": "[A-Za-z0-9_-]{43,43}",
    "short": "[0-9a-f]{8,12}",
}
RUNS = [run for name, pattern in PATTERNS.items() if (run := Run.of(name, pattern))]
LETTERS = st.text("abcdefABCDEF0123456789", min_size=7, max_size=45).map(str.encode)
PIECES = st.one_of(LETTERS, st.sampled_from([b"/", b"+", b"-", b"_", b" ", b"\n", b"", b"x" * 70]))


def finders() -> list[RunFinder]:
    """Those of all families; each part of a large text is looked into."""
    return [RunFinder(family, lambda _: True) for family in families(RUNS)]


def ends(data: bytes) -> dict[str, list[int]]:
    """One behind the ends of the runs in `data`, by name."""
    return {name: found for finder in finders() for name, found in finder.ends(data, set(PATTERNS)).items()}


def by_pattern(data: bytes) -> dict[str, list[int]]:
    """The same by regular expressions: whole runs of a class that the pattern matches from end to end."""
    found = {}
    for name, pattern in PATTERNS.items():
        class_ = re.search(r"\[[^\]]+\]\{", pattern[pattern.rfind(")") + 1 :])
        assert class_ is not None
        runs = re.finditer(f"{class_[0][:-1]}+".encode(), data)
        found[name] = [run.end() + 1 for run in runs if re.fullmatch(pattern.encode(), run[0])]
    return {name: places for name, places in found.items() if places}


def test_runs_whose_letters_another_one_has_are_a_family() -> None:
    first, *others = families(RUNS)
    assert (first.widest.name, first.widest.least) == (ANY_RUN, 8)
    assert [run.name for run in first.runs] == ["base64", "word", "short"]
    assert [[run.name for run in family.runs] for family in others] == [["key"]]


def test_without_an_endless_run_each_is_its_own_family() -> None:
    found = families([run for run in RUNS if run.name != "base64"])
    assert [family.widest.name for family in found] == ["word", "key", "short"]


@given(st.lists(PIECES, max_size=14))
def test_runs_end_where_their_patterns_do(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    assert ends(data) == by_pattern(data)


@given(st.lists(PIECES, max_size=6), st.integers(0, 90))
def test_runs_end_where_they_do_in_a_large_text(pieces: list[bytes], shift: int) -> None:
    some = b"".join(pieces)
    data = b". " * 32_740 + b"." * shift + some + b" ." * 33_000 + some + b"/tail" * 20_000 + b" " + some
    assert ends(data) == by_pattern(data)


@pytest.mark.parametrize("size", [39, 40, 199, 200, 201, 100_000])
def test_a_run_of_any_length_ends_once(size: int) -> None:
    run = (Samples(size).value("auth_token") * (size // 32 + 1))[:size].encode()
    assert ends(b"a " + run + b" b").get("base64", []) == ([size + 3] if size >= 40 else [])
