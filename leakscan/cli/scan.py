"""`leakscan scan`: work trees, directories, files, standard input."""

from pathlib import Path
from typing import Any

import click

from leakscan.cli.options import asking, reporting, scanning
from leakscan.cli.output import ReportingCommand, requested
from leakscan.cli.progress import ProgressBar
from leakscan.cli.running import Request, asked, scan_as_asked, tell


@click.command(cls=ReportingCommand)
@click.argument("targets", nargs=-1, metavar="[PATH]...")
@scanning
@asking
@reporting
@click.pass_context
def scan(ctx: click.Context, /, targets: tuple[str, ...], **options: Any) -> int:
    """Find credentials in work trees, directories and files (default: the current directory).

    In a git work tree the tracked files are scanned and the untracked ones that git does not ignore; a path that
    you name is always scanned. `-` is standard input.

    \b
    Examples:
      leakscan scan
      leakscan scan --include-ignored ~/project
      kubectl get secret -o yaml | leakscan scan -
      leakscan scan -f text -f sarif -o leaks.sarif -f json -o leaks.json
      leakscan scan --fail-on critical --exclude 'tests/**'
    """
    reports = requested(ctx, options)
    request = Request.of(targets or (".",), options)
    with ProgressBar(wanted=not (options["quiet"] or options["no_progress"])) as progress:
        outcome = scan_as_asked(request, progress)
    single = len(request.targets) == 1 and Path(request.targets[0]).is_dir()
    folder = Path(request.targets[0]) if single else Path.cwd()
    return tell(asked(outcome, folder, options), reports, options)
