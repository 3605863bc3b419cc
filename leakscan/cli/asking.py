"""Asking providers about what was found: what is said before, how far it is, what came of it."""

import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from leakscan.cli.progress import ProgressBar
from leakscan.errors import UsageError
from leakscan.model import Finding, Report
from leakscan.providers.credentials import credentials
from leakscan.providers.http import Gate
from leakscan.providers.verifying import disclosure, verified, with_verdicts
from leakscan.recovery import Places, regions

BASE = "LEAKSCAN_API_BASE"


def gate(options: Mapping[str, Any], *, may_change: bool = False) -> Gate:
    """The way to the providers as the command line and the environment have it. Raises UsageError."""
    if options["offline"]:
        raise UsageError("--offline forbids what this command is for: it asks the providers")
    return Gate(os.environ.get(BASE), proxies=options["use_proxy"], may_change=may_change)


def answered(
    report: Report, options: Mapping[str, Any], places: Places, held: Sequence[Finding] | None = None
) -> Report:
    """The report with what the providers say of its findings, suppressed ones left out.

    `held` are the same findings with their values, where the report itself has none. Raises UsageError.
    """
    findings = [each for each in (held or report.findings) if each.suppressed is None]
    tried = credentials(findings, regions(findings, places))
    if not tried:
        return report
    every = options["regions"] == "all"
    way = gate(options)
    quiet = bool(options["quiet"])
    if not quiet:
        print(f"leakscan: {disclosure(tried, every_region=every)}", file=sys.stderr, flush=True)
    with ProgressBar(wanted=not (quiet or options["no_progress"]), unit="credentials", doing="verifying") as progress:
        progress.expect(len(tried))
        verdicts, complete = verified(tried, way, every_region=every, advance=progress.advance)
    if not quiet:
        states = Counter(verdict.state for verdict, _ in verdicts.values())
        told = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in sorted(states.items()))
        print(f"leakscan: {told or 'no answer'} ({sum(way.sent.values())} requests)", file=sys.stderr)
    return report._replace(findings=with_verdicts(report.findings, verdicts), complete=report.complete and complete)
