"""A rule's shape -> exact matches, in windows round the places where the rule's anchor occurs."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import regex

from leakscan.model import Rule

# An anchor holds the whole of a value but for what a rule's reach adds behind; and a sign or two on either side.
_BESIDE = 8
_BEHIND = 64  # the most that a shape looks behind
_SECONDS = 2.0
_SHORT = 400


class Match(NamedTuple):
    """A span of a text that the shapes of `rules` fit."""

    start: int
    end: int
    rules: tuple[Rule, ...]


def matches(rules: Iterable[Rule], text: str, places: Mapping[str, list[int]] | None = None) -> list[Match]:
    """All spans that a shape fits, in order; rules whose shapes fit the same span stand together.

    `places` are the offsets where each anchor ends, in order; without them the whole text is searched.
    Raises TimeoutError if a pattern takes longer than its time limit.
    """
    spans: dict[tuple[int, int], list[Rule]] = {}
    for rule in rules:
        windows = [(0, len(text))] if places is None else _windows(places.get(rule.anchor, []), rule, len(text))
        for start, end in windows:
            # A slice: a search within a long text costs more the longer it is.
            begin = max(0, start - _BEHIND)
            for first, last in _spans(rule.shape, text[begin:end], start - begin):
                fitting = spans.setdefault((begin + first, begin + last), [])
                if rule not in fitting:
                    fitting.append(rule)
    return [Match(start, end, tuple(fitting)) for (start, end), fitting in sorted(spans.items())]


def _spans(shape: str, window: str, start: int) -> tuple[tuple[int, int], ...]:
    """The spans that a shape fits in a window, from an offset on."""
    find = _in_short if len(window) < _SHORT else _in_short.__wrapped__
    return find(shape, window, start)


@lru_cache(maxsize=16_384)  # the same lines stand in versions of a file, and in files of one kind
def _in_short(shape: str, window: str, start: int) -> tuple[tuple[int, int], ...]:
    found = _compiled(shape).finditer(window, start, timeout=_SECONDS)
    return tuple(each.span() for each in found)


def _windows(ends: list[int], rule: Rule, length: int) -> Iterator[tuple[int, int]]:
    """The spans round the places where anchors end; those that touch are joined."""
    before, behind = rule.width + _BESIDE, rule.reach + _BESIDE
    start = stop = -1
    for end in sorted(ends):
        if stop < 0 or end - before > stop:
            if stop >= 0:
                yield start, stop
            start = max(0, end - before)
        stop = min(length, end + behind)
    if stop >= 0:
        yield start, stop


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.ASCII)
