"""What holds for every format: it renders anything, tells what was missed, and shows no value."""

from collections.abc import Iterator

import pytest

from leakscan.detection.rules import RuleSet
from leakscan.model import Report
from leakscan.reports.formats import FORMATS
from leakscan.reports.saved import parse
from leakscan.reports.view import View

from .building import CASES, finding, full_report, occurrence, report

CONTRACT = "text json jsonl sarif gitlab junit checkstyle csv html markdown github"
ALL = View(show_all=True)
EVERY_FORMAT = pytest.mark.parametrize("form", FORMATS)
EVERY_CASE = pytest.mark.parametrize("of", CASES.values(), ids=CASES)


def values(of: Report) -> Iterator[str]:
    """The values of a report's findings, and each line of those that have more."""
    for each in of.findings:
        if not each.rule.only:
            yield from (line for line in each.secret.reveal().split("\n") if not line.startswith("-----"))


def test_the_formats_are_those_of_the_contract() -> None:
    assert list(FORMATS) == CONTRACT.split()


@EVERY_FORMAT
@EVERY_CASE
@pytest.mark.parametrize("view", [View(), ALL], ids=["plain", "all"])
def test_anything_renders_and_no_value_is_in_it(form: str, of: Report, view: View) -> None:
    text = FORMATS[form](of, view, "1.0")
    assert text.endswith("\n")
    assert text.encode()  # no half of a surrogate pair
    assert not any(value in text for value in values(of) if value)
    assert not set(text) & (set(map(chr, range(32))) - set("\r\n"))


@EVERY_FORMAT
@EVERY_CASE
def test_a_report_renders_the_same_each_time(form: str, of: Report) -> None:
    assert FORMATS[form](of, ALL, "1.0") == FORMATS[form](of, ALL, "1.0")


@EVERY_FORMAT
def test_what_was_not_scanned_is_told(form: str) -> None:
    text = FORMATS[form](CASES["problems alone"], View(), "1.0")
    assert "big.bin" in text.replace("&#46;", ".")
    assert "permission denied" in text


@EVERY_FORMAT
def test_an_interrupted_run_does_not_look_whole(form: str) -> None:
    text = FORMATS[form](CASES["interrupted"], View(), "1.0")
    told = {"sarif": '"executionSuccessful": false', "json": '"complete": false', "jsonl": '"complete": false'}
    assert told.get(form, "nterrupted") in text


@EVERY_FORMAT
def test_suppressed_findings_are_listed_on_demand_with_their_reason(form: str) -> None:
    hidden = report(finding(occurrence("tests/fixture.py"), reason="made up"))
    assert "fixture.py" not in FORMATS[form](hidden, View(), "1.0")
    listed = FORMATS[form](hidden, ALL, "1.0")
    assert "fixture.py" in listed
    assert "made up" in listed


@EVERY_FORMAT
@pytest.mark.parametrize("view", [View(), ALL], ids=["plain", "all"])
def test_a_saved_report_renders_as_the_live_one(form: str, view: View, rules: RuleSet) -> None:
    live = with_rules(rules, CASES["history"], full_report())
    saved = parse(FORMATS["json"](live, ALL, "1.0").encode(), "saved.json")
    assert FORMATS[form](saved, view, "1.0") == FORMATS[form](live, view, "1.0")


def with_rules(rules: RuleSet, *reports: Report) -> Report:
    """One report with the findings of others, each found by the shipped rule for its kind."""
    by_kind = {rule.kind: rule for rule in rules.rules}
    findings = [each._replace(rule=by_kind[each.rule.kind]) for of in reports for each in of.findings]
    return reports[-1]._replace(findings=tuple(findings))
