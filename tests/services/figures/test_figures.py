"""Figures agree with pandas over the same rows, open to exact shipments, and say why where there is none."""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from core.demo import make_demo
from core.domain.clock import Clock
from core.domain.dimensions import Behind
from core.domain.errors import Refused
from core.domain.figures import (
    DEFINITIONS,
    Cohort,
    Direction,
    Figure,
    Lane,
    NoFigure,
    Part,
    Segment,
    TimeSplit,
    TrendStep,
    Unanswerable,
    Unit,
)
from core.domain.flags import Flag
from core.domain.periods import Period
from core.domain.selection import SPLITS, Selection
from core.domain.shipment import Destination, Kind, Shipment, Stage, State, Status, Tab
from core.domain.sorting import Order
from core.services import figures
from core.services.shipments import actions, queries
from core.services.shipments.changes import Request
from core.store.database import Store
from core.store.local_time import midnight
from tests.builders import HANA, NOW, RULES, SEOUL, TODAY, a_checkpoint, a_shipment, a_store, a_visit, an_invoice, nov, opened
from tests.engines import new_store
from tests.services.figures import by_pandas

UTC, NEW_YORK, LORD_HOWE = ZoneInfo("UTC"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")
HERE = {"visit": a_visit()}
MONTH = Period(date(2026, 10, 18), date(2026, 11, 16))
ALL = Period(date(2020, 1, 1), TODAY)
DOMESTIC, ABROAD = Selection(), Selection(destination=Destination.INTERNATIONAL)
PARTS = [(destination, kind) for destination in Destination for kind in Kind]


@pytest.fixture(scope="module")
def shop() -> Iterator[Store]:
    """Enough for every figure of a month, in both destinations."""
    store = new_store()
    make_demo(store, RULES, shipments=3000, now=NOW, zone=SEOUL)
    yield store
    store.close()


@pytest.fixture(scope="module")
def month(shop: Store) -> dict[Figure, figures.Value]:
    """The figures of the month."""
    return figures.figures(shop, MONTH, DOMESTIC, **HERE)


@pytest.fixture(scope="module")
def table(shop: Store) -> pd.DataFrame:
    return by_pandas.frame(shop)


def shipped(number: int, ordered: datetime, *, attempted: datetime | None = None, **fields: Any) -> Shipment:
    """Ordered then, picked up two hours later, delivered at the first attempt; under way without one."""
    scans = [a_checkpoint(Stage.PICKED_UP, ordered + timedelta(hours=2))]
    if attempted:
        scans.append(a_checkpoint(Stage.DELIVERED, attempted))
    invoice = an_invoice(f"{number:012}", ordered + timedelta(hours=1))
    return a_shipment(f"S-{number}", ordered_at=ordered, released_at=ordered, invoice=invoice, scans=scans, **fields)


def many(count: int, late: int = 0, **fields: Any) -> list[Shipment]:
    """So many promised for the 14th, the last `late` of them attempted a day later."""
    attempts = [nov(14)] * (count - late) + [nov(15)] * late
    return [
        shipped(n, nov(10), **{"attempted": attempt, "promised_on": date(2026, 11, 14), **fields})
        for n, attempt in enumerate(attempts, 1)
    ]


def the(figure: Figure, store: Store, period: Period = MONTH, where: Selection = DOMESTIC, **named: Any) -> figures.Value:
    return figures.figures(store, period, where, **{**HERE, **named})[figure]


def listed(store: Store, figure: Figure, period: Period, where: Selection, part: Part) -> set[int]:
    """The ids of the shipments that the list shows behind a figure."""
    wanted = where.but(tab=Tab.ALL, behind=Behind(figure, part, period))
    return set(queries.everything(store, wanted, Order(), **HERE)["shipment_id"].to_pylist())


def counted(table: pd.DataFrame, period: Period, now: datetime, where: Selection = DOMESTIC) -> dict[str, dict[str, Any]]:
    """The figures of the period in pandas."""
    rows = table[(table.destination == where.destination) & (table.kind == "standard")]
    return by_pandas.figures(rows, period.first, period.last, zone=SEOUL, now=now)


def then_counted(shop: Store, where: Selection) -> tuple[datetime, dict[str, dict[str, Any]]]:
    """The same of the period before, as it stood at the same age, and when that was."""
    then = Clock(NOW, SEOUL).earlier(MONTH.back)
    return then, counted(by_pandas.frame(shop, then), MONTH.before(), then, where)


def assert_agree(found: dict[str, Any], expected: dict[str, Any]) -> None:
    for figure, wanted in expected.items():
        value = found[figure]
        assert (value.numerator, value.denominator) == (wanted["numerator"], wanted["denominator"]), figure
        assert (value.p50, value.p90) == (pytest.approx(wanted["p50"]), pytest.approx(wanted["p90"])), figure


@pytest.mark.parametrize(
    ("destination", "kind", "zone"),
    [
        *((*part, SEOUL) for part in PARTS),
        (Destination.DOMESTIC, Kind.STANDARD, NEW_YORK),
        (Destination.INTERNATIONAL, Kind.STANDARD, LORD_HOWE),
    ],
)
def test_figures_agree_with_pandas(
    shop: Store, table: pd.DataFrame, destination: Destination, kind: Kind, zone: ZoneInfo
) -> None:
    rows = table[(table.destination == destination) & (table.kind == kind)]
    for period in (MONTH, Period(date(2026, 3, 1), date(2026, 11, 2)), ALL):
        found = figures.figures(shop, period, Selection(destination=destination, kind=kind), visit=a_visit(NOW, zone))
        assert_agree(
            found,
            by_pandas.figures(rows, period.first, period.last, zone=zone, now=NOW),
        )


def test_figures_by_carrier_and_by_day_agree_with_pandas(shop: Store, table: pd.DataFrame) -> None:
    rows = table[(table.destination == "domestic") & (table.kind == "standard")]
    carriers = figures.by_carrier(shop, MONTH, DOMESTIC, **HERE)
    assert len(carriers) > 5
    for carrier, values in carriers.items():
        assert_agree(values, by_pandas.figures(rows[rows.carrier == carrier], MONTH.first, MONTH.last, zone=SEOUL, now=NOW))
    days = figures.split(shop, MONTH, DOMESTIC, TimeSplit.DAY, **HERE)
    assert len(days) == 30
    for day, values in days.items():
        assert_agree(values, by_pandas.figures(rows, date.fromisoformat(day), date.fromisoformat(day), zone=SEOUL, now=NOW))


def test_the_overview_is_the_figures_the_trend_and_the_carriers(shop: Store) -> None:
    seen = figures.overview(shop, MONTH, DOMESTIC, **HERE)
    values = figures.figures(shop, MONTH, DOMESTIC, **HERE)
    assert values.pop(Figure.BACKLOG) == figures.backlog(shop, DOMESTIC, **HERE).age
    assert seen.values == values
    assert seen.trend == figures.trend(shop, MONTH, DOMESTIC, **HERE)
    carriers = figures.by_carrier(shop, MONTH, DOMESTIC, **HERE)
    assert list(seen.carriers) == list(carriers)
    assert all(seen.carriers[one][Figure.ON_TIME] == carriers[one][Figure.ON_TIME] for one in carriers)
    assert all(seen.carriers[one][Figure.TRANSIT] == carriers[one][Figure.TRANSIT] for one in carriers)


def test_the_points_of_a_trend_add_up_to_the_period_and_the_one_before_at_the_same_age(
    shop: Store, table: pd.DataFrame
) -> None:
    for step, points in ((TrendStep.DAY, 30), (TrendStep.WEEK, 6)):
        trend = figures.trend(shop, MONTH, DOMESTIC, step=step, **HERE)
        assert len(trend.points) == points and trend.points[0].first == MONTH.first and trend.points[-1].last == MONTH.last
        for part, wanted in ((trend.points, counted(table, MONTH, NOW)), (trend.before, then_counted(shop, DOMESTIC)[1])):
            assert sum(point.values[Figure.ON_TIME].numerator for point in part) == wanted["on_time"]["numerator"]
            assert sum(point.values[Figure.ON_TIME].denominator for point in part) == wanted["on_time"]["denominator"]


@pytest.mark.parametrize("where", [DOMESTIC, ABROAD])
def test_the_change_is_against_the_period_before_as_it_stood_at_the_same_age(shop: Store, where: Selection) -> None:
    then, wanted = then_counted(shop, where)
    assert (MONTH.before(), then) == (Period(date(2026, 9, 13), date(2026, 10, 12)), NOW - timedelta(days=35))
    found = figures.figures(shop, MONTH, where, **HERE)
    assert found.keys() - wanted.keys() == {Figure.BACKLOG}
    for figure, one in wanted.items():
        value, share = found[Figure(figure)], one["numerator"] / one["denominator"]
        expected = {Unit.SHARE: share, Unit.HOURS: one["p50"], Unit.COUNT: one["numerator"]}[value.definition.unit]
        assert value.before == pytest.approx(expected) and value.change == pytest.approx(value.value - expected), figure


def test_where_not_one_day_is_ripe_it_is_too_early_to_compare(shop: Store) -> None:
    days = Period(TODAY - timedelta(days=1), TODAY - timedelta(days=1))
    found = figures.figures(shop, days, DOMESTIC, **HERE)
    assert {figure for figure, value in found.items() if value.early} == {one for one in Figure if DEFINITIONS[one].ripens}
    assert {(value.change, value.before, value.arrow) for value in found.values() if value.early} == {
        (None, None, Direction.NONE)
    }


@pytest.mark.parametrize(("days", "back"), [(1, 7), (6, 7), (7, 7), (8, 14), (14, 14), (28, 28), (30, 35), (31, 35)])
def test_the_period_before_has_the_same_days_of_the_week(days: int, back: int) -> None:
    period = Period.up_to(TODAY, days)
    before = period.before()
    assert (before.days, period.first - before.first, before.last < period.first) == (days, timedelta(days=back), True)


@pytest.mark.parametrize("zone", [SEOUL, UTC, NEW_YORK])
@pytest.mark.parametrize(("earlier", "numerator"), [(timedelta(microseconds=1), 20), (timedelta(0), 0)])
def test_the_promised_day_ends_at_midnight_in_the_shops_zone(earlier: timedelta, numerator: int, zone: ZoneInfo) -> None:
    store = a_store(*many(20, attempted=midnight(date(2026, 11, 15), zone) - earlier))
    value = the(Figure.ON_TIME, store, visit=a_visit(NOW, zone))
    assert (value.numerator, value.denominator) == (numerator, 20)


def test_a_change_of_the_zone_moves_shipments_to_other_days() -> None:
    store = a_store(*many(20, attempted=nov(14, 20), promised_on=date(2026, 11, 14)))
    assert the(Figure.ON_TIME, store, visit=a_visit(NOW, NEW_YORK)).value == 1.0
    assert the(Figure.ON_TIME, store, visit=a_visit()).value == 0.0


def test_an_order_at_midnight_belongs_to_the_day_that_begins() -> None:
    midnight_before = datetime(2026, 11, 3, tzinfo=SEOUL)
    store = a_store(shipped(1, midnight_before), shipped(2, midnight_before - timedelta(microseconds=1)))
    days = figures.split(store, MONTH, DOMESTIC, TimeSplit.DAY, **HERE)
    assert {day: values[Figure.ORDERED].numerator for day, values in days.items()} == {"2026-11-02": 1, "2026-11-03": 1}


def test_the_leap_day_is_a_day_like_any_other() -> None:
    now = datetime(2028, 3, 20, 3, tzinfo=UTC)
    days = [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]
    orders = [shipped(n, datetime(d.year, d.month, d.day, 12, tzinfo=SEOUL)) for n, d in enumerate(days, 1)]
    store = a_store(*orders)
    for day in days:
        assert the(Figure.ORDERED, store, Period(day, day), visit=a_visit(now, SEOUL)).numerator == 1
    assert Period(date(2028, 3, 1), date(2028, 3, 28)).before() == Period(date(2028, 2, 2), date(2028, 2, 29))


def test_the_hour_that_comes_twice_belongs_to_one_day_of_25_hours() -> None:
    day = date(2026, 11, 1)  # clocks go back in New York
    start = midnight(day, NEW_YORK)
    store = a_store(*(shipped(n + 1, start + timedelta(hours=n)) for n in range(-1, 26)))
    assert the(Figure.ORDERED, store, Period(day, day), visit=a_visit(NOW, NEW_YORK)).numerator == 25


def test_the_day_of_23_hours_ends_in_time() -> None:
    day = date(2026, 3, 8)  # clocks go forward in New York
    last = datetime(2026, 3, 8, 23, 59, tzinfo=NEW_YORK)
    orders = [shipped(1, last - timedelta(days=2), attempted=last, promised_on=day)]
    orders.append(shipped(2, last - timedelta(days=2), attempted=last + timedelta(minutes=1), promised_on=day))
    value = the(Figure.ON_TIME, a_store(*orders), Period(date(2026, 3, 1), day), visit=a_visit(NOW, NEW_YORK))
    assert (value.numerator, value.denominator) == (1, 2)


def test_the_very_first_days_of_the_calendar_can_be_asked_for() -> None:
    store = a_store(*many(20))
    assert the(Figure.ON_TIME, store, Period(date.min, date.max)).denominator == 20


def test_a_period_without_shipments_says_so(shop: Store) -> None:
    empty = Period(date(2019, 1, 1), date(2019, 1, 31))
    values = figures.figures(shop, empty, DOMESTIC, **HERE)
    shown = [value for figure, value in values.items() if figure not in (Figure.BACKLOG, *_COUNTS)]
    assert {(value.value, value.why, value.denominator) for value in shown} == {(None, NoFigure.NO_SHIPMENTS, 0)}
    assert {values[figure].value for figure in _COUNTS} == {0.0}
    assert figures.by_carrier(shop, empty, DOMESTIC, **HERE) == {}
    assert len(figures.trend(shop, empty, DOMESTIC, **HERE).points) == 31
    assert figures.distribution(shop, Figure.TRANSIT, empty, DOMESTIC, **HERE).bins == ()
    assert figures.heat(shop, empty, DOMESTIC, **HERE).lanes == ()
    assert figures.scorecard(shop, empty, DOMESTIC, **HERE).scores == ()
    assert figures.segments(shop, empty, DOMESTIC, **HERE).why is NoFigure.NO_LATE_SHIPMENTS
    assert figures.pivot(shop, empty, DOMESTIC, ("carrier", TimeSplit.WEEK), Figure.ON_TIME, **HERE).cells == {}
    assert figures.rows_of(shop, Figure.ON_TIME, empty, DOMESTIC, **HERE) == []


def test_an_empty_desk_has_figures_too() -> None:
    store = a_store()
    seen = figures.overview(store, MONTH, DOMESTIC, **HERE)
    assert seen.values[Figure.ON_TIME].why is NoFigure.NO_SHIPMENTS and seen.carriers == {} and seen.trend.p90_hours is None
    assert figures.backlog(store, DOMESTIC, **HERE).total == 0
    assert figures.worklist(store, DOMESTIC, **HERE) == figures.risk(store, DOMESTIC, **HERE) == []


def test_a_period_may_be_one_day() -> None:
    store = a_store(*many(20, late=2))
    one = Period(date(2026, 11, 10), date(2026, 11, 10))
    assert (one.days, one.before()) == (1, Period(date(2026, 11, 3), date(2026, 11, 3)))
    assert the(Figure.ON_TIME, store, one).value == 0.9
    assert len(figures.trend(store, one, DOMESTIC, **HERE).points) == 1


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        Period(date(2026, 11, 2), date(2026, 11, 1))
    assert refusal.value.reason is Unanswerable.ENDS_BEFORE


def test_nineteen_shipments_make_no_percentage_and_twenty_do() -> None:
    few, enough = (the(Figure.ON_TIME, a_store(*many(count, late=1))) for count in (19, 20))
    assert (few.value, few.why, few.low, few.numerator, few.denominator) == (None, NoFigure.TOO_FEW, None, 18, 19)
    assert (enough.value, enough.why, enough.numerator) == (0.95, None, 19)
    assert enough.low == pytest.approx(0.7639, abs=1e-4) and enough.high == pytest.approx(0.9911, abs=1e-4)


def test_hours_of_nineteen_are_told_but_not_as_the_figure() -> None:
    few = the(Figure.TRANSIT, a_store(*many(19)))
    assert (few.value, few.why, few.p50) == (None, NoFigure.TOO_FEW, 94.0)
    assert the(Figure.TRANSIT, a_store(*many(20))).value == 94.0


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"attempted": nov(14)}, Part.NUMERATOR),
        ({"attempted": nov(15)}, Part.REST),
        ({"attempted": None}, Part.REST),
        ({"attempted": None, "promised_on": TODAY}, Part.EXCLUDED),
        ({"attempted": nov(14), "promised_on": None}, Part.EXCLUDED),
        ({"attempted": nov(14), "promised_on": TODAY}, Part.NUMERATOR),
    ],
)
def test_what_is_on_time_late_or_left_out(fields: dict[str, Any], part: Part) -> None:
    store = a_store(shipped(1, nov(10), **{"promised_on": date(2026, 11, 14), **fields}))
    found = {one: figures.count_of(store, Figure.ON_TIME, MONTH, DOMESTIC, one, **HERE) for one in Part}
    assert [one for one in (Part.NUMERATOR, Part.REST, Part.EXCLUDED) if found[one]] == [part]


