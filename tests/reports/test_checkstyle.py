"""Checkstyle XML: every place is an error in its file, whatever the file is called."""

from xml.etree.ElementTree import Element, fromstring

from hypothesis import given
from hypothesis import strategies as st

from leakscan.model import Problem, Report, Severity
from leakscan.reports.formats import FORMATS
from leakscan.reports.view import View
from leakscan.reports.wording import visible

from .building import finding, full_report, occurrence, report, stay


def files(of: Report) -> dict[str, list[Element]]:
    """The errors by file."""
    root = fromstring(FORMATS["checkstyle"](of, View(show_all=True), "1.0"))
    assert root.tag == "checkstyle"
    return {file.attrib["name"]: list(file) for file in root}


def test_every_place_is_an_error_in_its_file() -> None:
    found = files(report(finding(occurrence("a.js", 3), stay("b.js")), finding(occurrence("a.js", 1))))
    assert [error.attrib["line"] for error in found["a.js"]] == ["1", "3"]
    (error,) = found["b.js"]
    assert (error.attrib["column"], error.attrib["severity"]) == ("15", "error")
    assert error.attrib["source"] == "leakscan.twilio-auth-token"
    assert "since commit c0c0c0c0c0" in error.attrib["message"]


def test_severities() -> None:
    found = [finding(occurrence(str(level)))._replace(severity=level) for level in Severity]
    told = {name: errors[0].attrib["severity"] for name, errors in files(report(*found)).items()}
    assert told == {"info": "info", "low": "info", "medium": "warning", "high": "error", "critical": "error"}


def test_what_is_suppressed_is_told_and_does_not_alarm() -> None:
    (error,) = files(full_report())["tests/fixture.py"]
    assert error.attrib["severity"] == "info"
    assert "Suppressed, inline: made up." in error.attrib["message"]


@given(st.text(min_size=1))
def test_any_name_comes_through_as_it_is_shown(name: str) -> None:
    found = files(report(finding(occurrence(name)), problems=(Problem("p" + name, name),)))
    assert set(found) == {visible(name), visible("p" + name)}
