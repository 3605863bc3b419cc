"""Report -> GitHub Actions' workflow commands: annotations on the lines of a pull request.

GitHub shows ten errors, warnings and notices of each step; the worst come first.
"""

from collections.abc import Iterator, Mapping

from leakscan.model import Finding, Report
from leakscan.reports.messages import Grade, foremost_first, grade, names, sentences, shortfalls, stay, title
from leakscan.reports.view import View
from leakscan.reports.wording import spot, summary, visible

_COMMANDS = {Grade.ERROR: "error", Grade.WARNING: "warning", Grade.NOTE: "notice"}
_MOST_PLACES = 10
_IN_TEXT = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = {**_IN_TEXT, ":": "%3A", ",": "%2C"}


def render(report: Report, view: View, version: str) -> str:  # noqa: ARG001 - every format has these parameters
    """The report as commands, one a line, and the summary behind them."""
    known = names(report)
    lines = [_annotation(finding, known) for finding in view.shown(report)]
    missed = [f"{problem.where}: {problem.message}" for problem in shortfalls(report)]
    lines += (_command("warning", text, title="leakscan: not scanned") for text in missed)
    lines += (_command("notice", note, title="leakscan") for note in report.notes)
    return "\n".join([*lines, summary(report, view)]) + "\n"


def _annotation(finding: Finding, known: Mapping[str, str]) -> str:
    first, *others = foremost_first(finding)
    command = "notice" if finding.suppressed else _COMMANDS[grade(finding.severity)]
    told = [f"{sentence.rstrip('.')}." for sentence in sentences(finding, known) + stay(first)]
    told += _elsewhere([spot(place) for place in others])
    where: dict[str, object] = {}
    if first.where == "content":
        place = first.place
        where = {"file": first.path, "line": place.line, "endLine": place.end_line, "col": place.column}
        if place.line == place.end_line:  # GitHub takes columns of one line only
            where["endColumn"] = place.end_column
    else:
        told.insert(0, f"In {spot(first)}:")
    return _command(command, "\n".join(told), **where, title=title(finding))


def _elsewhere(spots: list[str]) -> Iterator[str]:
    if spots:
        more = len(spots) - _MOST_PLACES
        yield f"Also at {', '.join(spots[:_MOST_PLACES])}" + (f" and {more:,} more places." if more > 0 else ".")


def _command(command: str, text: str, **properties: object) -> str:
    """One command. What does not print is written out, but for line ends, which GitHub has its own way to write."""
    named = ",".join(f"{name}={_escaped(str(value), _IN_PROPERTY)}" for name, value in properties.items())
    return f"::{command} {named}::{_escaped(text, _IN_TEXT)}"


def _escaped(text: str, special: Mapping[str, str]) -> str:
    return "".join(special.get(char) or visible(char) for char in text)
