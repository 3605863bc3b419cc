"""A run gives the same report however its work is divided, and says what it could not scan."""

import io
import os
import pickle
from pathlib import Path

import pytest

from leakscan import pipeline
from leakscan.analysis.suppression import PathIgnore, Suppressions
from leakscan.detection.cache import Prepared
from leakscan.model import Problem, Report, Statistics
from leakscan.pipeline import scan
from leakscan.sources.files import Found, Tree, find
from leakscan.workers import Progress
from tests.repository import Repository
from tests.scanning import fresh, places, scan_paths, token_line


@pytest.fixture
def _workers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worker processes even for the little that a test has, and little for each."""
    monkeypatch.setattr(pipeline, "_ALONE_SECONDS", -1.0)
    monkeypatch.setattr(pipeline, "_CHUNK", 3)


def plant(folder: Path) -> Found:
    """20 files: a pair in every second one, the same token in all of these; and a pipe."""
    token = fresh()
    folder.mkdir(exist_ok=True)
    for number in range(20):
        (folder / f"file{number:02}.env").write_text(token_line(token) if number % 2 else "nothing\n")
    found = find((str(folder),), include_ignored=False)
    found.trees = list(found.trees)  # to be scanned more than once
    return found


def timeless(report: Report) -> Report:
    """A report without what differs from run to run."""
    return report._replace(statistics=report.statistics._replace(seconds=0.0, started=None))


@pytest.mark.usefixtures("_workers_at_once")
def test_the_report_is_the_same_whatever_the_number_of_workers(shipped: Prepared, tmp_path: Path) -> None:
    found = plant(tmp_path)
    alone, two, three = (timeless(scan(found, shipped, jobs=jobs)) for jobs in (1, 2, 3))
    assert alone == two == three
    assert len(alone.findings) == 11


@pytest.mark.usefixtures("_workers_at_once")
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_order_of_files_does_not_matter(shipped: Prepared, tmp_path: Path, jobs: int) -> None:
    found = plant(tmp_path)
    turned = Found([Tree(tree.root, tree.files[::-1], tree.shown) for tree in found.trees])
    assert timeless(scan(turned, shipped, jobs=jobs)) == timeless(scan(found, shipped, jobs=1))


def test_both_engines_give_the_same_report(shipped: Prepared, prepared: Prepared, tmp_path: Path) -> None:
    found = plant(tmp_path)
    assert timeless(scan(found, prepared, jobs=1)) == timeless(scan(found, shipped, jobs=1))


@pytest.mark.usefixtures("_workers_at_once")
def test_values_come_back_from_workers_and_out_by_no_other_pickle(shipped: Prepared, tmp_path: Path) -> None:
    token = fresh()
    (tmp_path / "a.env").write_text(token_line(token))
    report = scan_paths(shipped, tmp_path, jobs=2)
    assert token in {finding.secret.reveal() for finding in report.findings}
    assert token.encode() not in pickle.dumps(report)
    with pytest.raises(ValueError, match="lost its value"):
        pickle.loads(pickle.dumps(report)).findings[0].secret.reveal()


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.usefixtures("_workers_at_once")
def test_problems_are_sorted_and_told_once(shipped: Prepared, tmp_path: Path, jobs: int) -> None:
    trees = [Tree(str(tmp_path), ("gone",), name, named=True) for name in ("b", "a", "b", "c")]
    report = scan(Found(trees, [Problem("aa", "before")]), shipped, jobs=jobs)
    assert [problem.where for problem in report.problems] == ["a", "aa", "b", "c"]
    assert report.complete


def test_statistics_count_contents_and_bytes(shipped: Prepared, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "b").write_bytes(b"")
    statistics = scan_paths(shipped, tmp_path).statistics
    assert statistics.started is not None
    assert statistics._replace(seconds=0.0, started=None) == Statistics(contents=2, bytes=5)


def test_nothing_gives_an_empty_report(shipped: Prepared) -> None:
    report = scan(Found(), shipped)
    assert (report.findings, report.problems, report.statistics.contents, report.complete) == ((), (), 0, True)


def test_standard_input_is_scanned(shipped: Prepared) -> None:
    token = fresh()
    report = scan(Found(), shipped, stdin=io.BytesIO(token_line(token).encode()))
    assert [place.path for place in places(report, token)] == ["-"]


def test_what_is_excluded_is_not_read(shipped: Prepared, tmp_path: Path) -> None:
    (tmp_path / "vendor").mkdir()
    for name in ("vendor/a.env", "b.env"):
        (tmp_path / name).write_text(token_line(fresh()))
    found = find((str(tmp_path),), include_ignored=False)
    report = scan(found, shipped, excluded=lambda path: path.startswith("vendor/"), jobs=1)
    assert {place.path for finding in report.findings for place in finding.occurrences} == {"b.env"}
    assert report.statistics.contents == 1


def test_what_is_suppressed_stays_in_the_report(shipped: Prepared, tmp_path: Path) -> None:
    (tmp_path / "a.env").write_text(token_line(fresh()))
    ignoring = Suppressions((PathIgnore(lambda path: path == "a.env", "config", "known"),))
    report = scan(find((str(tmp_path),), include_ignored=False), shipped, ignoring, jobs=1)
    assert len(report.findings) == 2
    assert report.counted == ()


def test_an_inline_comment_suppresses_the_rule_that_it_names(shipped: Prepared, tmp_path: Path) -> None:
    (tmp_path / "a.env").write_text(
        f"# leakscan:allow[twilio-auth-token] made up\n{token_line(fresh()).splitlines()[1]}\n"
    )
    (tmp_path / "b.env").write_text(
        f"# leakscan:allow[twilio-api-key-secret] made up\n{token_line(fresh()).splitlines()[1]}\n"
    )
    report = scan_paths(shipped, tmp_path)
    assert {finding.occurrences[0].path: finding.suppressed is None for finding in report.findings} == {
        "a.env": False,
        "b.env": True,
    }


class Counting(Progress):
    """Adds up what it hears."""

    def __init__(self) -> None:
        self.total = self.done = 0

    def expect(self, files: int) -> None:
        """Add to the total."""
        self.total += files

    def advance(self, files: int) -> None:
        """Count the files."""
        self.done += files


@pytest.mark.usefixtures("_workers_at_once")
@pytest.mark.parametrize("jobs", [1, 2])
def test_progress_reaches_its_total(shipped: Prepared, tmp_path: Path, jobs: int) -> None:
    counting = Counting()
    scan(plant(tmp_path), shipped, progress=counting, jobs=jobs)
    assert (counting.total, counting.done) == (20, 20)


class Interrupting(Counting):
    """The user presses ^C after the first files."""

    def advance(self, files: int) -> None:
        """Interrupt, once four files are done."""
        super().advance(files)
        if self.done >= 4:
            raise KeyboardInterrupt


@pytest.mark.usefixtures("_workers_at_once")
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_run_reports_what_it_found(shipped: Prepared, tmp_path: Path, jobs: int) -> None:
    report = scan(plant(tmp_path), shipped, progress=Interrupting(), jobs=jobs)
    assert not report.complete
    assert report.findings


def test_a_finding_in_a_file_of_any_name_is_reported(shipped: Prepared, repository: Repository) -> None:
    token = fresh()
    repository.commit(b"caf\xe9\n.env", text=token_line(token))
    report = scan_paths(shipped, repository.root)
    assert [os.fsencode(place.path) for place in places(report, token)] == [b"caf\xe9\n.env"]


def test_excerpts_of_a_report_hold_no_value(shipped: Prepared, tmp_path: Path) -> None:
    sid, token = fresh("account_sid"), fresh()
    (tmp_path / "a.py").write_text(f"client = Client('{sid}', '{token}')  # {token} {sid}\n")
    report = scan_paths(shipped, tmp_path)
    assert len(report.findings) == 2
    assert token not in repr(report)
    assert sid not in repr(report)
