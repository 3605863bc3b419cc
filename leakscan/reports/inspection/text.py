"""Inspections -> text for people, with a chart of each usage in one line."""

from leakscan.inspection import Inspected, Inspection
from leakscan.reports.inspection.facts import Row
from leakscan.reports.inspection.sections import Section, badge, sections, state, verdict
from leakscan.reports.sheet import Sheet
from leakscan.reports.view import View
from leakscan.reports.wording import counted

_LABEL = 14
_ALARM, _CALM = "bold white on red", "bold green reverse"


def render(inspected: Inspected, view: View, version: str) -> str:  # noqa: ARG001 - every format has these parameters
    """The inspections as text for a page of `view.width` columns; charts are plain where the view has no colour."""
    sheet = Sheet(view)
    for each in inspected.inspections:
        _head(sheet, each)
        for section in sections(each):
            _section(sheet, section, plain=not view.color)
        sheet.gap()
    sheet.folded("", f"{verdict(inspected)} {counted(inspected.requests, 'request')} sent.", "bold")
    return sheet.text()


def _head(sheet: Sheet, inspection: Inspection) -> None:
    told = (f" {badge(inspection).upper()} ", _ALARM if inspection.live else _CALM)
    sheet.line(told, " ", (inspection.description, "bold"), f" {inspection.redacted}")
    sheet.folded("  state: ", state(inspection))
    sheet.line(("  id:    ", "dim"), f"fingerprint {inspection.fingerprint}")


def _section(sheet: Sheet, section: Section, *, plain: bool) -> None:
    sheet.gap()
    sheet.folded("  ", section.title, "bold")
    for number, point in enumerate(section.points, 1):
        sheet.folded(f"   {number}. " if section.numbered else "   - ", point)
    if section.note:
        sheet.folded("   ", section.note)
    for row in section.rows:
        _row(sheet, row)
        for chart in section.charts if row.label == "usage" else ():
            sheet.folded(f"   {'':{_LABEL}}", f"{chart.title}: {chart.summary}")
            sheet.line((f"   {'':{_LABEL}}", "dim"), (chart.line(plain=plain), "cyan"))


def _row(sheet: Sheet, row: Row) -> None:
    for number, text in enumerate(row.texts):
        label = f"{row.label}:" if number == 0 else ""
        indent = "  " if number else ""
        sheet.folded(f"   {label:{_LABEL}}{indent}", text, "" if row.known else "yellow")
