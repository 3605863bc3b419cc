"""A saved report comes back whole, or it is said in a sentence why not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.errors import ReportError
from leakscan.model import (
    Exposure,
    Finding,
    Occurrence,
    Place,
    Problem,
    Report,
    Severity,
    Statistics,
    Suppression,
    Verification,
)
from leakscan.reports.formats import FORMATS
from leakscan.reports.saved import load, parse
from leakscan.reports.view import View

from .building import CASES, finding, full_report, history_report, report, rule

ALL = View(show_all=True)
text = st.text(max_size=20)
maybe = st.none() | text
texts = st.lists(text, max_size=3).map(tuple)
number = st.integers(1, 10**9)
moment = st.none() | st.just("2026-01-31T12:00:00+00:00")
places = st.builds(
    Occurrence,
    path=text,
    place=st.builds(Place, number, number, number, number),
    where=st.sampled_from(["content", "commit_message", "file_name"]),
    decoded=texts,
    blob=maybe,
    commit=maybe,
    author=maybe,
    date=maybe,
    removed_in=maybe,
    removed_date=maybe,
    in_head=st.none() | st.booleans(),
    refs=texts,
    excerpt=text,
    allowance=st.none(),
)
findings = st.builds(
    Finding,
    rule=st.sampled_from(["auth_token", "account_sid", "client_side_credential"]).map(rule)
    | st.builds(lambda name, steps: rule()._replace(id="own", description=name, remediation=steps), text, texts),
    secret=st.builds(lambda: finding().secret),
    confidence=st.floats(0, 1),
    evidence=texts,
    occurrences=st.lists(places, min_size=1, max_size=3).map(tuple),
    severity=st.sampled_from(Severity),
    exposure=st.builds(Exposure, text, text),
    pair=texts,
    verification=st.builds(Verification, text, text, maybe),
    suppressed=st.none() | st.builds(Suppression, text, text),
)
reports = st.builds(
    Report,
    command=text,
    findings=st.lists(findings, max_size=3).map(tuple),
    problems=st.lists(st.builds(Problem, text, text), max_size=3).map(tuple),
    statistics=st.builds(Statistics, number, number, st.floats(0, 1e9), moment),
    complete=st.booleans(),
    notes=texts,
    unlisted=st.integers(0, 9),
)


def document(of: Report, view: View = ALL) -> str:
    """The report as JSON."""
    return FORMATS["json"](of, view, "1.0")


def again(saved: str) -> Report:
    """The report that the JSON is."""
    return parse(saved.encode(), "saved.json")


@given(reports, st.booleans())
def test_what_was_saved_comes_back(of: Report, show_all: bool) -> None:
    saved = document(of, View(show_all=show_all))
    assert document(again(saved)) == saved


@pytest.mark.parametrize("of", CASES.values(), ids=CASES)
@pytest.mark.parametrize("view", [View(), ALL, View(show_all=True, show_secrets=True)], ids=["plain", "all", "raw"])
def test_every_case_comes_back(of: Report, view: View) -> None:
    saved = document(of, view)
    assert document(again(saved), view) == saved


def test_what_was_not_listed_stays_counted() -> None:
    back = again(document(full_report(), View()))
    assert (len(back.findings), back.suppressed) == (2, 1)
    assert "1 suppressed." in FORMATS["text"](back, View(), "1.0")


def test_a_saved_value_is_there_only_if_it_was_shown() -> None:
    found = finding()
    hidden, shown = (again(document(report(found), view)).findings[0] for view in (ALL, View(show_secrets=True)))
    assert shown.secret.reveal() == found.secret.reveal()
    assert hidden.fingerprint == shown.fingerprint == found.fingerprint
    with pytest.raises(ValueError, match="no value"):
        hidden.secret.reveal()


def test_a_shown_value_hides_again() -> None:
    found = finding()
    back = again(document(report(found), View(show_secrets=True)))
    assert found.secret.reveal() not in document(back)


def test_the_shipped_rule_comes_back_with_what_the_report_says() -> None:
    (found,) = again(document(report(finding()))).findings
    assert found.rule.triggers
    assert found.rule.remediation == found.remediation == ("Rotate it.", "Call Twilio from a server only.")


def test_a_report_by_the_contract_alone_is_read() -> None:
    saved = json.loads(document(history_report()))
    for name in ("notes",):
        del saved[name]
    del saved["stats"]["started"]
    for found in saved["findings"]:
        del found["description"]
        for place in found["occurrences"]:
            del place["excerpt"], place["removed_date"]
    back = again(json.dumps(saved))
    assert back.findings[0].rule.description == "Twilio Account SID"
    assert all(FORMATS[form](back, ALL, "1.0") for form in FORMATS)


def edited(change: Callable[[dict[str, Any]], object]) -> str:
    """A saved report after a change."""
    saved = json.loads(document(full_report()))
    change(saved)
    return json.dumps(saved)


@pytest.mark.parametrize(
    ("saved", "why"),
    [
        ("", "it is not JSON; save the report with -f json"),
        ("no", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("{}\n{}", "it holds JSON lines"),
        ("[]", "an object is needed"),
        ("{}", "it names no schema"),
        ('{"schema": "leakscan/report/2"}', "its schema is 'leakscan/report/2', and this version"),
        ('{"schema": {"a": "\\u001b"}}', "its schema is"),
        (edited(lambda saved: saved.pop("findings")), "'findings' is missing"),
        (edited(lambda saved: saved["stats"].pop("bytes")), "stats: 'bytes' is missing"),
        (edited(lambda saved: saved["findings"][1].pop("rule")), r"findings\[1\]: 'rule' is missing"),
        (
            edited(lambda saved: saved["findings"][0].update(occurrences=[])),
            "'occurrences' must be a list of at least 1",
        ),
        (edited(lambda saved: saved["findings"][0].update(severity="grave")), "'severity' must be one of info, low"),
        (edited(lambda saved: saved["findings"][0].update(confidence=2)), "'confidence' must be a number from 0 to 1"),
        (edited(lambda saved: saved["findings"][0].update(confidence=float("nan"))), "'confidence' must be a number"),
        (edited(lambda saved: saved["findings"][0].update(evidence=[1])), "'evidence' must be a list of texts"),
        (edited(lambda saved: saved["findings"][0].update(fingerprint="x")), "'fingerprint' must be 16 hex digits"),
        (edited(lambda saved: saved["findings"][0]["value"].update(raw="x")), "the report was changed"),
        (
            edited(lambda saved: saved["findings"][0]["occurrences"][0].update(line=0)),
            "'line' must be a whole number from 1",
        ),
        (
            edited(lambda saved: saved["findings"][0]["occurrences"][0].update(line=True)),
            "'line' must be a whole number",
        ),
        (edited(lambda saved: saved["stats"].update(started="soon")), "'started' must be a time like"),
        (edited(lambda saved: saved["stats"].update(started="2026-02-31T12:00:00+00:00")), "'started' must be a time"),
        (edited(lambda saved: saved["stats"].update(bytes=10**400)), "'bytes' must be a whole number"),
        (edited(lambda saved: saved["problems"].append(3)), r"problems\[1\]: an object is needed"),
        (edited(lambda saved: saved.update(complete="yes")), "'complete' must be true or false"),
    ],
)
def test_what_is_no_report_is_told_in_a_sentence(saved: str, why: str) -> None:
    with pytest.raises(ReportError, match=why) as caught:
        again(saved)
    assert str(caught.value).startswith("cannot read the report saved.json")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_report_may_be_saved_by_any_shell(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.json").write_bytes(document(full_report()).encode(encoding))
    assert load(str(tmp_path / "a.json")).problems == (Problem("big.bin", "permission denied"),)


@pytest.mark.parametrize(
    ("name", "why"), [("missing", "No such file"), (".", "Is a directory"), ("a\0b", "names no file")]
)
def test_what_cannot_be_read_is_told(name: str, why: str) -> None:
    with pytest.raises(ReportError, match=why):
        load(name)
