"""Report -> Checkstyle XML, which Jenkins, reviewdog and many editors read: each place is an error in its file."""

from collections.abc import Iterator
from typing import NamedTuple

from leakscan.model import Report
from leakscan.reports.messages import Grade, grade, names, paragraph, sentences, shortfalls, stay
from leakscan.reports.view import View
from leakscan.reports.xml import document, element

_WORDS = {Grade.ERROR: "error", Grade.WARNING: "warning", Grade.NOTE: "info"}


class _Error(NamedTuple):
    line: int
    column: int
    severity: str
    message: str
    source: str


def render(report: Report, view: View, version: str) -> str:
    """The report as a document with one `file` for each path; what could not be scanned is an error of its own."""
    by_path: dict[str, list[_Error]] = {}
    for path, error in _errors(report, view):
        by_path.setdefault(path, []).append(error)
    root = element(None, "checkstyle", {"version": version})
    for path, errors in by_path.items():
        file = element(root, "file", {"name": path})
        for error in sorted(errors):
            element(file, "error", error._asdict())
    return document(root)


def _errors(report: Report, view: View) -> Iterator[tuple[str, _Error]]:
    known = names(report)
    for finding in view.shown(report):
        severity = "info" if finding.suppressed else _WORDS[grade(finding.severity)]
        told = sentences(finding, known)
        for place in finding.occurrences:
            line, column = place.place.line, place.place.column
            message = paragraph(told + stay(place))
            yield place.path, _Error(line, column, severity, message, f"leakscan.{finding.rule.id}")
    for problem in shortfalls(report):
        yield problem.where, _Error(1, 1, "error", f"not scanned: {problem.message}", "leakscan.problem")
