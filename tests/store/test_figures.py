"""Days as arithmetic, what befell numbers on their way, and the view of the facts."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.demo import make_demo
from core.domain.figures import DEFINITIONS, FACTS, Figure, Part, TimeSplit
from core.domain.periods import Period
from core.domain.selection import Selection
from core.domain.shipment import Checkpoint, Stage
from core.store import facts, figure_rules, figures
from core.store.database import Connection, Store, select
from core.store.figures import COUNTED, TIMED, Population, Spread
from core.store.local_time import local, midnight
from tests.builders import (
    CJ,
    CJ_OTHER,
    NOW,
    RULES,
    SEOUL,
    a_checkpoint,
    a_scan_arrives,
    a_shipment,
    a_store,
    add,
    an_invoice,
    nov,
    opened,
)
from tests.engines import new_store

ZONES = (
    "Asia/Seoul",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "UTC",
)
MARKED = (Figure.FIRST_ATTEMPT, Figure.FAILURE, Figure.EXCEPTION, Figure.RETURN)
EVERYTHING = Population(SEOUL, NOW)


@pytest.fixture(scope="module")
def shop() -> Iterator[Store]:
    store = new_store()
    make_demo(store, RULES, shipments=1500, now=NOW, zone=SEOUL)
    yield store
    store.close()


def counted(store: Store, question: Population = EVERYTHING, only: tuple[Figure, ...] = COUNTED) -> list[dict[str, object]]:
    groups = (("destination", "kind"), ("carrier",))
    rows = figures.counts(store, question, groups, only)
    return sorted(rows, key=lambda row: str([row[name] for name in ("destination", "kind", "carrier")]))


@pytest.mark.parametrize("name", ZONES)
def test_a_zones_clock_is_that_of_the_calendar_at_every_change(name: str) -> None:
    zone, first = ZoneInfo(name), datetime(2015, 1, 1, tzinfo=UTC)
    moments = [first + timedelta(minutes=61 * n) for n in range(100_000)]
    sql = f"SELECT {local('moment', zone, first, moments[-1])} // 86400000000 AS day FROM (SELECT unnest($moments::TIMESTAMPTZ[]) AS moment)"
    found = [date(1970, 1, 1) + timedelta(days=row["day"]) for row in a_store().figures.rows(sql, {"moments": moments})]
    assert found == [moment.astimezone(zone).date() for moment in moments]


@pytest.mark.parametrize("name", ZONES)
def test_a_day_begins_at_its_first_moment(name: str) -> None:
    zone, first = ZoneInfo(name), date(2017, 1, 1)
    for day in (first + timedelta(days=n) for n in range(3000)):
        start = midnight(day, zone)
        before = (start - timedelta(seconds=1)).astimezone(zone).date()
        assert (start.astimezone(zone).date(), before) == (day, day - timedelta(days=1))


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_days_too(day: date) -> None:
    assert midnight(day, SEOUL).year in (1899, 9000, 8999)


def befell(store: Store) -> dict[str, int]:
    row = figures.counts(store, EVERYTHING, ((),), MARKED)[0]
    return {figure: row[f"{figure}_n"] for figure in MARKED}


def a_journey(*stages: Stage) -> list[Checkpoint]:
    return [a_checkpoint(stage, nov(12) + timedelta(hours=n)) for n, stage in enumerate(stages)]


@pytest.mark.parametrize(
    ("stages", "first_attempt", "failed", "exception", "returned"),
    [
        ((Stage.PICKED_UP, Stage.DELIVERED), 1, 0, 0, 0),
        ((Stage.PICKED_UP, Stage.ATTEMPT_FAILED, Stage.DELIVERED), 0, 1, 0, 0),
        ((Stage.PICKED_UP, Stage.AVAILABLE_FOR_PICKUP, Stage.DELIVERED), 1, 0, 0, 0),
        ((Stage.PICKED_UP, Stage.EXCEPTION, Stage.IN_TRANSIT, Stage.DELIVERED), 1, 0, 1, 0),
        ((Stage.PICKED_UP, Stage.ATTEMPT_FAILED, Stage.RETURNED), 0, 1, 0, 1),
        ((Stage.PICKED_UP, Stage.RETURNED, Stage.PICKED_UP, Stage.DELIVERED), 1, 1, 0, 1),
        ((Stage.PICKED_UP, Stage.LOST), 0, 1, 0, 0),
        ((Stage.PICKED_UP, Stage.DELIVERED, Stage.ATTEMPT_FAILED, Stage.EXCEPTION), 1, 0, 0, 0),
    ],
)
def test_what_befell_a_shipment(
    stages: tuple[Stage, ...], first_attempt: int, failed: int, exception: int, returned: int
) -> None:
    store = a_store(a_shipment(scans=a_journey(*stages)))
    assert list(befell(store).values()) == [first_attempt, failed, exception, returned]


def test_an_imported_past_without_a_number_befell_too() -> None:
    scans = [
        replace(scan, invoice_id=None)
        for scan in a_journey(Stage.PICKED_UP, Stage.EXCEPTION, Stage.ATTEMPT_FAILED, Stage.DELIVERED)
    ]
    assert list(befell(a_store(a_shipment(scans=scans))).values()) == [0, 1, 1, 0]


@pytest.mark.parametrize("figure", Figure)
def test_whom_the_query_leaves_out_is_whom_the_definition_names(figure: Figure) -> None:
    assert tuple(reason for _, reason in figure_rules.RULES[figure].without) == DEFINITIONS[figure].exclusions


def test_what_befell_another_number_or_an_earlier_use_of_it_does_not_count() -> None:
    old = a_checkpoint(Stage.ATTEMPT_FAILED, nov(11, 12), invoice_id=7)
    reused = a_checkpoint(Stage.ATTEMPT_FAILED, nov(1))
    replaced = (an_invoice(CJ_OTHER, nov(11), invoice_id=7), an_invoice(CJ, nov(12)))
    store = a_store(
        a_shipment("S-1", invoices=replaced, scans=[old, *a_journey(Stage.PICKED_UP, Stage.DELIVERED)]),
        a_shipment("S-2", scans=[reused, *a_journey(Stage.PICKED_UP, Stage.DELIVERED)]),
    )
    assert befell(store) == {Figure.FIRST_ATTEMPT: 2, Figure.FAILURE: 0, Figure.EXCEPTION: 0, Figure.RETURN: 0}


def test_news_is_known_at_once() -> None:
    store = a_store(a_shipment(scans=a_journey(Stage.PICKED_UP)))
    a_scan_arrives(store, "S-1", Stage.ATTEMPT_FAILED, nov(13, 12))
    a_scan_arrives(store, "S-1", Stage.DELIVERED, nov(14, 12))
    assert befell(store) == {Figure.FIRST_ATTEMPT: 0, Figure.FAILURE: 1, Figure.EXCEPTION: 0, Figure.RETURN: 0}


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(6)))
def test_what_befell_is_the_same_whatever_the_order_scans_came_in(order: list[int]) -> None:
    scans = a_journey(Stage.PICKED_UP, *([Stage.ATTEMPT_FAILED, Stage.EXCEPTION] * 2), Stage.RETURNED)
    with closing(new_store()) as store:
        add(store, a_shipment(invoice=an_invoice()))
        for place in order:
            a_scan_arrives(store, "S-1", scans[place].stage, scans[place].happened_at)
        assert list(befell(store).values()) == [0, 1, 1, 1]


def test_a_return_after_the_delivery_is_a_return_and_no_failure() -> None:
    store = a_store(a_shipment(scans=a_journey(Stage.PICKED_UP, Stage.DELIVERED, Stage.PICKED_UP, Stage.DELIVERED)))
    assert befell(store) == {Figure.FIRST_ATTEMPT: 1, Figure.FAILURE: 0, Figure.EXCEPTION: 0, Figure.RETURN: 1}


@pytest.mark.parametrize("figure", Figure)
def test_every_shipment_is_counted_or_left_out_with_a_reason(shop: Store, figure: Figure) -> None:
    number = {part: figures.count_behind(shop, EVERYTHING, figure, part) for part in Part}
    assert number[Part.NUMERATOR] + number[Part.REST] == number[Part.DENOMINATOR] > 0
    assert number[Part.DENOMINATOR] + number[Part.EXCLUDED] == 1500
    assert sum(figures.why(shop, EVERYTHING, figure).values()) == number[Part.EXCLUDED]


@pytest.mark.parametrize("figure", TIMED)
def test_a_histogram_has_everyone_whose_hours_count(shop: Store, figure: Figure) -> None:
    rows = figures.ages(shop, EVERYTHING, figure, 6.0, 20)
    counts = figures.counts(shop, EVERYTHING, ((),), (figure,))[0]
    assert sum(row["finished"] for row in rows) == counts[f"{figure}_n"]
    assert sum(row["finished"] + row["open"] for row in rows) == counts[f"{figure}_d"]


def test_the_rows_behind_a_figure_are_exactly_those_it_counts(shop: Store) -> None:
    ids = figures.behind(shop, EVERYTHING, Figure.ON_TIME, Part.REST)
    rows = figures.rows_behind(shop, EVERYTHING, Figure.ON_TIME, ids)
    assert len(rows) == figures.count_behind(shop, EVERYTHING, Figure.ON_TIME, Part.REST) > 20
    assert [row["shipment_id"] for row in rows] == ids
    assert {(row["on_time"], row["why"]) for row in rows} == {(False, None)}
    assert figures.behind(shop, EVERYTHING, Figure.ON_TIME, Part.REST, limit=5, offset=10) == ids[10:15]


def test_the_view_has_the_documented_columns_and_agrees_with_the_figures(shop: Store) -> None:
    def ask(connection: Connection) -> tuple[list[str], list[dict[str, object]]]:
        facts.facts_view(connection, zone=SEOUL, now=NOW)
        names = [row[0] for row in connection.execute("DESCRIBE shipment_facts").fetchall()]
        return names, select(connection, _BY_VIEW)

    names, found = shop.figures.snapshot(ask)
    assert names == list(FACTS)
    wanted = figures.counts(shop, Population(SEOUL, NOW, Selection()))[0]
    assert found[0] == {
        **{name: wanted[f"{figure}_n"] for name, figure in _OF_VIEW.items()},
        **{f"of_{name}": wanted[f"{figure}_d"] for name, figure in _OF_VIEW.items()},
    }
    assert shop.rows("SELECT count(*) AS n FROM information_schema.views WHERE table_name = 'shipment_facts'")[0]["n"] == 0


def test_the_table_for_a_file_has_the_same_rows(shop: Store) -> None:
    table = figures.table_behind(shop, EVERYTHING, Figure.TRANSIT, Part.EXCLUDED)
    assert table.column_names == [*FACTS, "invoice_no", "why", "costliest_step", "hours_beyond_norm"]
    assert table.num_rows == figures.count_behind(shop, EVERYTHING, Figure.TRANSIT, Part.EXCLUDED)
    assert table["why"].null_count == 0


def test_a_backup_has_the_same_figures(tmp_path: Path) -> None:
    store = opened(Store.open(tmp_path / "desk.duckdb", threads=1))
    make_demo(store, RULES, shipments=60, now=NOW, zone=SEOUL)
    store.backup(tmp_path / "copy.duckdb")
    copy = opened(Store.open(tmp_path / "copy.duckdb", threads=1))
    assert counted(copy) == counted(store)


_OF_VIEW = {
    "on_time": Figure.ON_TIME,
    "shipped_late": Figure.LATE_SHIPMENT,
    "first_attempt_success": Figure.FIRST_ATTEMPT,
    "failed": Figure.FAILURE,
    "met_exception": Figure.EXCEPTION,
    "returned": Figure.RETURN,
    "valid_tracking": Figure.VALID_TRACKING,
}
_BY_VIEW = (
    "SELECT "
    + ", ".join(f"count_if({name}) AS {name}, count({name}) AS of_{name}" for name in _OF_VIEW)
    + " FROM shipment_facts WHERE destination = 'domestic' AND kind = 'standard'"
)


def test_hours_that_are_asked_together_are_those_asked_alone(shop: Store) -> None:
    today = NOW.astimezone(SEOUL).date()
    period = Period.up_to(today, 56)
    question = Population(SEOUL, NOW, Selection(), period, period.before(), NOW - timedelta(days=period.back))
    asked = (
        Spread((), tuple(TIMED), (0.5, 0.9, 0.45, 0.55)),
        Spread(("carrier",), (Figure.TRANSIT,)),
        Spread((TimeSplit.DAY,), (Figure.ORDER_TO_SHIP, Figure.TRANSIT)),
    )
    alone = [row for one in asked for row in figures.spreads(shop, question, [one])]
    together = figures.spreads(shop, question, asked)
    assert in_order(told(row) for row in together) == in_order(told(row) for row in alone)


def told(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if value is not None}


def in_order(rows: Iterable[dict[str, object]]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)
