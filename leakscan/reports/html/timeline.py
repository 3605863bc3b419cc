"""When secrets came and went -> a drawing of it in numbers, and the same as rows of a table."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from leakscan.model import Finding, Occurrence
from leakscan.reports.html.cards import anchor
from leakscan.reports.messages import title

WIDTH, HEIGHT = 1000, 100  # of the drawing, which the page stretches
MOST_LANES, MOST_ROWS = 30, 1000
_TICKS = 5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHORTEST = 7 * 86_400.0  # seconds: five days along it differ
_NARROWEST = 4.0
_OVER = ("gone", "elsewhere", "standing")  # each is drawn over those before it


class Bar(NamedTuple):
    """One stay of a value: where it begins and how wide it is, and whether it is over."""

    x: float
    width: float
    state: str


class Lane(NamedTuple):
    """One finding's stays."""

    title: str
    severity: str
    bars: Sequence[Bar]


class Row(NamedTuple):
    """One stay in words."""

    title: str
    anchor: str
    place: Occurrence
    came: str
    went: str


class Timeline(NamedTuple):
    """The drawing: labels along the time, the line of how many stood there, a lane for each finding; and the table."""

    ticks: Sequence[str]
    line: str
    most: int
    lanes: Sequence[Lane]
    rows: Sequence[Row]
    left_out: int
    rows_left_out: int


class _Stay(NamedTuple):
    begin: float
    end: float | None
    place: Occurrence

    def until(self, last: float) -> float:
        """When it ended, or `last` if it has not."""
        return last if self.end is None else self.end


def timeline(findings: Sequence[Finding], now: str | None) -> Timeline | None:
    """What is known of when the findings came and went, up to `now`; None if no date is."""
    stays = [(finding, found) for finding in findings if (found := sorted(_stays(finding), key=_begin))]
    if not stays:
        return None
    moments = [moment for _, found in stays for stay in found for moment in (stay.begin, stay.until(stay.begin))]
    last = max([*moments, *filter(None, [_moment(now)])])
    first = min(*moments, last - _SHORTEST)
    scale = WIDTH / (last - first)
    lanes = [_lane(finding, found, first, last, scale) for finding, found in stays]
    line, most = _standing((found for _, found in stays), first, scale)
    rows = [row for finding, found in stays for row in _rows(finding, found)]
    return Timeline(
        [_day(first + (last - first) * number / (_TICKS - 1)) for number in range(_TICKS)],
        line,
        most,
        lanes[:MOST_LANES],
        rows[:MOST_ROWS],
        max(0, len(lanes) - MOST_LANES),
        max(0, len(rows) - MOST_ROWS),
    )


def _begin(stay: _Stay) -> float:
    return stay.begin


def _stays(finding: Finding) -> Iterator[_Stay]:
    for place in finding.occurrences:
        begin = _moment(place.date)
        if begin is not None:
            removed = _moment(place.removed_date)
            end = max(begin, begin if removed is None else removed) if place.removed_in else None
            yield _Stay(begin, end, place)


def _moment(date: str | None) -> float | None:
    """Seconds of a date, if it is one."""
    try:
        read = datetime.fromisoformat(date or "")
    except ValueError:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def _day(seconds: float) -> str:
    try:
        return (_EPOCH + timedelta(seconds=seconds)).date().isoformat()
    except OverflowError:  # the day before the first one
        return ""


def _lane(finding: Finding, stays: Iterable[_Stay], first: float, last: float, scale: float) -> Lane:
    bars = []
    for stay in stays:
        begin, end = (stay.begin - first) * scale, (stay.until(last) - first) * scale
        width = max(_NARROWEST, end - begin)
        state = "gone" if stay.end is not None else "elsewhere" if stay.place.in_head is False else "standing"
        bars.append(Bar(round(min(begin, WIDTH - width), 1), round(width, 1), state))
    bars.sort(key=lambda bar: _OVER.index(bar.state))
    return Lane(title(finding), str(finding.severity), bars)


def _standing(found: Iterable[Sequence[_Stay]], first: float, scale: float) -> tuple[str, int]:
    """The outline of how many secrets stood there at each time, as an SVG path, and the most of them at once."""
    changes: dict[float, int] = {}
    for stays in found:
        for begin, end in _merged(stays):
            changes[begin] = changes.get(begin, 0) + 1
            if end is not None:
                changes[end] = changes.get(end, 0) - 1
    heights, number = [], 0
    for moment in sorted(changes):
        number += changes[moment]
        heights.append((round((moment - first) * scale, 1), number))
    most = max(1, *(height for _, height in heights))
    steps = (f"H{x}V{round(HEIGHT - height / most * (HEIGHT - 4), 1)}" for x, height in heights)
    return f"M0 {HEIGHT}{''.join(steps)}H{WIDTH}V{HEIGHT}Z", most


def _merged(stays: Sequence[_Stay]) -> Iterator[tuple[float, float | None]]:
    """Times at which a value stood anywhere: stays that overlap are one."""
    begin, end = stays[0].begin, stays[0].end
    for stay in stays[1:]:
        if end is None or stay.begin <= end:
            end = None if end is None or stay.end is None else max(end, stay.end)
        else:
            yield begin, end
            begin, end = stay.begin, stay.end
    yield begin, end


def _rows(finding: Finding, stays: Iterable[_Stay]) -> Iterator[Row]:
    for stay in stays:
        went = _day(stay.end) if stay.end is not None else "still there"
        yield Row(title(finding), anchor(finding), stay.place, _day(stay.begin), went)
