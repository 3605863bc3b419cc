"""Report -> one JSON document of schema `leakscan/report/1`, which report-1.schema.json describes.

Paths stand as they are, so that a program can open them; every character beyond ASCII is written as a JSON
escape, so that the document is harmless on a terminal whatever a file is called.
"""

import json
import re
from typing import Any

from leakscan.model import Finding, Occurrence, Problem, Report
from leakscan.reports.view import View
from leakscan.reports.wording import redacted

SCHEMA = "leakscan/report/1"
# Where a list of refs belongs in the laid-out document: what stands in a string has its quotes escaped.
_DEPTH = 10  # of the keys of an occurrence
_REFS = re.compile(r'^( *"refs": )(\d+)', re.MULTILINE)


def render(report: Report, view: View, version: str) -> str:
    """The report as an indented JSON document; `version` is the program's."""
    findings = [finding_object(finding, view) for finding in view.shown(report)]
    # The same thousand refs may lead to each of a thousand places: a list of them is laid out once.
    laid_out: dict[tuple[str, ...], int] = {}
    for occurrence in (each for finding in findings for each in finding["occurrences"]):
        occurrence["refs"] = laid_out.setdefault(tuple(occurrence["refs"]), len(laid_out))
    document = {
        "schema": SCHEMA,
        **run(report, version),
        "findings": findings,
        "problems": [problem_object(problem) for problem in report.problems],
        "notes": list(report.notes),
    }
    indent = " " * _DEPTH
    lists = [json.dumps(refs, indent=2).replace("\n", f"\n{indent}") for refs in laid_out]
    text = json.dumps(document, indent=2, allow_nan=False) + "\n"
    return _REFS.sub(lambda found: found[1] + lists[int(found[2])], text)


def run(report: Report, version: str) -> dict[str, object]:
    """What is to say about the run as a whole: tool, command, whether it came to its end, numbers."""
    statistics = report.statistics
    return {
        "tool": {"name": "leakscan", "version": version},
        "command": report.command,
        "complete": report.complete,
        "stats": {
            "contents": statistics.contents,
            "bytes": statistics.bytes,
            "seconds": round(statistics.seconds, 3),
            "started": statistics.started,
            "findings": len(report.counted),
            "suppressed": report.suppressed,
        },
    }


def finding_object(finding: Finding, view: View) -> dict[str, Any]:
    """One finding as the schema has it, with `value.raw` only if the view asks for secrets and the value is held."""
    rule, verification, suppressed = finding.rule, finding.verification, finding.suppressed
    value = {"redacted": redacted(finding), "sha256": finding.secret.sha256}
    if view.show_secrets and finding.secret.held:
        value["raw"] = finding.secret.reveal()
    return {
        "fingerprint": finding.fingerprint,
        "rule": rule.id,
        "description": rule.description,
        "provider": rule.provider,
        "kind": rule.kind,
        "role": str(rule.role),
        "severity": str(finding.severity),
        "confidence": round(finding.confidence, 4),
        "evidence": list(finding.evidence),
        "value": value,
        "pair": list(finding.pair),
        "exposure": {"class": finding.exposure.audience, "reason": finding.exposure.reason},
        "verification": {
            "state": verification.state,
            "detail": verification.detail,
            "checked_at": verification.checked_at,
        },
        "suppressed": None if suppressed is None else {"by": suppressed.by, "reason": suppressed.reason},
        "occurrences": [_occurrence_object(occurrence) for occurrence in finding.occurrences],
        "remediation": list(finding.remediation),
    }


def problem_object(problem: Problem) -> dict[str, object]:
    """One problem as the schema has it."""
    return {"where": problem.where, "message": problem.message}


def _occurrence_object(occurrence: Occurrence) -> dict[str, Any]:
    place = occurrence.place
    return {
        "where": occurrence.where,
        "path": occurrence.path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "decoded": list(occurrence.decoded),
        "blob": occurrence.blob,
        "commit": occurrence.commit,
        "author": occurrence.author,
        "date": occurrence.date,
        "removed_in": occurrence.removed_in,
        "removed_date": occurrence.removed_date,
        "in_head": occurrence.in_head,
        "refs": list(occurrence.refs),
        "excerpt": occurrence.excerpt,
    }
