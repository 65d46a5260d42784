"""Lanes by week: thin weeks are read together with their neighbours."""

from datetime import date, timedelta

from core.domain.figures import Figure, Lane
from core.services.figures import Heat, HeatCell, Value

ICN_US = Lane("ICN", "US")


def a_heat(*due: int, late: int = 1) -> Heat:
    weeks = tuple(date(2026, 9, 7) + timedelta(days=7 * n) for n in range(len(due)))
    values = [
        Value(Figure.ON_TIME, number - late, number, value=(number - late) / number if number >= 20 else None) for number in due
    ]
    cells = {(ICN_US, week): HeatCell(value, young=week == weeks[-1]) for week, value in zip(weeks, values, strict=True)}
    return Heat(Figure.ON_TIME, (ICN_US,), weeks, cells)


def test_weeks_with_enough_shipments_stay_as_they_are() -> None:
    heat = a_heat(20, 25, 30, 19)
    assert heat.readable(heat.lanes, 8) == heat


def test_neighbouring_weeks_are_taken_together_until_half_of_the_cells_are_over_enough() -> None:
    heat = a_heat(6, 6, 6, 6, 6, 6, 6, 6).readable((ICN_US,), 8)
    assert (heat.span, heat.thin) == (4, True)
    assert [heat.cells[ICN_US, week].value.denominator for week in heat.weeks] == [24, 24]
    assert [heat.cells[ICN_US, week].young for week in heat.weeks] == [False, True]
    assert heat.cells[ICN_US, heat.weeks[0]].value.value == 20 / 24


def test_where_all_weeks_together_are_too_few_nothing_is_taken_together() -> None:
    heat = a_heat(2, 2, 2)
    assert heat.readable((ICN_US,), 8) == heat


def test_there_are_never_more_columns_than_there_is_room_for() -> None:
    heat = a_heat(*[30] * 26).readable((ICN_US,), 8)
    assert (heat.span, heat.thin, len(heat.weeks)) == (4, False, 7)


def test_of_nothing_nothing_is_taken_together() -> None:
    empty = Heat(Figure.ON_TIME, (), (), {})
    assert empty.readable((), 8) == empty