def test_a_failed_attempt_on_the_promised_day_is_on_time_but_no_first_attempt_success() -> None:
    scans = [a_checkpoint(Stage.ATTEMPT_FAILED, nov(14)), a_checkpoint(Stage.DELIVERED, nov(15))]
    store = a_store(a_shipment(scans=[a_checkpoint(Stage.PICKED_UP, nov(12)), *scans], promised_on=date(2026, 11, 14)))
    values = figures.figures(store, MONTH, DOMESTIC, **HERE)
    assert [values[one].numerator for one in (Figure.ON_TIME, Figure.FIRST_ATTEMPT, Figure.FAILURE)] == [1, 0, 1]


def test_a_past_delivery_known_by_its_day_only_is_its_own_first_attempt() -> None:
    delivered = a_checkpoint(Stage.DELIVERED, nov(14), invoice_id=None)
    store = a_store(a_shipment(scans=[delivered], promised_on=date(2026, 11, 14)))
    values = figures.figures(store, MONTH, DOMESTIC, **HERE)
    assert (values[Figure.ON_TIME].numerator, values[Figure.ON_TIME].denominator) == (1, 1)
    assert (values[Figure.TRANSIT].denominator, values[Figure.ORDER_TO_SHIP].denominator) == (0, 0)
    reasons = figures.reasons(store, Figure.ORDER_TO_SHIP, MONTH, DOMESTIC, **HERE)
    assert reasons == {"Delivered or attempted without a first scan: when it was shipped is not known": 1}


