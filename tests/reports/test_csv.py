"""CSV: a row for each place, and no cell that a spreadsheet takes for a formula."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.model import Report
from leakscan.reports.csv import COLUMNS
from leakscan.reports.formats import FORMATS
from leakscan.reports.view import View

from .building import CASES, finding, full_report, occurrence, report, stay

DANGEROUS = re.compile(r"[=+\-@\t\r\uff0b\uff0d\uff1d\uff20]")


def rows(of: Report, *, show_all: bool = False) -> list[dict[str, str]]:
    """The table, read again."""
    return list(csv.DictReader(io.StringIO(FORMATS["csv"](of, View(show_all=show_all), "1.0"), newline="")))


def test_an_empty_report_is_the_headings() -> None:
    assert FORMATS["csv"](report(), View(), "1.0") == ",".join(COLUMNS) + "\r\n"


def test_every_place_has_a_row_with_all_of_its_finding() -> None:
    found = finding(stay("a.env", end="2025-01-01"), occurrence("b.env"))
    first, second = rows(report(found))
    assert first["fingerprint"] == second["fingerprint"] == found.fingerprint
    assert (first["path"], first["line"], first["end_column"]) == ("a.env", "14", "47")
    assert (first["removed_in"], first["removed_date"], first["in_head"]) == (
        "de" * 20,
        "2025-01-01T12:00:00+01:00",
        "false",
    )
    assert (second["commit"], second["in_head"]) == ("", "")


def test_problems_notes_and_what_is_suppressed_have_rows() -> None:
    found = rows(full_report(), show_all=True)
    assert [row["record"] for row in found] == ["finding", "finding", "finding", "problem", "note"]
    assert (found[2]["suppressed_by"], found[2]["suppressed_reason"]) == ("inline", "made up")
    assert (found[3]["path"], found[3]["message"]) == ("big.bin", "permission denied")


@pytest.mark.parametrize("of", CASES.values(), ids=CASES)
def test_every_row_has_every_column(of: Report) -> None:
    for row in csv.reader(io.StringIO(FORMATS["csv"](of, View(show_all=True), "1.0"), newline="")):
        assert len(row) == len(COLUMNS)


@pytest.mark.parametrize("separator", [",", ";", "|"])
@given(text=st.text(st.sampled_from("=+-@\t\r\n;,| ax\"'\uff1d"), max_size=8))
def test_no_cell_is_a_formula_in_any_country(separator: str, text: str) -> None:
    page = FORMATS["csv"](report(finding(occurrence(text, excerpt=text))._replace(evidence=(text,))), View(), "1.0")
    for row in csv.reader(io.StringIO(page, newline=""), delimiter=separator):
        for cell in row:
            assert not DANGEROUS.match(cell.strip())
