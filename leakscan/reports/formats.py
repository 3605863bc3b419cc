"""The formats by name. A format's module is imported when it first renders: a run pays only for what it writes."""

from collections.abc import Callable
from importlib import import_module

from leakscan.model import Report
from leakscan.reports.view import View

# (report, view, the program's version) -> the whole text of the report, which ends with a newline.
Renderer = Callable[[Report, View, str], str]


def _lazy(name: str) -> Renderer:
    def render(report: Report, view: View, version: str) -> str:
        rendered: str = import_module(f"leakscan.reports.{name}").render(report, view, version)
        return rendered

    return render


FORMATS: dict[str, Renderer] = {name: _lazy(name) for name in ("text", "json", "jsonl", "sarif")}
