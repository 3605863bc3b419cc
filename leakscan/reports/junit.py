"""Report -> JUnit XML, which every CI server shows as tests.

A secret is a failure, what could not be scanned an error; identifiers and what is suppressed are skipped. A run
that found nothing is one test that passes, so that it differs from a run that did not happen.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

from leakscan.model import Finding, Report, Role
from leakscan.reports.messages import acceptance, name, names, paragraph, sentences, shortfalls, title
from leakscan.reports.view import View
from leakscan.reports.wording import circumstances, spot, summary
from leakscan.reports.xml import document, element

_UNKNOWN_DAY = "1970-01-01T00:00:00"
_MOST_PLACES = 100


class _Case(NamedTuple):
    """A test: its names, and if it did not pass how that is called, in short and whole."""

    group: str
    name: str
    outcome: str = ""
    message: str = ""
    text: str = ""


def render(report: Report, view: View, version: str) -> str:
    """The report as a document with one suite; `version` is the program's."""
    known = names(report)
    cases = [_case(finding, known) for finding in view.shown(report)]
    for problem in shortfalls(report):
        told = f"{problem.where}: {problem.message}"
        cases.append(_Case("leakscan.problems", f"{problem.where} was scanned", "error", told, told))
    if all(case.outcome == "skipped" for case in cases):
        cases.insert(0, _Case("leakscan", "no secrets found"))
    return document(_suites(report, view, version, cases))


def _case(finding: Finding, known: Mapping[str, str]) -> _Case:
    group = f"leakscan.{finding.rule.id}"
    if finding.suppressed:
        return _Case(group, name(finding), "skipped", f"suppressed, {acceptance(finding)}")
    if finding.rule.role is Role.IDENTIFIER:
        return _Case(group, name(finding), "skipped", "an identifier, not a secret")
    message = f"{finding.severity}: {title(finding)}"
    return _Case(group, name(finding), "failure", message, "\n".join(_lines(finding, known)))


def _lines(finding: Finding, known: Mapping[str, str]) -> Iterator[str]:
    yield paragraph(sentences(finding, known))
    for place in finding.occurrences[:_MOST_PLACES]:
        facts = circumstances(place)
        yield f"at {spot(place)}" + (f" ({facts})" if facts else "")
    if (more := len(finding.occurrences) - _MOST_PLACES) > 0:
        yield f"and {more:,} more places"
    yield from (f"{number}. {step}" for number, step in enumerate(finding.remediation, 1))


def _suites(report: Report, view: View, version: str, cases: list[_Case]) -> Element:
    seconds = f"{report.statistics.seconds:.3f}"
    outcomes = [case.outcome for case in cases]
    numbers = {"tests": len(cases), "failures": outcomes.count("failure"), "errors": outcomes.count("error")}
    suites = element(None, "testsuites", {})
    about = {
        "name": "leakscan",
        "package": "leakscan",
        "id": 0,
        "hostname": "localhost",
        "timestamp": (report.statistics.started or _UNKNOWN_DAY)[: len(_UNKNOWN_DAY)],
        "time": seconds,
        "skipped": outcomes.count("skipped"),
    }
    suite = element(suites, "testsuite", {**about, **numbers})
    properties = element(suite, "properties", {})
    for key, value in (("version", version), ("command", report.command)):
        element(properties, "property", {"name": key, "value": value})
    for case in cases:
        made = element(suite, "testcase", {"classname": case.group, "name": case.name, "time": "0"})
        if case.outcome == "skipped":
            element(made, "skipped", {"message": case.message})
        elif case.outcome:
            element(made, case.outcome, {"type": case.group, "message": case.message}, case.text)
    element(suite, "system-out", {}, "\n".join([*report.notes, summary(report, view)]))
    element(suite, "system-err", {})
    return suites
