"""Which slice a cell of the pivot is."""

from datetime import date

import pytest

from core.domain.figures import Cohort, TimeSplit
from core.domain.periods import Period
from core.domain.selection import Selection
from core.ui.delays import pivot

PERIOD = Period(date(2026, 10, 1), date(2026, 11, 18), Cohort.PICKED_UP)


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
