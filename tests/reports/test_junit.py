"""JUnit XML: valid for Jenkins and for Ant; secrets fail, problems are errors, a clean run passes one test."""

from xml.etree.ElementTree import Element, fromstring

import pytest
import xmlschema

from leakscan.model import Report
from leakscan.reports.formats import FORMATS
from leakscan.reports.view import View

from .building import CASES, finding, full_report, pair, report, stay
from .schemas import official


def text(of: Report, *, show_all: bool = False) -> str:
    """The document."""
    return FORMATS["junit"](of, View(show_all=show_all), "1.0")


def suite(of: Report, *, show_all: bool = False) -> Element:
    """The one suite of the document."""
    (found,) = fromstring(text(of, show_all=show_all))
    return found


def outcomes(of: Report, *, show_all: bool = False) -> list[str]:
    """How each test ended."""
    return ["".join(each.tag for each in case) for case in suite(of, show_all=show_all).iter("testcase")]


@pytest.mark.parametrize("schema", ["junit-10.xsd", "JUnit.xsd"])
@pytest.mark.parametrize("of", CASES.values(), ids=CASES)
def test_a_document_is_valid(schema: str, of: Report) -> None:
    xmlschema.XMLSchema(str(official(schema))).validate(text(of, show_all=True))


def test_a_clean_run_passes_one_test() -> None:
    assert outcomes(report()) == [""]
    assert suite(report()).attrib["tests"] == "1"


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (report(*pair()), ["skipped", "failure"]),
        (full_report(), ["skipped", "failure", "skipped", "error"]),
        (CASES["problems alone"], ["error"]),
        (CASES["interrupted"], ["failure", "error"]),
        (CASES["all suppressed"], ["", "skipped"]),
        (CASES["identifiers alone"], ["", "skipped"]),
    ],
)
def test_secrets_fail_problems_are_errors_and_the_rest_is_skipped(of: Report, expected: list[str]) -> None:
    assert outcomes(of, show_all=True) == expected


@pytest.mark.parametrize("of", CASES.values(), ids=CASES)
def test_the_numbers_are_those_of_the_tests(of: Report) -> None:
    found, ended = suite(of, show_all=True).attrib, outcomes(of, show_all=True)
    numbers = [int(found[name]) for name in ("tests", "failures", "errors", "skipped")]
    assert numbers == [len(ended), *map(ended.count, ("failure", "error", "skipped"))]


def test_a_failure_tells_all_places_and_what_to_do() -> None:
    failure = next(suite(report(finding(stay("a.env"), stay("b.env")))).iter("failure"))
    assert failure.text is not None
    assert "at a.env:14:15" in failure.text
    assert "at b.env:14:15" in failure.text
    assert "1. Rotate it." in failure.text
