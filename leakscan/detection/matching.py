"""A rule's shape -> exact matches, in windows of a content round the places where triggers occur."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from leakscan.detection.evidence import PATTERN_SECONDS, compiled
from leakscan.model import Rule

WHOLE = 256 * 1024
PIECE = 64 * 1024
MARGIN = 8 * 1024


@dataclass(frozen=True, slots=True)
class Match:
    """A span of a text that the shapes of `rules` fit, and the value there."""

    start: int
    end: int
    value: str
    rules: tuple[Rule, ...]


def windows(data: bytes, hit: Callable[[bytes], int]) -> Iterator[tuple[int, int]]:
    """The spans of `data` in which triggers occur, with a margin; the whole where it is not large.

    `hit` tells whether (any bit) triggers occur in a piece. Neighbouring spans are joined. A trigger that
    crosses a border is found, because pieces overlap by the margin.
    """
    if len(data) <= WHOLE:
        yield 0, len(data)
        return
    start = end = -1
    for begin in range(0, len(data), PIECE):
        if not hit(data[max(0, begin - MARGIN) : begin + PIECE + MARGIN]):
            continue
        if begin - MARGIN > end:
            if end > 0:
                yield start, end
            start = max(0, begin - MARGIN)
        end = min(len(data), begin + PIECE + MARGIN)
    if end > 0:
        yield start, end


def matches(rules: tuple[Rule, ...], text: str) -> list[Match]:
    """All spans that a shape fits, in order; rules whose shapes fit the same span stand together.

    Raises TimeoutError if a pattern takes longer than its time limit.
    """
    spans: dict[tuple[int, int], list[Rule]] = {}
    for shape in dict.fromkeys(rule.shape for rule in rules):
        fitting = [rule for rule in rules if rule.shape == shape]
        for found in compiled(shape).finditer(text, timeout=PATTERN_SECONDS):
            spans.setdefault(found.span(), []).extend(fitting)
    return [Match(start, end, text[start:end], tuple(fitting)) for (start, end), fitting in sorted(spans.items())]
