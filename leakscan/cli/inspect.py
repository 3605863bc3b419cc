"""`leakscan inspect`: what a live credential reaches, and what was done with it since it leaked."""

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import click

import leakscan
from leakscan.cli.asking import gate
from leakscan.cli.options import quiet, reaching
from leakscan.cli.output import ReportingCommand, requested, view, write_each
from leakscan.cli.progress import ProgressBar
from leakscan.cli.prompted import prompted, report_of
from leakscan.config import cache_folder
from leakscan.detection.cache import prepare
from leakscan.errors import ExitCode, UsageError
from leakscan.inspection import UNTOLD, Inspected, Inspection
from leakscan.model import Finding, Role
from leakscan.providers.credentials import TRIED, credentials
from leakscan.providers.http import Gate
from leakscan.providers.inspecting import disclosure, inspect_all, subject, unread
from leakscan.recovery import Places, regions, with_values
from leakscan.reports.inspection.formats import FORMATS, render
from leakscan.reports.saved import load

# Which variables hold a credential: its identifier, its secret, and the account where that is neither.
_VARIABLES = (
    ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", ""),
    ("TWILIO_API_KEY", "TWILIO_API_SECRET", "TWILIO_ACCOUNT_SID"),
    ("", "SENDGRID_API_KEY", ""),
)


@click.command(cls=ReportingCommand)
@click.argument("saved", metavar="[REPORT]", required=False)
@click.option("--finding", metavar="FINGERPRINT", help="Inspect this finding alone; its beginning is enough.")
@click.option("--since", metavar="DATE", help="Review from this day on.  [default: the first commit that holds it]")
@click.option("--from-environment", is_flag=True, help="Inspect what TWILIO_* and SENDGRID_API_KEY hold.")
@click.option("--repo", default=".", metavar="DIR", help="What was scanned: values are read again there.  [default: .]")
@reaching
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="Format; may be given again.  [default: text]",
)
@click.option("-o", "--output", "outputs", multiple=True, metavar="FILE", help="Where the -f before it goes.")
@click.option("--no-color", is_flag=True, help="No colours, and charts of plain characters.")
@quiet
@click.option("--no-progress", is_flag=True, help="No progress bar.")
@click.pass_context
def inspect(ctx: click.Context, /, saved: str | None, **options: Any) -> int:
    """Say what a live credential of REPORT reaches, and what was done with it since it leaked.

    Each is asked with itself, with requests that only read. `-` asks you for one credential at a prompt; with
    --from-environment it is TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, TWILIO_API_KEY and TWILIO_API_SECRET, or
    SENDGRID_API_KEY. None is ever taken from the command line.

    \b
    Examples:
      leakscan history -f json -o leaks.json; leakscan inspect leaks.json
      leakscan inspect leaks.json --finding aa8e0e3aed5246e9 --since 2026-03-01
      leakscan inspect leaks.json -f html -o inspection.html -f json -o inspection.json
      leakscan inspect -
      leakscan inspect --from-environment

    \b
    Exit codes: 0 none is live, 1 at least one is live, 2 could not run, 3 it could not be told, 130 interrupted.
    """
    today = datetime.now(UTC).date()
    since = _day(options["since"], today)
    destinations = requested(ctx, {**options, "show_secrets": False})
    way = gate(options)
    chosen = _chosen(saved, options)
    inspected = _asked(chosen, way, since, today, options)
    shown = view(os.environ, show_all=True, show_secrets=False, no_color=options["no_color"])
    values = [each.secret.reveal() for each in chosen.held if each.secret.held]
    write_each(destinations, lambda name: render(name, inspected, values, shown, leakscan.__version__))
    return _exit_code(inspected)


