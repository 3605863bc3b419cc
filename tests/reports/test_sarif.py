"""SARIF: valid against the standard's schema, and shaped for code scanning."""

import json
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker

from leakscan.model import Finding, Report
from leakscan.reports.formats import FORMATS
from leakscan.reports.view import View

from .building import CASES, finding, full_report, occurrence, pair, report
from .schemas import official


def run(of: Report, *, show_all: bool = False) -> Any:
    """The one run of the SARIF log, read again."""
    return json.loads(FORMATS["sarif"](of, View(show_all=show_all), "1.0"))["runs"][0]


def result(*findings: Finding) -> Any:
    """The last result of a report of `findings`."""
    return run(report(*findings), show_all=True)["results"][-1]


@pytest.mark.parametrize("show_all", [False, True])
@pytest.mark.parametrize("of", CASES.values(), ids=CASES)
def test_e17_a_log_is_valid(of: Report, show_all: bool) -> None:
    schema = json.loads(official("sarif-2.1.0.json").read_text())
    log = json.loads(FORMATS["sarif"](of, View(show_all=show_all), "1.0"))
    Draft7Validator(schema, format_checker=FormatChecker()).validate(log)


def test_results_point_to_their_rules() -> None:
    whole = run(full_report(), show_all=True)
    rules = whole["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["twilio-account-sid", "twilio-auth-token"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in whole["results"])


def test_a_result_says_what_it_is_and_what_it_belongs_with() -> None:
    sid, token = pair()
    text = result(sid, token)["message"]["text"]
    assert f"Twilio Auth Token {token.secret.redacted}" in text
    assert f"Twilio Account SID {sid.secret.redacted} at web/sms.js:13:15" in text


def test_the_other_places_are_linked_from_the_message() -> None:
    found = result(finding(*(occurrence("a.js", line) for line in range(1, 4))))
    assert found["message"]["text"].endswith("Also at [a.js:2:15](1), [a.js:3:15](2).")
    assert [place["id"] for place in found["relatedLocations"]] == [1, 2]


def test_no_more_places_than_code_scanning_accepts() -> None:
    found = result(finding(*(occurrence("a.js", line) for line in range(1, 2001))))
    assert len(found["locations"]) + len(found["relatedLocations"]) == 100
    assert "and 1,989 more places" in found["message"]["text"]


@pytest.mark.parametrize(("by", "kind"), [("inline", "inSource"), ("baseline", "external"), ("config", "external")])
def test_a_suppressed_result_says_by_what(by: str, kind: str) -> None:
    found = finding(reason="made up")
    assert found.suppressed
    suppressions = result(found._replace(suppressed=found.suppressed._replace(by=by)))["suppressions"]
    assert suppressions == [{"kind": kind, "status": "accepted", "justification": f"{by}: made up"}]


@pytest.mark.parametrize("complete", [True, False])
def test_the_invocation_tells_problems_notes_and_the_end(complete: bool) -> None:
    invocation = run(full_report()._replace(complete=complete))["invocations"][0]
    assert invocation["executionSuccessful"] is complete
    assert "big.bin" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    assert "vendor/" in invocation["toolConfigurationNotifications"][0]["message"]["text"]


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda path: not path.startswith("/")))
def test_a_path_comes_back_from_its_uri(path: str) -> None:
    uri = result(finding(occurrence(path)))["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert not set(uri) & set(' ":?#[]\\<>')
    assert unquote(uri) == path


@pytest.mark.parametrize(
    ("path", "uri"), [("b\udcff.env", "b%FF.env"), ("b\ud800", "b%5Cud800"), ("/a b", "file:///a%20b")]
)
def test_unusual_paths_have_uris(path: str, uri: str) -> None:
    location = result(finding(occurrence(path)))["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == uri


def test_brackets_in_a_name_make_no_link() -> None:
    found = finding()._replace(evidence=("assigned to [x](http://evil)",))
    assert r"\[x\](http://evil)" in result(found)["message"]["text"]


def test_a_commit_message_is_no_file() -> None:
    place = occurrence("0123abcd")._replace(where="commit_message")
    assert result(finding(place))["locations"] == [
        {"logicalLocations": [{"fullyQualifiedName": "0123abcd", "kind": "commit_message"}]}
    ]
