"""Short ways from a repository to what `leakscan history` says of a value in it."""

from pathlib import Path

import pytest

from leakscan.detection.cache import Prepared
from leakscan.history.run import Options, scan_history
from leakscan.model import Occurrence, Report
from leakscan.sources.repository import open_repository, submodules
from tests.repository import Repository
from tests.scanning import places


def history(prepared: Prepared, path: Path, jobs: int = 1) -> Report:
    """The report on the repository at `path` and its submodules, without the time that it took."""
    main = open_repository(path)
    report = scan_history([main, *submodules(main)], prepared, options=Options(jobs=jobs))
    return report._replace(statistics=report.statistics._replace(seconds=0.0, started=None))


def stands(prepared: Prepared, repository: Repository, value: str) -> list[Occurrence]:
    """Where the value stands or stood in the history of `repository`, which is scanned without a problem."""
    report = history(prepared, repository.root)
    assert report.problems == ()
    return places(report, value)


def place(prepared: Prepared, repository: Repository, value: str) -> Occurrence:
    """The one place of a value."""
    (found,) = stands(prepared, repository, value)
    return found


def on_day(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    """What is committed from now on is committed on this day of March 2026."""
    for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
        monkeypatch.setenv(name, f"2026-03-{day:02}T12:00:00+00:00")
