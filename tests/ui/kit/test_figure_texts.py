"""How a figure is written: its value, what it is made of, its change."""

from datetime import date

import pytest

from core.domain.figures import Direction, Figure, NoFigure, Turn
from core.services.figures import Period, Value
from core.ui.kit import figure_texts
from core.ui.kit.figure_texts import ChangeText


def a_share(part: float | None = 0.918, **fields: object) -> Value:
    return Value(Figure.ON_TIME, 1722, 1876, **({"value": part} | fields))  # type: ignore[arg-type]


def some_hours(hours: float | None = 27.4, **fields: object) -> Value:
    return Value(Figure.TRANSIT, 1600, 1611, **({"value": hours, "p50": hours, "p90": 153.6} | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "written", "made_of"),
    [
        (a_share(), "91.8 %", "1,722 of 1,876"),
        (a_share(1.0), "100.0 %", "1,722 of 1,876"),
        (a_share(0.99999), "99.9 %", "1,722 of 1,876"),
        (a_share(0.00001), "0.1 %", "1,722 of 1,876"),
        (a_share(0.0), "0.0 %", "1,722 of 1,876"),
        (a_share(None, why=NoFigure.TOO_FEW), "too few", "1,722 of 1,876"),
        (some_hours(), "27.4 h", "1,611 shipments · 9 of 10 within 6.4 days"),
        (some_hours(0.5), "30 min", "1,611 shipments · 9 of 10 within 6.4 days"),
        (some_hours(74.4), "3.1 days", "1,611 shipments · 9 of 10 within 6.4 days"),
        (
            some_hours(p50_at_least=True, p90_at_least=True),
            "27.4 h so far",
            "1,611 shipments · 9 of 10 within 6.4 days so far",
        ),
        (some_hours(None, why=NoFigure.TOO_FEW), "too few", "1,611 shipments"),
        (Value(Figure.ORDERED, 1284, 1284, value=1284.0), "1,284", "1,284 shipments"),
    ],
)
def test_a_value_is_written_with_its_unit_and_what_it_is_made_of(value: Value, written: str, made_of: str) -> None:
    assert (figure_texts.shown(value), figure_texts.made_of(value)) == (written, made_of)


def test_what_it_is_made_of_is_shorter_in_a_tile() -> None:
    assert figure_texts.made_of(some_hours(), short=True) == "9 of 10 within 6.4 days"
    assert figure_texts.made_of(a_share(), short=True) == "1,722 of 1,876"


def test_a_tile_has_no_space_before_the_percent_sign() -> None:
    assert figure_texts.shown(a_share(), tight=True) == "91.8%"


@pytest.mark.parametrize(
    ("value", "change"),
    [
        (a_share(change=-0.016, arrow=Direction.DOWN, verdict=Turn.BAD), ChangeText("1.6 points", "down", "red", "worse")),
        (a_share(change=0.016, arrow=Direction.UP, verdict=Turn.GOOD), ChangeText("1.6 points", "up", "green", "better")),
        (some_hours(change=-2.1, arrow=Direction.DOWN, verdict=Turn.GOOD), ChangeText("2.1 h", "down", "green", "better")),
        (some_hours(change=0.0), ChangeText("0", "off", "gray", "no change")),
        (a_share(change=0.0004, arrow=Direction.NONE), ChangeText("0", "off", "gray", "no change")),
        (a_share(change=-0.004, arrow=Direction.NONE), ChangeText("0.4 points", "off", "gray", "no clear change")),
        (some_hours(change=1.5, arrow=Direction.NONE), ChangeText("1.5 h", "off", "gray", "no clear change")),
        (a_share(early=True), ChangeText("–", "off", "gray", "too early to compare")),
        (a_share(None, why=NoFigure.TOO_FEW, early=True), None),
        (Value(Figure.ORDERED, 9, 9, value=9.0, change=-3.0, arrow=Direction.DOWN), ChangeText("3", "down", "gray", "fewer")),
        (a_share(), None),
        (a_share(None, why=NoFigure.TOO_FEW, change=None), None),
    ],
)
def test_a_change_says_direction_and_judgement_apart(value: Value, change: ChangeText | None) -> None:
    assert figure_texts.change(value) == change


def test_an_interval_is_written_in_percent() -> None:
    assert figure_texts.interval(a_share(low=0.9047, high=0.9296)) == "90.5 – 93.0 %"
    assert figure_texts.interval(a_share(None)) == "–"


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2026, 11, 9), date(2026, 11, 22), "9 – 22 Nov"),
        (date(2026, 10, 26), date(2026, 11, 8), "26 Oct – 8 Nov"),
        (date(2026, 11, 9), date(2026, 11, 9), "9 Nov"),
        (date(2025, 12, 30), date(2026, 1, 5), "30 Dec 2025 – 5 Jan"),
        (date(2025, 12, 1), date(2025, 12, 7), "1 – 7 Dec 2025"),
    ],
)
def test_a_period_is_written_shortly(first: date, last: date, written: str) -> None:
    assert figure_texts.span(Period(first, last), date(2026, 11, 23)) == written
