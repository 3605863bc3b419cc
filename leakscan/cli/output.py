"""Reports out: which formats go where (-f and -o in the order given), and what the exit code says."""

import errno
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import click

import leakscan
from leakscan.errors import ExitCode, ReportError, UsageError
from leakscan.model import Report, Severity
from leakscan.reports.files import check_writable, write
from leakscan.reports.formats import FORMATS
from leakscan.reports.view import View

STDOUT = "-"
_WIDTH = 100
_ORDER = "leakscan.report_order"


class ReportingCommand(click.Command):
    """A command whose repeated -f and -o belong together in the order in which they are given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Remember the order of -f and -o before click sorts them by option."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        ctx.meta[_ORDER] = [parameter.name for parameter in order if parameter.name in {"formats", "outputs"}]
        return super().parse_args(ctx, args)


class Destination(NamedTuple):
    """One report to write: its format and a file, or `-`."""

    format: str
    output: str


def requested(ctx: click.Context, options: Mapping[str, Any]) -> tuple[Destination, ...]:
    """The reports that a command's options ask for, and that can be written. Raises ReportError or UsageError."""
    made = destinations(ctx.meta.get(_ORDER, []), options["formats"], options["outputs"])
    check(made, show_secrets=options["show_secrets"])
    return made


def destinations(order: list[str], formats: tuple[str, ...], outputs: tuple[str, ...]) -> tuple[Destination, ...]:
    """The reports that a run writes; text to standard output if none is asked for.

    An -o goes with the -f before it (or, where none is free, the next). Raises UsageError if two reports would go
    to one place.
    """
    kinds, places = iter(formats), iter(outputs)
    pending: list[list[str | None]] = []
    for name in order:
        slot = 0 if name == "formats" else 1
        value = next(kinds) if slot == 0 else next(places)
        if pending and pending[-1][slot] is None:
            pending[-1][slot] = value
        else:
            pending.append([value, None] if slot == 0 else [None, value])
    made = tuple(Destination(kind or "text", place or STDOUT) for kind, place in pending) or (
        Destination("text", STDOUT),
    )
    places_used = [os.path.realpath(each.output) if each.output != STDOUT else STDOUT for each in made]
    if len(set(places_used)) < len(places_used):
        raise UsageError("two reports would go to the same place; give each -f an -o FILE of its own")
    return made


def check(made: tuple[Destination, ...], *, show_secrets: bool) -> None:
    """Fail before the scan, not after it. Raises ReportError or UsageError."""
    for each in made:
        if each.output != STDOUT:
            check_writable(each.output)
        elif show_secrets and not sys.stdout.isatty():
            raise UsageError(
                "--show-secrets shows values on a terminal or in a file (-o FILE, mode 0600) only, not in a pipe"
            )


def write_all(report: Report, made: tuple[Destination, ...], view: View) -> None:
    """Write every report, whichever of them fail. Raises ReportError for the first that did."""
    write_each(made, lambda name: FORMATS[name](report, view, leakscan.__version__))


def write_each(made: tuple[Destination, ...], rendered: Callable[[str], str]) -> None:
    """Write what is `rendered` in each format to its place. Raises ReportError for the first that could not be."""
    failure: ReportError | None = None
    for each in made:
        text = rendered(each.format)
        try:
            if each.output == STDOUT:
                print_text(text)
            else:
                write(each.output, text)
        except ReportError as error:
            failure = failure or error
    if failure is not None:
        raise failure


def print_text(text: str) -> None:
    """`text` to standard output. A reader that has gone away has read enough."""
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno not in {errno.EPIPE, errno.EINVAL, errno.ESHUTDOWN}:
            raise ReportError(
                f"the report could not be written to standard output: {error.strerror}; use -o FILE"
            ) from None


def view(environment: Mapping[str, str], *, show_all: bool, show_secrets: bool, no_color: bool) -> View:
    """How to show reports on this terminal; NO_COLOR (https://no-color.org) and TERM=dumb are respected."""
    plain = no_color or environment.get("NO_COLOR") or environment.get("TERM") == "dumb"
    on_terminal = sys.stdout.isatty()
    width = _width(environment, on_terminal=on_terminal)
    return View(show_all, show_secrets, color=on_terminal and not plain, width=width)


def _width(environment: Mapping[str, str], *, on_terminal: bool) -> int:
    if not on_terminal and "COLUMNS" not in environment:
        return _WIDTH
    import shutil  # which a hook's run has no time for

    return shutil.get_terminal_size((_WIDTH, 24)).columns


def exit_code(report: Report, fail_on: str) -> ExitCode:
    """What the run's outcome is, by the table in the README."""
    if not report.complete:
        return ExitCode.INTERRUPTED
    if fail_on != "never":
        bar = Severity[fail_on.upper()]
        if any(finding.severity >= bar for finding in report.counted):
            return ExitCode.FOUND
    return ExitCode.INCOMPLETE if report.problems else ExitCode.CLEAN
