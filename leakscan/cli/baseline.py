"""`leakscan baseline`: accept what is known, so that only what is new counts."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from leakscan.cli.options import scanning
from leakscan.cli.progress import ProgressBar
from leakscan.cli.running import Request, scan_as_asked
from leakscan.config import BASELINE_SCHEMA, load_baseline
from leakscan.errors import ExitCode, UsageError
from leakscan.model import Finding, Report
from leakscan.reports.files import check_writable, write
from leakscan.reports.masking import masked

DEFAULT = "leakscan-baseline.json"


@click.group()
def baseline() -> None:
    """Accept what is known, with reasons: `leakscan scan --baseline FILE` then counts only what is new.

    A baseline holds fingerprints, no values. It holds wherever a value moves to.
    """


@baseline.command()
@click.argument("targets", nargs=-1, metavar="[PATH]...")
@click.option("--file", "-o", "file", default=DEFAULT, show_default=True, metavar="FILE", help="The baseline file.")
@click.option("--reason", required=True, help="Why these findings are accepted.")
@scanning
def create(targets: tuple[str, ...], file: str, reason: str, **options: object) -> int:
    """Scan, and accept everything that is found now."""
    if Path(file).exists():
        raise UsageError(f"{file} exists; `leakscan baseline update` adds to it and keeps its reasons")
    return _save(file, _scan(targets, file, options), {}, reason)


@baseline.command()
@click.argument("targets", nargs=-1, metavar="[PATH]...")
@click.option("--file", "-o", "file", default=DEFAULT, show_default=True, metavar="FILE", help="The baseline file.")
@click.option("--reason", required=True, help="Why the new findings are accepted.")
@scanning
def update(targets: tuple[str, ...], file: str, reason: str, **options: object) -> int:
    """Scan, accept what is new, forget what is gone, and keep the reasons of the rest."""
    known = load_baseline(Path(file))
    return _save(file, _scan(targets, file, options), known, reason)


def _scan(targets: tuple[str, ...], file: str, options: dict[str, object]) -> Report:
    check_writable(file)
    quiet = bool(options.pop("quiet")) | bool(options.pop("no_progress"))
    request = Request.of(targets or (".",), options)
    with ProgressBar(wanted=not quiet) as progress:
        return scan_as_asked(request, progress).report


def _save(file: str, report: Report, known: Mapping[str, Mapping[str, str]], reason: str) -> int:
    if not report.complete:
        click.echo(f"interrupted; {file} is as it was", err=True)
        return ExitCode.INTERRUPTED
    today = datetime.now(UTC).date().isoformat()
    entries = [
        known.get(finding.fingerprint) or _entry(finding, reason, today)
        for finding in masked(report).findings
        if finding.suppressed is None or finding.suppressed.by == "baseline"
    ]
    table = {"schema": BASELINE_SCHEMA, "entries": sorted(entries, key=lambda entry: entry["fingerprint"])}
    write(file, json.dumps(table, indent=2) + "\n")
    new = sum(1 for entry in entries if entry["fingerprint"] not in known)
    gone = len(known) - (len(entries) - new)
    click.echo(f"{file}: {len(entries)} findings accepted ({new} new, {gone} gone)", err=True)
    for problem in report.problems:
        click.echo(f"not scanned: {problem.where}: {problem.message}", err=True)
    return ExitCode.INCOMPLETE if report.problems else ExitCode.CLEAN


def _entry(finding: Finding, reason: str, today: str) -> dict[str, str]:
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule.id,
        "path": finding.occurrences[0].path,
        "reason": reason,
        "added": today,
    }
