"""Report -> GitLab's secret detection report (schema 15.x), which a pipeline hands over as an artefact.

One vulnerability is one credential, at the place to look at first; its other places are in its details.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from leakscan.model import Finding, Occurrence, Report
from leakscan.reports.messages import acceptance, audience, foremost_first, names, shortfalls, title
from leakscan.reports.view import View
from leakscan.reports.wording import certainty, circumstances, visible

_VERSION = "15.0.4"  # every GitLab since 15.4 reads it
_SCHEMA = "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v{}/dist/{}"
_NO_COMMIT = "0000000"  # what GitLab's own analyzer writes for a scan without git
_UNKNOWN_DAY = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_NAME, _LONGEST_SOLUTION, _MOST_PLACES = 255, 7000, 100
_Object = dict[str, object]


def render(report: Report, view: View, version: str) -> str:
    """The report as an indented JSON document; `version` is the program's."""
    known = names(report)
    document = {
        "version": _VERSION,
        "schema": _SCHEMA.format(_VERSION, "secret-detection-report-format.json"),
        "scan": _scan(report, version),
        "vulnerabilities": [_vulnerability(finding, known) for finding in view.shown(report)],
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _scan(report: Report, version: str) -> _Object:
    tool = {"id": "leakscan", "name": "leakscan", "version": version, "vendor": {"name": "leakscan"}}
    problems = [("warn", f"{problem.where}: {problem.message}") for problem in shortfalls(report)]
    said = problems + [("info", note) for note in report.notes]
    began = datetime.fromisoformat(report.statistics.started) if report.statistics.started else _UNKNOWN_DAY
    return {
        "analyzer": tool,
        "scanner": tool,
        "type": "secret_detection",
        "status": "success" if report.complete else "failure",
        "start_time": _moment(began),
        "end_time": _moment(began + timedelta(seconds=report.statistics.seconds)),
        "messages": [{"level": level, "value": visible(text)} for level, text in said],
    }


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _vulnerability(finding: Finding, known: Mapping[str, str]) -> _Object:
    places = foremost_first(finding)
    rule, steps = finding.rule, enumerate(finding.remediation, 1)
    found: _Object = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:leakscan:finding:{finding.fingerprint}")),
        "name": visible(title(finding))[:_LONGEST_NAME],
        "description": visible(f"{title(finding)}, {certainty(finding)}."),
        "severity": str(finding.severity).capitalize(),
        "solution": "\n".join(f"{number}. {step}" for number, step in steps)[:_LONGEST_SOLUTION],
        # GitLab takes two vulnerabilities for one if their first identifiers and their lines are the same.
        "identifiers": [
            _identifier("fingerprint", f"leakscan fingerprint {finding.fingerprint}", finding.fingerprint),
            _identifier("rule", f"leakscan rule {rule.id}", rule.id),
            {**_identifier("cwe", "CWE-798", "798"), "url": "https://cwe.mitre.org/data/definitions/798.html"},
        ],
        "location": _location(places[0]),
        "raw_source_code_extract": visible(places[0].excerpt),
        "details": _details(finding, places, known),
    }
    if finding.suppressed:
        flag = {"type": "flagged-as-likely-false-positive", "origin": "leakscan"}
        found["flags"] = [{**flag, "description": visible(acceptance(finding))}]
    return found


def _identifier(kind: str, name: str, value: str) -> _Object:
    return {"type": kind if kind == "cwe" else f"leakscan_{kind}", "name": name, "value": value}


def _location(place: Occurrence) -> _Object:
    commit = {"sha": place.commit or _NO_COMMIT, "author": visible(place.author or ""), "date": place.date or ""}
    location: _Object = {"file": visible(place.path), "commit": commit}
    if place.where == "content":
        location |= {"start_line": place.place.line, "end_line": place.place.end_line}
    return location


def _details(finding: Finding, places: list[Occurrence], known: Mapping[str, str]) -> _Object:
    """What GitLab shows in a table under the vulnerability, as plain text: it reads the description as Markdown."""
    pairs = [known[half] for half in finding.pair if half in known]
    files = [place for place in places if place.where == "content" and place.path]
    return {
        "exposure": {"name": "Exposure", "type": "text", "value": visible(audience(finding) or "unknown")},
        "verification": {"name": "Verification", "type": "text", "value": finding.verification.state},
        "sha256": {"name": "SHA-256 of the value", "type": "value", "value": finding.secret.sha256},
        "evidence": _list("Evidence", finding.evidence),
        "pair": _list("Belongs with", pairs),
        "stay": _list("Found", filter(None, map(circumstances, places[:1]))),
        "places": {
            "name": f"Places ({len(places):,})",
            "type": "list",
            "items": [_file_location(place) for place in files[:_MOST_PLACES]],
        },
    }


def _list(name: str, texts: Iterable[str]) -> _Object:
    return {"name": name, "type": "list", "items": [{"type": "text", "value": visible(text)} for text in texts]}


def _file_location(occurrence: Occurrence) -> _Object:
    place = occurrence.place
    return {
        "type": "file-location",
        "file_name": visible(occurrence.path),
        "line_start": place.line,
        "line_end": place.end_line,
    }
