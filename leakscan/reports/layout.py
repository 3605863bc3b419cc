"""How a text report with something to tell looks on the page: rich draws it, and nothing is read as its markup."""

from collections.abc import Iterable, Sequence

from leakscan.model import Finding, Occurrence, Report, Severity
from leakscan.reports.messages import acceptance, answer, audience, parts, steps
from leakscan.reports.sheet import LABEL, Sheet
from leakscan.reports.view import View
from leakscan.reports.wording import certainty, circumstances, counted, redacted, spot, summary

MOST_PLACES = 10
MOST_LINES = 50
_BADGES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red reverse",
    Severity.MEDIUM: "bold yellow reverse",
    Severity.LOW: "bold blue reverse",
    Severity.INFO: "bold cyan reverse",
}


def page(report: Report, view: View) -> str:
    """The whole text of a masked report: secrets, what to do, identifiers, suppressed, problems, notes, summary."""
    sheet = Sheet(view)
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


def _finding(sheet: Sheet, finding: Finding, others: Iterable[Finding]) -> None:
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


def _places(sheet: Sheet, finding: Finding) -> None:
    for number, occurrence in enumerate(finding.occurrences[:MOST_PLACES]):
        sheet.line(("  at:    " if number == 0 else " " * LABEL, "dim"), *_place(occurrence))
        if number == 0 and occurrence.excerpt:
            sheet.excerpt(occurrence.excerpt, redacted(finding))
    if (more := len(finding.occurrences) - MOST_PLACES) > 0:
        sheet.line((" " * LABEL + f"… and {more:,} more", "dim"))


def _place(occurrence: Occurrence) -> tuple[tuple[str, str], ...]:
    facts = circumstances(occurrence)
    return (spot(occurrence), "cyan"), (f"  ({facts})" if facts else "", "dim")


def _steps(sheet: Sheet, secrets: Sequence[Finding]) -> None:
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


def _identifiers(sheet: Sheet, identifiers: Sequence[Finding]) -> None:
    if not identifiers:
        return
    sheet.line(("Identifiers", "bold"), " (not secrets: they name an account or a key)")
    _brief(sheet, identifiers)


def _suppressed(sheet: Sheet, suppressed: Sequence[Finding]) -> None:
    if not suppressed:
        return
    sheet.line(("Suppressed", "bold"), " (found, not counted)")
    _brief(sheet, suppressed)


def _brief(sheet: Sheet, findings: Sequence[Finding]) -> None:
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


def _problems(sheet: Sheet, report: Report) -> None:
    if not report.problems:
        return
    sheet.line(("Could not be scanned", "bold yellow"))
    for problem in report.problems[:MOST_LINES]:
        sheet.line("  ", (problem.where, "cyan"), f": {problem.message}")
    _rest(sheet, report.problems)
    sheet.gap()


def _rest(sheet: Sheet, things: Iterable[object]) -> None:
    if (more := len(tuple(things)) - MOST_LINES) > 0:
        sheet.line((f"  … and {counted(more, 'other')}; -f json lists all", "dim"))
