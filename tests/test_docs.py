"""The documentation says what the program does: its commands, kinds, states and formats, and where to go on."""

import importlib.util
import re
from pathlib import Path

import pytest

from leakscan.detection.rules import RuleSet
from leakscan.providers.verdict import STATES
from leakscan.reports.formats import FORMATS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
_LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")


def test_the_page_of_commands_is_what_help_says() -> None:
    spec = importlib.util.spec_from_file_location("pages", DOCS / "pages.py")
    assert spec is not None
    assert spec.loader is not None
    pages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pages)
    assert (DOCS / "commands.md").read_text("utf-8") == pages.commands(), "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = [link for link, _ in _LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_kind_of_credential_has_a_page(rules: RuleSet) -> None:
    text = "".join(page.read_text("utf-8") for page in (DOCS / "credentials").glob("*.md"))
    assert {rule.kind for rule in rules.rules if f"`{rule.kind}`" not in text} == set()


def test_every_state_is_explained() -> None:
    text = (DOCS / "verify.md").read_text("utf-8")
    assert {state for state in STATES if f"| `{state}` |" not in text} == set()


def test_every_format_is_described() -> None:
    text = (DOCS / "reports.md").read_text("utf-8")
    assert {name for name in FORMATS if f"`{name}`" not in text} == set()


def test_every_page_is_in_the_menu() -> None:
    menu = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert [page.name for page in DOCS.rglob("*.md") if page.relative_to(DOCS).as_posix() not in menu] == []