def _day(text: str | None, today: date) -> date | None:
    """The day that --since names. Raises UsageError if it is none, or still to come."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        found = (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        raise UsageError(f"--since {text!r} is no date; write it as 2026-03-01 or 2026-03-01T12:00:00+00:00") from None
    if found > today:
        raise UsageError(f"--since {text} is still to come; name the day of the leak")
    if found.year < 2008:
        raise UsageError(f"--since {text} is before there was anything to review; name the day of the leak")
    return found


# --- what is inspected ---


class _Chosen(NamedTuple):
    """The findings to inspect, all that are known with their values, and where those were looked for."""

    findings: Sequence[Finding]
    held: Sequence[Finding]
    places: Places


def _chosen(saved: str | None, options: Mapping[str, Any]) -> _Chosen:
    """What the command line asks for. Raises LeakscanError where there is nothing of it."""
    places = Places(Path(options["repo"]))
    if options["from_environment"]:
        if saved is not None:
            raise UsageError("give a report or --from-environment, not both")
        held = _from_environment(os.environ)
    elif saved is None:
        raise UsageError("name a report that `leakscan scan -f json` saved, or - for a prompt, or --from-environment")
    else:
        report = prompted("inspect") if saved == "-" else load(saved)
        held = with_values(report.findings, places, prepare(cache=cache_folder(os.environ)))
    return _Chosen(_named(held, options["finding"]), held, places)


def _from_environment(environment: Mapping[str, str]) -> list[Finding]:
    """The credentials that the environment holds. Raises UsageError if it holds none."""
    found: dict[str, Finding] = {}
    for name, secret, account in _VARIABLES:
        values = [environment.get(each, "").strip() if each else "" for each in (name, secret, account)]
        if values[1] and (values[0] or not name):
            report = report_of("inspect", *values)
            found.update({each.fingerprint: each for each in report.findings})
    if not found:
        raise UsageError(
            "the environment holds no credential: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, "
            "TWILIO_API_KEY and TWILIO_API_SECRET, or SENDGRID_API_KEY"
        )
    return list(found.values())


def _named(held: Sequence[Finding], fingerprint: str | None) -> list[Finding]:
    """The secrets to inspect: all that count, or the one that is named. Raises UsageError if there are none."""
    able = [each for each in held if each.rule.kind in TRIED]
    if fingerprint is None:
        found = [each for each in able if each.suppressed is None]
        if not found:
            raise UsageError("the report holds no credential that can be tried: there is nothing to inspect")
        return found
    named = [each for each in held if each.fingerprint.startswith(fingerprint.lower())]
    if not named:
        raise UsageError(f"the report has no finding {fingerprint}; `leakscan report FILE` lists them")
    found = [each for each in named if each in able]
    if len(named) > 1:
        raise UsageError(f"{len(named)} findings begin with {fingerprint}; give more of it")
    if not found:
        what = "names something and opens nothing" if named[0].rule.role is Role.IDENTIFIER else "cannot be tried"
        raise UsageError(f"finding {fingerprint} is a {named[0].rule.description}, which {what}; name its secret")
    return found


# --- asking ---


def _asked(chosen: _Chosen, way: Gate, since: date | None, today: date, options: Mapping[str, Any]) -> Inspected:
    """The inspections of what was chosen, those among them whose values are gone."""
    tried = {each.fingerprint: each for each in credentials(chosen.held, regions(chosen.findings, chosen.places))}
    subjects = [
        subject(tried[each.fingerprint], each, since, today) for each in chosen.findings if each.fingerprint in tried
    ]
    every = options["regions"] == "all"
    if subjects and not options["quiet"]:
        print(f"leakscan: {disclosure(subjects, every_region=every)}", file=sys.stderr, flush=True)
    wanted = not (options["quiet"] or options["no_progress"])
    with ProgressBar(wanted=wanted, unit="credentials", doing="inspecting") as progress:
        progress.expect(len(subjects))
        inspected = inspect_all(subjects, way, every_region=every, advance=progress.advance)
    gone = [_gone(each, options["repo"]) for each in chosen.findings if not each.secret.held]
    urgent = sorted((*inspected.inspections, *gone), key=lambda each: (not each.live, each.state not in UNTOLD))
    return inspected._replace(inspections=tuple(urgent))


def _gone(finding: Finding, folder: str) -> Inspection:
    place = finding.occurrences[0]
    where = f"{place.path}, line {place.place.line}, of {folder}"
    return unread(finding, f"its value no longer stands in {where} (--repo names another place)")


def _exit_code(inspected: Inspected) -> ExitCode:
    if not inspected.complete:
        return ExitCode.INTERRUPTED
    if any(each.live for each in inspected.inspections):
        return ExitCode.FOUND
    untold = any(each.state in UNTOLD for each in inspected.inspections)
    return ExitCode.INCOMPLETE if untold else ExitCode.CLEAN
