"""How a reader wants a report shown."""

from typing import NamedTuple

from leakscan.model import Finding, Report


class View(NamedTuple):
    """What a reader asked for: suppressed findings too, raw values, escape codes for colour, columns of the page.

    A format takes from it what it can use; only JSON and JSON lines have a field for raw values.
    """

    show_all: bool = False
    show_secrets: bool = False
    color: bool = False
    width: int = 100

    def shown(self, report: Report) -> tuple[Finding, ...]:
        """The findings of `report` to list, in report order."""
        return report.findings if self.show_all else report.counted
