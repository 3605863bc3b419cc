"""One scan as the command line asks for it: configuration, ignore file, baseline and files -> Report."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from leakscan.analysis.suppression import PathIgnore, Suppressions
from leakscan.cli.output import Destination, exit_code, view, write_all
from leakscan.config import (
    IGNORE_NAME,
    IgnoreFile,
    Settings,
    cache_folder,
    find_config,
    load_config,
    load_ignore_file,
)
from leakscan.detection.cache import Prepared, prepare
from leakscan.errors import ConfigError, UsageError
from leakscan.model import Report
from leakscan.pipeline import scan
from leakscan.sources.files import Found, find, work_tree_root
from leakscan.workers import Progress

if TYPE_CHECKING:
    from leakscan.baseline import Baseline

DEFAULT_CONFIDENCE = 0.5
_MOST_FIXED = 20


class Request(NamedTuple):
    """What the user asked for, before any configuration file has been read."""

    targets: tuple[str, ...]
    environment: Mapping[str, str]
    exclude: tuple[str, ...] = ()
    include_ignored: bool = False
    config: str | None = None
    extra_rules: tuple[str, ...] = ()
    baseline: str | None = None
    diff_baseline: bool = False
    min_confidence: float | None = None
    fail_on: str | None = None
    jobs: int | None = None

    @classmethod
    def of(cls, targets: tuple[str, ...], options: Mapping[str, Any]) -> "Request":
        """What the options of a command ask for, of those that bear on a run."""
        asked = {name: options[name] for name in cls._fields if name in options}
        return cls(targets=targets, environment=os.environ, **asked)

    def excluding(self) -> Callable[[str], bool] | None:
        """Whether a path is not to be read; None if all are."""
        return matcher(self.exclude, "--exclude") if self.exclude else None


class Outcome(NamedTuple):
    """A report, and the severity from which it fails the run."""

    report: Report
    fail_on: str


def asked(outcome: Outcome, folder: Path, options: Mapping[str, Any]) -> Outcome:
    """The outcome with what the providers say of it, if that was asked for; its paths are below `folder`."""
    if not options["verify"] or options["offline"]:
        return outcome
    from leakscan.cli.asking import answered  # the only way to a network
    from leakscan.recovery import Places

    return outcome._replace(report=answered(outcome.report, options, Places(folder)))


def tell(outcome: Outcome, reports: tuple[Destination, ...], options: Mapping[str, Any]) -> int:
    """Say the notes, write the reports, and return the exit code; `options` are the command line's."""
    if not options["quiet"]:
        for note in outcome.report.notes:
            print(f"leakscan: note: {note}", file=sys.stderr)
    shown = view(
        os.environ, show_all=options["show_all"], show_secrets=options["show_secrets"], no_color=options["no_color"]
    )
    write_all(outcome.report, reports, shown)
    return exit_code(outcome.report, outcome.fail_on)


class Judging(NamedTuple):
    """What findings are made and judged with: rules, suppressions, the least confidence; and what to say of that."""

    settings: Settings
    prepared: Prepared
    suppressions: Suppressions
    least: float
    fail_on: str
    notes: tuple[str, ...]
    known: "Baseline | None"

    def said(self, request: Request, report: Report) -> Report:
        """The report with what configuration and ignore files switched off said in it."""
        said = _said_by_config(request, self.settings, report)
        if self.known:
            said += _said_of(self.known, request, report)
        return report._replace(notes=(*report.notes, *self.notes, *said))


def judging(request: Request, paths: tuple[str, ...]) -> Judging:
    """Read configuration, ignore file, baseline and rules for a run on `paths`. Raises LeakscanError."""
    root = _root(paths)
    settings = _settings(request, paths, root)
    ignores = load_ignore_file(root / IGNORE_NAME, _today())
    file = Path(request.baseline) if request.baseline else settings.baseline
    known = _baseline(file) if file else None
    rules = tuple(Path(name) for name in request.extra_rules) + settings.rules
    prepared = prepare(rules, cache=cache_folder(request.environment))
    suppressions, least = _suppressions(request, settings, ignores, known, root, paths)
    fail_on = request.fail_on or settings.fail_on or "low"
    return Judging(settings, prepared, suppressions, least, fail_on, ignores.notes, known)


def _baseline(file: Path) -> "Baseline":
    from leakscan.baseline import load  # most runs have none

    return load(file)


def _today() -> date:
    return datetime.now(UTC).date()


def scan_as_asked(request: Request, progress: Progress) -> Outcome:
    """Run a scan. Raises LeakscanError for whatever keeps it from running, nothing to scan among it."""
    paths = tuple(target for target in request.targets if target != "-")
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"no such path: {path}")
    judge = judging(request, paths)
    include_ignored = request.include_ignored or bool(judge.settings.include_ignored)
    found = find(paths, include_ignored=include_ignored)
    stdin = sys.stdin.buffer if "-" in request.targets else None
    _refuse_all_excluded(found, judge.suppressions, judge.settings, other=stdin is not None)
    report = scan(
        found,
        judge.prepared,
        judge.suppressions,
        stdin=stdin,
        excluded=request.excluding(),
        least=judge.least,
        jobs=request.jobs,
        progress=progress,
    )
    if not report.statistics.contents and not report.problems and report.complete:
        raise UsageError(_nothing(request, paths))
    return Outcome(judge.said(request, report), judge.fail_on)


