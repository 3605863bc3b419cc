"""`leakscan ci`: the commits that are new in a run of a CI."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from leakscan.cli.ci.new_commits import new_commits
from leakscan.cli.ci.output import write_for
from leakscan.cli.ci.platforms import GITHUB, Plan, plan, platform
from leakscan.cli.commit_ranges import scan_commits
from leakscan.cli.options import asking, reporting
from leakscan.cli.options import judging as judging_options
from leakscan.cli.output import ReportingCommand, exit_code, requested, view
from leakscan.cli.progress import ProgressBar
from leakscan.cli.running import Outcome, Request, asked, scan_as_asked
from leakscan.errors import UsageError
from leakscan.model import Problem, Report, Statistics
from leakscan.sources.commits import Selection, select
from leakscan.sources.repository import Repository, open_repository
from leakscan.workers import Progress

_LARGEST_EVENT = 32 * 1024 * 1024


@click.command(cls=ReportingCommand)
@click.argument("repository", default=".", metavar="[REPO]")
@click.option("--range", "span", metavar="A..B", help="These commits, whatever the CI says.")
@click.option("--base", metavar="REV", help="What was there before, where the CI does not say (CircleCI).")
@click.option("--exclude", "exclude", multiple=True, metavar="GLOB", help="Nothing that stood at these paths.")
@judging_options
@asking
@reporting
@click.pass_context
def ci(ctx: click.Context, /, repository: str, **options: Any) -> int:
    """Find credentials in the commits that are new in a run of a CI.

    Which these are, the CI says: GitHub Actions (Gitea's and Forgejo's, too), GitLab CI, Jenkins, CircleCI, Azure
    Pipelines, Bitbucket Pipelines, Buildkite. Where nothing is new, as on a schedule, the files that are checked out
    are scanned. A clone that is too shallow to tell is never clean: exit code 3, and a word on what to fetch.

    \b
    Examples:
      leakscan ci
      leakscan ci -f sarif -o leakscan.sarif
      leakscan ci --base origin/main
      leakscan ci --range "$BEFORE..$AFTER"
    """
    reports = requested(ctx, options)
    request = Request.of((repository,), options)
    name = platform(request.environment)
    with ProgressBar(wanted=not (options["quiet"] or options["no_progress"]), unit="bytes") as progress:
        outcome = _run(request, options["span"], options["base"], progress)
    report = asked(outcome, Path(repository), options).report._replace(command="ci")
    if not options["quiet"] and name != GITHUB:  # there they are annotations
        for note in report.notes:
            print(f"leakscan: note: {note}", file=sys.stderr)
    shown = view(
        os.environ, show_all=options["show_all"], show_secrets=options["show_secrets"], no_color=options["no_color"]
    )
    write_for(name, request.environment, report, reports, shown)
    return exit_code(report, outcome.fail_on)


def _run(request: Request, span: str | None, base: str | None, progress: Progress) -> Outcome:
    if span and base:
        raise UsageError("--range or --base, not both: a range says itself where it begins")
    repository = open_repository(Path(request.targets[0]))
    if span:
        return scan_commits(request, repository, select(repository, span, None, None), progress)
    found = new_commits(repository, _plan(request.environment, base), base)
    if isinstance(found, Problem):
        return Outcome(Report("ci", (), (found,), Statistics()), "low")
    if isinstance(found, Selection):
        return scan_commits(request, repository, found, progress)
    return _files(request, repository, progress)


def _plan(environment: Mapping[str, str], base: str | None) -> Plan:
    found = plan(environment, _event(environment) if platform(environment) == GITHUB else {})
    if found is not None:
        return found
    if base is None:
        raise UsageError("no CI is known by these variables: say what is new (--range A..B, or --base REV)")
    return Plan("")


def _files(request: Request, repository: Repository, progress: Progress) -> Outcome:
    """The files that are checked out, where no commit is new: a run that looks at nothing is not clean."""
    if repository.work_tree is None:
        raise UsageError("nothing to scan: no commit is new, and no files are checked out; use `leakscan history`")
    outcome = scan_as_asked(request._replace(targets=(str(repository.work_tree),)), progress)
    note = "no commit is new in this run: the files that are checked out were scanned"
    return outcome._replace(report=outcome.report._replace(notes=(note, *outcome.report.notes)))


def _event(environment: Mapping[str, str]) -> Mapping[str, Any]:
    """What GitHub says happened. Raises UsageError where it cannot be read: it must not be taken for nothing."""
    path = environment.get("GITHUB_EVENT_PATH", "")
    try:
        file = Path(path)
        if not path or file.stat().st_size > _LARGEST_EVENT:
            raise UsageError("GITHUB_EVENT_PATH names no event; run this in a workflow, or give --range A..B")
        loaded = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not JSON"
        raise UsageError(f"cannot read the event that GITHUB_EVENT_PATH names: {reason}; give --range A..B") from None
    if not isinstance(loaded, dict):
        raise UsageError("the event that GITHUB_EVENT_PATH names is no JSON object; give --range A..B")
    return loaded
