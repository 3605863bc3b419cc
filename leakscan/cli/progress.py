"""A progress bar on standard error, for runs that last."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from leakscan.pipeline import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_PATIENCE = 0.7


class ProgressBar(Progress):
    """Shows how many files are done, once a run has lasted long enough to wonder; rich is imported only then."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted and sys.stderr.isatty()
        self._began = time.monotonic()
        self._total = self._done = 0
        self._bar: Bar | None = None

    def expect(self, files: int) -> None:
        """See Progress."""
        self._total += files

    def advance(self, files: int) -> None:
        """See Progress."""
        self._done += files
        if not self._wanted or time.monotonic() - self._began < _PATIENCE:
            return
        if self._bar is None:
            self._bar = _bar()
            self._bar.add_task("scanning", total=self._total)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=self._done, total=self._total)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def _bar() -> "Bar":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("scanning"), BarColumn(), MofNCompleteColumn(), TextColumn("files"), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
