"""Series -> charts: as a line of blocks or plain characters for a terminal, and as bars for a page."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from leakscan.inspection import Series, figure

WIDTH, HEIGHT = 600, 60  # of the drawing, which a page stretches
_MOST_BARS = 60
_BLOCKS, _PLAIN = "▁▂▃▄▅▆▇█", ".:-=+*#@"
_BETWEEN = 6.0  # the share of a drawing's width, by 1 / so much of a bar, that stays free


class Bar(NamedTuple):
    """One bar of a drawing, of the weeks before or of the time since, with what it stands for."""

    x: float
    y: float
    width: float
    height: float
    state: str
    says: str


class Chart(NamedTuple):
    """A series as a few dozen amounts, each of `days` days; the first of the time since is that at `turn`."""

    title: str
    unit: str
    days: int
    turn: int
    begin: date
    amounts: tuple[float, ...]

    @property
    def summary(self) -> str:
        """The chart in words."""
        before, since = sum(self.amounts[: self.turn]), sum(self.amounts[self.turn :])
        most = max(self.amounts, default=0.0)
        unit = f" {self.unit}" if self.unit else ""
        span = "a day" if self.days == 1 else f"in {self.days} days"
        told = f"{figure(since)}{unit} since, {figure(before)} in the weeks before"
        return f"{told}; at most {figure(most)} {span}"

    def line(self, *, plain: bool) -> str:
        """The chart in one line, a bar between the weeks before and the time since; nothing is a blank."""
        levels, wall = (_PLAIN, "|") if plain else (_BLOCKS, "│")
        most = max(self.amounts, default=0.0)
        marks = [" " if not each else levels[min(7, int(each / most * 8))] for each in self.amounts]
        return "".join([*marks[: self.turn], wall, *marks[self.turn :]])

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The chart as bars of a drawing of WIDTH and HEIGHT."""
        step = WIDTH / max(1, len(self.amounts))
        most = max(self.amounts, default=0.0) or 1.0
        made = []
        for number, each in enumerate(self.amounts):
            height = max(1.0, each / most * HEIGHT) if each else 0.0
            when = self.begin + timedelta(days=number * self.days)
            state = "before" if number < self.turn else "since"
            x, width = round(number * step, 2), round(step * (1 - 1 / _BETWEEN), 2)
            made.append(Bar(x, round(HEIGHT - height, 2), width, round(height, 2), state, f"{when}: {figure(each)}"))
        return tuple(made)


def chart(series: Series, since: date) -> Chart:
    """A series as a chart: days are put together where they would be too many."""
    days = -(-(len(series.before) + len(series.since)) // _MOST_BARS)
    before, later = _together(series.before[::-1], days)[::-1], _together(series.since, days)
    begin = since - timedelta(days=len(before) * days)
    return Chart(series.category, series.unit, max(1, days), len(before), begin, (*before, *later))


def _together(amounts: Sequence[float], days: int) -> tuple[float, ...]:
    return tuple(sum(amounts[start : start + days]) for start in range(0, len(amounts), max(1, days)))
