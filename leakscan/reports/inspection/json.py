"""Inspections -> one JSON document of schema `leakscan/inspection/1`, which inspection-1.schema.json describes.

What is not known is an object with `unknown`, the reason; what a type of credential has not is null.
"""

import json
from datetime import date

from leakscan.inspection import Inspected, Unknown
from leakscan.reports.view import View

SCHEMA = "leakscan/inspection/1"


def render(inspected: Inspected, view: View, version: str) -> str:  # noqa: ARG001 - every format has these parameters
    """The inspections as an indented JSON document; `version` is the program's."""
    document = {
        "schema": SCHEMA,
        "tool": {"name": "leakscan", "version": version},
        "command": "inspect",
        "complete": inspected.complete,
        "started": inspected.started,
        "requests": inspected.requests,
        "inspections": [{"live": each.live, **_object(each)} for each in inspected.inspections],
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _object(thing: tuple[object, ...]) -> dict[str, object]:
    """A named tuple as an object with its fields."""
    names: tuple[str, ...] = thing._fields  # type: ignore[attr-defined]
    return {name: _plain(value) for name, value in zip(names, thing, strict=True)}


def _plain(value: object) -> object:
    if isinstance(value, Unknown):
        return {"unknown": value.because, "permission": value.permission, "unanswered": value.unanswered}
    if isinstance(value, tuple):
        return _object(value) if hasattr(value, "_fields") else [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
