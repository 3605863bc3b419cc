"""No report tells a value: wherever a found value stands in a report's texts, its redacted form takes the place.

Paths, excerpts, authors, reasons, problems and notes come from what was scanned, and a file name can hold a
secret as well as a file. What a format is given to render is the report that `masked` returns (formats.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from leakscan.model import Report, Rule
from leakscan.secret import Secret

# Long enough that text seldom holds the head of a value by chance, shorter than any credential.
_HEAD = 8
_ARMOUR = "-----"

_T = TypeVar("_T")


def masked(report: Report) -> Report:
    """`report` with the value of each of its findings, shown or not, replaced in every text that it holds.

    A report that was saved holds no values, and its texts were masked when it was written.
    """
    values = [each.secret.reveal() for each in report.findings if each.secret.held and not each.rule.only]
    return without(values, report)


def without(values: Sequence[str], thing: _T) -> _T:
    """`thing` with these values replaced in every text that it holds."""
    return _Mask(values).over(thing) if values else thing


class _Mask:
    """Finds many values in a text at once: they are kept by their first characters, so that a text is read once."""

    def __init__(self, values: Iterable[str]) -> None:
        pieces = {piece for value in values for piece in _pieces(value)}
        self._length = min([_HEAD, *map(len, pieces)])
        self._by_head: dict[str, list[str]] = {}
        for piece in pieces:
            self._by_head.setdefault(piece[: self._length], []).append(piece)
        # Names of refs and people come again and again, and so do lists of all refs.
        self._seen: dict[str, str] = {}
        self._lists: dict[tuple[str, ...], tuple[str, ...]] = {}

    def over(self, thing: _T) -> _T:
        """`thing` with every text in it masked, down through tuples, named ones too; itself if nothing was in it."""
        if isinstance(thing, str):
            return self._text(thing)  # type: ignore[return-value]
        # A rule's texts come from the rule files and not from what was scanned.
        if isinstance(thing, tuple) and not isinstance(thing, Rule):
            if _is_list_of_texts(thing):
                return self._list(thing)  # type: ignore[return-value]
            new = tuple(map(self.over, thing))
            if all(after is before for after, before in zip(new, thing, strict=True)):
                return thing
            return thing._make(new) if hasattr(thing, "_make") else new  # type: ignore[return-value]
        return thing

    def _list(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        known = self._lists.get(texts)
        if known is None:
            new = tuple(map(self.over, texts))
            known = self._lists[texts] = texts if new == texts else new
        return known

    def _text(self, text: str) -> str:
        known = self._seen.get(text)
        if known is None:
            known = self._seen[text] = self._masked(text)
        return known

    def _masked(self, text: str) -> str:
        spans = list(self._spans(text))
        if not spans:
            return text
        ends = [0, *(end for _, end in spans)]
        kept = [text[end:start] for end, (start, _) in zip(ends, spans, strict=False)]
        shown = [Secret(text[start:end]).redacted for start, end in spans]
        return "".join(part for pair in zip(kept, shown, strict=True) for part in pair) + text[ends[-1] :]

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where values stand; those that overlap make one span, so that no half of either is left."""
        begin = end = -1
        for start in range(len(text) - self._length + 1):
            for piece in self._by_head.get(text[start : start + self._length], ()):
                if text.startswith(piece, start):
                    if start >= end >= 0:
                        yield begin, end
                        begin = -1
                    begin = start if begin < 0 else begin
                    end = max(end, start + len(piece))
        if end > 0:
            yield begin, end


def _is_list_of_texts(thing: tuple[object, ...]) -> bool:
    return type(thing) is tuple and bool(thing) and isinstance(thing[0], str)


def _pieces(value: str) -> Iterator[str]:
    """The texts that give a value away: itself and, of a key in PEM armour, each line of its body."""
    if value:
        yield value
    if "\n" in value:
        yield from (line for line in value.split("\n") if len(line) >= _HEAD and not line.startswith(_ARMOUR))
