"""GitLab's secret detection report: valid against GitLab's schema, one vulnerability for each credential."""

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from leakscan.model import Report, Statistics
from leakscan.reports.formats import FORMATS
from leakscan.reports.view import View

from .building import CASES, HOSTILE, finding, full_report, hostile_report, occurrence, report, stay
from .schemas import official


def document(of: Report, *, show_all: bool = False) -> Any:
    """The report, read again."""
    return json.loads(FORMATS["gitlab"](of, View(show_all=show_all), "1.0"))


@pytest.mark.parametrize("of", CASES.values(), ids=CASES)
@pytest.mark.parametrize("show_all", [False, True])
def test_a_report_is_valid(of: Report, show_all: bool) -> None:
    schema = json.loads(official("secret-detection-report-format.json").read_text())
    Draft7Validator(schema, format_checker=FormatChecker()).validate(document(of, show_all=show_all))


def test_a_vulnerability_keeps_its_id_wherever_the_value_moves() -> None:
    found = finding(stay("a.env"))
    moved = found._replace(occurrences=(stay("b.env"), stay("c.env")))
    ids = {document(report(each))["vulnerabilities"][0]["id"] for each in (found, moved)}
    other = document(report(finding()))["vulnerabilities"][0]["id"]
    assert len(ids) == 1
    assert other not in ids


def test_a_vulnerability_says_where_and_since_which_commit() -> None:
    place = stay("web/sms.js")
    (found,) = document(report(finding(stay("gone.env", end="2025-01-01"), place)))["vulnerabilities"]
    assert found["location"] == {
        "file": "web/sms.js",
        "commit": {"sha": place.commit, "author": place.author, "date": place.date},
        "start_line": 14,
        "end_line": 14,
    }
    assert found["severity"] == "Critical"
    assert found["raw_source_code_extract"] == "TOKEN = …"
    assert [each["file_name"] for each in found["details"]["places"]["items"]] == ["web/sms.js", "gone.env"]


def test_a_place_outside_of_git_has_gitlabs_word_for_no_commit() -> None:
    assert document(report(finding(occurrence())))["vulnerabilities"][0]["location"]["commit"]["sha"] == "0000000"


def test_the_scan_has_its_times_in_utc_and_its_problems() -> None:
    scan = document(full_report())["scan"]
    assert (scan["start_time"], scan["end_time"]) == ("2026-01-31T12:00:00", "2026-01-31T12:00:00")
    assert scan["messages"][0] == {"level": "warn", "value": "big.bin: permission denied"}
    assert scan["status"] == "success"
    assert document(full_report()._replace(complete=False))["scan"]["status"] == "failure"


@pytest.mark.parametrize("seconds", [0.0, 1e9])
def test_any_time_has_an_end(seconds: float) -> None:
    timed = report()._replace(statistics=Statistics(1, 1, seconds, "2999-12-31T23:59:59+00:00"))
    assert document(timed)["scan"]["end_time"] >= "2999-12-31T23:59:59"


def test_what_gitlab_reads_as_markdown_holds_no_text_of_a_repository() -> None:
    for found in document(hostile_report(), show_all=True)["vulnerabilities"]:
        assert not any(text in found["description"] + found["solution"] + found["name"] for text in HOSTILE)


def test_what_is_suppressed_is_flagged() -> None:
    whole = document(full_report(), show_all=True)["vulnerabilities"]
    assert [each["flags"][0]["description"] for each in whole if "flags" in each] == ["inline: made up"]
