"""Inspections -> Markdown for an issue or an incident's notes; texts of the provider's stay texts."""

from collections.abc import Iterator

from leakscan.inspection import Inspected
from leakscan.reports.inspection.sections import Section, sections, state, verdict
from leakscan.reports.markdown import code, prose
from leakscan.reports.view import View

_LONGEST = 4000  # characters of a sentence


def render(inspected: Inspected, view: View, version: str) -> str:  # noqa: ARG001 - every format has these parameters
    """The inspections as a document; `version` is the program's."""
    lines = ["## leakscan inspect", "", prose(verdict(inspected)), ""]
    for each in inspected.inspections:
        lines += [f"### {prose(each.description)} {code(each.redacted)}", ""]
        lines += [f"- {prose(state(each))}", f"- fingerprint {code(each.fingerprint)}", ""]
        for section in sections(each):
            lines += _section(section)
    return "\n".join([*lines, f"<sub>leakscan {version}</sub>"]) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"#### {prose(section.title)}"
    yield ""
    for number, point in enumerate(section.points, 1):
        yield f"{number}. {prose(point, _LONGEST)}" if section.numbered else f"- {prose(point, _LONGEST)}"
    if section.note:
        yield from ("", prose(section.note))
    for row in section.rows:
        first, *more = row.texts
        yield f"- **{prose(row.label)}**: {prose(first, _LONGEST)}"
        yield from (f"  - {prose(text, _LONGEST)}" for text in more)
    for chart in section.charts:
        yield f"- {prose(chart.title)}: {prose(chart.summary)}<br>{code(chart.line(plain=False))}"
    yield ""
