"""How a text report with something to tell looks on the page: rich draws it, and nothing is read as its markup."""

from collections.abc import Iterable, Sequence
from io import StringIO

from rich.console import Console
from rich.text import Text

from leakscan.model import Finding, Occurrence, Report, Severity
from leakscan.reports.messages import acceptance, answer, audience, parts, steps
from leakscan.reports.view import View
from leakscan.reports.wording import certainty, circumstances, counted, redacted, spot, summary, visible

MOST_PLACES = 10
MOST_LINES = 50
_LABEL = 9
_NARROWEST = 24
_BADGES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red reverse",
    Severity.MEDIUM: "bold yellow reverse",
    Severity.LOW: "bold blue reverse",
    Severity.INFO: "bold cyan reverse",
}


def page(report: Report, view: View) -> str:
    """The whole text of a masked report: secrets, what to do, identifiers, suppressed, problems, notes, summary."""
    sheet = _Sheet(view)
    secrets, identifiers, suppressed = parts(report, view)
    by_fingerprint = {finding.fingerprint: finding for finding in report.findings}
    for finding in secrets:
        _finding(sheet, finding, [by_fingerprint[half] for half in finding.pair if half in by_fingerprint])
    _steps(sheet, secrets)
    _identifiers(sheet, identifiers)
    _suppressed(sheet, suppressed)
    _problems(sheet, report)
    for note in report.notes:
        sheet.folded("Note: ", note)
    sheet.folded("", summary(report, view), "bold")
    return sheet.text()


class _Sheet:
    """A page that is written line by line. Texts are made visible here, so that no section can forget it."""

    def __init__(self, view: View) -> None:
        self._file = StringIO()
        # An empty environment: the page depends on the view alone, and not on NO_COLOR, COLUMNS or a notebook.
        self._console = Console(
            file=self._file,
            width=max(view.width, _NARROWEST + _LABEL),
            color_system="standard" if view.color else None,
            force_terminal=view.color,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
            _environ={},
        )

    @property
    def width(self) -> int:
        """The columns of the page."""
        return self._console.width

    def line(self, *parts: str | tuple[str, str]) -> None:
        """One line of texts or (text, style) pairs, which a terminal may wrap: a path in it stays whole."""
        pairs = (part if isinstance(part, tuple) else (part, "") for part in parts)
        self._print(Text.assemble(*((visible(text), style) for text, style in pairs)))

    def folded(self, label: str, text: str, style: str = "") -> None:
        """`text` behind `label`, folded between words to the width of the page and hung under its first line."""
        for number, line in enumerate(Text(visible(text), style).wrap(self._console, self.width - len(label))):
            line.rstrip()
            self._print(Text.assemble((label if number == 0 else " " * len(label), "dim"), line))

    def excerpt(self, text: str, focus: str) -> None:
        """One line of a file, cut to the page round `focus`, which is marked."""
        shown = visible(text.strip().replace("\t", "    "))
        room = self.width - _LABEL - 2
        start = max(0, shown.find(focus) - room // 2) if len(shown) > room else 0
        cut = Text(("…" if start else "") + shown[start:])
        cut.truncate(room, overflow="ellipsis")
        if focus:
            cut.highlight_words([focus], "bold red")
        self._print(Text.assemble((" " * _LABEL + "│ ", "dim"), cut))

    def gap(self) -> None:
        """An empty line."""
        self._print(Text())

    def text(self) -> str:
        """All that was written."""
        return self._file.getvalue()

    def _print(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True)


def _finding(sheet: _Sheet, finding: Finding, others: Iterable[Finding]) -> None:
    badge = (f" {str(finding.severity).upper()} ", _BADGES[finding.severity])
    sheet.line(badge, " ", (finding.rule.description, "bold"), (f"  {finding.rule.id}", "dim"))
    sure = f"{certainty(finding)}, fingerprint {finding.fingerprint}"
    sheet.line(("  value: ", "dim"), (redacted(finding), "bold red"), f"  {sure}")
    _places(sheet, finding)
    for reason in finding.evidence:
        sheet.folded("  why:   ", reason)
    if seen := audience(finding):
        sheet.folded("  seen:  ", seen)
    if answered := answer(finding):
        sheet.folded("  check: ", answered)
    for other in others:
        where = spot(other.occurrences[0]) if other.occurrences else ""
        sheet.line(("  pair:  ", "dim"), f"{redacted(other)} {other.rule.description}  ", (where, "cyan"))
    sheet.gap()


def _places(sheet: _Sheet, finding: Finding) -> None:
    for number, occurrence in enumerate(finding.occurrences[:MOST_PLACES]):
        sheet.line(("  at:    " if number == 0 else " " * _LABEL, "dim"), *_place(occurrence))
        if number == 0 and occurrence.excerpt:
            sheet.excerpt(occurrence.excerpt, redacted(finding))
    if (more := len(finding.occurrences) - MOST_PLACES) > 0:
        sheet.line((" " * _LABEL + f"… and {more:,} more", "dim"))


def _place(occurrence: Occurrence) -> tuple[tuple[str, str], ...]:
    facts = circumstances(occurrence)
    return (spot(occurrence), "cyan"), (f"  ({facts})" if facts else "", "dim")


def _steps(sheet: _Sheet, secrets: Sequence[Finding]) -> None:
    """What to do, once for the kinds of secret that share the same steps, and how to allow what is none."""
    if not secrets:
        return
    sheet.line(("What to do next", "bold"))
    for advice, descriptions in steps(secrets).items():
        sheet.folded("  ", f"{', '.join(descriptions)}:")
        for number, step in enumerate(advice, 1):
            sheet.folded(f"  {number:2}. ", step)
    rule_id = secrets[0].rule.id
    allow = f"Not a secret? Write leakscan:allow[{rule_id}] and the reason in a comment on its line, "
    sheet.folded("  ", allow + "or accept all that is known: leakscan baseline create.")
    sheet.gap()


def _identifiers(sheet: _Sheet, identifiers: Sequence[Finding]) -> None:
    if not identifiers:
        return
    sheet.line(("Identifiers", "bold"), " (not secrets: they name an account or a key)")
    _brief(sheet, identifiers)


def _suppressed(sheet: _Sheet, suppressed: Sequence[Finding]) -> None:
    if not suppressed:
        return
    sheet.line(("Suppressed", "bold"), " (found, not counted)")
    _brief(sheet, suppressed)


def _brief(sheet: _Sheet, findings: Sequence[Finding]) -> None:
    """One line for each finding, and the reason under one that is suppressed."""
    for finding in findings[:MOST_LINES]:
        more = len(finding.occurrences) - 1
        place = _place(finding.occurrences[0]) if finding.occurrences else ()
        others = (f" and {more:,} more", "dim") if more > 0 else ""
        sheet.line(f"  {redacted(finding)} {finding.rule.description}  ", *place, others)
        if finding.suppressed:
            sheet.folded("    ", f"{acceptance(finding)} (fingerprint {finding.fingerprint})")
    _rest(sheet, findings)
    sheet.gap()


def _problems(sheet: _Sheet, report: Report) -> None:
    if not report.problems:
        return
    sheet.line(("Could not be scanned", "bold yellow"))
    for problem in report.problems[:MOST_LINES]:
        sheet.line("  ", (problem.where, "cyan"), f": {problem.message}")
    _rest(sheet, report.problems)
    sheet.gap()


def _rest(sheet: _Sheet, things: Iterable[object]) -> None:
    if (more := len(tuple(things)) - MOST_LINES) > 0:
        sheet.line((f"  … and {counted(more, 'other')}; -f json lists all", "dim"))
