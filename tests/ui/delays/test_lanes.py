"""The heat map of lanes: what can be read on it, and which lane comes first."""

import itertools
from datetime import date

import pytest

from core.domain.figures import Figure, Lane
from core.services.figures import Heat, HeatCell, Value
from core.ui.delays import lanes as delays_lanes
from core.ui.kit.charts import DARK, LIGHT, Look

WEEKS = (date(2026, 11, 9), date(2026, 11, 16))
ICN_US, ICN_DE = Lane("ICN", "US"), Lane("ICN", "DE")


def a_cell(in_time: int, due: int) -> HeatCell:
    return HeatCell(Value(Figure.ON_TIME, in_time, due))


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
