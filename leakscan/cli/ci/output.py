"""What a run writes for its CI: the report in the log, annotations, a summary. Nothing in it is taken for a command."""

import os
import re
import secrets
from collections.abc import Mapping

import leakscan
from leakscan.cli.ci.platforms import AZURE, GITHUB
from leakscan.cli.output import STDOUT, Destination, print_text, write_all
from leakscan.errors import ReportError
from leakscan.model import Report
from leakscan.reports.formats import FORMATS
from leakscan.reports.view import View

_VSO = re.compile("##(?=vso|\\[)", re.IGNORECASE)
_LARGEST_SUMMARY = 1_000_000  # GitHub takes 1 MiB from a step


def write_for(
    platform: str, environment: Mapping[str, str], report: Report, made: tuple[Destination, ...], view: View
) -> None:
    """Write all reports as they are for `platform`. Raises ReportError for the first that cannot be written.

    Text for people goes to the log as well where no report was asked for there, and on GitHub annotations behind it.
    """
    on_log = any(each.output == STDOUT and each.format != "text" for each in made)
    try:
        write_all(report, made if on_log else tuple(each for each in made if each.output != STDOUT), view)
    finally:
        if not on_log:
            _tell(platform, report, view)
    if platform == GITHUB and environment.get("GITHUB_STEP_SUMMARY"):
        _append(environment["GITHUB_STEP_SUMMARY"], FORMATS["markdown"](report, view, leakscan.__version__))


def _tell(platform: str, report: Report, view: View) -> None:
    print_text(_fenced(platform, FORMATS["text"](report, view, leakscan.__version__)))
    if platform == GITHUB:
        print_text(FORMATS["github"](report, view, leakscan.__version__))


def _fenced(platform: str, text: str) -> str:
    """`text` for a log in which lines may be commands: a file's name must not become one."""
    if platform == GITHUB:
        word = secrets.token_hex(16)
        return f"::stop-commands::{word}\n{text}::{word}::\n"
    if platform == AZURE:
        return _VSO.sub("# #", text)
    return text


def _append(path: str, text: str) -> None:
    data = text.encode("utf-8", "backslashreplace")
    if len(data) > _LARGEST_SUMMARY:
        data = b"leakscan found more than fits here: see the log of this step.\n"
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(data)
    except OSError as error:
        raise ReportError(f"cannot write the summary that GITHUB_STEP_SUMMARY names: {error.strerror}") from None
