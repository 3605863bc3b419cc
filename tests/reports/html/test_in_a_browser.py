"""The page in a real browser: filters, keyboard, hostile names, nothing from outside, readable by everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from leakscan.model import Report

from ..building import CASES, HOSTILE, finding, full_report, history_report, hostile_report, occurrence, pair, report
from .browsing import Visit, html
from .conftest import Visiting

JENKINS = "sandbox; default-src 'none'; img-src 'self'; style-src 'self';"  # its policy for what a build leaves


def many() -> Report:
    """Secrets, identifiers and a suppressed finding, in several folders."""
    return full_report()._replace(
        findings=(*full_report().findings, *history_report().findings, finding(occurrence("other/b.py")))
    )


@pytest.mark.parametrize("of", CASES.values(), ids=CASES)
def test_a_page_asks_for_nothing_and_complains_of_nothing(visit: Visiting, of: Report) -> None:
    seen: Visit = visit(of)
    assert seen.shown == len(of.findings)
    assert len(seen.requests) == 1
    assert not seen.complaints


def test_hostile_names_stay_text(visit: Visiting) -> None:
    harmless = finding()._replace(suppressed=None)
    calm, seen = visit(report(*[harmless] * 2)), visit(hostile_report())
    kinds = "() => [...new Set([...document.querySelectorAll('*')].map(each => each.tagName))]"
    page = seen.page
    page.get_by_role("button", name="Open all").click()
    for text in ("<script>alert(1)</script><img src=x onerror=alert(1)>.env", "{{ 7 * 7 }}{% raw %}"):
        expect(page.locator("#findings").get_by_text(text).first).to_be_visible()
    assert page.locator("script").count() == page.locator("style").count() == 1
    assert not set(page.evaluate(kinds)) & {"IMG", "IFRAME", "OBJECT", "BASE"}
    assert calm.page.locator("script").count() == 1
    assert not seen.complaints
    links = page.evaluate("() => [...document.querySelectorAll('a')].map(each => each.getAttribute('href'))")
    assert all(link.startswith("#") for link in links)
    assert seen.shown == len(HOSTILE) * 2 + 1


def test_a_script_that_slipped_in_would_not_run(browser: Browser) -> None:
    page = browser.new_page()
    seen = Visit(page)
    page.set_content(
        html(full_report()).replace("</main>", "<script>alert(1)</script><img src=x onerror=alert(2)></main>")
    )
    assert not [each for each in seen.complaints if each.startswith("dialog")]
    assert any("Content Security Policy" in each for each in seen.complaints)
    page.close()


@pytest.mark.parametrize("words", ["other/b.py", "OTHER B.PY", "  other  "])
def test_searching(visit: Visiting, words: str) -> None:
    seen = visit(many())
    total = seen.shown
    seen.page.get_by_label("Search").fill(words)
    expect(seen.page.get_by_role("status")).to_have_text(f"1 of {total} findings shown")
    assert seen.shown == 1
    seen.page.get_by_label("Search").fill("no such thing")
    expect(seen.page.get_by_text("No finding fits these filters.")).to_be_visible()
    seen.page.get_by_role("button", name="Reset").click()
    expect(seen.page.get_by_role("status")).to_have_text(f"{total} of {total} findings shown")


@pytest.mark.parametrize(
    ("label", "value", "fact"),
    [
        ("Severity", "info", "severity"),
        ("Kind", "Twilio private key", "kind"),
        ("Exposure", "client", "exposure"),
        ("Verification", "live standard", "state"),
        ("In HEAD", "yes", "head"),
        ("In HEAD", "unknown", "head"),
        ("Suppressed", "yes", "suppressed"),
    ],
)
def test_filtering(visit: Visiting, label: str, value: str, fact: str) -> None:
    page: Page = visit(many()).page
    page.get_by_label(label, exact=True).select_option(value)
    shown = page.locator(".finding:visible")
    assert 0 < shown.count() < page.locator(".finding").count()
    assert shown.count() == page.locator(f'.finding[data-{fact}="{value}"]').count()
    option = page.get_by_label(label, exact=True).locator(f'option[value="{value}"]')
    assert option.text_content() == f"{value} ({shown.count()})"


@pytest.mark.parametrize(("fact", "group"), [("exposure", "client"), ("path", "other"), ("provider", "twilio")])
def test_grouping(visit: Visiting, fact: str, group: str) -> None:
    seen = visit(many())
    total = seen.shown
    seen.page.get_by_label("Group by").select_option(fact)
    assert seen.page.get_by_role("heading", level=3, name=group).first.is_visible()
    assert seen.shown == total
    seen.page.get_by_role("button", name="Reset").click()
    expect(seen.page.get_by_role("heading", level=3).first).to_contain_text("Critical")


def test_a_link_opens_the_other_half_even_if_it_was_filtered_out(visit: Visiting) -> None:
    page = visit(report(*pair())).page
    page.get_by_label("Severity").select_option("critical")
    page.get_by_role("link", name="Twilio Account SID").click()
    expect(page.locator(".finding.info")).to_be_visible()
    expect(page.locator(".finding.info .body")).to_be_visible()


def test_everything_can_be_done_with_the_keyboard(visit: Visiting) -> None:
    page = visit(many()).page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the findings")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#findings")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Search")).to_be_focused()
    page.locator(".finding summary").first.focus()
    page.keyboard.press("Space")
    expect(page.locator(".finding .body").first).to_be_visible()
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("of", [report(), history_report(), many()], ids=["clean", "history", "many"])
def test_everybody_can_read_it(visit: Visiting, of: Report, scheme: str) -> None:
    page = visit(of, color_scheme=scheme, bypass_csp=True).page
    if of.findings:
        page.get_by_role("button", name="Open all").click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 400, 1280])
def test_no_page_is_wider_than_its_window(visit: Visiting, width: int) -> None:
    page = visit(hostile_report(), viewport={"width": width, "height": 800}).page
    page.get_by_role("button", name="Open all").click()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_printing_opens_everything(visit: Visiting) -> None:
    page = visit(many(), java_script_enabled=False).page
    page.emulate_media(media="print")
    boxes = [body.bounding_box() for body in page.locator(".finding .body").all()]
    assert len(boxes) == len(many().findings)
    assert all(box and box["height"] > 50 for box in boxes)


def test_without_scripts_and_styles_it_can_be_read(browser: Browser) -> None:
    def serve(route: Route) -> None:
        route.fulfill(body=html(many()), content_type="text/html", headers={"Content-Security-Policy": JENKINS})

    page = browser.new_page()
    page.route("**/*", serve)
    page.goto("http://ci.example/artefact/report.html")
    assert page.locator(".finding:visible").count() == len(many().findings)
    expect(page.locator("#filters")).to_be_hidden()
    page.locator(".finding summary").first.click()
    expect(page.locator(".finding .body").first).to_be_visible()
    page.close()
