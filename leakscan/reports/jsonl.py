"""Report -> JSON lines: one for each finding, one for each problem, and a last one that sums up the run.

A stream without the last line was cut off.
"""

import json
from collections.abc import Iterator

from leakscan.model import Report
from leakscan.reports.json import SCHEMA, finding_object, problem_object, run
from leakscan.reports.view import View


def render(report: Report, view: View, version: str) -> str:
    """The report as lines, each a JSON object with its `schema` and `type`; `version` is the program's."""
    return "".join(line + "\n" for line in _lines(report, view, version))


def _lines(report: Report, view: View, version: str) -> Iterator[str]:
    for finding in view.shown(report):
        yield _line("finding", finding_object(finding, view))
    for problem in report.problems:
        yield _line("problem", problem_object(problem))
    yield _line("summary", {**run(report, version), "notes": list(report.notes)})


def _line(kind: str, content: dict[str, object]) -> str:
    return json.dumps({"schema": SCHEMA, "type": kind, **content}, allow_nan=False)
