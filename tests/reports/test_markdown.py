"""The Markdown comment: it fits, and texts from a repository stay texts."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from leakscan.model import Problem, Report
from leakscan.reports.formats import FORMATS
from leakscan.reports.markdown import LONGEST
from leakscan.reports.view import View

from .building import CASES, HOSTILE, finding, full_report, hostile_report, occurrence, report

OWN_TAGS = re.compile(r"</?(?:code|sub)>|<br>|<!-- leakscan report -->")
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def comment(of: Report, *, show_all: bool = False) -> str:
    """The comment."""
    return FORMATS["markdown"](of, View(show_all=show_all), "1.0")


def tokens(text: str) -> Iterator[Token]:
    """All that Markdown sees in a text."""
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def prose(text: str) -> str:
    """The text that a reader sees, without the marks that keep mentions from being read."""
    return "".join(token.content for token in tokens(text) if token.type == "text").replace("\u200b", "")


def test_a_comment_says_what_where_why_and_what_to_do() -> None:
    found = finding(occurrence("web/sms.js"))
    text = comment(report(found))
    for part in (
        "1 secret found.",
        "🔴 critical",
        f"<code>{found.secret.redacted}</code>",
        "97% sure",
        "1. Rotate it.",
    ):
        assert part in text
    assert "web/sms.js:14:15" in prose(text)


def test_a_clean_run_says_so_in_short() -> None:
    assert comment(report()).count("###") == 0
    assert "No secrets found." in comment(report())


@pytest.mark.parametrize("number", [1, 300, 5000])
def test_a_comment_fits_and_says_what_it_leaves_out(number: int) -> None:
    found = [finding(occurrence(f"src/{'long/' * 30}{each}.py")) for each in range(number)]
    text = comment(report(*found, problems=(Problem("big.bin", "unreadable"),)))
    rows = sum(token.type == "tr_open" for token in tokens(text)) - 1
    assert len(text.encode()) <= LONGEST
    assert (rows < number) == (number > 1)
    assert (f"and {number - rows:,} other secrets, for which a comment has no room" in text) == (rows < number)


@pytest.mark.parametrize("long", ["|" * 5000, "@" * 100_000, "é" * 100_000, "\u202e" * 9000])
def test_nothing_long_breaks_the_limit(long: str) -> None:
    text = comment(
        report(*[finding(occurrence(long))] * 300, problems=(Problem(long, long),) * 300, notes=(long,) * 300)
    )
    assert len(text.encode()) <= LONGEST
    assert "other" in text


def test_hostile_texts_stay_texts() -> None:
    text = comment(hostile_report(), show_all=True)
    seen = list(tokens(text))
    assert not {token.type for token in seen} & {"link_open", "image", "fence", "code_block", "s_open", "em_open"}
    for token in seen:
        if token.type in {"html_inline", "html_block"}:
            assert OWN_TAGS.fullmatch(token.content.strip())
    assert sum(token.type == "tr_open" for token in seen) == 3 + len(HOSTILE) * 2 + 1


def test_every_row_of_a_table_has_its_cells() -> None:
    cells = [token.type for token in tokens(comment(report(*hostile_report().findings[: len(HOSTILE)])))]
    assert cells.count("td_open") == 4 * (cells.count("tr_open") - 1)


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=40))
def test_a_path_reads_as_it_is_and_summons_nobody(path: str) -> None:
    text = comment(report(finding(occurrence(f"x{path}x"))))
    assert f"x{path}x:14:15" in prose(text)
    assert not re.search(r"[@#]|://|www\.", text.replace("## leakscan", "").replace("### ", "").replace("&#", ""))


def test_suppressed_findings_have_a_table_of_their_own() -> None:
    assert "made up" not in comment(full_report())
    assert "### Suppressed" in comment(full_report(), show_all=True)


@pytest.mark.parametrize("of", CASES.values(), ids=CASES)
def test_a_later_run_can_find_its_comment(of: Report) -> None:
    assert comment(of).startswith("<!-- leakscan report -->\n")