def test_cancelled_shipments_are_in_no_figure() -> None:
    cancelled = a_shipment("S-1", scans=[a_checkpoint(Stage.CANCELLED, nov(12))], promised_on=date(2026, 11, 12))
    lost = a_shipment("S-2", scans=[a_checkpoint(Stage.LOST, nov(12))], promised_on=date(2026, 11, 12))
    store = a_store(cancelled, lost)
    assert the(Figure.ON_TIME, store).denominator == 1
    actions.close(store, "S-2", reason="Refunded", request=Request(HANA, NOW))
    values = figures.figures(store, MONTH, DOMESTIC, **HERE)
    assert {values[figure].denominator for figure in Figure if figure is not Figure.BACKLOG} == {0}
    assert values[Figure.ON_TIME].excluded == 2
    assert values[Figure.BACKLOG].denominator == 1  # the other one waits to be closed or sent again


def test_a_lost_parcel_stays_late_after_it_is_closed() -> None:
    scans = [a_checkpoint(Stage.PICKED_UP, nov(11)), a_checkpoint(Stage.LOST, nov(13))]
    store = a_store(a_shipment(scans=scans, promised_on=date(2026, 11, 12)))
    actions.close(store, "S-1", reason="Refunded", request=Request(HANA, NOW))
    value = the(Figure.ON_TIME, store)
    assert (value.numerator, value.denominator) == (0, 1)


