"""The way that leads to a call: `client.verify.v2.services(sid).verifications.create(` -> its steps, read backwards."""

import re
from typing import NamedTuple

_FURTHEST = 1_500
_JOINS = ("->", "?->", "::", "&.", "?.", "!!.", "!.", ".")
_WORD = re.compile(r"[@$]*[\w$]+$")
_VERSION = re.compile(r"v(?:\d{1,2}|2010)")
_OPENS = {")": "(", "]": "["}
# Steps that name no resource of their own.
_PASSED = frozenset({"api", "account"})


class Chain(NamedTuple):
    """Where a way begins (a variable, or what a call gives), and the resources on it, in lower case."""

    root: str
    steps: tuple[str, ...]


def before(text: str, end: int) -> Chain | None:
    """The way whose last join (`.`, `->` ...) ends at `end`; None if nothing stands there."""
    lowest = max(0, end - _FURTHEST)
    segments: list[tuple[str, bool]] = []
    while (at := _joined(text, end, lowest)) is not None:
        called = False
        while at > lowest and text[at - 1] in _OPENS:
            opened = _opening(text, at - 1, lowest)
            if opened is None:
                return None
            called, at = True, _back_over_space(text, opened, lowest)
        word = _WORD.search(text, lowest, at)
        if word is None:
            break
        segments.append((word[0], called))
        end = word.start()
    if not segments:
        return None
    (root, _), *rest = reversed(segments)
    steps = tuple(
        step
        for word, called in rest
        if not _VERSION.fullmatch(step := word.replace("_", "").lower())
        and step not in _PASSED
        and not (step in {"accounts", "workspace"} and called and word != rest[-1][0])
    )
    return Chain(root, steps)


def _joined(text: str, end: int, lowest: int) -> int | None:
    """Where what stands before a join ends; None if there is no join."""
    at = _back_over_space(text, end, lowest)
    for join in _JOINS:
        if text.endswith(join, lowest, at):
            return _back_over_space(text, at - len(join), lowest)
    return None


def _back_over_space(text: str, at: int, lowest: int) -> int:
    while at > lowest and text[at - 1].isspace():
        at -= 1
    return at


def _opening(text: str, closing: int, lowest: int) -> int | None:
    """Where the bracket that ends at `closing` was opened."""
    opens, closes = _OPENS[text[closing]], text[closing]
    depth = 0
    for at in range(closing, lowest - 1, -1):
        if text[at] == closes:
            depth += 1
        elif text[at] == opens:
            depth -= 1
            if depth == 0:
                return at
    return None
