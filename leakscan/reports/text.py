"""Report -> text for people: what was found, why it is believed, what to do next, what was scanned.

A run that found nothing and met no problem needs no layout, so that rich is not even imported for it.
"""

from leakscan.model import Report
from leakscan.reports.view import View
from leakscan.reports.wording import summary, visible


def render(report: Report, view: View, version: str) -> str:  # noqa: ARG001 - every format has these parameters
    """The report as text for a page of `view.width` columns, with escape codes only if the view wants colour."""
    if view.shown(report) or report.problems:
        from leakscan.reports import layout

        return layout.page(report, view)
    notes = (f"Note: {visible(note)}" for note in report.notes)
    return "\n".join([*notes, summary(report, view)]) + "\n"
