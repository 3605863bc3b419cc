"""A JSON object on its way in: its members by name and type, with errors that name the file and the place in it."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from leakscan.errors import ReportError

_MISSING = object()
_LARGEST = 2**63
_MOMENT = r"[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"


class Reader:
    """One object of a document. Every method raises ReportError if a member is not there or not of its type."""

    def __init__(self, value: object, document: str, path: str = "") -> None:
        self._document = document
        self._path = path
        if not isinstance(value, dict):
            raise self.error("an object is needed here")
        self._members: dict[str, Any] = value

    def error(self, reason: str) -> ReportError:
        """The error to raise about this object."""
        where = f", {self._path}" if self._path else ""
        return ReportError(f"cannot read the report {self._document}{where}: {reason}")

    def has(self, name: str) -> bool:
        """Whether there is such a member."""
        return name in self._members

    def optional(self, name: str, default: object) -> object:
        """A member of any type."""
        return self._members.get(name, default)

    def text(self, name: str) -> str:
        """A text."""
        value = self._member(name)
        if not isinstance(value, str):
            raise self._wrong(name, "a text")
        return value

    def digits(self, name: str, length: int) -> str:
        """So many hex digits."""
        value = self.text(name)
        if not re.fullmatch(rf"[0-9a-f]{{{length}}}", value):
            raise self._wrong(name, f"{length} hex digits")
        return value

    def text_or_none(self, name: str) -> str | None:
        """A text or null."""
        return None if self._member(name) is None else self.text(name)

    def moment_or_none(self, name: str) -> str | None:
        """A time in UTC or null."""
        value = self.text_or_none(name)
        wrong = self._wrong(name, "a time like 2026-01-31T12:00:00+00:00")
        if value is not None:
            if not re.fullmatch(_MOMENT, value):
                raise wrong
            try:
                datetime.fromisoformat(value)
            except ValueError:
                raise wrong from None
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self._list(name)
        if not all(isinstance(value, str) for value in values):
            raise self._wrong(name, "a list of texts")
        return tuple(values)

    def one_of(self, name: str, choices: Iterable[str]) -> str:
        """One of some texts."""
        value = self.text(name)
        if value not in (known := list(choices)):
            raise self._wrong(name, f"one of {', '.join(known)}")
        return value

    def whole(self, name: str, least: int = 0) -> int:
        """A whole number, `least` or more."""
        value = self._member(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value < _LARGEST:
            raise self._wrong(name, f"a whole number from {least}")
        return value

    def number(self, name: str, least: float, most: float) -> float:
        """A number from `least` to `most`."""
        value = self._member(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            raise self._wrong(name, f"a number from {least:g} to {most:g}")
        return value

    def truth(self, name: str) -> bool:
        """True or false."""
        value = self._member(name)
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def truth_or_none(self, name: str) -> bool | None:
        """True, false or null."""
        return None if self._member(name) is None else self.truth(name)

    def object(self, name: str) -> "Reader":
        """An object."""
        return Reader(self._member(name), self._document, self._below(name))

    def object_or_none(self, name: str) -> "Reader | None":
        """An object or null."""
        return None if self._member(name) is None else self.object(name)

    def objects(self, name: str, least: int = 0) -> "tuple[Reader, ...]":
        """A list of objects, `least` or more."""
        values = self._list(name)
        if len(values) < least:
            raise self._wrong(name, f"a list of at least {least}")
        return tuple(
            Reader(value, self._document, f"{self._below(name)}[{number}]") for number, value in enumerate(values)
        )

    def _list(self, name: str) -> Sequence[Any]:
        value = self._member(name)
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        return value

    def _member(self, name: str) -> Any:
        value = self._members.get(name, _MISSING)
        if value is _MISSING:
            raise self.error(f"{name!r} is missing; is it a report that leakscan saved whole?")
        return value

    def _below(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _wrong(self, name: str, wanted: str) -> ReportError:
        return self.error(f"{name!r} must be {wanted}")
