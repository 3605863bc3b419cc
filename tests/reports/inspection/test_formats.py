"""Every format tells the same of an inspection, shows texts as texts, and tells no value."""

import json
import re
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from leakscan.detection.samples import Samples
from leakscan.inspection import Inspected
from leakscan.reports.inspection.formats import FORMATS, render
from leakscan.reports.inspection.sections import sections
from leakscan.reports.view import View

from ..building import HOSTILE
from .building import CASES, dark, dead, inspected, inspection

SCHEMA = json.loads((files("leakscan.reports") / "inspection-1.schema.json").read_text())
EACH = pytest.mark.parametrize("of", CASES.values(), ids=CASES)


def told(name: str, of: Inspected, view: View = View(), values: tuple[str, ...] = ()) -> str:  # noqa: B008 - immutable
    return render(name, of, values, view, "1.0")


def words(text: str) -> str:
    return " ".join(text.split())


@EACH
def test_the_document_keeps_to_its_schema(of: Inspected) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(json.loads(told("json", of)))


def test_the_schema_forbids_what_it_does_not_know() -> None:
    document = json.loads(told("json", CASES["everything"]))
    document["inspections"][0]["reach"]["balance"]["value"] = "x"
    assert not Draft202012Validator(SCHEMA).is_valid(document)


@pytest.mark.parametrize("name", FORMATS)
@EACH
def test_no_format_tells_a_value(name: str, of: Inspected) -> None:
    value = Samples().value("auth_token")
    leaking = of._replace(inspections=(*of.inspections, inspection(f"x{value}y")))
    assert value in told(name, leaking)
    assert value not in told(name, leaking, values=(value,))


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_formats_for_people_say_all_that_there_is(name: str) -> None:
    shown = words(re.sub(r"<[^>]*>|&#?\w+;", " ", told(name, CASES["everything"], View(width=10_000))))
    for part in (
        "1 credential of 2 is live",
        "What looks wrong",
        "What an attacker would do",
        "What it reaches",
        "subaccount",
        "this is the one that leaked",
        "… and 28 others",
        "numbers known for toll fraud are open in",
        "What was done from 2026-03-01 to 2026-03-03",
        "2 to prefixes known for fraud",
        "203.0.113.9",
        "1,200 of code",
        "It is not live, so nothing further was asked of it.",
    ):
        assert part in shown


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_what_is_not_known_is_never_none(name: str) -> None:
    shown = words(re.sub(r"<[^>]*>|&#?\w+;", " ", told(name, inspected(dark()), View(width=10_000))))
    labels = len([row for section in sections(dark()) for row in section.rows])
    assert labels == 16
    assert shown.count("the key lacks the permission twilio/x/y/read") == labels
    assert "Not known usage, messages, calls, changes, alerts, keys, subaccounts, numbers" in shown.replace(":", "")
    for phrase in ("no API keys", "no phone numbers", "None"):
        assert phrase not in shown


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(name: str, text: str) -> None:
    shown = told(name, inspected(inspection(text)))
    for forbidden in ("\x1b", "\u202e", "\x00", "\n::", "\r", "\udcff"):
        assert forbidden not in shown
    if name == "html":
        assert "<script" not in shown
        assert "<img" not in shown
    if name == "markdown":
        page = MarkdownIt("commonmark").render(shown)
        assert not re.search(r"<(?:script|img|a)\b", page)
        assert "@everyone" not in page


def test_the_page_brings_along_all_that_its_policy_allows() -> None:
    page = told("html", CASES["everything"])
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy.startswith("default-src &#39;none&#39;; style-src &#39;sha256-")
    assert "script" not in policy
    for tag in re.findall(r"<[a-z][^<>]*>", re.sub(r"(?s)<style>.*?</style>", "", page)):
        assert not re.search(r"""\s(?:src|srcset|style|on[a-z]+|action|href)\s*=""", tag)


def test_charts_are_plain_without_colour() -> None:
    of = CASES["everything"]
    assert told("text", of).isascii() == told("text", of, View(color=True)).isascii() is False
    assert "█" not in told("text", of)
    assert "█" in told("text", of, View(color=True))
    assert "\x1b[" in told("text", of, View(color=True))


@pytest.mark.parametrize("width", [1, 40, 80, 200])
def test_text_fits_its_page(width: int) -> None:
    lines = told("text", inspected(inspection(), dead()), View(width=width)).splitlines()
    folded = [line for line in lines if " " in line.strip() and not re.search(r"[.@|]{3}", line)]
    assert max(map(len, folded)) <= max(width, 38)


def test_two_of_many_are_live() -> None:
    of = inspected(inspection(), inspection(), dead(), dead()._replace(state="unknown"))
    assert "2 credentials of 4 are live. Of 1 it could not be told." in told("text", of)
