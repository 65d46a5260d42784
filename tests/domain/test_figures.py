"""The catalogue of figures and its arithmetic."""

from datetime import date

import pytest

from core.domain.figures import (
    DEFINITIONS,
    FACTS,
    Figure,
    Good,
    Lane,
    Unanswerable,
    Unit,
    enough,
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
        Unanswerable.SAME_DIMENSION: "Choose two different dimensions.",
        Unanswerable.OF_NOW: "Transit is of now, not of a period. Choose another figure.",
        Unanswerable.NOT_IN_HOURS: "Transit cannot be shown like this. Choose a figure in hours.",
        Unanswerable.NO_SHARE: "Transit cannot be shown like this. Choose a figure that is a share.",
    }


def test_a_rate_needs_twenty_cases() -> None:
    assert [enough(cases) for cases in (0, 19, 20, 21)] == [False, False, True, True]


def test_a_lane_is_named_from_where_to_where() -> None:
    assert Lane("ICN1", "DE").name == "ICN1 → DE"
    assert Lane("", "DE", "dhl").name == "– → DE, dhl"


def test_a_week_begins_on_monday() -> None:
    assert {week_of(date(2026, 11, day)) for day in range(16, 23)} == {date(2026, 11, 16)}