def test_open_shipments_count_at_their_age_and_may_still_raise_the_hours() -> None:
    done, waiting = many(20), a_shipment("S-99", ordered_at=nov(12), invoice=an_invoice("999", nov(12)))
    value = the(Figure.ORDER_TO_SHIP, a_store(*done, waiting))
    assert (value.numerator, value.denominator, value.p50, value.p90) == (20, 21, 2.0, 2.0)
    assert not value.p50_at_least
    young = a_shipment("S-98", ordered_at=NOW - timedelta(hours=1), released_at=NOW, invoice=None)
    raised = the(Figure.ORDER_TO_SHIP, a_store(*done, young))
    assert (raised.p50, raised.p50_at_least) == (2.0, True)


def test_a_cohort_is_young_until_it_is_older_than_the_p90_of_the_days_before() -> None:
    old = [shipped(n, nov(1) - timedelta(days=30), attempted=nov(5) - timedelta(days=30)) for n in range(1, 31)]
    store = a_store(*old, *(shipped(n, nov(12)) for n in range(31, 41)))
    trend = figures.trend(store, Period(date(2026, 11, 10), date(2026, 11, 13)), DOMESTIC, **HERE)
    assert trend.p90_hours == 96.0
    assert [point.young for point in trend.points] == [False, False, True, True]


def test_the_cohort_may_be_the_pick_up_date() -> None:
    store = a_store(shipped(1, nov(10, 22)), a_shipment("S-2", ordered_at=nov(10)))
    day = Period(date(2026, 11, 11), date(2026, 11, 11), Cohort.PICKED_UP)
    assert the(Figure.ORDERED, store, day, visit=a_visit(NOW, UTC)).numerator == 1
    assert the(Figure.ORDERED, store, Period(day.first, day.last), visit=a_visit(NOW, UTC)).numerator == 0


def test_exchange_and_the_other_destination_stay_apart() -> None:
    store = a_store(
        *many(20),
        shipped(90, nov(10), kind=Kind.EXCHANGE),
        shipped(91, nov(10), destination=Destination.INTERNATIONAL),
    )
    found = {part: the(Figure.ORDERED, store, where=Selection(destination=part[0], kind=part[1])).numerator for part in PARTS}
    assert list(found.values()) == [20, 1, 1, 0]


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        (Selection(warehouse=("Icheon",)), [1, 2]),
        (Selection(carrier=("cj",)), [1, 3]),
        (Selection(carrier=("",)), [2]),
        (Selection(policy=("Express",), option=("Door",)), [3]),
        (Selection(country=("JP",)), []),
    ],
)
def test_a_slice_takes_a_part_of_the_shop(where: Selection, numbers: list[int]) -> None:
    store = a_store(
        shipped(1, nov(10)), a_shipment("S-2"), shipped(3, nov(10), warehouse="Gimpo", policy="Express", option="Door")
    )
    assert sorted(listed(store, Figure.ORDERED, MONTH, where, Part.NUMERATOR)) == numbers


