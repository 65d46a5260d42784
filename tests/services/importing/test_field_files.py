"""Small files as shops and their programs write them, each with what it means."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.config import ROOT
from core.services import importing
from core.services.importing.reasons import RowFinding
from core.services.importing.running import ImportReport
from core.services.shipments.changes import Request
from core.store.database import Store
from tests.builders import CJ, RULES, SEOUL, a_store, nov
from tests.services.importing.given import IMPORTER, of_a_file

FIELD = ROOT / "tests" / "data" / "field"


def imported(file: str, zone: ZoneInfo = SEOUL) -> tuple[Store, ImportReport]:
    store = a_store()
    desk = of_a_file({"request": Request(IMPORTER, nov(28)), "shop": importing.ShopHome(zone, "KR")})
    return store, importing.import_file(store, RULES, importing.FileOrder(FIELD / file), dry_run=False, **desk)


def column(store: Store, name: str) -> list[Any]:
    return [row[name] for row in store.rows(f"SELECT {name} FROM shipment ORDER BY shipment_id")]


@pytest.mark.parametrize(
    ("file", "shipment_nos", "order_nos", "invoice_nos"),
    [
        ("i10_equals_text.csv", ["0001"], ["O-1"], [CJ]),
        ("j01_equals_no_invoice.csv", ["0001", "0002"], ["O-0001", "O-0002"], [None, None]),
        ("j03_float_ids.csv", ["10001"], ["20001"], [CJ]),
        ("l01_float_no_invoice.csv", ["10001"], ["20001"], [None]),
    ],
)
def test_numbers_are_read_as_they_are_meant(
    file: str, shipment_nos: list[str], order_nos: list[str], invoice_nos: list[str | None]
) -> None:
    store, report = imported(file)
    assert (report.refused, report.warnings) == ((), ())
    assert [column(store, name) for name in ("shipment_no", "order_no", "invoice_no")] == [shipment_nos, order_nos, invoice_nos]


def test_a_moment_with_a_blank_before_its_zone_is_that_moment() -> None:
    store, report = imported("j02_shopify_dates.csv")
    assert (report.new, column(store, "ordered_at")) == (1, [datetime(2026, 11, 20, 1, tzinfo=UTC)])


def test_five_spellings_are_one_shipment_and_it_is_said() -> None:
    store, report = imported("j05_case_dup.csv")
    assert (report.new, report.refused, column(store, "shipment_no")) == (1, (), ["S-1"])
    assert {finding.whys[0].reason for finding in report.warnings} == {RowFinding.SAME_NUMBER}


def test_every_country_is_known() -> None:
    store, report = imported("j10_country_words.csv")
    assert (report.refused, len(column(store, "country"))) == ((), report.rows)


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/New_York", "Pacific/Auckland", "Pacific/Pago_Pago", "UTC"])
@pytest.mark.parametrize("file", ["m01_promise_utc_midnight.csv", "m02_promise_end_of_day.csv"])
def test_a_day_that_is_written_as_a_moment_stays_that_day_in_any_zone(file: str, zone: str) -> None:
    store, report = imported(file, zone=ZoneInfo(zone))
    assert (report.refused, report.warnings) == ((), ())
    assert {*column(store, "promised_on")} == {date(2026, 11, 20)}
    assert {*column(store, "ship_by")} == {date(2026, 11, 18)}
