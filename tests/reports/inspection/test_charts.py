"""Charts show each day once, put together where there are many, in a line or as bars."""

from datetime import date, timedelta

import pytest

from leakscan.inspection import Series
from leakscan.reports.inspection.charts import HEIGHT, WIDTH, chart

SINCE = date(2026, 3, 1)


def test_a_line() -> None:
    made = chart(Series("sms", "messages", (0.0, 1.0), (8.0, 4.0)), SINCE)
    assert made.line(plain=False) == " ▂│█▅"
    assert made.line(plain=True) == " :|@+"
    assert made.summary == "12 messages since, 1 in the weeks before; at most 8 a day"


def test_nothing() -> None:
    made = chart(Series("sms", "", (), ()), SINCE)
    assert (made.line(plain=True), made.bars) == ("|", ())
    assert chart(Series("sms", "", (0.0,), (0.0,)), SINCE).line(plain=True) == " | "


@pytest.mark.parametrize("days", [1, 31, 32, 33, 100, 365, 4000])
def test_many_days_are_put_together(days: int) -> None:
    made = chart(Series("sms", "", (1.0,) * 28, (1.0,) * days), SINCE)
    assert len(made.amounts) <= 62
    assert sum(made.amounts[: made.turn]) == 28
    assert sum(made.amounts[made.turn :]) == days
    assert made.begin <= SINCE - timedelta(days=28)
    assert made.begin + timedelta(days=made.turn * made.days) == SINCE


def test_bars() -> None:
    made = chart(Series("sms", "", (0.0, 1.0), (1000.0, 0.5)), SINCE)
    none, little, most, half = made.bars
    assert (none.height, most.height) == (0, HEIGHT)
    assert little.height == half.height == 1
    assert [bar.state for bar in made.bars] == ["before", "before", "since", "since"]
    assert (most.says, half.says) == ("2026-03-01: 1,000", "2026-03-02: 0.50")
    assert all(0 <= bar.x <= bar.x + bar.width <= WIDTH and bar.y + bar.height == HEIGHT for bar in made.bars)
