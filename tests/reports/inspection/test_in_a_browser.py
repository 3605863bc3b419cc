"""The page of an inspection in a browser: it asks for nothing, everybody can read it, and no window is too narrow."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from leakscan.inspection import Inspected
from leakscan.reports.inspection.formats import render
from leakscan.reports.view import View

from ..html.browsing import Visit, system_browser
from .building import CASES


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with system_browser() as browser:
        yield browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("of", CASES.values(), ids=CASES)
def test_the_page(browser: Browser, tmp_path: Path, of: Inspected, scheme: str) -> None:
    path = tmp_path / "inspection.html"
    path.write_text(render("html", of, (), View(), "1.0"))
    context = browser.new_context(offline=True, color_scheme=scheme, viewport={"width": 360, "height": 800})  # type: ignore[arg-type]
    try:
        visit = Visit(context.new_page())
        visit.page.goto(path.as_uri())
        assert (visit.requests, visit.complaints) == ([path.as_uri()], [])
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = Axe().run(visit.page)
        assert found.violations_count == 0, found.generate_report()
    finally:
        context.close()
