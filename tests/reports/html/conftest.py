"""The browser, once for all tests of a module, and pages in it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from leakscan.model import Report

from .browsing import Visit, saved, system_browser

Visiting = Callable[..., Visit]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's browser; its event loop ends with the module, so that no other test meets it."""
    with system_browser() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Visiting]:
    """Opens a report's page from a file, as somebody who looks at it does."""
    contexts = []

    def visiting(of: Report, **options: Any) -> Visit:
        context = browser.new_context(offline=True, **options)
        contexts.append(context)
        visit = Visit(context.new_page())
        visit.page.goto(saved(tmp_path, of))
        return visit

    yield visiting
    for context in contexts:
        context.close()
