"""`leakscan report` from outside: any format from a saved report, and the exit code that its findings make."""

import json
from pathlib import Path

import pytest

from leakscan.reports.formats import FORMATS

from .running import leak, leakscan


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A folder with a saved report of a leak."""
    leak(tmp_path / "source")
    assert leakscan("scan", "source", "-f", "json", "-o", "leaks.json", cwd=tmp_path).returncode == 1
    return tmp_path


@pytest.mark.parametrize("form", FORMATS)
def test_any_format_from_a_saved_report_and_from_a_scan(saved: Path, form: str) -> None:
    done = leakscan("report", "leaks.json", "-f", form, cwd=saved)
    assert (done.returncode, done.stderr) == (1, "")
    assert "app.env" in done.stdout.replace("&#46;", ".")
    assert "app.env" in leakscan("scan", "source", "-f", form, cwd=saved).stdout


def test_several_formats_at_once(saved: Path) -> None:
    done = leakscan(
        "report", "leaks.json", "-f", "html", "-o", "a.html", "-f", "junit", "-o", "a.xml", "-f", "text", cwd=saved
    )
    assert "CRITICAL" in done.stdout
    assert (saved / "a.html").read_text().startswith("<!doctype html>")
    assert "<failure" in (saved / "a.xml").read_text()
    assert (saved / "a.html").stat().st_mode & 0o777 == 0o600


def test_standard_input(saved: Path) -> None:
    done = leakscan("report", "-", "-f", "json", cwd=saved, stdin=(saved / "leaks.json").read_bytes())
    assert done.stdout == (saved / "leaks.json").read_text()


@pytest.mark.parametrize(("arguments", "code"), [((), 1), (("--fail-on", "critical"), 1), (("--fail-on", "never"), 0)])
def test_the_exit_code_is_that_of_the_findings(saved: Path, arguments: tuple[str, ...], code: int) -> None:
    assert leakscan("report", "leaks.json", *arguments, cwd=saved).returncode == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"findings": []}, 0),
        ({"findings": [], "problems": [{"where": "a", "message": "b"}]}, 3),
        ({"complete": False}, 130),
    ],
)
def test_the_exit_code_is_that_of_problems_and_of_an_early_end(
    saved: Path, change: dict[str, object], code: int
) -> None:
    document = json.loads((saved / "leaks.json").read_text()) | change
    (saved / "changed.json").write_text(json.dumps(document))
    assert leakscan("report", "changed.json", cwd=saved).returncode == code


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("missing.json",), "missing.json"),
        (("no.json",), "no.json: it is not JSON"),
        (("\x1b[2J.json",), r"\x1b[2J.json"),
        (("leaks.json", "-f", "pdf"), "pdf"),
        (("leaks.json", "-f", "html", "-o", "no/such/folder.html"), "no/such/folder.html"),
        ((), "REPORT"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(saved: Path, arguments: tuple[str, ...], named: str) -> None:
    (saved / "no.json").write_text("no")
    done = leakscan("report", *arguments, cwd=saved)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_the_help_has_examples(tmp_path: Path) -> None:
    assert "leakscan report leaks.json -f html -o leaks.html" in leakscan("report", "--help", cwd=tmp_path).stdout
