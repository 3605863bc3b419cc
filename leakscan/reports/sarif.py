"""Report -> SARIF 2.1.0, shaped for GitHub code scanning and right for any other reader of the standard."""

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from leakscan.model import Finding, Occurrence, Place, Report, Role, Rule, Severity
from leakscan.reports.messages import acceptance, foremost_first, grade, names, paragraph, sentences, stay
from leakscan.reports.view import View
from leakscan.reports.wording import spot, visible

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
# GitHub refuses a file with more than 1,000 locations in one result and shows 100; the JSON report has them all.
_MOST_RELATED = 99
_MOST_LINKED = 10
# GitHub reads these as CVSS scores: over 9.0 is critical, from 7.0 high, from 4.0 medium, over 0 low.
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
    Severity.INFO: "0.0",
}
_Object = dict[str, object]


def render(report: Report, view: View, version: str) -> str:
    """The report as an indented SARIF log with one run; `version` is the program's."""
    shown = view.shown(report)
    rules = list({finding.rule.id: finding.rule for finding in shown}.values())
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    known = names(report)
    run = {
        "tool": {"driver": {"name": "leakscan", "version": version, "rules": [_rule(rule) for rule in rules]}},
        "invocations": [_invocation(report)],
        "originalUriBaseIds": {_ROOT: {"description": _plain("The root of what was scanned.")}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, numbers[finding.rule.id], known) for finding in shown],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, allow_nan=False) + "\n"


def _rule(rule: Rule) -> _Object:
    lines = [f"{number}. {step}" for number, step in enumerate(rule.remediation, 1)]
    steps = "\n".join(lines) or "Find out what this value opens, and replace it."
    article = "an" if rule.role is Role.IDENTIFIER else "a"
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": _plain(rule.description),
        "fullDescription": _plain(
            f"{rule.description}: {article} {rule.role} ({rule.provider}) where others can read it."
        ),
        "help": {"text": steps, "markdown": f"## What to do\n\n{steps}"},
        "defaultConfiguration": {"level": grade(rule.severity).value},
        "properties": {
            "precision": "high",
            "security-severity": _SCORES[rule.severity],
            "tags": ["security", str(rule.role), rule.provider, "external/cwe/cwe-798"],
        },
    }


def _result(finding: Finding, rule_index: int, known: Mapping[str, str]) -> _Object:
    # One result for each credential, as everywhere. GitHub shows only the first of `locations`, and links those
    # of `relatedLocations` that the message names; so the first place stands in one, the others in the other.
    places = foremost_first(finding)
    related = places[1 : _MOST_RELATED + 1]
    result: _Object = {
        "ruleId": finding.rule.id,
        "ruleIndex": rule_index,
        "level": grade(finding.severity).value,
        "rank": round(finding.confidence * 100, 2),
        "message": {"text": _message(finding, related, known)},
        "locations": [_location(place) for place in places[:1]],
        "relatedLocations": [{"id": number, **_location(place)} for number, place in enumerate(related, 1)],
        "partialFingerprints": {"leakscan/v1": finding.fingerprint},
        "properties": {
            "severity": str(finding.severity),
            "confidence": round(finding.confidence, 4),
            "exposure": finding.exposure.audience,
            "verification": finding.verification.state,
            "sha256": finding.secret.sha256,
        },
    }
    if finding.suppressed:
        kind = "inSource" if finding.suppressed.by == "inline" else "external"
        reason = visible(acceptance(finding))
        result["suppressions"] = [{"kind": kind, "status": "accepted", "justification": reason}]
    return result


def _message(finding: Finding, related: Sequence[Occurrence], known: Mapping[str, str]) -> str:
    """What is told of a finding, with links to its other places by their ids."""
    text = paragraph(map(_literal, sentences(finding, known) + stay(foremost_first(finding)[0])))
    if related:
        links = (f"[{_literal(spot(place))}]({number})" for number, place in enumerate(related[:_MOST_LINKED], 1))
        more = len(finding.occurrences) - 1 - _MOST_LINKED
        text += f" Also at {', '.join(links)}" + (f" and {more:,} more places." if more > 0 else ".")
    return text


def _literal(text: str) -> str:
    """`text` so that a SARIF message shows it as it is: brackets would begin a link."""
    return visible(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _location(occurrence: Occurrence) -> _Object:
    if occurrence.where not in ("content", "file_name"):
        logical = {"fullyQualifiedName": visible(occurrence.path), "kind": occurrence.where}
        return {"logicalLocations": [logical], **_history(occurrence)}
    physical: _Object = {"artifactLocation": _artifact(occurrence.path)}
    history = _history(occurrence)
    if occurrence.where == "content":
        physical["region"] = _region(occurrence.place)
        if occurrence.excerpt:
            lines = {"startLine": occurrence.place.line, "endLine": occurrence.place.end_line}
            physical["contextRegion"] = {**lines, "snippet": _plain(occurrence.excerpt)}
    return {"physicalLocation": physical, **history}


def _history(occurrence: Occurrence) -> _Object:
    """The commit facts of a place, if it has any, as SARIF's property bag."""
    if occurrence.in_head is None and occurrence.commit is None:
        return {}
    facts = {
        "blob": occurrence.blob,
        "commit": occurrence.commit,
        "author": occurrence.author,
        "date": occurrence.date,
        "removedIn": occurrence.removed_in,
        "removedDate": occurrence.removed_date,
        "inHead": occurrence.in_head,
        "refs": list(occurrence.refs[:_MOST_RELATED]),
    }
    return {"properties": {name: visible(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}}


def _artifact(path: str) -> _Object:
    # The bytes of the name as the file system has them; ':' is encoded too, which would end a scheme's name.
    try:
        uri = quote(path, safe="/", errors="surrogateescape")
    except UnicodeEncodeError:  # half of a surrogate pair, which stands for no byte
        uri = quote(visible(path), safe="/")
    return {"uri": f"file://{uri}"} if path.startswith("/") else {"uri": uri, "uriBaseId": _ROOT}


def _region(place: Place) -> _Object:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _invocation(report: Report) -> _Object:
    problems = [
        {"level": "error", "message": _plain(f"{problem.where}: {problem.message}")} for problem in report.problems
    ]
    notes = [{"level": "note", "message": _plain(note)} for note in report.notes]
    return {
        "executionSuccessful": report.complete,
        "toolExecutionNotifications": problems,
        "toolConfigurationNotifications": notes,
    }


def _plain(text: str) -> _Object:
    return {"text": visible(text)}
