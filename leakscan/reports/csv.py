"""Report -> CSV (RFC 4180): a row for each place of each finding, and for each thing that could not be scanned.

A spreadsheet takes a cell for a formula if it begins like one; no text from what was scanned can.
"""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from leakscan.model import Finding, Occurrence, Report
from leakscan.reports.messages import shortfalls
from leakscan.reports.view import View
from leakscan.reports.wording import redacted, visible

COLUMNS = (
    "record fingerprint rule provider kind role severity confidence redacted sha256 path line column end_line "
    "end_column where decoded blob commit author date removed_in removed_date in_head refs exposure exposure_reason "
    "verification suppressed_by suppressed_reason pair message excerpt"
).split()
# At the beginning of a cell, and behind whatever some country's spreadsheet takes for the end of one.
_FORMULA = re.compile(r"(^|[;,|])([\s\"]*[=+\-@\uff0b\uff0d\uff1d\uff20])")
_Row = dict[str, object]


def render(report: Report, view: View, version: str) -> str:  # noqa: ARG001 - every format has these parameters
    """The report as a table with a line of headings."""
    page = StringIO()
    table = csv.DictWriter(page, COLUMNS, lineterminator="\r\n")
    table.writeheader()
    for row in _rows(report, view):
        table.writerow({name: _cell(row.get(name)) for name in COLUMNS})
    return page.getvalue()


def _rows(report: Report, view: View) -> Iterator[_Row]:
    for finding in view.shown(report):
        about = _of_finding(finding)
        for place in finding.occurrences:
            yield {**about, **_of_place(place)}
    for problem in shortfalls(report):
        yield {"record": "problem", "path": problem.where, "message": problem.message}
    for note in report.notes:
        yield {"record": "note", "message": note}


def _of_finding(finding: Finding) -> _Row:
    rule, suppressed = finding.rule, finding.suppressed
    return {
        "record": "finding",
        "fingerprint": finding.fingerprint,
        "rule": rule.id,
        "provider": rule.provider,
        "kind": rule.kind,
        "role": rule.role,
        "severity": finding.severity,
        "confidence": round(finding.confidence, 4),
        "redacted": redacted(finding),
        "sha256": finding.secret.sha256,
        "exposure": finding.exposure.audience,
        "exposure_reason": finding.exposure.reason,
        "verification": finding.verification.state,
        "suppressed_by": suppressed.by if suppressed else "",
        "suppressed_reason": suppressed.reason if suppressed else "",
        "pair": " ".join(finding.pair),
        "message": "; ".join(finding.evidence),
    }


def _of_place(occurrence: Occurrence) -> _Row:
    return {
        **occurrence._asdict(),
        **occurrence.place._asdict(),
        "decoded": " ".join(occurrence.decoded),
        "in_head": "" if occurrence.in_head is None else str(occurrence.in_head).lower(),
        "refs": " ".join(occurrence.refs),
    }


def _cell(value: object) -> object:
    if value is None or isinstance(value, int | float):
        return "" if value is None else str(value)
    return _FORMULA.sub(r"\1'\2", visible(str(value)))