def _nothing(request: Request, paths: tuple[str, ...]) -> str:
    where = " and ".join(paths) or "standard input"
    if request.exclude:
        return f"nothing to scan: --exclude leaves no file of {where}"
    return f"nothing to scan: no file in {where} (git-ignored files are skipped; --include-ignored scans them)"


def _root(paths: tuple[str, ...]) -> Path:
    """The folder whose ignore file holds: the work tree's root, or the folder itself outside of git."""
    first = Path(paths[0] if paths else ".").resolve()
    folder = first if first.is_dir() else first.parent
    return work_tree_root(folder) or folder


def _settings(request: Request, paths: tuple[str, ...], root: Path) -> Settings:
    if request.config is not None:
        return load_config(Path(request.config))
    if not paths:
        return Settings()
    first = Path(paths[0]).resolve()
    found = find_config(first if first.is_dir() else first.parent, root)
    return load_config(found) if found else Settings()


def matcher(patterns: tuple[str, ...], where: str) -> Callable[[str], bool]:
    """Whether a path fits any of `patterns`, which are those of `.gitignore`."""
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(patterns).match_file
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from None


def _path_ignore(prefix: str, patterns: tuple[str, ...], by: str, source: str) -> PathIgnore:
    matches = matcher(patterns, source)
    return PathIgnore(lambda path: matches(prefix + path), by, f"{Path(source).name} names its path")


def _suppressions(  # all that can switch findings off
    request: Request,
    settings: Settings,
    ignores: IgnoreFile,
    known: "Baseline | None",
    root: Path,
    paths: tuple[str, ...],
) -> tuple[Suppressions, float]:
    """What switches findings off, and the confidence below which none is reported at all."""
    base = Path(paths[0]).resolve() if len(paths) == 1 and Path(paths[0]).is_dir() else Path.cwd()
    prefix = base.relative_to(root).as_posix() + "/" if base != root and base.is_relative_to(root) else ""
    named = (
        (ignores.patterns, "ignore-file", str(root / IGNORE_NAME)),
        (settings.exclude, "config", settings.source),
    )
    ignored = tuple(_path_ignore(prefix, patterns, by, source) for patterns, by, source in named if patterns)
    accepted = {
        mark: entry.reason or "accepted in the baseline"
        for mark, entry in (known.holding(_today()) if known else {}).items()
    }
    asked, configured = request.min_confidence, settings.min_confidence
    least = asked if asked is not None else min(DEFAULT_CONFIDENCE, configured if configured is not None else 1)
    bar = 0.0 if asked is not None else configured or 0.0
    reason = f"below the min-confidence of {bar} in {Path(settings.source).name}"
    return Suppressions(ignored, dict(ignores.fingerprints), accepted, bar, reason), least


def _refuse_all_excluded(found: Found, suppressions: Suppressions, settings: Settings, *, other: bool) -> None:
    """A configuration that leaves nothing to count must not end in a clean run."""
    if other or not suppressions.paths:
        return
    found.trees = trees = list(found.trees)
    names = [tree.path_of(name) for tree in trees for name in tree.files]
    if names and all(any(ignore.matches(name) for ignore in suppressions.paths) for name in names):
        raise UsageError(
            f"nothing to scan: {settings.source or IGNORE_NAME} leaves no file; name others or mend its patterns"
        )


def _said_of(known: "Baseline", request: Request, report: Report) -> list[str]:
    """What a baseline no longer holds for, and with --diff-baseline what is new, known and fixed."""
    said = []
    ended = known.ended(_today())
    if ended:
        first = f"{ended[0].fingerprint} in {ended[0].path or 'a file'} on {ended[0].until}"
        said.append(f"{known.name}: {len(ended)} entries have ended and no longer hold, the first {first}")
    if request.diff_baseline:
        found = {finding.fingerprint for finding in report.findings}
        fixed = [entry for mark, entry in known.entries.items() if mark not in found]
        counts = f"{len(report.counted)} new, {len(known.entries) - len(fixed)} known, {len(fixed)} fixed"
        unlooked = sum(not entry.verdict for entry in known.entries.values())
        said.append(f"against {known.name}: {counts}; {unlooked} of its entries were never audited")
        said += (f"not found: {each.rule} {each.fingerprint} in {each.path}" for each in fixed[:_MOST_FIXED])
        if len(fixed) > _MOST_FIXED:
            said.append(f"not found: {len(fixed) - _MOST_FIXED} more")
    return said


def _said_by_config(request: Request, settings: Settings, report: Report) -> list[str]:
    """What a configuration file switched off, in words."""
    said = []
    by = Counter(finding.suppressed.by for finding in report.findings if finding.suppressed)
    if settings.baseline and not request.baseline:
        said.append(f"{settings.source} names a baseline: {by['baseline']} findings that it accepts are not counted")
    if settings.exclude:
        said.append(
            f"{settings.source} excludes {', '.join(settings.exclude)}: "
            f"{by['config']} findings there are not counted (--all lists them)"
        )
    if (
        settings.min_confidence is not None
        and settings.min_confidence > DEFAULT_CONFIDENCE
        and request.min_confidence is None
    ):
        said.append(f"{settings.source} sets min-confidence to {settings.min_confidence}")
    if settings.fail_on not in {None, "low"} and request.fail_on is None:
        said.append(f"{settings.source} sets fail-on to {settings.fail_on}: findings below do not fail the run")
    return said
