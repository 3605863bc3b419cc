"""No report tells a value, whatever the texts round it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakscan.detection.samples import Samples
from leakscan.model import Exposure, Problem, Report, Suppression, Verification
from leakscan.reports.formats import FORMATS
from leakscan.reports.masking import masked
from leakscan.reports.view import View

from .building import finding, occurrence, report

TOKEN = Samples().value("auth_token")


def everywhere(text: str) -> Report:
    """A report with `text` in every field that can come from what is scanned."""
    place = occurrence(text, excerpt=text)._replace(author=text, refs=(text,), decoded=(text,), date=text)
    found = finding(place, place, value=TOKEN)._replace(
        evidence=(text,),
        exposure=Exposure("client", text),
        verification=Verification("unknown", text),
    )
    allowed = found._replace(suppressed=Suppression("inline", text))
    return report(found, allowed, problems=(Problem(text, text),), notes=(text,))


@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None)
@given(before=st.text(), after=st.text(), width=st.integers(1, 200), color=st.booleans())
def test_no_format_tells_a_value(name: str, before: str, after: str, width: int, color: bool) -> None:
    view = View(show_all=True, color=color, width=width)
    rendered = FORMATS[name](everywhere(before + TOKEN + after), view, "1.0")
    assert TOKEN not in rendered
    assert TOKEN[8:] not in rendered


@pytest.mark.parametrize("name", FORMATS)
def test_the_value_of_a_suppressed_finding_is_masked_too(name: str) -> None:
    hidden = finding(reason="known")
    shown = finding(occurrence(f"{hidden.secret.reveal()}.env"))
    assert hidden.secret.reveal() not in FORMATS[name](report(shown, hidden), View(), "1.0")


@pytest.mark.parametrize("kind", ["pkcv_private_key", "account_sid"])
def test_any_kind_of_value_is_masked(kind: str) -> None:
    found = finding(kind=kind)
    assert found.secret.reveal() not in masked(report(found, notes=(f"<{found.secret.reveal()}>",))).notes[0]


def test_a_line_of_a_private_key_is_masked() -> None:
    key = finding(kind="pkcv_private_key")
    line = key.secret.reveal().split("\n")[3]
    assert masked(report(key, notes=(f"MII {line}",))).notes == (f"MII {line[:4]}…",)


def test_overlapping_values_leave_no_half() -> None:
    whole = Samples().value("hex64")
    found = [finding(value=whole[:40]), finding(value=whole[20:])]
    assert masked(report(*found, notes=(f"a {whole} b",))).notes == (f"a {whole[:4]}… b",)


def test_neighbouring_values_are_masked_each() -> None:
    one, two = finding(), finding()
    text = f"{one.secret.reveal()}{two.secret.reveal()}/{one.secret.reveal()}"
    masks = one.secret.redacted, two.secret.redacted
    assert masked(report(one, two, notes=(text,))).notes == (f"{masks[0]}{masks[1]}/{masks[0]}",)


@settings(deadline=None)
@given(st.lists(st.text("ab", min_size=5, max_size=12), min_size=1, max_size=4), st.text("ab", max_size=60))
def test_values_go_and_all_else_stays(values: list[str], text: str) -> None:
    left = masked(report(*(finding(value=value) for value in values), notes=(text,))).notes[0]
    hits = {
        i
        for value in values
        for at in range(len(text))
        if text.startswith(value, at)
        for i in range(at, at + len(value))
    }
    kept = iter(left)
    assert not any(value in left for value in values)
    assert ("…" in left) == bool(hits)
    assert all(char in kept for i, char in enumerate(text) if i not in hits)


def test_a_report_without_values_in_its_texts_stays_the_same() -> None:
    clean = report(finding())
    assert masked(clean) is clean
