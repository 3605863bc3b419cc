"""A progress bar on standard error, for runs that last."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from leakscan.workers import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_PATIENCE = 0.7


class ProgressBar(Progress):
    """Shows how much is done, once a run has lasted long enough to wonder; rich is imported only then."""

    def __init__(self, *, wanted: bool, unit: str = "files", doing: str = "scanning") -> None:
        self._unit, self._doing = unit, doing
        self._wanted = wanted and sys.stderr.isatty()
        self._began = time.monotonic()
        self._total = self._done = 0
        self._bar: Bar | None = None

    def expect(self, amount: int) -> None:
        """See Progress."""
        self._total += amount

    def advance(self, amount: int) -> None:
        """See Progress."""
        self._done += amount
        if not self._wanted or time.monotonic() - self._began < _PATIENCE:
            return
        if self._bar is None:
            self._bar = _bar(self._unit, self._doing)
            self._bar.add_task(self._doing, total=self._total)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=self._done, total=self._total)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def _bar(unit: str, doing: str) -> "Bar":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    amount: tuple[ProgressColumn, ...] = (MofNCompleteColumn(), TextColumn(unit))
    if unit == "bytes":
        amount = (DownloadColumn(),)
    columns = (TextColumn(doing), BarColumn(), *amount, TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