@pytest.mark.parametrize("figure", [figure for figure in Figure if figure is not Figure.BACKLOG])
@pytest.mark.parametrize("part", Part)
def test_every_number_opens_to_its_shipments(
    shop: Store, month: dict[Figure, figures.Value], figure: Figure, part: Part
) -> None:
    value = month[figure]
    wanted = {
        Part.NUMERATOR: value.numerator,
        Part.DENOMINATOR: value.denominator,
        Part.REST: value.rest,
        Part.EXCLUDED: value.excluded,
    }[part]
    assert figures.count_of(shop, figure, MONTH, DOMESTIC, part, **HERE) == wanted
    ids = listed(shop, figure, MONTH, DOMESTIC, part)
    rows = figures.rows_of(shop, figure, MONTH, DOMESTIC, part, limit=20, **HERE)
    assert len(ids) == wanted and {row["shipment_id"] for row in rows} <= ids
    assert all((row["why"] is not None) == (part is Part.EXCLUDED) for row in rows)
    assert {row["why"] for row in rows} <= {None, *DEFINITIONS[figure].exclusions}


def test_the_ids_behind_a_figure_open_in_the_list(shop: Store) -> None:
    ids = listed(shop, Figure.ON_TIME, MONTH, DOMESTIC, Part.REST)
    table = figures.table_of(shop, Figure.ON_TIME, MONTH, DOMESTIC, Part.REST, **HERE)
    assert table.num_rows == len(ids) and set(table["on_time"].to_pylist()) == {False}
    whole = queries.whole(shop, table["shipment_no"][0].as_py(), **HERE)
    assert whole is not None and whole.shipment.shipment_id in ids


@pytest.mark.parametrize("figure", Figure)
def test_every_reason_to_leave_out_is_in_the_definition(shop: Store, figure: Figure) -> None:
    for where in (DOMESTIC, ABROAD):
        reasons = figures.reasons(shop, figure, ALL, where, **HERE)
        assert set(reasons) <= set(DEFINITIONS[figure].exclusions)
        excluded = figures.count_of(shop, figure, ALL, where, Part.EXCLUDED, **HERE)
        assert sum(reasons.values()) == excluded


def test_the_backlog_is_every_open_shipment_by_its_age(shop: Store) -> None:
    backlog = figures.backlog(shop, DOMESTIC, **HERE)
    rows = shop.rows(_OPEN)
    assert backlog.total == backlog.age.denominator == len(rows)
    ages = pd.Series([(NOW - row["status_since"]) / timedelta(hours=1) for row in rows])
    assert backlog.age.p50 == pytest.approx(ages.quantile(0.5)) and backlog.age.p90 == pytest.approx(ages.quantile(0.9))
    by_age = pd.cut(ages, [-1e9, 24, 48, 72, 120, 1e9], right=False, labels=[0, 24, 48, 72, 120]).value_counts()
    found = {low: sum(cell.shipments for cell in backlog.cells if cell.low == low) for low in (0, 24, 48, 72, 120)}
    assert found == by_age.to_dict()
    assert {(cell.low, cell.high) for cell in backlog.cells} <= {(0, 24), (24, 48), (48, 72), (72, 120), (120, None)}


def test_the_worklist_has_the_lists_own_flags_worst_first(shop: Store) -> None:
    tasks = figures.worklist(shop, DOMESTIC, oldest=3, **HERE)
    assert [task.flag for task in tasks] == [flag for flag in Flag if flag in {task.flag for task in tasks}]
    rows = [row for row in all_rows(shop, flagged=figures.FRESH) if row["flag"]]
    assert sum(task.shipments for task in tasks) == len(rows) > 20
    for task in tasks:
        alike = [row["shipment_no"] for row in rows if row["flag"] == task.flag]
        assert task.shipments == len(alike) >= task.today
        assert {row["shipment_no"] for row in task.oldest} <= set(alike)
        assert [row["since"] for row in task.oldest] == sorted(row["since"] for row in task.oldest)
        assert 0 < task.most_at[1] <= task.shipments


def all_rows(store: Store, **wanted: Any) -> list[dict[str, Any]]:
    return queries.everything(store, Selection(tab=Tab.ALL, kind=Kind.STANDARD, **wanted), Order(), **HERE).to_pylist()


def test_what_is_old_is_no_work_of_today_and_all_flagged_ones_are_in_one_of_the_two(shop: Store) -> None:
    today, old = figures.worklist(shop, DOMESTIC, **HERE), figures.old_work(shop, DOMESTIC, **HERE)
    flagged = Counter(row["flag"] for row in all_rows(shop) if row["flag"])
    assert (
        Counter({task.flag: task.shipments for task in today}) + Counter({task.flag: task.shipments for task in old}) == flagged
    )
    month = timedelta(days=30)
    assert all(NOW - row["since"] < month for task in today for row in task.oldest)
    assert all(NOW - row["since"] >= month for task in old for row in task.oldest)
    assert sum(task.today for task in old) == 0


def ordered_long_ago(**fields: Any) -> Shipment:
    long_ago = NOW - timedelta(days=90)
    waiting = State(Status.PREPARING_TO_RELEASE, since=long_ago)
    return a_shipment(ordered_at=long_ago, released_at=long_ago, **{"state": waiting} | fields)


def scanned(stage: Stage, days: int) -> Shipment:
    registered = an_invoice(at=NOW - timedelta(days=80))
    return ordered_long_ago(invoice=registered, scans=[a_checkpoint(stage, NOW - timedelta(days=days))])


OLD_AND_NEW = {
    "silent for long": (scanned(Stage.IN_TRANSIT, 40), "old"),
    "silent for 29 days beyond the three": (scanned(Stage.IN_TRANSIT, 32), "new"),
    "returned long ago": (scanned(Stage.RETURNED, 31), "old"),
    "a pre-order that is overdue since yesterday": (ordered_long_ago(ship_by=TODAY - timedelta(days=1)), "new"),
    "overdue for long": (ordered_long_ago(ship_by=TODAY - timedelta(days=40)), "old"),
    "overdue for long and registered now": (
        ordered_long_ago(ship_by=TODAY - timedelta(days=40), invoice=an_invoice(at=NOW - timedelta(hours=1))),
        "new",
    ),
    "a pre-order that is due tomorrow": (ordered_long_ago(promised_on=TODAY + timedelta(days=1)), "new"),
}


