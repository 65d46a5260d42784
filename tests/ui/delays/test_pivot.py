"""Which slice a cell of the pivot is."""

from datetime import date

import pytest

from core.domain.figures import Cohort, Dimension
from core.services.figures import Period, Slice
from core.ui.delays import pivot

PERIOD = Period(date(2026, 10, 1), date(2026, 11, 18), Cohort.PICKED_UP)


@pytest.mark.parametrize(
    ("by", "key", "expected"),
    [
        (Dimension.CARRIER, "", (PERIOD, Slice(carriers=("",)))),
        (Dimension.LANE, "이천 1 → US", (PERIOD, Slice(warehouses=("이천 1",), countries=("US",)))),
        (Dimension.WEEK, "2026-11-16", (Period(date(2026, 11, 16), date(2026, 11, 18), Cohort.PICKED_UP), Slice())),
        (Dimension.MONTH, "2026-10", (Period(date(2026, 10, 1), date(2026, 10, 31), Cohort.PICKED_UP), Slice())),
        (Dimension.MONTH, "2026-02", None),
        (Dimension.STATUS, "delivered", None),
    ],
)
def test_a_value_of_a_dimension_is_a_slice_or_a_part_of_the_period(by: Dimension, key: str, expected: object) -> None:
    assert pivot._narrowed(PERIOD, Slice(), by, key) == expected
