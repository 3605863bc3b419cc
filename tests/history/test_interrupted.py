"""An interrupt ends a run with what it has found, and what placing would have told is left open."""

import pytest

from leakscan.detection.cache import Prepared
from leakscan.history import places as placing
from leakscan.history.run import Options, scan_history
from leakscan.model import Report
from leakscan.sources.repository import open_repository
from leakscan.workers import Progress
from tests.repository import Repository
from tests.scanning import fresh, places, token_line


class Impatient(Progress):
    """The user stops the run when so many steps of it are done."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def advance(self, amount: int) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise KeyboardInterrupt


def run(prepared: Prepared, repository: Repository, steps: int) -> Report:
    """A run that is stopped after so many steps."""
    return scan_history([open_repository(repository.root)], prepared, None, Options(jobs=1), Impatient(steps))


@pytest.fixture
def packed(repository: Repository) -> Repository:
    """A pack with a token, of which blobs, trees and commits are a step each; and the texts beside are the first."""
    repository.commit("a.env", text=token_line("0f" + fresh()[2:]))
    repository.git("repack", "--quiet", "-a", "-d")
    return repository


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_an_interrupt_while_scanning(packed: Repository, shipped: Prepared, steps: int) -> None:
    assert run(shipped, packed, steps).complete is False


def test_what_was_found_is_told_by_its_id(packed: Repository, shipped: Prepared) -> None:
    blob = packed.git("rev-parse", "HEAD:a.env")
    report = run(shipped, packed, 3)
    found = [place for finding in report.findings for place in finding.occurrences]
    assert {place.path for place in found} == {f"blob {blob}"}
    assert {(place.commit, place.in_head) for place in found} == {(None, None)}


def test_an_interrupt_while_placing(packed: Repository, shipped: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(placing.Placing, "place", stop)
    report = run(shipped, packed, 100)
    assert report.complete is False
    assert len(report.findings) == 2


def test_no_interrupt(packed: Repository, shipped: Prepared) -> None:
    report = run(shipped, packed, 100)
    assert report.complete
    assert all(places(report, finding.secret.reveal())[0].path == "a.env" for finding in report.findings)