@pytest.mark.parametrize(("shipment", "when"), OLD_AND_NEW.values(), ids=OLD_AND_NEW)
def test_old_is_what_has_had_its_flag_for_a_month(shipment: Shipment, when: str) -> None:
    store = a_store(shipment)
    new, old = figures.worklist(store, DOMESTIC, **HERE), figures.old_work(store, DOMESTIC, **HERE)
    assert ([task.shipments for task in new], [task.shipments for task in old]) == (([1], []) if when == "new" else ([], [1]))


def test_the_worklist_says_how_many_are_new_today() -> None:
    overdue = [a_shipment(f"S-{days}", ship_by=TODAY - timedelta(days=days)) for days in (1, 1, 2)]
    store = a_store(*(one.but(shipment_no=f"S-{n}") for n, one in enumerate(overdue)))
    (task,) = figures.worklist(store, DOMESTIC, **HERE)
    assert (task.shipments, task.today) == (3, 2)


def test_a_distribution_has_everyone_and_the_norm_is_the_56_days_before(shop: Store, table: pd.DataFrame) -> None:
    found = figures.distribution(shop, Figure.TRANSIT, MONTH, DOMESTIC, **HERE)
    assert found.value == the(Figure.TRANSIT, shop, compare=False).__class__(**vars(found.value))
    assert sum(one.finished for one in found.bins) == found.value.numerator
    assert sum(one.finished + one.open for one in found.bins) == found.value.denominator
    assert sum(one.finished + one.open for one in found.norm_bins) == found.norm.denominator
    assert [(one.low, one.high) for one in found.bins] == [(one.low, one.high) for one in found.norm_bins]
    assert all(one.high == other.low for one, other in itertools.pairwise(found.bins))
    rows = table[(table.destination == "domestic") & (table.kind == "standard")]
    norm = by_pandas.figures(rows, MONTH.first - timedelta(days=56), MONTH.first - timedelta(days=1), zone=SEOUL, now=NOW)[
        "transit"
    ]
    assert (found.norm.p50, found.norm.p90) == (pytest.approx(norm["p50"]), pytest.approx(norm["p90"]))


def test_a_distribution_of_one_lane_is_of_its_shipments_only(shop: Store) -> None:
    lane = Lane("ICN1", "JP", "ems")
    found = figures.distribution(shop, Figure.TRANSIT, ALL, ABROAD, lane=lane, **HERE)
    rows = figures.rows_of(shop, Figure.TRANSIT, ALL, ABROAD.on(lane), Part.DENOMINATOR, limit=5000, **HERE)
    assert {(row["warehouse"], row["country"], row["carrier"]) for row in rows} == {("ICN1", "JP", "ems")}
    assert found.value.denominator == len(rows) > 5


def test_a_share_has_no_distribution(shop: Store) -> None:
    for figure in (Figure.ON_TIME, Figure.BACKLOG, Figure.ORDERED):
        with pytest.raises(Refused, match="Choose a figure in hours"):
            figures.distribution(shop, figure, MONTH, DOMESTIC, **HERE)


def test_a_heat_map_is_the_figure_of_each_lane_and_week(shop: Store) -> None:
    heat = figures.heat(shop, MONTH, ABROAD, most_lanes=5, **HERE)
    assert heat.weeks == tuple(date(2026, 10, 12) + timedelta(days=7 * n) for n in range(6))
    assert len(heat.lanes) == 5 and {lane for lane, _ in heat.cells} <= set(heat.lanes)
    for lane in heat.lanes:
        weeks = figures.split(shop, MONTH, ABROAD.on(lane), TimeSplit.WEEK, **HERE)
        found = {week.isoformat(): cell.value for (other, week), cell in heat.cells.items() if other == lane}
        assert found == {week: values[Figure.ON_TIME] for week, values in weeks.items()}


def test_where_the_hours_went_adds_up(shop: Store) -> None:
    found = figures.segments(shop, MONTH, DOMESTIC, **HERE)
    assert [step.segment for step in found.steps] == list(Segment)
    assert found.shipments + found.unknown == the(Figure.ON_TIME, shop).rest
    assert found.norm_hours + sum(step.extra for step in found.steps) == pytest.approx(found.late_hours)
    assert found.late_hours > found.norm_hours > 0


def test_hours_are_laid_to_the_step_that_took_them() -> None:
    usual = [shipped(n, nov(10) - timedelta(days=40), attempted=nov(11) - timedelta(days=40)) for n in range(1, 21)]
    scans = [a_checkpoint(Stage.PICKED_UP, nov(10, 22)), a_checkpoint(Stage.ATTEMPT_FAILED, nov(13))]
    late = a_shipment(
        "S-99",
        ordered_at=nov(10, 9),
        released_at=nov(10, 14),
        invoice=an_invoice("99", nov(10, 20)),
        scans=[*scans, a_checkpoint(Stage.DELIVERED, nov(14))],
        promised_on=date(2026, 11, 11),
    )
    found = figures.segments(a_store(*usual, late), MONTH, DOMESTIC, **HERE)
    assert [(step.late, step.norm) for step in found.steps] == [(5, 0), (6, 1), (2, 1), (59, 22), (24, 0)]
    assert (found.shipments, found.unknown, found.late_hours, found.norm_hours) == (1, 0, 96, 24)


def test_a_parcel_still_waiting_spends_its_hours_in_the_step_it_waits_for() -> None:
    usual = [shipped(n, nov(10) - timedelta(days=40), attempted=nov(11) - timedelta(days=40)) for n in range(1, 21)]
    stuck = a_shipment("S-99", ordered_at=nov(10), released_at=nov(10, 10), promised_on=date(2026, 11, 12))
    found = figures.segments(a_store(*usual, stuck), MONTH, DOMESTIC, **HERE)
    assert [step.late for step in found.steps] == [1, 143, 0, 0, 0]


def test_late_parcels_without_a_time_in_between_are_told_apart(shop: Store) -> None:
    delivered = a_checkpoint(Stage.DELIVERED, nov(14), invoice_id=None)
    store = a_store(a_shipment(scans=[delivered], promised_on=date(2026, 11, 12)))
    found = figures.segments(store, MONTH, DOMESTIC, **HERE)
    assert (found.shipments, found.unknown, found.why) == (0, 1, NoFigure.NO_NORM)


