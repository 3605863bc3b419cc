"""`leakscan hook`: what git is about to commit, to push or to take in."""

import sys
from pathlib import Path
from typing import Any

import click

from leakscan.cli.options import asking, reporting
from leakscan.cli.options import judging as judging_options
from leakscan.cli.output import Destination, ReportingCommand, requested
from leakscan.cli.progress import ProgressBar
from leakscan.cli.running import Outcome, Request, asked, tell
from leakscan.errors import ExitCode, UsageError


@click.command(cls=ReportingCommand)
@click.argument("names", nargs=-1, metavar="[FILE]...")
@click.option("--push", is_flag=True, help="The commits about to be pushed (pre-push).")
@click.option("--receive", is_flag=True, help="The commits that a push brings in (pre-receive).")
@click.option("--exclude", "exclude", multiple=True, metavar="GLOB", help="Do not read these paths (as in .gitignore).")
@judging_options
@asking
@reporting
@click.pass_context
def hook(ctx: click.Context, /, names: tuple[str, ...], **options: Any) -> int:
    """Find credentials before they are committed or pushed. Made for git's hooks and for pre-commit.

    Without FILE what is staged is scanned, as the commit will hold it, and never the files on disk. With FILE, as
    pre-commit hands names over, those files as they are on disk. Identifiers alone block nothing.

    \b
    Examples:
      leakscan hook                              .git/hooks/pre-commit
      leakscan hook --push "$@"                  .git/hooks/pre-push
      leakscan hook --receive                    hooks/pre-receive on a server
      leakscan hook app.py settings.env          what another runner of hooks calls
      leakscan init --hook                       writes the hook
    """
    reports = requested(ctx, options)
    act = _act(names, push=options["push"], receive=options["receive"])
    request = Request.of((".",), options)
    unit = "files" if act == "staged" else "bytes"
    with ProgressBar(wanted=not (options["quiet"] or options["no_progress"]), unit=unit) as progress:
        if act == "staged":
            from leakscan.cli.hook.staging import scan_files, scan_staged

            outcome = scan_files(request, names, progress) if names else scan_staged(request, progress)
        else:
            from leakscan.cli.hook.pushing import scan_push  # reads history, for which numpy is imported

            outcome = scan_push(request, names, progress, receive=act == "receive")
    return _told(outcome, act, reports, options)


def _act(names: tuple[str, ...], *, push: bool, receive: bool) -> str:
    """What git is about to do."""
    if push and receive:
        raise UsageError("--push or --receive: the one is for where a push leaves, the other for where it arrives")
    if receive and names:
        raise UsageError("--receive takes no names: git tells it on standard input what is pushed")
    if push and len(names) > 2:
        raise UsageError("--push takes what git gives a pre-push hook: the remote's name and its address")
    return "push" if push else "receive" if receive else "staged"


def _told(outcome: Outcome | str, act: str, reports: tuple[Destination, ...], options: dict[str, Any]) -> int:
    """Write the reports and say what to do next; a text instead of an outcome says why there is nothing to scan."""
    if isinstance(outcome, str):
        if not options["quiet"]:
            print(f"leakscan: {outcome}", file=sys.stderr)
        return ExitCode.CLEAN
    report = asked(outcome, Path.cwd(), options).report._replace(command="hook")
    code = tell(Outcome(report, outcome.fail_on), reports, options)
    if code and not options["quiet"]:
        from leakscan.cli.hook.blocking import advice

        sys.stdout.flush()
        print("\n".join(advice(act, report, code)), file=sys.stderr)
    return code
