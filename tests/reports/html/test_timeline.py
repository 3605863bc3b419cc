"""The drawing of when secrets came and went."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.reports.html.timeline import HEIGHT, MOST_LANES, WIDTH, Timeline, timeline

from ..building import finding, occurrence, stay

NOW = "2026-01-01T00:00:00+00:00"


def drawn(*stays: tuple[str, str | None]) -> Timeline:
    """The timeline of one finding that stood there from and to these days."""
    made = timeline([finding(*(stay(begin=begin, end=end) for begin, end in stays))], NOW)
    assert made is not None
    return made


def test_without_dates_there_is_nothing_to_draw() -> None:
    assert timeline([finding(occurrence())], NOW) is None
    assert timeline([], NOW) is None


def test_stays_are_bars_between_the_first_day_and_now() -> None:
    made = drawn(("2022-01-01", "2023-01-01"), ("2024-01-01", None))
    gone, standing = made.lanes[0].bars
    assert (gone.x, gone.state, standing.state) == (0, "gone", "standing")
    assert standing.x + standing.width == pytest.approx(WIDTH, abs=0.2)
    assert gone.width == pytest.approx(WIDTH / 4, abs=1)
    assert (made.ticks[0], made.ticks[-1]) == ("2022-01-01", "2026-01-01")


def test_the_table_says_the_same() -> None:
    rows = drawn(("2022-01-01", "2023-01-01"), ("2024-01-01", None)).rows
    assert [(row.came, row.went) for row in rows] == [("2022-01-01", "2023-01-01"), ("2024-01-01", "still there")]


def test_one_secret_in_two_places_counts_once() -> None:
    assert drawn(("2022-01-01", None), ("2022-06-01", "2023-01-01")).most == 1
    one, other = finding(stay(begin="2022-01-01")), finding(stay(begin="2023-01-01"))
    both = timeline([one, other], NOW)
    assert both is not None
    assert both.most == 2


def test_what_is_not_drawn_is_counted() -> None:
    made = timeline([finding(stay()) for _ in range(MOST_LANES + 5)], NOW)
    assert made is not None
    assert (len(made.lanes), made.left_out, len(made.rows)) == (MOST_LANES, 5, MOST_LANES + 5)


dates = st.none() | st.text(max_size=5) | st.datetimes().map(lambda date: date.isoformat() + "+14:00") | st.just(NOW)


@given(st.lists(st.tuples(dates, dates, st.none() | st.just("ab")), min_size=1, max_size=5), dates)
def test_any_dates_make_a_drawing_within_its_bounds(
    stays: list[tuple[str | None, str | None, str | None]], now: str | None
) -> None:
    places = [stay()._replace(date=date, removed_date=end, removed_in=commit) for date, end, commit in stays]
    made = timeline([finding(*places)], now)
    if made is None:
        return
    for bar in made.lanes[0].bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH + 0.1
    numbers = [float(number) for number in re.findall(r"[HV]([-\d.e]+)", made.line)]
    assert all(-0.1 <= number <= max(WIDTH, HEIGHT) + 0.1 for number in numbers)
