"""`leakscan baseline`: accept what is known, so that only what is new counts."""

import getpass
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from leakscan.baseline import Baseline, Entry, day, load
from leakscan.cli.options import scanning
from leakscan.cli.progress import ProgressBar
from leakscan.cli.running import Request, scan_as_asked
from leakscan.errors import ExitCode, UsageError
from leakscan.model import Finding, Report
from leakscan.reports.files import check_writable, write
from leakscan.reports.masking import masked

DEFAULT = "leakscan-baseline.json"
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _accepting(function: _Command) -> _Command:
    """What is written of findings that are accepted."""
    for decorator in (
        scanning,
        click.option("--until", default="", metavar="YYYY-MM-DD", help="Last day on which they are accepted."),
        click.option("--by", default="", metavar="NAME", help="Who accepts them.  [default: your user name]"),
        click.option("--reason", required=True, help="Why they are accepted."),
        _file,
        click.argument("targets", nargs=-1, metavar="[PATH]..."),
    ):
        function = decorator(function)
    return function


_file = click.option("--file", "-o", "file", default=DEFAULT, show_default=True, metavar="FILE", help="The baseline.")


@click.group()
def baseline() -> None:
    """Accept what is known, with reasons: `leakscan scan --baseline FILE` then counts only what is new.

    A baseline holds fingerprints, no values. It holds wherever a value moves to, until the day that an entry names.

    \b
    Examples:
      leakscan baseline create --reason "known on 1 March" --until 2027-03-01
      leakscan baseline audit
      leakscan baseline update --reason "test account"
      leakscan scan --baseline leakscan-baseline.json --diff-baseline
    """


@baseline.command()
@_accepting
def create(targets: tuple[str, ...], file: str, reason: str, by: str, until: str, **options: Any) -> int:
    """Scan, and accept everything that is found now."""
    if Path(file).exists():
        raise UsageError(f"{file} exists; `leakscan baseline update` adds to it and keeps its reasons")
    return _save(file, scanned(targets, file, options), Baseline(), _writer(reason, by, until))


@baseline.command()
@_accepting
def update(targets: tuple[str, ...], file: str, reason: str, by: str, until: str, **options: Any) -> int:
    """Scan, accept what is new, forget what is gone, and keep the rest as it is; what has ended is accepted anew."""
    known = load(Path(file))
    return _save(file, scanned(targets, file, options), known, _writer(reason, by, until))


@baseline.command()
@click.argument("targets", nargs=-1, metavar="[PATH]...")
@_file
@click.option("--by", default="", metavar="NAME", help="Who audits.  [default: your user name]")
@click.option("--again", is_flag=True, help="Go through entries that were audited before, too.")
@scanning
def audit(targets: tuple[str, ...], file: str, by: str, again: bool, **options: Any) -> int:  # noqa: FBT001
    """Go through the accepted findings one by one, and say of each what it is.

    Each is shown with its place and its masked line. Every answer is saved at once: quit when you like.
    """
    from leakscan.cli.baseline.auditing import Audit

    known = load(Path(file))
    report = scanned(targets, file, options)
    return Audit(file, known, masked(report), _who(by), again=again).run()


def scanned(targets: tuple[str, ...], file: str, options: Mapping[str, Any]) -> Report:
    """What is found now. Raises LeakscanError, before the scan if the baseline could not be written."""
    check_writable(file)
    request = Request.of(targets or (".",), options)
    with ProgressBar(wanted=not (options["quiet"] or options["no_progress"])) as progress:
        return scan_as_asked(request, progress).report


def _writer(reason: str, by: str, until: str) -> Callable[[Finding], Entry]:
    """What writes an entry for a finding. Raises ConfigError for what is no date."""
    today = datetime.now(UTC).date().isoformat()
    if day(until, "--until") and until < today:
        raise UsageError(f"--until {until} is over; an entry that has ended accepts nothing")
    who = _who(by)

    def entry(finding: Finding) -> Entry:
        return Entry(finding.fingerprint, finding.rule.id, finding.occurrences[0].path, reason, today, who, until)

    return entry


def _who(by: str) -> str:
    try:
        return by or getpass.getuser()
    except (OSError, KeyError):  # no name for this user
        return ""


def _save(file: str, report: Report, known: Baseline, entry: Callable[[Finding], Entry]) -> int:
    if not report.complete:
        click.echo(f"interrupted; {file} is as it was", err=True)
        return ExitCode.INTERRUPTED
    holding = known.holding(datetime.now(UTC).date())
    accepted = [
        finding
        for finding in masked(report).findings
        if finding.suppressed is None or finding.suppressed.by == "baseline"
    ]
    entries = {each.fingerprint: holding.get(each.fingerprint) or entry(each) for each in accepted}
    write(file, Baseline(entries).to_json())
    kept = sum(mark in holding for mark in entries)
    gone = sum(mark not in entries for mark in known.entries)
    click.echo(f"{file}: {len(entries)} findings accepted ({len(entries) - kept} new, {gone} gone)", err=True)
    for problem in report.problems:
        click.echo(f"not scanned: {problem.where}: {problem.message}", err=True)
    return ExitCode.INCOMPLETE if report.problems else ExitCode.CLEAN
