"""What the Delays page shows, as tables for files."""

from datetime import date

from core.domain.figures import Figure, Lane, Segment
from core.services.figures import (
    Bin,
    Distribution,
    Heat,
    HeatCell,
    Pivot,
    Scorecard,
    SegmentHours,
    Segments,
    Value,
    delay_tables,
)
from core.services.figures.values import share_of

MONDAY = date(2026, 11, 9)


def a_share(numerator: int, denominator: int) -> Value:
    return share_of(Value(Figure.ON_TIME, numerator, denominator))


def test_lanes_have_a_row_a_week_and_too_few_cases_stay_empty() -> None:
    lane = Lane("ICN", "DE")
    cells = {(lane, MONDAY): HeatCell(a_share(18, 20)), (lane, date(2026, 11, 16)): HeatCell(a_share(19, 19), young=True)}
    rows = delay_tables.lanes(Heat(Figure.ON_TIME, (lane,), (MONDAY, date(2026, 11, 16)), cells)).to_pylist()
    assert [(row["week"].day, row["numerator"], row["denominator"], row["value"], row["young"]) for row in rows] == [
        (9, 18, 20, 0.9, False),
        (16, 19, 19, None, True),
    ]


def test_the_steps_end_with_all_of_them_together() -> None:
    steps = (SegmentHours(Segment.ORDER, 10.0, 8.0), SegmentHours(Segment.TRANSIT, 60.0, 20.0))
    rows = delay_tables.hours(Segments(steps, 28.0, 70.0, 21, 2)).to_pylist()
    assert [(row["step"], row["extra_hours"], row["shipments"]) for row in rows] == [
        ("Release", 2.0, 21),
        ("On the way", 40.0, 21),
        ("Together", 42.0, 21),
    ]


def test_bins_stand_beside_the_norm_and_the_last_one_has_no_end() -> None:
    value = Value(Figure.TRANSIT, 5, 6, value=20.0, p50=20.0, p90=40.0)
    found = Distribution(Figure.TRANSIT, value, (Bin(0, 24, 4, 0), Bin(24, None, 1, 1)), value, (Bin(0, 24, 2, 1),))
    assert delay_tables.spread(found).to_pylist() == [
        {"from_hours": 0, "to_hours": 24, "finished": 4, "open": 0, "norm": 3},
        {"from_hours": 24, "to_hours": None, "finished": 1, "open": 1, "norm": 0},
    ]


def test_a_cross_has_a_row_for_each_pair_that_exists() -> None:
    found = Pivot(
        Figure.ON_TIME,
        {"cj": a_share(30, 30)},
        {"ICN": a_share(30, 30), "TYO": a_share(0, 0)},
        {("cj", "ICN"): a_share(30, 30)},
    )
    table = delay_tables.pivot(found, "carrier", "warehouse")
    assert table.to_pylist() == [{"carrier": "cj", "warehouse": "ICN", "numerator": 30, "denominator": 30, "value": 1.0}]


def test_nothing_to_show_is_an_empty_table() -> None:
    assert delay_tables.scores(Scorecard(Figure.ON_TIME, a_share(0, 0), ())).num_rows == 0
    assert delay_tables.risks([]).num_rows == 0
