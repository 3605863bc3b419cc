"""Workflow commands: read as GitHub's runner reads them, nothing hostile becomes one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.model import Problem, Report, Severity
from leakscan.reports.formats import FORMATS
from leakscan.reports.view import View

from .building import CASES, finding, full_report, hostile_report, occurrence, report, stay

Command = tuple[str, dict[str, str], str]


def commands(of: Report, *, show_all: bool = False) -> list[Command]:
    """The commands in the output, as the runner splits and unescapes them."""
    lines = FORMATS["github"](of, View(show_all=show_all), "1.0").splitlines()
    return [command(line) for line in lines if "::" in line]


def command(line: str) -> Command:
    """One command: its name, properties and text."""
    assert line.startswith("::")
    head, _, text = line[2:].partition("::")
    name, _, properties = head.partition(" ")
    pairs = (each.split("=", 1) for each in properties.split(","))
    return name, {key: unescaped(value, {"%3A": ":", "%2C": ","}) for key, value in pairs}, unescaped(text, {})


def unescaped(text: str, more: dict[str, str]) -> str:
    """What the runner makes of escaped text."""
    for escape, char in {"%0D": "\r", "%0A": "\n", **more, "%25": "%"}.items():
        text = text.replace(escape, char)
    return text


def test_an_annotation_stands_on_its_lines() -> None:
    found = finding(stay("web/sms.js"), occurrence("b.js"))
    ((name, properties, text),) = commands(report(found))
    assert name == "error"
    assert properties == {
        "file": "web/sms.js",
        "line": "14",
        "endLine": "14",
        "col": "15",
        "endColumn": "47",
        "title": f"Twilio Auth Token {found.secret.redacted}",
    }
    assert "assigned to TWILIO_AUTH_TOKEN" in text
    assert "Also at b.js:14:15." in text


def test_severities_problems_and_notes() -> None:
    found = [finding()._replace(severity=level) for level in sorted(Severity, reverse=True)]
    told = commands(report(*found, problems=(Problem("big.bin", "unreadable"),), notes=("a note",)))
    assert [name for name, _, _ in told] == ["error", "error", "warning", "notice", "notice", "warning", "notice"]
    assert told[5][2] == "big.bin: unreadable"


def test_what_is_suppressed_is_a_notice() -> None:
    assert [name for name, _, _ in commands(full_report(), show_all=True)] == [
        "notice",
        "error",
        "notice",
        "warning",
        "notice",
    ]


def test_a_clean_run_gives_no_command() -> None:
    assert FORMATS["github"](report(), View(), "1.0").startswith("No secrets found. Scanned")


def test_a_message_is_no_file() -> None:
    ((_, properties, text),) = commands(report(finding(stay("0123abcd")._replace(where="commit_message"))))
    assert set(properties) == {"title"}
    assert "0123abcd" in text


@pytest.mark.parametrize("of", [hostile_report(), *CASES.values()])
def test_there_is_one_command_for_each_thing_to_tell(of: Report) -> None:
    told = commands(of, show_all=True)
    assert len(told) == len(of.findings) + len(of.problems) + len(of.notes) + (not of.complete)
    assert {name for name, _, _ in told} <= {"error", "warning", "notice"}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp", "Zs", "Cn", "Co"])))
def test_a_path_comes_back(path: str) -> None:
    ((_, properties, _),) = commands(report(finding(occurrence(path + "\r\n%0A,:"))))
    assert properties["file"] == path + "\r\n%0A,:"
