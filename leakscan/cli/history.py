"""`leakscan history`: every object of a repository's object database."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import click

import leakscan
from leakscan.cli.options import asking, reporting
from leakscan.cli.options import judging as judging_options
from leakscan.cli.output import ReportingCommand, requested
from leakscan.cli.progress import ProgressBar
from leakscan.cli.running import Outcome, Request, asked, judging, matcher, tell
from leakscan.detection.cache import Prepared
from leakscan.errors import UsageError
from leakscan.history.run import Options, scan_history
from leakscan.history.state import State
from leakscan.members import with_archives
from leakscan.sources.commits import select
from leakscan.sources.repository import open_repository, submodules


@click.command(cls=ReportingCommand)
@click.argument("repository", default=".", metavar="[REPO]")
@click.option("--range", "span", metavar="A..B", help="Only what these commits bring.")
@click.option("--since", metavar="DATE", help="Only what commits since this date bring (as git understands dates).")
@click.option("--branch", metavar="NAME", help="Only what the commits of this branch bring.")
@click.option("--state", metavar="FILE", help="Remember there what was scanned, and do not scan it again.")
@click.option("--path", "paths", multiple=True, metavar="GLOB", help="Only what stood there (as in .gitignore).")
@click.option("--exclude", "exclude", multiple=True, metavar="GLOB", help="Nothing that stood at these paths.")
@click.option("--submodules/--no-submodules", default=True, help="Submodules' repositories, too.  [default: yes]")
@judging_options
@asking
@reporting
@click.pass_context
def history(ctx: click.Context, /, repository: str, **options: Any) -> int:
    """Find credentials in all that was ever committed to REPO (default: the repository that you stand in).

    Every object is read: of all branches, tags, notes and stashes, reflogs, what was staged and never committed, and
    what nothing reaches any more; the messages, the people and the file names, too. Each finding says which commit
    brought it and when, which one took it away, whether HEAD has it, and which refs lead to it.

    \b
    Examples:
      leakscan history
      leakscan history --range origin/main..HEAD
      leakscan history --since 2026-01-01 --path 'config/**' ~/project
      leakscan history --state ~/.cache/project.leakscan /srv/git/project.git
      leakscan history -f json -o leaks.json -f text /srv/git/project.git
    """
    reports = requested(ctx, options)
    request = Request.of((repository,), options)
    with ProgressBar(wanted=not (options["quiet"] or options["no_progress"]), unit="bytes") as progress:
        outcome = _run(request, options, progress)
    return tell(asked(outcome, Path(repository), options), reports, options)


def _run(request: Request, options: dict[str, Any], progress: ProgressBar) -> Outcome:
    target = request.targets[0]
    main = open_repository(Path(target))
    judge = judging(request, (str(main.work_tree or main.common),))
    narrowed = options["span"] or options["since"] or options["branch"]
    if narrowed and options["state"]:
        raise UsageError("--state remembers whole histories; leave it out with --range, --since or --branch")
    selection = select(main, options["span"], options["since"], options["branch"]) if narrowed else None
    nested = submodules(main) if options["submodules"] and main.work_tree and not narrowed else ()
    asked = Options(judge.least, request.jobs, _wanted(options["paths"], request.exclude), selection)
    with _state(options["state"], judge.prepared) as state:
        report = scan_history(
            [main, *nested], judge.prepared, judge.suppressions, asked._replace(state=state), progress
        )
    nothing = not (report.statistics.contents or report.problems or report.findings)
    if nothing and report.complete and state is None:
        raise UsageError(f"nothing to scan: {target} has no objects yet; `leakscan scan` scans its files")
    return Outcome(judge.said(request, report), judge.fail_on)


def _state(file: str | None, prepared: Prepared) -> AbstractContextManager[State | None]:
    """The state file, open, for what was scanned by this program with these rules."""
    if file is None:
        return nullcontext()
    return State(Path(file), f"{leakscan.__version__} {prepared.rules.digest}")


def _wanted(paths: tuple[str, ...], exclude: tuple[str, ...]) -> Callable[[str], bool] | None:
    """Which paths count; None for all."""
    if not paths and not exclude:
        return None
    inside = matcher(paths, "--path") if paths else lambda _path: True
    outside = matcher(exclude, "--exclude") if exclude else lambda _path: False

    def wanted(path: str) -> bool:
        through = list(with_archives(path))  # a pattern for an archive is about all that is in it
        return any(map(inside, through)) and not any(map(outside, through))

    return wanted
