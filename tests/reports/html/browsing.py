"""The system's browser, and pages in it that keep record of what they ask for and complain about."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from leakscan.model import Report
from leakscan.reports.formats import FORMATS
from leakscan.reports.view import View

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Read here, because the guards of each test take such variables away.
_REQUIRED = bool(os.environ.get("LEAKSCAN_REQUIRE_BROWSER"))


class Visit:
    """A page that was opened, and all that it did which it should not have done."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._dialog)

    def _dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    @property
    def shown(self) -> int:
        """How many findings are to be seen."""
        return self.page.locator(".finding:visible").count()


@contextmanager
def system_browser() -> Iterator[Browser]:
    """The browser that this machine has; skips where there is none, or fails if one is required.

    It runs in a process of its own and is spoken to through pipes, so that the guard on sockets need not know of it.
    """
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        if _REQUIRED:
            pytest.fail(f"LEAKSCAN_REQUIRE_BROWSER is set, and there is none of {', '.join(_NAMES)}")
        pytest.skip(f"no browser is installed: none of {', '.join(_NAMES)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, chromium_sandbox=os.geteuid() != 0)
        try:
            yield browser
        finally:
            browser.close()


def html(of: Report) -> str:
    """The page of a report with all its findings."""
    return FORMATS["html"](of, View(show_all=True), "1.0")


def saved(folder: Path, of: Report) -> str:
    """The address of a report's page, saved as a file."""
    path = folder / "report.html"
    path.write_text(html(of))
    return path.as_uri()
