"""The page as text: its policy names what it brings along, and nothing in it needs more than that."""

import base64
import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.model import Report
from leakscan.reports.html.excerpts import marked

from ..building import CASES, finding, history_report, hostile_report, report, stay
from .browsing import html


@pytest.mark.parametrize("tag", ["style", "script"])
def test_the_policy_names_the_style_and_the_script_by_their_hashes(tag: str) -> None:
    page = html(history_report())
    (inside,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert f"{tag}-src &#39;sha256-{digest}&#39;" in policy
    assert policy.startswith("default-src &#39;none&#39;; ")


@pytest.mark.parametrize("of", CASES.values(), ids=CASES)
def test_nothing_is_named_outside_of_the_page_and_no_attribute_holds_code(of: Report) -> None:
    tags = re.findall(r"<[a-z][^<>]*>", re.sub(r"(?s)<(style|script)>.*?</\1>", "", html(of)))
    assert tags
    for tag in tags:
        assert not re.search(r"""\s(?:src|srcset|style|on[a-z]+|action|formaction)\s*=""", tag)
        assert not re.search(r"""href="(?!#)""", tag)


def test_ids_are_there_once_and_links_lead_to_one() -> None:
    page = html(report(*history_report().findings))
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)


def test_a_finding_is_told_whole() -> None:
    page = html(history_report())
    for part in (
        "client: web/sms.js is imported by web/index.js",
        "live standard: HTTP 200 (2026-01-31T12:00:00+00:00)",
        "assigned to TWILIO_AUTH_TOKEN",
        "since commit c0c0c0c0c0 of 2022-05-01T12:00:00+00:00 by Ada &lt;ada@example.org&gt;; removed in dedededede",
        "inside base64, percent",
        "VITE_TWILIO_AUTH_TOKEN",
        "Rotate it. <a",
    ):
        assert part in page


def test_a_value_is_marked_in_its_line() -> None:
    found = finding(stay())
    line = f"\ttoken = '{found.secret.redacted}' # <b>"
    assert marked(line, found.secret.redacted) == f"token = &#39;<mark>{found.secret.redacted}</mark>&#39; # &lt;b&gt;"


@given(st.text(), st.text(max_size=5))
def test_any_line_is_shown_as_text(line: str, redacted: str) -> None:
    shown = marked(line * 100, redacted)
    assert re.sub(r"</?mark>", "", shown).count("<") == 0
    assert shown.isprintable()


def test_a_hostile_page_has_as_many_elements_as_a_calm_one() -> None:
    hostile = hostile_report()
    calm = hostile._replace(
        findings=tuple(
            each._replace(evidence=("x",), occurrences=tuple(place._replace(path="x") for place in each.occurrences))
            for each in hostile.findings
        )
    )
    assert len(re.findall(r"<[a-z]", html(hostile))) == len(re.findall(r"<[a-z]", html(calm)))


@pytest.mark.parametrize(("number", "opened"), [(5, 5), (6, 0)])
def test_a_few_findings_are_open_at_once(number: int, opened: int) -> None:
    assert html(report(*(finding() for _ in range(number)))).count("<details open>") == opened
