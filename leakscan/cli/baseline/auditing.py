"""A walk through a baseline at a terminal: each accepted finding is shown, and a key says what it is."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import click

from leakscan.baseline import VERDICTS, Baseline, Entry, day
from leakscan.errors import ConfigError, ExitCode, UsageError
from leakscan.model import Finding, Report
from leakscan.reports.files import write
from leakscan.reports.wording import visible

_KEYS = {"f": "false alarm", "h": "harmless", "a": "accepted"}
_HELP = """  f  false alarm: no credential at all
  h  harmless: rotated, revoked, or never worth anything
  a  accepted for now, with a reason and a last day
  c  counts: take it out of the baseline, it has to be mended
  s  skip      b  back      q  quit (all answers are saved)"""
_PLACES = 3


class Audit:
    """One walk. Every answer is written to the file at once, so that nothing is lost."""

    def __init__(self, file: str, known: Baseline, report: Report, by: str, *, again: bool) -> None:
        self._file, self._by = file, by
        self._entries = dict(known.entries)
        self._found = {finding.fingerprint: finding for finding in report.findings}
        self._waiting = [mark for mark, entry in known.entries.items() if again or not entry.verdict]
        self._taken_out: set[str] = set()

    def run(self) -> int:
        """Walk to the end, or until somebody quits. Raises UsageError without a terminal."""
        if not self._waiting:
            click.echo(f"{self._file}: every entry was audited; --again goes through them again", err=True)
            return ExitCode.CLEAN
        if not sys.stdin.isatty():
            raise UsageError("an audit needs a terminal to ask at; run it yourself, not in a pipe or a job")
        at = 0
        while at < len(self._waiting):
            self._show(at)
            step = self._answer(self._waiting[at])
            if step is None:
                break
            at = max(0, at + step)
        left = sum(not self._entries[mark].verdict for mark in self._waiting if mark in self._entries)
        taken_out = f"; {len(self._taken_out)} taken out, which count now" if self._taken_out else ""
        click.echo(f"{self._file}: {len(self._entries)} entries, {left} not audited{taken_out}", err=True)
        return ExitCode.CLEAN

    def _show(self, at: int) -> None:
        mark = self._waiting[at]
        entry = self._entries.get(mark) or Entry(mark)
        click.echo(f"\n{click.style(f'{at + 1} of {len(self._waiting)}', bold=True)}  {entry.rule}  {mark}", err=True)
        for line in _described(self._found.get(mark), entry):
            click.echo(f"  {line}", err=True)
        said = f"reason: {visible(entry.reason)}" + (f", until {entry.until}" if entry.until else "")
        click.echo(f"  {said}  ({visible(entry.by) or 'nobody'}, {entry.added or 'no date'})", err=True)
        if entry.verdict:
            click.echo(f"  audited on {entry.audited}: {entry.verdict}, {VERDICTS[entry.verdict]}", err=True)
        click.echo(_HELP, err=True)

    def _answer(self, mark: str) -> int | None:
        """Take one answer; how many entries to go on, or None to quit."""
        steps = {"s": 1, "b": -1}
        while True:
            click.echo("> ", nl=False, err=True)
            key = click.getchar().lower()
            click.echo(key if key.isprintable() else "", err=True)
            if key in {"q", "\x04", "\x1b", ""}:
                return None
            if key in steps:
                return steps[key]
            if key == "c":
                self._entries.pop(mark, None)
                self._taken_out.add(mark)
                self._write()
                return 1
            if key in _KEYS:
                self._judge(mark, _KEYS[key])
                return 1

    def _judge(self, mark: str, verdict: str) -> None:
        entry = self._entries.get(mark) or Entry(mark)
        reason = click.prompt("reason", default=entry.reason or verdict, err=True)
        until = entry.until
        if verdict == "accepted":
            until = click.prompt(
                "until (YYYY-MM-DD, or empty)", default=until, value_proc=_day, show_default=bool(until), err=True
            )
        today = datetime.now(UTC).date().isoformat()
        self._entries[mark] = entry._replace(
            reason=reason, until=until, verdict=verdict, audited=today, by=self._by or entry.by
        )
        self._taken_out.discard(mark)
        self._write()

    def _write(self) -> None:
        write(self._file, Baseline(self._entries).to_json())


def _day(text: str) -> str:
    try:
        return day(text.strip(), "until")
    except ConfigError as error:
        raise click.UsageError(str(error)) from None


def _described(finding: Finding | None, entry: Entry) -> Iterator[str]:
    """Where a finding stands, masked, and what speaks for it."""
    if finding is None:
        yield f"{visible(entry.path)}: not found any more; `leakscan baseline update` forgets it"
        return
    yield f"{finding.rule.description}, {finding.severity}, confidence {finding.confidence:.2f}"
    for place in finding.occurrences[:_PLACES]:
        yield f"{visible(place.path)}:{place.place.line}: {visible(place.excerpt)}"
    if len(finding.occurrences) > _PLACES:
        yield f"and {len(finding.occurrences) - _PLACES} more places"
    if finding.evidence:
        yield f"why: {visible('; '.join(finding.evidence))}"
    yield f"seen by: {finding.exposure.audience} ({visible(finding.exposure.reason)})"
