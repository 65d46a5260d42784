"""The catalogue of figures and its arithmetic."""

import itertools
import random
from datetime import date

import pytest

from core.domain.figures import (
    DEFINITIONS,
    FACTS,
    Bounded,
    Figure,
    Good,
    Lane,
    Unanswerable,
    Unit,
    bounded_count,
    bounded_share,
    enough,
    median_bounds,
    week_of,
    wilson,
)


def test_every_figure_is_defined_under_its_own_name() -> None:
    assert list(DEFINITIONS) == list(Figure)
    assert all(definition.figure is figure for figure, definition in DEFINITIONS.items())
    assert len({definition.name for definition in DEFINITIONS.values()}) == len(Figure)


@pytest.mark.parametrize("figure", Figure)
def test_every_figure_says_what_it_counts_and_whom_it_leaves_out(figure: Figure) -> None:
    definition = DEFINITIONS[figure]
    assert definition.formula and definition.numerator and definition.denominator and definition.exclusions
    assert (definition.good is Good.NONE) == (definition.unit is Unit.COUNT)
    assert (definition.cohort is None) == (figure is Figure.BACKLOG)


def test_no_personal_data_is_among_the_facts() -> None:
    assert not {"recipient", "phone", "address", "postal_code", "region", "request", "invoice_no"} & FACTS.keys()


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [(8, 10, 0.4901625, 0.9433178), (0, 20, 0.0, 0.1611252), (20, 20, 0.8388748, 1.0), (1722, 1876, 0.90462, 0.92949)],
)
def test_wilsons_interval(numerator: int, denominator: int, low: float, high: float) -> None:
    assert wilson(numerator, denominator) == pytest.approx((low, high), abs=1e-4)


def test_nothing_has_no_interval() -> None:
    assert wilson(0, 0) is None


def test_every_reason_for_no_answer_has_its_sentence() -> None:
    said = {reason: str(reason(figure="Transit")) for reason in Unanswerable}
    assert said == {
        Unanswerable.ENDS_BEFORE: "The period ends before it begins. Choose another day.",
        Unanswerable.SAME_DIMENSION: "Choose two different things to split by.",
        Unanswerable.OF_NOW: "Transit is of now, not of a period. Choose another figure.",
        Unanswerable.NOT_IN_HOURS: "Transit cannot be shown like this. Choose a figure in hours.",
        Unanswerable.NO_SHARE: "Transit cannot be shown like this. Choose a figure in per cent.",
    }


def test_a_rate_needs_twenty_cases() -> None:
    assert [enough(cases) for cases in (0, 19, 20, 21)] == [False, False, True, True]


def test_a_lane_is_named_from_where_to_where() -> None:
    assert Lane("ICN1", "DE").name == "ICN1 → DE"
    assert Lane("", "DE", "dhl").name == "– → DE, dhl"


def test_a_week_begins_on_monday() -> None:
    assert {week_of(date(2026, 11, day)) for day in range(16, 23)} == {date(2026, 11, 16)}


def shares(now: tuple[int, int], before: tuple[int, int]) -> bool:
    this, that = bounded_share(*now), bounded_share(*before)
    assert this and that
    return this.differs(that)


@pytest.mark.parametrize(
    ("now", "before", "differ"),
    [
        ((173, 200), (174, 200), False),
        ((12, 20), (20, 20), False),
        ((0, 20), (20, 20), True),
        ((150, 200), (174, 200), False),
        ((130, 200), (174, 200), True),
        ((1500, 2000), (1740, 2000), True),
        ((0, 400), (9, 400), False),
        ((0, 400), (40, 400), True),
        ((8660, 10000), (8650, 10000), False),
    ],
)
def test_shares_differ_only_beyond_what_chance_gives_in_either_direction(
    now: tuple[int, int], before: tuple[int, int], differ: bool
) -> None:
    assert shares(now, before) is shares(before, now) is differ


def test_chance_alone_makes_shares_differ_hardly_once_in_ten_thousand() -> None:
    dice = random.Random(5)
    drawn = [sum(dice.random() < 0.9 for _ in range(150)) for _ in range(400)]
    assert sum(shares((one, 150), (other, 150)) for one, other in itertools.combinations(drawn, 2)) < 80_000 / 10_000 * 2


@pytest.mark.parametrize(("now", "before", "differ"), [(110, 100, False), (0, 10, False), (170, 100, True), (0, 40, True)])
def test_counts_differ_only_beyond_what_chance_gives(now: int, before: int, differ: bool) -> None:
    assert bounded_count(now).differs(bounded_count(before)) is differ


def a_median(median: float, width: float, cases: int) -> Bounded | None:
    """Of hours spread evenly over `width`."""
    bounds = median_bounds(cases)
    return Bounded(median + width * (bounds[0] - 0.5), median, median + width * (bounds[1] - 0.5)) if bounds else None


@pytest.mark.parametrize(("cases", "differ"), [(20, False), (100, False), (1000, True)])
def test_medians_differ_the_sooner_the_more_cases_there_are(cases: int, differ: bool) -> None:
    now, before = a_median(30.0, 24.0, cases), a_median(27.0, 24.0, cases)
    assert now and before
    assert now.differs(before) is before.differs(now) is differ


def test_a_median_of_hardly_any_cases_is_not_bounded() -> None:
    assert a_median(30.0, 24.0, 0) is a_median(30.0, 24.0, 18) is None
