"""`leakscan verify`: live verification of what a saved report found."""

import os
from pathlib import Path
from typing import Any

import click

from leakscan.cli.asking import answered
from leakscan.cli.options import quiet, reaching, rendering
from leakscan.cli.output import ReportingCommand, requested
from leakscan.cli.prompted import prompted
from leakscan.cli.running import Outcome, tell
from leakscan.config import cache_folder
from leakscan.detection.cache import prepare
from leakscan.model import Finding, Report, Verification
from leakscan.providers.credentials import TRIED
from leakscan.recovery import Places, with_values
from leakscan.reports.saved import load


@click.command(cls=ReportingCommand)
@click.argument("saved", metavar="REPORT")
@click.option("--repo", default=".", metavar="DIR", help="What was scanned: values are read again there.  [default: .]")
@reaching
@rendering
@quiet
@click.option("--no-progress", is_flag=True, help="No progress bar.")
@click.pass_context
def verify(ctx: click.Context, /, saved: str, **options: Any) -> int:
    """Ask the providers what of REPORT is live; `-` asks you for one credential at a prompt.

    A saved report holds no values: each is read again where the report says that it stands, and told by its SHA-256.
    Every credential is tried once, with requests that only read; what could not be told for sure is `unknown`.

    \b
    Examples:
      leakscan scan -f json -o leaks.json; leakscan verify leaks.json
      leakscan verify leaks.json --repo ~/project --regions all -f json -o verified.json
      leakscan verify -
    """
    destinations = requested(ctx, options)
    report = prompted("verify") if saved == "-" else load(saved)
    places = Places(Path(options["repo"]))
    held = with_values(report.findings, places, prepare(cache=cache_folder(os.environ)))
    gone = {each.fingerprint for each in held if not each.secret.held}
    told = tuple(_lost(each, options["repo"]) if each.fingerprint in gone else each for each in report.findings)
    verified = answered(report._replace(command="verify", findings=told), options, places, held)
    return tell(Outcome(_saved_again(verified, report), options["fail_on"] or "low"), destinations, options)


def _lost(finding: Finding, folder: str) -> Finding:
    """A finding whose value is not there to be tried."""
    if finding.rule.kind not in TRIED or finding.suppressed is not None:
        return finding
    place = finding.occurrences[0]
    says = (
        f"its value no longer stands in {place.path}, line {place.place.line}, of {folder} (--repo names another place)"
    )
    return finding._replace(verification=Verification("unknown", says))


def _saved_again(verified: Report, report: Report) -> Report:
    """The verified report with values as saved ones, but for a credential that was typed."""
    secrets = {each.fingerprint: each.secret for each in report.findings}
    findings = tuple(each._replace(secret=secrets[each.fingerprint]) for each in verified.findings)
    return verified._replace(findings=findings)
