"""The JSON report and JSON lines keep to report-1.schema.json."""

import copy
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from leakscan.model import Report
from leakscan.reports.formats import FORMATS
from leakscan.reports.view import View

from .building import finding, full_report, occurrence, report

SCHEMA = json.loads((files("leakscan.reports") / "report-1.schema.json").read_text())
DOCUMENT = Draft202012Validator(SCHEMA)
LINE = Draft202012Validator({"$ref": "#/$defs/line", "$defs": SCHEMA["$defs"]})
PLAIN = View()
VIEWS = [PLAIN, View(show_all=True), View(show_secrets=True)]


def document(of: Report, view: View = PLAIN) -> Any:
    """The JSON report, read again."""
    return json.loads(FORMATS["json"](of, view, "1.0"))


def objects(thing: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON document."""
    if isinstance(thing, dict):
        yield thing
    for inner in thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ():
        yield from objects(inner)


def test_lists_of_refs_are_laid_out_as_all_else_is() -> None:
    refs = tuple(f"refs/heads/{number}" for number in range(3))
    trap = occurrence(excerpt='"refs": 0\n"refs": 1')
    places = (occurrence(), occurrence(line=15)._replace(refs=refs), occurrence(line=16)._replace(refs=refs), trap)
    text = FORMATS["json"](report(finding(*places)), PLAIN, "1.0")
    read = json.loads(text)
    assert [each["refs"] for each in read["findings"][0]["occurrences"]] == [[], list(refs), list(refs), []]
    assert text == json.dumps(read, indent=2) + "\n"


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("of", [report(), full_report()])
def test_a_report_is_valid(of: Report, view: View) -> None:
    DOCUMENT.validate(document(of, view))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("of", [report(), full_report()])
def test_every_line_is_valid(of: Report, view: View) -> None:
    for line in FORMATS["jsonl"](of, view, "1.0").splitlines():
        LINE.validate(json.loads(line))


def test_lines_are_findings_then_problems_then_the_summary() -> None:
    lines = FORMATS["jsonl"](full_report(), View(), "1.0").splitlines()
    assert [json.loads(line)["type"] for line in lines] == ["finding", "finding", "problem", "summary"]


def test_the_schema_forbids_unknown_keys_everywhere() -> None:
    whole = document(full_report(), View(show_all=True))
    for number in range(len(list(objects(whole)))):
        changed = copy.deepcopy(whole)
        list(objects(changed))[number]["unheard"] = 1
        assert not DOCUMENT.is_valid(changed)


def test_the_schema_requires_every_key_but_raw() -> None:
    whole = document(full_report(), View(show_all=True, show_secrets=True))
    for number, thing in enumerate(objects(whole)):
        for key in thing.keys() - {"raw"}:
            changed = copy.deepcopy(whole)
            del list(objects(changed))[number][key]
            assert not DOCUMENT.is_valid(changed), key


@pytest.mark.parametrize(("show_all", "listed"), [(False, 2), (True, 3)])
def test_suppressed_findings_are_always_counted_and_listed_on_demand(show_all: bool, listed: int) -> None:
    whole = document(full_report(), View(show_all=show_all))
    assert len(whole["findings"]) == listed
    assert whole["stats"]["findings"] == 2
    assert whole["stats"]["suppressed"] == 1


def test_the_raw_value_is_there_only_when_asked_for() -> None:
    found = finding()
    shown = document(report(found), View(show_secrets=True))["findings"][0]["value"]
    hidden = document(report(found))["findings"][0]["value"]
    assert shown == {**hidden, "raw": found.secret.reveal()}
    assert hidden == {"redacted": found.secret.redacted, "sha256": found.secret.sha256}


def test_a_finding_reads_as_the_contract_has_it() -> None:
    found = finding(occurrence("a/b.js", 3, "x = …"))
    plain = document(report(found))["findings"][0]
    assert (plain["rule"], plain["kind"], plain["role"]) == ("twilio-auth-token", "auth_token", "secret")
    assert (plain["severity"], plain["fingerprint"]) == ("critical", found.fingerprint)
    assert plain["exposure"] == {"class": "unknown", "reason": ""}
    place = plain["occurrences"][0]
    assert (place["path"], place["line"], place["end_column"], place["excerpt"]) == ("a/b.js", 3, 47, "x = …")


@settings(deadline=None)
@given(st.text())
def test_any_path_comes_back_and_the_document_is_ascii(path: str) -> None:
    text = FORMATS["json"](report(finding(occurrence(path))), View(), "1.0")
    assert text.isascii()
    assert json.loads(text)["findings"][0]["occurrences"][0]["path"] == path
