"""The pieces of the Delays page that compute: what can be read on what, which cell is which slice, and signs."""

import itertools
from datetime import date

import pytest

from core.domain.figures import Cohort, Figure, Lane, TimeSplit
from core.domain.periods import Period
from core.domain.selection import Selection
from core.services.figures import Cell, Heat, Value
from core.ui.delays import header, pivot
from core.ui.delays import hours as delays_hours
from core.ui.delays import lanes as delays_lanes
from core.ui.delays.hours import signed
from core.ui.kit.charts import DARK, LIGHT, Look

WEEKS = (date(2026, 11, 9), date(2026, 11, 16))
ICN_US, ICN_DE = Lane("ICN", "US"), Lane("ICN", "DE")
PERIOD = Period(date(2026, 10, 1), date(2026, 11, 18), Cohort.PICKED_UP)


def a_cell(in_time: int, due: int) -> Cell:
    return Cell(Value(Figure.ON_TIME, in_time, due))


def a_heat() -> Heat:
    cells = {(ICN_US, WEEKS[0]): a_cell(90, 100), (ICN_DE, WEEKS[0]): a_cell(10, 25), (ICN_DE, WEEKS[1]): a_cell(12, 15)}
    return Heat(Figure.ON_TIME, (ICN_US, ICN_DE), WEEKS, cells)


def luminance(colour: tuple[float, ...]) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_every_number_can_be_read_on_its_cell(look: Look) -> None:
    for step in range(101):
        cell = delays_lanes.shade(look.heat, step / 100)
        text = tuple(int(delays_lanes.readable_on(cell)[i : i + 2], 16) / 255 for i in (1, 3, 5))
        light, dark = sorted((luminance(cell), luminance(text)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_first_lane_to_look_at_has_the_most_late_shipments() -> None:
    assert delays_lanes.worst(a_heat()) == ICN_DE
    assert delays_lanes.of_lane(a_heat(), ICN_DE).rest == 18
    assert delays_lanes.worst(Heat(Figure.ON_TIME, (ICN_US,), WEEKS, {(ICN_US, WEEKS[0]): a_cell(20, 20)})) is None


def test_a_lane_that_was_chosen_has_a_row_however_small_it_is() -> None:
    lanes = tuple(Lane("ICN", a + b) for a, b in itertools.product("ABCDE", "XY"))
    heat = Heat(Figure.ON_TIME, lanes, WEEKS, {})
    assert delays_lanes.shown(heat, lanes[2]) == lanes[:8]
    assert delays_lanes.shown(heat, lanes[9]) == (*lanes[:7], lanes[9])


def test_a_rate_over_19_cases_together_is_none_and_over_20_is_one() -> None:
    few = header.added_up(Figure.ON_TIME, [Value(Figure.ON_TIME, 8, 10), Value(Figure.ON_TIME, 9, 9)])
    enough = header.added_up(Figure.ON_TIME, [Value(Figure.ON_TIME, 8, 10, 3), Value(Figure.ON_TIME, 10, 10, 4)])
    assert (few.value, few.why) == (None, "n<20")
    assert (enough.value, enough.excluded) == (0.9, 7)


def test_a_week_is_cut_at_the_ends_of_the_period() -> None:
    assert header.within(date(2026, 11, 16), PERIOD) == Period(date(2026, 11, 16), date(2026, 11, 18), Cohort.PICKED_UP)
    assert header.within(date(2026, 9, 28), PERIOD) == Period(date(2026, 10, 1), date(2026, 10, 4), Cohort.PICKED_UP)


@pytest.mark.parametrize(
    ("by", "key", "expected"),
    [
        ("carrier", "", (PERIOD, Selection(carrier=("",)))),
        ("lane", "이천 1 → US", (PERIOD, Selection(warehouse=("이천 1",), country=("US",)))),
        (TimeSplit.WEEK, "2026-11-16", (Period(date(2026, 11, 16), date(2026, 11, 18), Cohort.PICKED_UP), Selection())),
        (TimeSplit.MONTH, "2026-10", (Period(date(2026, 10, 1), date(2026, 10, 31), Cohort.PICKED_UP), Selection())),
        (TimeSplit.MONTH, "2026-02", None),
        ("status", "delivered", (PERIOD, Selection(status=("delivered",)))),
        ("detail", "redelivery", (PERIOD, Selection(detail=("redelivery",)))),
        (TimeSplit.WEEKDAY, "Monday", None),
    ],
)
def test_a_value_of_a_dimension_is_a_slice_or_a_part_of_the_period(by: str, key: str, expected: object) -> None:
    assert pivot._narrowed(PERIOD, Selection(), by, key) == expected


def test_hours_carry_their_sign() -> None:
    assert [signed(hours) for hours in (63.2, -4.6, 0.3, 1234)] == ["+63", "\u22125", "0", "+1,234"]
    assert set(delays_hours.OURS) < set(delays_hours.STEPS)
