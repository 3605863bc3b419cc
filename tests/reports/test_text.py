"""The text report: what it says, on any width, whatever the names in it."""

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakscan.model import Exposure, Finding, Problem, Report, Verification
from leakscan.reports.formats import FORMATS
from leakscan.reports.view import View

from .building import finding, full_report, occurrence, report

PLAIN = View()
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def text(of: Report, view: View = PLAIN) -> str:
    """The text report."""
    return FORMATS["text"](of, view, "1.0")


def place_lines(*findings: Finding) -> list[str]:
    """The lines of a report that hold places of a.js."""
    return [line for line in text(report(*findings)).splitlines() if "a.js" in line]


def test_a_whole_report_looks_so() -> None:
    whole = full_report()
    sid, token, allowed = whole.findings
    assert (
        text(whole, View(show_all=True))
        == f"""\
 CRITICAL  Twilio Auth Token  twilio-auth-token
  value: {token.secret.redacted}  97% sure, fingerprint {token.fingerprint}
  at:    web/sms.js:14:15
  why:   assigned to TWILIO_AUTH_TOKEN
  pair:  {sid.secret.redacted} Twilio Account SID  web/sms.js:13:15

What to do next
  Twilio Auth Token:
   1. Rotate it.
   2. Call Twilio from a server only.
  Not a secret? Write leakscan:allow[twilio-auth-token] and the reason in a comment on its line, or
  accept all that is known: leakscan baseline create.

Identifiers (not secrets: they name an account or a key)
  {sid.secret.redacted} Twilio Account SID  web/sms.js:13:15

Suppressed (found, not counted)
  {allowed.secret.redacted} Twilio Auth Token  tests/fixture.py:14:15
    inline: made up (fingerprint {allowed.fingerprint})

Could not be scanned
  big.bin: permission denied

Note: vendor/ is excluded
1 secret found. Scanned 1,234 files (56.8 MB) in 0.41 s; 1 identifier and 1 suppressed. 1 item could
not be scanned.
"""
    )


def test_a_clean_run_says_so_in_one_line() -> None:
    assert text(report()) == "No secrets found. Scanned 1,234 files (56.8 MB) in 0.41 s.\n"


def test_a_clean_run_imports_neither_rich_nor_json() -> None:
    code = """if True:
        import sys
        from leakscan.model import Report, Statistics
        from leakscan.reports.formats import FORMATS
        from leakscan.reports.view import View
        FORMATS["text"](Report("scan", (), (), Statistics(), notes=("a note",)), View(), "1.0")
        print(*({"rich", "json", "tempfile"} & set(sys.modules)))"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "\n"


@settings(deadline=None)
@given(name=st.text(), width=st.integers(0, 300))
def test_without_colour_nothing_steers_the_terminal(name: str, width: int) -> None:
    found = finding(occurrence(name, excerpt=name))._replace(evidence=(name,), exposure=Exposure("client", name))
    page = text(report(found, problems=(Problem(name, name),), notes=(name,)), View(width=width))
    assert page.replace("\n", "").isprintable()
    page.encode()


@settings(deadline=None)
@given(st.text())
def test_colour_adds_styles_and_nothing_else(name: str) -> None:
    found = report(finding(occurrence(name, excerpt=name)), problems=(Problem(name, name),))
    coloured = text(found, View(color=True))
    assert "\x1b[" in coloured
    assert ESCAPES.sub("", coloured) == text(found)


def test_the_environment_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    found = report(finding())
    expected = text(found)
    for name, value in {"COLUMNS": "20", "FORCE_COLOR": "1", "JUPYTER_COLUMNS": "9"}.items():
        monkeypatch.setenv(name, value)
    assert text(found) == expected


@pytest.mark.parametrize("markup", ["[red]x[/red]", "[/]", ":smile:", "[link=http://evil]x[/link]", "\\[bold]"])
def test_markup_stays_text(markup: str) -> None:
    page = text(report(finding(occurrence(markup, excerpt=markup)), problems=(Problem(markup, markup),)))
    assert page.count(markup) == 4


@pytest.mark.parametrize("width", [60, 100, 200])
def test_all_but_paths_fits_the_page(width: int) -> None:
    found = finding(occurrence("a.js", excerpt="long " * 100))._replace(evidence=("reason " * 50,))
    assert all(len(line) <= width for line in text(report(found), View(width=width)).splitlines())


@pytest.mark.parametrize("width", [60, 200])
def test_a_path_is_never_broken(width: int) -> None:
    path = "directory/" * 30 + "a.js"
    assert f"{path}:14:15" in text(report(finding(occurrence(path))), View(width=width))


def test_a_long_line_is_cut_round_the_value() -> None:
    found = finding()
    line = "x=1;" * 900 + found.secret.redacted + "y=2;" * 900
    assert f"x=1;{found.secret.redacted}y=2;" in text(report(found._replace(occurrences=(occurrence("a", 1, line),))))


@pytest.mark.parametrize(("places", "lines"), [(1, 1), (10, 10), (11, 10), (500, 10)])
def test_ten_places_are_enough(places: int, lines: int) -> None:
    found = finding(*(occurrence("a.js", line) for line in range(1, places + 1)))
    assert len(place_lines(found)) == lines
    assert (f"and {places - 10} more" in text(report(found))) == (places > 10)


def test_steps_are_told_once_for_a_kind() -> None:
    assert text(report(finding(), finding(), finding())).count("Rotate it.") == 1


def test_the_worst_comes_first() -> None:
    doubtful, sure = finding(occurrence("b/a.js"))._replace(confidence=0.6), finding(occurrence("a/a.js"))
    assert "a/a.js" in place_lines(doubtful, sure)[0]


def test_an_exposure_and_an_answer_are_told() -> None:
    found = finding()._replace(exposure=Exposure("client", "app.js"), verification=Verification("live", "200"))
    page = text(report(found))
    assert "seen:  client: app.js" in page
    assert "check: live: 200" in page