def on_lane(number: int, country: str, carrier: str, late: bool) -> Shipment:
    one = shipped(number, nov(10), attempted=nov(15 if late else 13), promised_on=date(2026, 11, 14))
    invoice = an_invoice(f"{number:012}", nov(10, 10), carrier=carrier)
    return one.but(address=replace(one.address, country=country), invoices=(invoice,))


def test_carriers_are_compared_at_the_same_lane_mix() -> None:
    lanes = [("JP", "cj", 90, 9), ("DE", "cj", 10, 5), ("JP", "hanjin", 10, 0), ("DE", "hanjin", 90, 36)]
    numbers = itertools.count(1)
    store = a_store(
        *(on_lane(next(numbers), country, who, n < late) for country, who, count, late in lanes for n in range(count))
    )
    card = figures.scorecard(store, MONTH, DOMESTIC, **HERE)
    assert [score.carrier for score in card.scores] == ["hanjin", "cj"]
    hanjin, cj = card.scores
    assert (cj.raw.value, hanjin.raw.value) == (0.86, 0.64)
    assert (cj.value, hanjin.value) == (pytest.approx(0.5 * 0.9 + 0.5 * 0.5), pytest.approx(0.5 * 1.0 + 0.5 * 0.6))
    assert cj.effective == pytest.approx(1 / (0.25 / 90 + 0.25 / 10)) and cj.coverage == 1.0
    assert cj.low < cj.value < cj.high
    assert (card.overall.numerator, card.overall.denominator) == (150, 200)


def test_a_carrier_with_few_shipments_or_half_the_lanes_says_so() -> None:
    numbers = itertools.count(1)
    lanes = [("JP", "cj", 40), ("DE", "cj", 40), ("JP", "hanjin", 40), ("DE", "ups", 19)]
    store = a_store(*(on_lane(next(numbers), country, who, late=False) for country, who, count in lanes for n in range(count)))
    scores = {score.carrier: score for score in figures.scorecard(store, MONTH, DOMESTIC, **HERE).scores}
    assert (scores["ups"].value, scores["ups"].why) == (None, NoFigure.TOO_FEW)
    assert scores["hanjin"].coverage == pytest.approx(80 / 139)
    assert scores["hanjin"].value == 1.0


def test_a_cross_table_has_totals_and_opens_to_the_same_numbers(shop: Store) -> None:
    found = figures.pivot(shop, MONTH, DOMESTIC, ("carrier", TimeSplit.WEEKDAY), Figure.ON_TIME, **HERE)
    assert list(found.columns) == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    whole = the(Figure.ON_TIME, shop)
    for values in (found.rows, found.columns, found.cells):
        assert sum(value.numerator for value in values.values()) == whole.numerator
    cj = the(Figure.ON_TIME, shop, where=Selection(carrier=("cj",)))
    assert (found.rows["cj"].numerator, found.rows["cj"].denominator) == (cj.numerator, cj.denominator)


@pytest.mark.parametrize(("a", "b"), list(itertools.pairwise(["destination", "kind", *SPLITS, "carrier"])))
@pytest.mark.parametrize("figure", [Figure.RETURN, Figure.TRANSIT])
def test_any_two_dimensions_can_be_crossed(shop: Store, a: str, b: str, figure: Figure) -> None:
    found = figures.pivot(shop, MONTH, ABROAD, (a, b), figure, **HERE)
    assert sum(value.denominator for value in found.cells.values()) == the(figure, shop, where=ABROAD).denominator
    assert {one for one, _ in found.cells} == set(found.rows) and {other for _, other in found.cells} == set(found.columns)
    assert all(value.p50 is not None for value in found.cells.values() if figure is Figure.TRANSIT and value.denominator)


def test_the_same_dimension_twice_is_refused(shop: Store) -> None:
    with pytest.raises(Refused) as refusal:
        figures.pivot(shop, MONTH, DOMESTIC, (TimeSplit.WEEK, TimeSplit.WEEK), Figure.ON_TIME, **HERE)
    assert refusal.value.reason is Unanswerable.SAME_DIMENSION


def test_a_figure_of_another_kind_cannot_be_spread_out_or_scored(shop: Store) -> None:
    with pytest.raises(Refused) as no_hours:
        figures.distribution(shop, Figure.ON_TIME, MONTH, DOMESTIC, **HERE)
    with pytest.raises(Refused) as no_share:
        figures.scorecard(shop, MONTH, DOMESTIC, figure=Figure.TRANSIT, **HERE)
    assert (no_hours.value.reason, no_share.value.reason) == (Unanswerable.NOT_IN_HOURS, Unanswerable.NO_SHARE)


def past(number: int, late: bool, picked_up: int) -> Shipment:
    """Ordered on 1 October and promised for the 6th; picked up so many days before that, attempted on it or a day later."""
    scans = [
        a_checkpoint(Stage.PICKED_UP, datetime(2026, 10, 6 - picked_up, 1, tzinfo=UTC)),
        a_checkpoint(Stage.DELIVERED, datetime(2026, 10, 7 if late else 6, 2, tzinfo=UTC)),
    ]
    return a_shipment(
        f"P-{number}",
        ordered_at=datetime(2026, 10, 1, 1, tzinfo=UTC),
        released_at=None,
        promised_on=date(2026, 10, 6),
        invoice=an_invoice(f"{number}", datetime(2026, 10, 1, 2, tzinfo=UTC)),
        scans=scans,
    )


