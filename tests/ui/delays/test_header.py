"""What the Delays page adds up, and the weeks of its period."""

from datetime import date

from core.domain.figures import Cohort, Figure, NoFigure
from core.services.figures import Period, Value
from core.services.figures.values import added_up
from core.ui.delays import header

PERIOD = Period(date(2026, 10, 1), date(2026, 11, 18), Cohort.PICKED_UP)


def test_a_rate_over_19_cases_together_is_none_and_over_20_is_one() -> None:
    few = added_up(Figure.ON_TIME, [Value(Figure.ON_TIME, 8, 10), Value(Figure.ON_TIME, 9, 9)])
    enough = added_up(Figure.ON_TIME, [Value(Figure.ON_TIME, 8, 10, 3), Value(Figure.ON_TIME, 10, 10, 4)])
    assert (few.value, few.why) == (None, NoFigure.TOO_FEW)
    assert (enough.value, enough.excluded) == (0.9, 7)


def test_a_week_is_cut_at_the_ends_of_the_period() -> None:
    assert header.within(date(2026, 11, 16), PERIOD) == Period(date(2026, 11, 16), date(2026, 11, 18), Cohort.PICKED_UP)
    assert header.within(date(2026, 9, 28), PERIOD) == Period(date(2026, 10, 1), date(2026, 10, 4), Cohort.PICKED_UP)
