"""What formats for other programs tell of a finding: a title, the place to show, sentences, how grave it is.

Texts stand here as they were found; each format makes them harmless in its own way.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from leakscan.model import Finding, Occurrence, Problem, Report, Role, Severity
from leakscan.reports.view import View
from leakscan.reports.wording import certainty, circumstances, redacted, spot


class Grade(Enum):
    """The three steps in which other programs rank what they are told."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


def grade(severity: Severity) -> Grade:
    """The step that a severity belongs to."""
    if severity >= Severity.HIGH:
        return Grade.ERROR
    return Grade.WARNING if severity is Severity.MEDIUM else Grade.NOTE


class Parts(NamedTuple):
    """The findings that a view shows, by what is to do about them, each part with the worst first."""

    secrets: tuple[Finding, ...]
    identifiers: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]


def parts(report: Report, view: View) -> Parts:
    """The findings to list, sorted into their parts."""
    found = sorted(view.shown(report), key=lambda finding: (-finding.severity, -finding.confidence))
    counting = [finding for finding in found if not finding.suppressed]
    return Parts(
        tuple(finding for finding in counting if finding.rule.role is Role.SECRET),
        tuple(finding for finding in counting if finding.rule.role is Role.IDENTIFIER),
        tuple(finding for finding in found if finding.suppressed),
    )


def steps(findings: Iterable[Finding]) -> Mapping[tuple[str, ...], list[str]]:
    """What to do, and about which kinds of credential: once for the kinds that share the same steps."""
    kinds: dict[tuple[str, ...], list[str]] = {}
    for finding in findings:
        names = kinds.setdefault(finding.remediation, [])
        if finding.rule.description not in names:
            names.append(finding.rule.description)
    kinds.pop((), None)
    return kinds


def title(finding: Finding) -> str:
    """What was found, in a few words."""
    return f"{finding.rule.description} {redacted(finding)}"


def foremost_first(finding: Finding) -> list[Occurrence]:
    """The places of a finding, first the one to show where there is room for one: in a file, and still there."""
    return sorted(finding.occurrences, key=lambda place: (place.where != "content", place.in_head is False))


def names(report: Report) -> Mapping[str, str]:
    """A name for each finding, by fingerprint, for others to speak of it."""
    return {finding.fingerprint: name(finding) for finding in report.findings}


def name(finding: Finding) -> str:
    """What was found, and where."""
    where = f" at {spot(finding.occurrences[0])}" if finding.occurrences else ""
    return title(finding) + where


def sentences(finding: Finding, known: Mapping[str, str]) -> list[str]:
    """What was found and why it is believed, what it belongs with, who sees it, whether it is live.

    `known` are the `names` of a report's findings. No sentence has its full stop.
    """
    told = [f"{title(finding)}, {certainty(finding)}"]
    if finding.evidence:
        told[0] += ": " + "; ".join(finding.evidence)
    told += [f"Belongs with the {known[half]}" for half in finding.pair if half in known]
    if seen := audience(finding):
        told.append(f"Exposure: {seen}")
    if answered := answer(finding):
        told.append(f"Verification: {answered}")
    if finding.remediation != finding.rule.remediation:  # the rule's own steps stand with the rule
        told.append(finding.remediation[0].rstrip("."))
    if finding.suppressed:
        told.append(f"Suppressed, {acceptance(finding)}")
    return told


def stay(occurrence: Occurrence) -> list[str]:
    """The sentence, if there is one, on how an occurrence stands there: encoded, since when, in HEAD or not."""
    facts = circumstances(occurrence)
    return [f"Found {facts}"] if facts else []


def audience(finding: Finding) -> str:
    """Who gets to see a finding, and by what that is known; empty if it is not."""
    seen, reason = finding.exposure
    return ": ".join(filter(None, ("" if seen == "unknown" else seen, reason)))


def answer(finding: Finding) -> str:
    """What its provider said of a credential; empty if nobody asked."""
    state, detail, _ = finding.verification
    if state == "unchecked":
        return ""
    return ": ".join(filter(None, (state.replace("_", " "), detail)))


def acceptance(finding: Finding) -> str:
    """By what a finding is suppressed, and why; empty if nothing suppresses it."""
    suppressed = finding.suppressed
    return f"{suppressed.by}: {suppressed.reason or 'no reason given'}" if suppressed else ""


def paragraph(told: Iterable[str]) -> str:
    """Sentences as one text."""
    return " ".join(f"{sentence.rstrip('.')}." for sentence in told)


def shortfalls(report: Report) -> tuple[Problem, ...]:
    """All that keeps a report from being whole: its problems, and its early end."""
    if report.complete:
        return report.problems
    return (*report.problems, Problem("the run", "it was interrupted; the rest was not scanned"))
