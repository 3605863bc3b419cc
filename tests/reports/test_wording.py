"""The words that formats share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.model import Problem, Report, Statistics
from leakscan.reports.view import View
from leakscan.reports.wording import certainty, circumstances, counted, size, spot, summary, visible

from .building import finding, full_report, occurrence, report

LOOKED = "Scanned 1,234 files (56.8 MB) in 0.41 s"
PROBLEM = Problem("x", "unreadable")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain.py", "plain.py"),
        ("grüße 日本.py", "grüße 日本.py"),
        ("a\x1b[2Jb", r"a\x1b[2Jb"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("exe\u202egnp", r"exe\u202egnp"),
        ("\u200b\ufeff", r"\u200b\ufeff"),
        ("\x9b\x7f\u2028", r"\x9b\x7f\u2028"),
        ("b\udcff", r"b\udcff"),
    ],
)
def test_what_does_not_print_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_visible_text_prints_and_stays(text: str) -> None:
    assert visible(text).isprintable()
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize(
    ("of", "sentences"),
    [
        (report(), f"No secrets found. {LOOKED}."),
        (report(finding()), f"1 secret found. {LOOKED}."),
        (report(finding(kind="account_sid")), f"No secrets found. {LOOKED}; 1 identifier."),
        (report(finding(reason="x")), f"No secrets found. {LOOKED}; 1 suppressed (--all lists them)."),
        (report(problems=(PROBLEM,)), f"No secrets found in what was scanned. {LOOKED}. 1 item could not be scanned."),
        (
            report()._replace(complete=False),
            f"No secrets found in what was scanned. {LOOKED}. Interrupted: the rest was not scanned.",
        ),
        (report()._replace(statistics=Statistics()), "Nothing was scanned."),
        (report()._replace(command="history"), f"No secrets found. {LOOKED.replace('file', 'content')}."),
    ],
)
def test_the_summary(of: Report, sentences: str) -> None:
    assert summary(of, View()) == sentences


def test_the_summary_with_all_points_nowhere() -> None:
    assert "--all" not in summary(full_report(), View(show_all=True))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "no bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_999, "1.0 MB"),
        (56_789_012, "56.8 MB"),
        (10**16, "10000.0 TB"),
    ],
)
def test_sizes(number: int, words: str) -> None:
    assert size(number) == words


def test_counts() -> None:
    assert [counted(number, "file") for number in (0, 1, 1234)] == ["no files", "1 file", "1,234 files"]


@pytest.mark.parametrize(("confidence", "words"), [(0.5, "50% sure"), (0.9999, "99% sure"), (1.0, "100% sure")])
def test_only_proof_is_certain(confidence: float, words: str) -> None:
    assert certainty(finding()._replace(confidence=confidence)) == words


def test_a_place_in_a_name_has_no_line() -> None:
    named = occurrence("a\nb")._replace(where="file_name")
    assert (spot(named), spot(occurrence("a\nb"))) == (r"a\nb", r"a\nb:14:15")
    assert circumstances(named) == "in the file name"


def test_circumstances_of_history() -> None:
    commits = {"commit": "ab" * 20, "date": "2026-01-31", "removed_in": "cd" * 20}
    place = occurrence()._replace(decoded=("base64",), **commits)  # type: ignore[arg-type]
    assert circumstances(place) == "inside base64; since commit ababababab of 2026-01-31; removed in cdcdcdcdcd"
    assert circumstances(occurrence()) == ""
