"""The formats of inspections by name, each imported when it renders; values are masked before."""

from collections.abc import Sequence
from importlib import import_module

from leakscan.inspection import Inspected
from leakscan.reports.masking import without
from leakscan.reports.view import View

FORMATS = ("text", "json", "html", "markdown")


def render(name: str, inspected: Inspected, values: Sequence[str], view: View, version: str) -> str:
    """The inspections in one of FORMATS without any of `values`; `version` is the program's."""
    module = import_module(f"leakscan.reports.inspection.{name}")
    rendered: str = module.render(without(values, inspected), view, version)
    return rendered
