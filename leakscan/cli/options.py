"""The options that mean the same wherever they stand."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from leakscan.config import FAIL_ON
from leakscan.reports.formats import FORMATS

_Function = TypeVar("_Function", bound=Callable[..., Any])


quiet = click.option("--quiet", "-q", is_flag=True, help="Nothing on standard error but errors.")


def scanning(function: _Function) -> _Function:
    """What decides which files are scanned, and with what."""
    return _apply(
        function,
        click.option(
            "--exclude", "exclude", multiple=True, metavar="GLOB", help="Do not read these paths (as in .gitignore)."
        ),
        click.option("--include-ignored", is_flag=True, help="Scan what git ignores, too."),
        judging,
    )


def judging(function: _Function) -> _Function:
    """What is looked for, and with how many processes."""
    return _apply(
        function,
        click.option("--config", "config", metavar="FILE", help="Use this configuration instead of the nearest one."),
        click.option("--rules", "extra_rules", multiple=True, metavar="FILE", help="Add the rules of this TOML file."),
        click.option(
            "--min-confidence",
            type=click.FloatRange(0, 1),
            metavar="0..1",
            help="Least confidence of a finding.  [default: 0.5]",
        ),
        click.option("--jobs", type=click.IntRange(1), metavar="N", help="Worker processes.  [default: one a core]"),
        quiet,
        click.option("--no-progress", is_flag=True, help="No progress bar."),
    )


def reporting(function: _Function) -> _Function:
    """What is done with what was found."""
    return _apply(
        function,
        rendering,
        click.option("--baseline", metavar="FILE", help="Do not count what this baseline accepts."),
    )


def rendering(function: _Function) -> _Function:
    """Which reports are written, what they show, and when they fail the run."""
    return _apply(
        function,
        click.option(
            "-f",
            "--format",
            "formats",
            multiple=True,
            type=click.Choice(list(FORMATS)),
            help="Format of a report; may be given again.  [default: text]",
        ),
        click.option(
            "-o",
            "--output",
            "outputs",
            multiple=True,
            metavar="FILE",
            help="Where the report of the -f before it goes; - is standard output.",
        ),
        click.option(
            "--fail-on", type=click.Choice(FAIL_ON), help="Least severity that makes the exit code 1.  [default: low]"
        ),
        click.option("--all", "show_all", is_flag=True, help="List suppressed findings, too."),
        click.option(
            "--show-secrets", is_flag=True, help="Put raw values into JSON reports (terminal or 0600 file only)."
        ),
        click.option("--no-color", is_flag=True, help="No colours."),
    )


def _apply(function: _Function, *decorators: Callable[[_Function], _Function]) -> _Function:
    for decorator in reversed(decorators):
        function = decorator(function)
    return function
