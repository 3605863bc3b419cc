"""The formats by name. A format's module is imported when it first renders: a run pays only for what it writes.

No module is given a report to render before the values in its texts are masked.
"""

from collections.abc import Callable
from importlib import import_module

from leakscan.model import Report
from leakscan.reports.masking import masked
from leakscan.reports.view import View

# (report, view, the program's version) -> the whole text of the report, which ends with a newline.
Renderer = Callable[[Report, View, str], str]


def _lazy(name: str) -> Renderer:
    def render(report: Report, view: View, version: str) -> str:
        rendered: str = import_module(f"leakscan.reports.{name}").render(masked(report), view, version)
        return rendered

    return render


_NAMES = "text json jsonl sarif gitlab junit checkstyle csv html markdown github"

FORMATS: dict[str, Renderer] = {name: _lazy(name) for name in _NAMES.split()}
