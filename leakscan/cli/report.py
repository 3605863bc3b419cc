"""`leakscan report`: a saved JSON report in any format."""

from typing import Any

import click

from leakscan.cli.options import quiet, rendering
from leakscan.cli.output import ReportingCommand, requested
from leakscan.cli.running import Outcome, tell
from leakscan.reports.saved import load


@click.command(cls=ReportingCommand)
@click.argument("saved", metavar="REPORT")
@rendering
@quiet
@click.pass_context
def report(ctx: click.Context, /, saved: str, **options: Any) -> int:
    """Render REPORT, which `-f json` saved, in any format; `-` is standard input.

    The exit code is what the findings and problems in it make of it, as for a scan. Nothing is scanned again.

    \b
    Examples:
      leakscan report leaks.json
      leakscan report leaks.json -f html -o leaks.html
      leakscan report leaks.json -f gitlab -o gl-secret-detection-report.json -f junit -o leaks.xml
      leakscan history -f json | leakscan report - -f markdown
      leakscan report leaks.json --fail-on critical -q -f csv -o leaks.csv
    """
    destinations = requested(ctx, options)
    return tell(Outcome(load(saved), options["fail_on"] or "low"), destinations, options)