def test_the_risk_is_the_share_of_alike_past_shipments_that_ended_late() -> None:
    # Two days to go: those picked up three days before were moving, those picked up on the last day waited.
    early = [past(n, late=n <= 4, picked_up=3) for n in range(1, 41)]
    last_minute = [past(n, late=n <= 45, picked_up=0) for n in range(41, 61)]
    promised = TODAY + timedelta(days=2)
    moving = shipped(91, nov(14), promised_on=promised)
    waiting = a_shipment("S-92", ordered_at=nov(14), promised_on=promised, invoice=an_invoice("92", nov(15)))
    found = figures.risk(a_store(*early, *last_minute, moving, waiting), DOMESTIC, **HERE)
    assert [(one.shipment_no, one.stage, one.late, one.cases, one.share) for one in found] == [
        ("S-92", "waiting", 5, 20, 0.25),
        ("S-91", "moving", 4, 40, 0.1),
    ]
    assert {(one.lane, one.days_left) for one in found} == {(Lane("Icheon", "KR", "cj"), 2)}


def test_shipments_of_one_risk_stand_as_they_were_ordered() -> None:
    history = [past(n, late=n <= 5, picked_up=3) for n in range(1, 21)]
    alike = [shipped(90 + n, nov(14), promised_on=TODAY) for n in (5, 3, 1, 4, 2)]
    later = shipped(96, nov(14) + timedelta(minutes=1), promised_on=TODAY)
    store = a_store(*history, later, *alike)
    looks = [[one.shipment_no for one in figures.risk(store, DOMESTIC, **HERE)] for _ in range(3)]
    assert looks == [[*(one.shipment_no for one in alike), "S-96"]] * 3


def test_a_lane_without_a_past_takes_a_wider_one_and_then_says_nothing() -> None:
    history = [past(n, late=n <= 5, picked_up=3) for n in range(1, 21)]
    other = shipped(91, nov(14), promised_on=TODAY, warehouse="Gimpo")
    assert [(one.lane, one.share) for one in figures.risk(a_store(*history, other), DOMESTIC, **HERE)] == [(None, 0.25)]
    assert [(one.cases, one.share) for one in figures.risk(a_store(*history[1:], other), DOMESTIC, **HERE)] == [(19, None)]


def test_risk_is_asked_of_every_open_promise_and_cut_at_the_limit(shop: Store) -> None:
    found = figures.risk(shop, DOMESTIC, limit=10_000, **HERE)
    rows = shop.rows(_PROMISED, {"today": TODAY})
    assert {one.shipment_no for one in found} == {row["shipment_no"] for row in rows}
    shares = [-1.0 if one.share is None else one.share for one in found]
    assert shares == sorted(shares, reverse=True) and len(set(shares)) > 3
    assert figures.risk(shop, DOMESTIC, limit=7, **HERE) == found[:7]


def test_the_report_has_every_figure_of_every_part_and_carrier(shop: Store) -> None:
    report = figures.report(shop, MONTH.first, MONTH.last, **HERE)
    lines = report["figures"]
    assert (report["from"], report["to"], report["zone"]) == ("2026-10-18", "2026-11-16", "Asia/Seoul")
    wholes = [line for line in lines if line["carrier"] is None]
    assert [(line["destination"], line["kind"], line["figure"]) for line in wholes] == [
        (*part, figure) for part in PARTS for figure in Figure
    ]
    for destination, kind in PARTS:
        values = figures.figures(shop, MONTH, Selection(destination=destination, kind=kind), **HERE)
        for figure, value in values.items():
            own = [one for one in lines if (one["destination"], one["kind"], one["figure"]) == (destination, kind, figure)]
            whole, *carriers = own
            assert (whole["numerator"], whole["denominator"], whole["value"], whole["p90"]) == (
                value.numerator, value.denominator, value.value, value.p90,
            )  # fmt: skip
            assert sum(line["numerator"] for line in carriers) == value.numerator
            assert sum(line["denominator"] for line in carriers) == value.denominator


def test_the_report_can_be_read(shop: Store) -> None:
    lines = list(figures.as_lines(figures.report(shop, MONTH.first, MONTH.last, **HERE), {"cj": "CJ Logistics"}))
    value = the(Figure.ON_TIME, shop)
    place = lines.index("\nDomestic, General, all shipping companies")
    assert lines[place + 1].split() == [
        "On-time", "delivery", f"{value.numerator:,}", "of", f"{value.denominator:,}", f"{value.value:.1%}",
    ]  # fmt: skip
    assert "\nDomestic, General, CJ Logistics" in lines


def test_the_sheet_of_a_figure_says_what_was_asked(shop: Store) -> None:
    sheet = figures.definition_sheet(
        Figure.ON_TIME, MONTH, Selection(carrier=("cj", "")), rules=RULES, clock=HERE["visit"].clock
    )
    said = dict(sheet)
    assert said["Figure"] == "On-time delivery" and said["Days"] == "2026-10-18 to 2026-11-16, by order date"
    assert (said["Shipping company"], said["As of"]) == ("CJ Logistics, No invoice", "2026-11-16 18:00")
    assert [text for label, text in sheet if label == "Left out"] == list(DEFINITIONS[Figure.ON_TIME].exclusions)
    assert (
        dict(figures.definition_sheet(Figure.BACKLOG, MONTH, DOMESTIC, rules=RULES, clock=HERE["visit"].clock))["Days"]
        == "As of now"
    )


def test_figures_of_a_file_survive_its_reopening(tmp_path: Any) -> None:
    store = Store.open(tmp_path / "desk.duckdb", threads=1)
    make_demo(store, RULES, shipments=200, now=NOW, zone=SEOUL)
    before = figures.figures(store, ALL, DOMESTIC, **HERE)
    store.close()
    again = opened(Store.open(tmp_path / "desk.duckdb", threads=1))
    assert figures.figures(again, ALL, DOMESTIC, **HERE) == before


_COUNTS = (Figure.ORDERED, Figure.SHIPPED, Figure.DELIVERED, Figure.OPEN)
_OPEN = """
SELECT shipment_no, status_since FROM shipment
WHERE destination = 'domestic' AND kind = 'standard' AND status <> 'delivered' AND closed_at IS NULL
"""
_PROMISED = """
SELECT shipment_no FROM shipment
WHERE destination = 'domestic' AND kind = 'standard' AND status <> 'delivered' AND closed_at IS NULL
  AND word IS DISTINCT FROM 'cancellation' AND first_attempt_at IS NULL AND promised_on >= $today
"""
