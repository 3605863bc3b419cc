"""Property lists in their binary form, as apps of Apple's have them: a line for each value, with its name."""

import plistlib
from collections.abc import Iterator

from leakscan.sources.archives.bounds import Budget
from leakscan.sources.archives.source import Member, Source, Unread, reading

_DEEPEST = 40


def members(source: Source, budget: Budget) -> Iterator[Member | Unread]:
    """`text`: the values as lines `name = value`. Raises what plistlib raises for damaged data, Refused, Exhausted."""
    data = source.held(budget.bounds.held)
    lines = (line.encode("utf-8", "replace") + b"\n" for line in _lines(plistlib.loads(data), "", budget, 0))
    yield Member("text", budget.metered(reading(lines), lambda: len(data)))


def _lines(value: object, name: str, budget: Budget, depth: int) -> Iterator[str]:
    budget.enter()
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _lines(inner, f"{name}.{key}" if name else str(key), budget, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _lines(inner, name, budget, depth + 1)
    elif isinstance(value, str | bytes):
        text = value if isinstance(value, str) else value.decode("latin-1")
        yield f"{name} = {text}" if name else text
