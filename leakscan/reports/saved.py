"""A saved JSON report (schema `leakscan/report/1`) -> the Report that it was, but for the values.

What a report of an earlier version lacks (its schema only grows) has its default; all else must be there.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leakscan.detection.rules import load_rules
from leakscan.errors import ReportError
from leakscan.model import (
    Exposure,
    Finding,
    Occurrence,
    Place,
    Problem,
    Report,
    Role,
    Rule,
    Severity,
    Statistics,
    Suppression,
    Verification,
)
from leakscan.reports.json import SCHEMA
from leakscan.reports.reading import Reader
from leakscan.reports.wording import visible
from leakscan.secret import SavedSecret, Secret

_LONGEST_RUN = 1e9  # seconds


def load(path: str) -> Report:
    """The report in the file `path`; `-` is standard input.

    Raises ReportError if it cannot be read or is no such report; the message names the file and the place in it.
    """
    shown = "standard input" if path == "-" else visible(path)
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it names no file"
        raise ReportError(f"cannot read the report {shown}: {reason}; save one with -f json -o FILE") from None
    return parse(data, shown)


def parse(data: bytes, name: str) -> Report:
    """The report that `data` is, told of as `name`. Raises ReportError if it is none."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        if isinstance(error, json.JSONDecodeError) and error.msg == "Extra data":
            hint = "it holds JSON lines, or more than one document; save the report with -f json"
        else:
            hint = "it is not JSON; save the report with -f json"
        raise ReportError(f"cannot read the report {name}: {hint}") from None
    reader = Reader(document, name)
    schema = reader.optional("schema", None)
    if schema != SCHEMA:
        said = f"its schema is {visible(str(schema))[:80]!r}" if schema is not None else "it names no schema"
        raise reader.error(f"{said}, and this version of leakscan reads {SCHEMA!r}")
    return _report(reader)


def _report(reader: Reader) -> Report:
    rules = load_rules().by_id
    findings = tuple(_finding(each, rules) for each in reader.objects("findings"))
    stats = reader.object("stats")
    statistics = Statistics(
        stats.whole("contents"),
        stats.whole("bytes"),
        stats.number("seconds", 0, _LONGEST_RUN),
        stats.moment_or_none("started") if stats.has("started") else None,
    )
    suppressed = sum(finding.suppressed is not None for finding in findings)
    return Report(
        command=reader.text("command"),
        findings=findings,
        problems=tuple(Problem(each.text("where"), each.text("message")) for each in reader.objects("problems")),
        statistics=statistics,
        complete=reader.truth("complete"),
        notes=reader.texts("notes") if reader.has("notes") else (),
        unlisted=max(0, stats.whole("suppressed") - suppressed),
    )


def _finding(reader: Reader, rules: Mapping[str, Rule]) -> Finding:
    exposure, verification = reader.object("exposure"), reader.object("verification")
    suppressed = reader.object_or_none("suppressed")
    finding = Finding(
        rule=_rule(reader, rules),
        secret=_secret(reader),
        confidence=reader.number("confidence", 0, 1),
        evidence=reader.texts("evidence"),
        occurrences=tuple(map(_occurrence, reader.objects("occurrences", least=1))),
        severity=Severity[reader.one_of("severity", [str(each) for each in Severity]).upper()],
        exposure=Exposure(exposure.text("class"), exposure.text("reason")),
        pair=reader.texts("pair"),
        verification=Verification(
            verification.text("state"), verification.text("detail"), verification.text_or_none("checked_at")
        ),
        suppressed=Suppression(suppressed.text("by"), suppressed.text("reason")) if suppressed else None,
    )
    steps = reader.texts("remediation")
    if finding.remediation != steps:  # the rule has changed since, or is not one of ours
        finding = finding._replace(rule=finding.rule._replace(remediation=steps, in_clients=()))
    return finding


def _rule(reader: Reader, rules: Mapping[str, Rule]) -> Rule:
    """The rule that found it: the shipped one as far as it is the same, and what the report says of it."""
    name, kind = reader.text("rule"), reader.text("kind")
    shipped = rules.get(name)
    said: dict[str, Any] = {
        "provider": reader.text("provider"),
        "kind": kind,
        "role": Role(reader.one_of("role", list(Role))),
        "description": reader.text("description") if reader.has("description") else kind.replace("_", " "),
    }
    if shipped is not None:
        if not reader.has("description"):
            said["description"] = shipped.description
        return shipped._replace(**said)
    return Rule(
        id=name,
        severity=Severity[reader.one_of("severity", [str(each) for each in Severity]).upper()],
        shape="",
        anchor="",
        reach=0,
        triggers=(),
        base=0.0,
        clues=(),
        remediation=(),
        only="client" if kind.startswith("client_side_") else None,
        **said,
    )


def _secret(reader: Reader) -> Secret:
    """The value where a report shows it (--show-secrets), else what is known of it."""
    value: Reader = reader.object("value")
    fingerprint, sha256 = reader.digits("fingerprint", 16), value.digits("sha256", 64)
    if not value.has("raw"):
        return SavedSecret(value.text("redacted"), sha256, fingerprint)
    secret = Secret(value.text("raw"))
    if (secret.sha256, secret.fingerprint(reader.text("kind"))) != (sha256, fingerprint):
        raise value.error("its sha256 or fingerprint is not that of its raw value; the report was changed")
    return secret


def _occurrence(reader: Reader) -> Occurrence:
    place = Place(*(reader.whole(name, 1) for name in Place._fields))
    return Occurrence(
        path=reader.text("path"),
        place=place,
        where=reader.text("where"),
        decoded=reader.texts("decoded"),
        blob=reader.text_or_none("blob"),
        commit=reader.text_or_none("commit"),
        author=reader.text_or_none("author"),
        date=reader.text_or_none("date"),
        removed_in=reader.text_or_none("removed_in"),
        removed_date=reader.text_or_none("removed_date") if reader.has("removed_date") else None,
        in_head=reader.truth_or_none("in_head"),
        refs=reader.texts("refs"),
        excerpt=reader.text("excerpt") if reader.has("excerpt") else "",
    )
