"""What a commit would bring, scanned: the index, or files that a runner of hooks names."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from leakscan.cli.running import Outcome, Request, judging
from leakscan.errors import UsageError
from leakscan.model import Problem
from leakscan.pipeline import scan
from leakscan.sources.files import Found, find
from leakscan.workers import Progress


def scan_staged(request: Request, progress: Progress) -> Outcome | str:
    """Scan what is staged; a sentence where that is nothing with content. Raises LeakscanError.

    A commit without content (empty, or one that only deletes or changes modes) is for git to allow, not for a scanner
    to block: it can bring no secret.
    """
    from leakscan.sources.index import find_staged
    from leakscan.sources.repository import open_hooked

    repository = open_hooked(request.environment)
    if repository.work_tree is None:
        raise UsageError(f"{repository.own} is bare: nothing is staged there; `leakscan history` scans its commits")
    found = find_staged(repository, request.environment)
    outcome = _scanned(request, found, str(repository.work_tree), progress)
    return outcome or "nothing to scan: nothing with content is staged"


def scan_files(request: Request, names: tuple[str, ...], progress: Progress) -> Outcome | str:
    """Scan files as they are on disk; a sentence where none of the names is a file. Raises LeakscanError.

    Links are passed over, whose targets git does not follow, and submodules. What is gone has to be known to git as
    deleted: a hook that runs in the wrong folder must not be taken for a clean one.
    """
    here = str(Path.cwd()) + os.sep
    paths = [Path(name.removeprefix(here)) for name in dict.fromkeys(names)]
    gone = [path for path in paths if not os.path.lexists(path)]
    there = [path for path in paths if not path.is_symlink() and path.exists()]
    folders = [path for path in there if path.is_dir()]
    for path in folders:
        if not (path / ".git").exists():
            raise UsageError(f"{path} is a folder; a hook takes files, and `leakscan scan` scans folders")
    found = find(tuple(str(path) for path in there if path not in folders), include_ignored=False)
    found.problems += _missing(request, gone) if gone else ()
    outcome = _scanned(request, found, ".", progress)
    return outcome or "nothing to scan: what was named is deleted, a link or a submodule"


def _scanned(request: Request, found: Found, base: str, progress: Progress) -> Outcome | None:
    """The outcome of scanning what was found; None if that is nothing at all."""
    judge = judging(request, (base,))
    report = scan(
        found,
        judge.prepared,
        judge.suppressions,
        excluded=request.excluding(),
        least=judge.least,
        jobs=request.jobs,
        progress=progress,
    )
    if not report.statistics.contents and not report.problems and report.complete:
        return None
    return Outcome(judge.said(request, report), judge.fail_on)


def _missing(request: Request, paths: list[Path]) -> Iterator[Problem]:
    """A problem for each path that is neither there nor staged as deleted."""
    from leakscan.sources.index import deleted
    from leakscan.sources.repository import open_hooked

    known: set[Path] = set()
    with suppress(UsageError):  # outside of git nothing is known to be deleted
        repository = open_hooked(request.environment)
        root = repository.work_tree or Path.cwd()
        known = {root / path for path in deleted(repository, request.environment)}
    for path in paths:
        if path.resolve() not in known:
            yield Problem(str(path), "there is no such file; is the hook run in another folder than its names mean?")
