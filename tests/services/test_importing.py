"""Imports: what a file says arrives exactly, what it cannot say is told by row, and a second run changes nothing."""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.config import ROOT
from core.domain.errors import Refused
from core.domain.shipment import Kind, Stage, Status
from core.domain.status import folded
from core.services import importing
from core.services.importing import COLUMNS, ImportPlan, ImportReport, Mapping, parse_mapping, propose
from core.services.shipments import actions, invoices, undo
from core.services.shipments.changes import Actor
from core.services.shipments.invoices import Entry
from core.store import history, imports, shipments
from core.store.database import Store
from tests.builders import (
    ADDRESS,
    CJ,
    CJ_OTHER,
    HANA,
    HANJIN,
    NOW,
    RULES,
    SEOUL,
    a_scan_arrives,
    a_shipment,
    a_store,
    an_invoice,
    nov,
    the,
)  # fmt: skip

IMPORTER = Actor("Hana Seo", "import")
LOGEN_DOUBTFUL = "95825729135"
EXCERPT = ROOT / "tests" / "data" / "usaid_excerpt.csv"
WHOLE = Path(os.environ.get("USAID_CSV", ROOT / "data" / "usaid_scms_deliveries.csv"))
REQUIRED = {"shipment_no": "S-1", "order_no": "O-1", "ordered_at": "2026-11-10T18:00:00+09:00", "country": "KR"}


def a_file(*rows: dict[str, str]) -> bytes:
    """A CSV file of these rows; each has what is required unless it says otherwise."""
    given = [REQUIRED | row for row in rows]
    headers = list(dict.fromkeys(name for row in given for name in row))
    lines = [headers, *([row.get(name, "") for name in headers] for row in given)]
    return "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines).encode()


def run(store: Store, file: bytes, mapping: Mapping | str | None = None, **said: Any) -> ImportReport:
    source = importing.read(file, "shipments.csv")
    return importing.run(store, RULES, source, _mapping(source.headers, mapping), by=IMPORTER, **_desk(said))


def plan(store: Store, file: bytes, mapping: Mapping | str | None = None, **said: Any) -> ImportPlan:
    source = importing.read(file, "shipments.csv")
    return importing.plan(store, RULES, source, _mapping(source.headers, mapping), **_desk(said))


def _desk(said: dict[str, Any]) -> dict[str, Any]:
    return {"at": NOW, "zone": SEOUL, "home": "KR", **said}


def _mapping(headers: Sequence[str], mapping: Mapping | str | None) -> Mapping:
    own = importing.own_columns(headers)
    if isinstance(mapping, str):
        lines = "".join(f'{name} = "{header}"\n' for name, (header,) in own.columns.items())
        return parse_mapping(f"[columns]\n{lines}{mapping}")
    return mapping or own


def refusal(report: ImportReport) -> str:
    assert len(report.refused) == 1, report.refused
    return report.refused[0].reason


def imported(**row: str) -> Store:
    store = a_store()
    report = run(store, a_file(row))
    assert (report.new, report.refused) == (1, ()), report
    return store


def counts(report: ImportReport) -> tuple[int, int, int]:
    return report.new, report.changed, report.unchanged


def seoul(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SEOUL)


def rows_in(store: Store, table: str) -> int:
    return int(store.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"])


def test_a_row_in_our_columns_becomes_a_shipment_with_everything_it_says() -> None:
    store = imported(
        kind="exchange", released_at="2026-11-11 09:30", promised_on="2026-11-14", ship_by="2026-11-12", warehouse="Icheon",
        weight_kg="1.25", freight="3000.5", currency="krw", request="문 앞에\n놓아주세요", recipient="Ada Kim",
        postal_code="04524", product_id="P-1", product_name="Mug", quantity="3",
    )  # fmt: skip
    shipment = the(store)
    assert (shipment.kind, shipment.weight_g, shipment.freight, shipment.currency) == (
        Kind.EXCHANGE, 1250, Decimal("3000.50"), "KRW",
    )  # fmt: skip
    assert (shipment.ordered_at, shipment.released_at) == (nov(10), seoul(11, 9, 30))
    assert (shipment.promised_on, shipment.ship_by) == (date(2026, 11, 14), date(2026, 11, 12))
    assert (shipment.address.postal_code, shipment.request) == ("04524", "문 앞에\n놓아주세요")
    assert [(item.product_id, item.name, item.quantity) for item in shipment.items] == [("P-1", "Mug", 3)]
    assert shipment.state.status is Status.PREPARING_TO_RELEASE


def test_what_is_new_is_one_batch_in_the_history_and_can_be_found() -> None:
    store = a_store()
    run(store, a_file({}, {"shipment_no": "S-2", "product_id": "P-9"}))
    assert [(batch["source"], batch["shipments"]) for batch in history.batches(store)] == [("import", 2)]
    assert history.of_shipment(store, 1)[0]["action"] == "imported"
    keys = store.rows("SELECT value FROM search_key WHERE kind = 'product_id'")
    assert keys == [{"value": "P9"}]


def test_the_report_is_the_promised_json() -> None:
    report = run(a_store(), a_file({}, {"shipment_no": "S-2", "country": "Atlantis"}))
    assert report.as_json() == {
        "verdict": "imported",
        "message": "2 rows with 2 shipments: 1 new, 0 changed, 0 unchanged. 1 row refused.",
        "rows": 2,
        "shipments": 2,
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "refused": [
            {
                "row": 3,
                "field": "country",
                "reason": 'Country: "Atlantis" is no country we know. Write its code of two letters, such as KR.',
            }
        ],
        "left_empty": [],
        "warnings": [],
    }


def test_a_plan_writes_nothing_and_shows_what_would_come() -> None:
    store = a_store()
    made = plan(store, a_file({"recipient": "Ada Kim", "weight_kg": "1.5"}))
    assert made.message.startswith("Nothing has been written yet.")
    assert (made.verdict, counts(made)) == ("imported", (1, 0, 0))
    assert made.preview[0] | {"recipient": "Ada Kim", "weight_kg": "1.5"} == made.preview[0]
    assert rows_in(store, "shipment") == 0


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({}, Status.PREPARING_TO_RELEASE),
        ({"carrier": "CJ대한통운", "invoice_no": CJ}, Status.PREPARING_TO_SHIP),
        ({"picked_up_at": "2026-11-12 10:00"}, Status.RELEASED),
        ({"first_attempt_at": "2026-11-12 10:00"}, Status.IN_DELIVERY),
        ({"delivered_at": "2026-11-12 10:00"}, Status.DELIVERED),
        ({"carrier": "cj", "invoice_no": CJ, "delivered_at": "2026-11-12"}, Status.DELIVERED),
    ],
)
def test_the_status_follows_from_the_times(facts: dict[str, str], status: Status) -> None:
    assert the(imported(**facts)).state.status is status


def test_a_first_attempt_without_a_delivery_counts_though_its_result_is_not_told() -> None:
    shipment = the(imported(first_attempt_at="2026-11-12 10:00"))
    assert (shipment.state.status, shipment.state.first_attempt_at) == (Status.IN_DELIVERY, seoul(12, 10))
    assert folded(shipment).state == shipment.state


@pytest.mark.parametrize(
    ("attempt", "delivered", "failed"),
    [
        ("2026-11-12 10:00", "2026-11-13 09:00", True),
        ("2026-11-12 10:00", "2026-11-12 15:00", True),
        ("2026-11-12 10:00", "2026-11-12 10:00", False),
        ("2026-11-12", "2026-11-12 15:00", False),
        ("2026-11-12 10:00", "2026-11-12", False),
        ("2026-11-12", "2026-11-13", True),
    ],
)
def test_a_first_attempt_failed_only_when_the_delivery_came_later(attempt: str, delivered: str, failed: bool) -> None:
    shipment = the(imported(first_attempt_at=attempt, delivered_at=delivered))
    assert (Stage.ATTEMPT_FAILED in {point.stage for point in shipment.checkpoints}) is failed
    assert shipment.state.status is Status.DELIVERED


def test_a_date_alone_is_the_start_of_the_shops_day_but_not_before_what_came_first() -> None:
    store = imported(picked_up_at="2026-11-12 15:00", delivered_at="2026-11-12")
    assert the(store).state.delivered_at == seoul(12, 15)
    assert the(imported(delivered_at="2026-11-12")).state.delivered_at == seoul(12)


@pytest.mark.parametrize(
    ("facts", "moment"),
    [
        ({"invoiced_at": "2026-11-11 12:00", "picked_up_at": "2026-11-12 10:00"}, seoul(11, 12)),
        ({"picked_up_at": "2026-11-12 10:00"}, seoul(12, 10)),
        ({"delivered_at": "2026-11-12 10:00"}, nov(10)),
        ({}, NOW),
    ],
)
def test_an_invoice_was_registered_when_it_says_or_else_when_it_must_have_been(facts: dict[str, str], moment: datetime) -> None:
    invoice = the(imported(carrier="cj", invoice_no=CJ, **facts)).invoice
    assert invoice
    assert invoice.changed_at == moment


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"picked_up_at": "2026-11-13", "delivered_at": "2026-11-12"},
            "Delivered: 2026-11-12 is before Picked up, 2026-11-13.",
        ),
        ({"picked_up_at": "2026-11-01"}, "Picked up: 2026-11-01 is before Ordered, 2026-11-10 18:00."),
        ({"first_attempt_at": "2026-11-13", "delivered_at": "2026-11-12"}, "Delivered: 2026-11-12 is before First attempt"),
        ({"delivered_at": "2026-12-24"}, "Delivered: 2026-12-24 lies in the future. Check the date."),
    ],
)
def test_times_that_cannot_be_true_refuse_the_row_naming_both(facts: dict[str, str], said: str) -> None:
    assert refusal(run(a_store(), a_file(facts))).startswith(said)


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("ordered_at", "", "Ordered is empty. Fill it in."),
        ("ordered_at", "2026-02-30", "no date that exists"),
        ("ordered_at", "03/04/2026", "does not say which is day and which is month"),
        ("ordered_at", "46300", "a date as Excel counts days"),
        ("ordered_at", "0026-11-10", "is in the year 26"),
        ("ordered_at", "20261110", "is no date as expected"),
        ("ordered_at", "2026-W46-2T10:00:00", "is no date as expected"),
        ("ordered_at", "2026-11-10T10:00+0", "is no date as expected"),
        ("shipment_no", "1.23E+11", "was shortened by Excel"),
        ("shipment_no", "---", "no letter and no digit"),
        ("order_no", "#N/A", "the Excel error #N/A"),
        ("order_no", "########", "its column was too narrow"),
        ("order_no", "x" * 65, "has 65 characters; 64 fit"),
        ("weight_kg", "1,234", "the comma may mark decimals or thousands"),
        ("weight_kg", "-1", "is below zero"),
        ("weight_kg", "13 kg", "is not a weight"),
        ("freight", "99999999999", "more than fits"),
        ("quantity", "0", "no quantity"),
        ("quantity", "1.5", "no quantity"),
        ("kind", "refund", "neither standard nor exchange"),
        ("currency", "WONS", "no currency code"),
        ("carrier", "CJ Logistic", "If it is CJ Logistics, write that"),
        ("recipient", "Andr\ufffd", "damaged character"),
    ],
)
def test_a_cell_that_cannot_be_read_refuses_its_row_with_the_reason(column: str, text: str, said: str) -> None:
    extra = {"product_name": "Mug"} if column == "quantity" else {}
    report = run(a_store(), a_file({column: text, **extra}, {"shipment_no": "S-2"}))
    assert [(finding.row, finding.field) for finding in report.refused] == [(2, column)]
    assert said in report.refused[0].reason
    assert report.new == 1


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-10T09:00:00Z", "2026-11-10 18:00", "2026-11-10T18:00:00", "2026-11-10T18:00:00.000", "2026-11-10T09:00+00:00",
        "2026-11-10T18:00:00.000000000+0900", "２０２６-１１-１０ １８:００", " 2026-11-10T18:00:00 ",
    ],
)  # fmt: skip
def test_every_iso_form_of_one_moment_is_that_moment(text: str) -> None:
    assert the(imported(ordered_at=text)).ordered_at == nov(10)


def test_formats_of_the_mapping_are_read_and_an_ambiguous_pair_of_them_is_not_guessed() -> None:
    file = a_file({"ordered_at": "10-Nov-26"}, {"shipment_no": "S-2", "ordered_at": "03/04/2026"})
    report = run(a_store(), file, '[formats]\ndates = ["%d-%b-%y", "%d/%m/%Y", "%m/%d/%Y"]')
    assert report.new == 1
    assert "can be read as 2026-03-04 00:00 and 2026-04-03 00:00" in refusal(report)


def test_a_time_that_the_clocks_skipped_is_refused() -> None:
    report = run(a_store(), a_file({"ordered_at": "2026-03-08 02:30"}), zone=ZoneInfo("America/New_York"))
    assert "the clocks of America/New_York skipped" in refusal(report)


def test_the_zone_of_a_mapping_reads_times_but_days_are_the_shops() -> None:
    store = a_store()
    run(store, a_file({"ordered_at": "2026-11-10 09:00", "delivered_at": "2026-11-12"}), '[formats]\nzone = "UTC"')
    assert (the(store).ordered_at, the(store).state.delivered_at) == (nov(10), seoul(12))


def test_numbers_keep_their_zeros_and_texts_stay_texts() -> None:
    store = imported(
        shipment_no="００１２-３",
        order_no="000045",
        recipient="=cmd|'/c calc'!A0",
        city="ﾔﾏﾀﾞ",
        address="1 Road\r\n\u200b Flat 2",
    )
    shipment = the(store, "0012-3")
    assert (shipment.order_no, shipment.address.recipient) == ("000045", "=cmd|'/c calc'!A0")
    assert (shipment.address.city, shipment.address.address) == ("ﾔﾏﾀﾞ", "1 Road\nFlat 2")


def test_lines_of_a_shipment_are_put_together() -> None:
    file = a_file(
        {"product_id": "P-1", "quantity": "2", "warehouse": "Icheon"},
        {"shipment_no": "S-2", "product_name": "Scarf"},
        {"product_id": "P-2", "product_name": "Mug"},
    )
    store = a_store()
    report = run(store, file)
    assert (report.rows, report.shipments, report.new) == (3, 2, 2)
    assert [(i.product_id, i.name, i.quantity) for i in the(store).items] == [("P-1", "P-1", 2), ("P-2", "Mug", 1)]
    assert [(i.product_id, i.name) for i in the(store, "S-2").items] == [("", "Scarf")]


def test_lines_that_disagree_are_refused_naming_each_other() -> None:
    file = a_file({"warehouse": "Icheon"}, {"warehouse": "Busan"}, {"warehouse": "Icheon"})
    report = run(a_store(), file)
    assert [(f.row, f.field) for f in report.refused] == [(2, ""), (3, "warehouse"), (4, "")]
    assert 'Warehouse is "Busan" here, but "Icheon" in row 2' in report.refused[1].reason
    assert report.refused[0].reason == "Row 3 of the same shipment is refused. Mend that row."


def test_one_bad_line_of_three_refuses_its_shipment_only() -> None:
    lines = [{"product_id": "P-1"}, {"product_id": "P-2", "quantity": "two"}, {"product_id": "P-3"}]
    report = run(a_store(), a_file(*lines, {"shipment_no": "S-2", "product_id": "P-1"}))
    assert [f.row for f in report.refused] == [2, 3, 4]
    assert (report.new, report.shipments) == (1, 2)


def test_measures_per_line_are_added_up_and_the_first_promise_counts() -> None:
    file = a_file(
        {"weight_kg": "1.5", "freight": "10", "promised_on": "2026-11-15", "delivered_at": "2026-11-12"},
        {"weight_kg": "0.5", "freight": "", "promised_on": "2026-11-14", "delivered_at": "2026-11-13"},
    )
    store = a_store()
    run(store, file, '[lines]\nsum = ["weight_kg", "freight"]\nfirst = ["promised_on"]\nlast = ["delivered_at"]')
    shipment = the(store)
    assert (shipment.weight_g, shipment.freight) == (2000, Decimal("10.00"))
    assert (shipment.promised_on, shipment.state.delivered_at) == (date(2026, 11, 14), seoul(13))


def test_a_lenient_cell_is_left_empty_and_told() -> None:
    store = a_store()
    report = run(store, a_file({"weight_kg": "see S-9"}), '[lenient]\ncolumns = ["weight_kg"]')
    assert (report.new, report.refused, the(store).weight_g) == (1, (), None)
    assert report.as_json()["left_empty"][0] | {"row": 2, "field": "weight_kg"} == report.as_json()["left_empty"][0]


def test_blank_words_defaults_translations_and_stand_ins_of_a_mapping() -> None:
    mapping = parse_mapping("""
        [columns]
        shipment_no = "No"
        order_no = "Order"
        ordered_at = ["Paid", "Created"]
        kind = "Type"
        [assumed]
        ordered_at = "Shipped"
        [blank]
        words = ["n/a"]
        [defaults]
        country = "kor"
        [values.kind]
        "Swap" = "exchange"
    """)
    file = b"No,Order,Paid,Created,Shipped,Type\n1,1,N/A,2026-11-10,,swap\n2,2,n/a,n/a,2026-11-11,\n3,3,,,,"
    store = a_store()
    report = run(store, file, mapping)
    assert (the(store, "1").ordered_at, the(store, "1").kind, the(store, "1").address.country) == (
        seoul(10), Kind.EXCHANGE, "KR",
    )  # fmt: skip
    assert the(store, "2").ordered_at == seoul(11)
    assert [(f.row, f.reason) for f in report.warnings] == [(3, 'Ordered: the cell is empty; "Shipped" stands in.')]
    assert refusal(report) == "Ordered is empty. Fill it in."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"invoice_no": CJ + "1", "carrier": "cj"}, "do not fit CJ Logistics"),
        ({"invoice_no": CJ[:-1] + "0", "carrier": "cj"}, "check digit should be"),
        ({"invoice_no": CJ}, "Shipping company is empty"),
        ({"invoice_no": LOGEN_DOUBTFUL, "carrier": "logen"}, "import the shipment without it and confirm it"),
        ({"invoice_no": "6.33E+11", "carrier": "cj"}, "was shortened by Excel"),
    ],
)
def test_an_invoice_number_is_checked_like_everywhere(first: dict[str, str], second: str) -> None:
    assert second in refusal(run(a_store(), a_file(first)))


def test_a_doubtful_number_of_the_past_is_taken_with_the_doubt_in_the_history() -> None:
    store = a_store()
    report = run(store, a_file({"invoice_no": LOGEN_DOUBTFUL, "carrier": "logen", "delivered_at": "2026-11-12"}))
    assert [(f.row, f.field) for f in report.warnings] == [(2, "invoice_no")]
    assert history.of_shipment(store, 1)[0]["reason"].startswith("Taken with a doubt: The Logen check digit")


def test_a_company_without_a_number_is_left_out_and_told() -> None:
    report = run(a_store(), a_file({"carrier": "cj"}))
    assert [(f.row, f.field) for f in report.warnings] == [(2, "carrier")]


def test_one_number_on_two_shipments_of_the_file_refuses_both_while_one_is_under_way() -> None:
    parcel = {"carrier": "cj", "invoice_no": CJ}
    report = run(a_store(), a_file(parcel, {"shipment_no": "S-2", "delivered_at": "2026-11-12", **parcel}))
    assert [(f.row, "S-2" in f.reason) for f in report.refused] == [(2, True), (3, False)]
    past = {"delivered_at": "2026-11-12", **parcel}
    report = run(a_store(), a_file(past, {"shipment_no": "S-2", **past}))
    assert (report.new, len(report.warnings)) == (2, 2)


def test_a_number_on_a_live_shipment_of_the_desk_is_refused_naming_it() -> None:
    store = a_store(a_shipment("S-9", invoice=an_invoice(CJ)))
    assert "is on shipment S-9 already" in refusal(run(store, a_file({"carrier": "cj", "invoice_no": CJ})))


def test_the_same_file_again_changes_nothing_whatever_staff_did_since() -> None:
    store = a_store()
    file = a_file({"recipient": "Ada Kim", "address": "1 Road", "product_id": "P-1"})
    run(store, file)
    actions.edit_address(store, "S-1", replace(ADDRESS, recipient="Eve"), home="KR", by=HANA, at=NOW)
    before = rows_in(store, "history")
    assert counts(run(store, file)) == (0, 0, 1)
    assert (rows_in(store, "history"), rows_in(store, "batch"), the(store).address.recipient) == (before, 2, "Eve")


def test_the_same_values_in_another_form_change_nothing() -> None:
    store = imported(weight_kg="1.50", promised_on="2026-11-14")
    report = run(store, a_file({"weight_kg": "1.5", "promised_on": "2026-11-14T10:00:00+09:00"}))
    assert (counts(report), the(store).version) == ((0, 0, 1), 1)


def test_changed_rows_change_the_shops_own_fields_with_before_and_after() -> None:
    store = imported(warehouse="Icheon", recipient="Ada Kim", product_id="P-1")
    report = run(store, a_file({"warehouse": "Busan", "recipient": "Ada Lee", "country": "JP", "product_id": "P-2"}))
    assert counts(report) == (0, 1, 0)
    shipment, change = the(store), history.of_shipment(store, 1)[0]
    assert (shipment.warehouse, shipment.address.recipient, shipment.destination) == ("Busan", "Ada Lee", "international")
    assert [item.product_id for item in shipment.items] == ["P-2"]
    assert (change["action"], change["before"]["warehouse"], change["after"]["warehouse"]) == ("imported", "Icheon", "Busan")
    assert change["reason"] == "Items were: 1 x P-1. Now: 1 x P-2."
    assert counts(run(store, a_file({"warehouse": "Busan", "recipient": "Ada Lee", "country": "JP", "product_id": "P-2"}))) == (
        0, 0, 1,
    )  # fmt: skip


def test_columns_that_the_file_has_not_are_left_alone() -> None:
    store = imported(warehouse="Icheon", product_id="P-1", weight_kg="2")
    run(store, a_file({"policy": "Express"}))
    shipment = the(store)
    assert (shipment.warehouse, shipment.policy, shipment.weight_g, len(shipment.items)) == ("Icheon", "Express", 2000, 1)


def test_a_changed_order_number_is_found() -> None:
    store = imported()
    run(store, a_file({"order_no": "O-77"}))
    assert [row["shipment_no"] for row in shipments.of_order(store, "O-77")] == ["S-1"]


def test_an_address_frozen_by_an_invoice_stays_and_the_row_is_refused() -> None:
    store = imported(recipient="Ada Kim", city="Seoul", carrier="cj", invoice_no=CJ)
    moved = {"recipient": "Ada Kim", "city": "Busan", "carrier": "cj", "invoice_no": CJ}
    report = run(store, a_file(moved))
    assert (report.refused[0].field, counts(report)) == ("city", (0, 0, 0))
    assert "the address is frozen, because an invoice is registered." in refusal(report)
    assert counts(run(store, a_file(moved | {"city": "Seoul", "policy": "Express"}))) == (0, 1, 0)


def test_a_registered_invoice_is_never_replaced() -> None:
    store = imported(carrier="cj", invoice_no=CJ)
    report = run(store, a_file({"carrier": "cj", "invoice_no": CJ_OTHER}))
    assert refusal(report).startswith(f"Invoice No.: {CJ} is registered. An import never replaces it")
    assert the(store).invoice and the(store).invoice.invoice_no == CJ  # type: ignore[union-attr]


def test_a_first_invoice_is_registered_and_a_deleted_one_is_not_registered_again() -> None:
    store = imported()
    assert counts(run(store, a_file({"carrier": "cj", "invoice_no": CJ}))) == (0, 1, 0)
    invoices.delete(store, "S-1", by=HANA, at=NOW)
    report = run(store, a_file({"carrier": "cj", "invoice_no": CJ, "policy": "Express"}))
    assert (the(store).invoice, the(store).policy, len(report.warnings)) == (None, "Express", 1)


def test_two_known_shipments_get_their_first_invoices_apart() -> None:
    store = a_store()
    run(store, a_file({}, {"shipment_no": "S-2"}))
    numbers = {"S-1": ("cj", CJ), "S-2": ("hanjin", HANJIN)}
    run(store, a_file(*({"shipment_no": s, "carrier": c, "invoice_no": n} for s, (c, n) in numbers.items())))
    found = [the(store, number).invoice for number in numbers]
    assert [event and event.invoice_no for event in found] == [CJ, HANJIN]
    assert len({event and event.invoice_id for event in found}) == 2


def test_new_times_are_added_once() -> None:
    store = imported(carrier="cj", invoice_no=CJ, picked_up_at="2026-11-12 10:00")
    later = {"carrier": "cj", "invoice_no": CJ, "picked_up_at": "2026-11-12 10:00", "delivered_at": "2026-11-13 10:00"}
    assert counts(run(store, a_file(later))) == (0, 1, 0)
    assert counts(run(store, a_file(later | {"policy": "Express"}))) == (0, 1, 0)
    assert (the(store).state.status, rows_in(store, "checkpoint")) == (Status.DELIVERED, 2)


def test_a_recorded_time_stays_and_another_one_is_told() -> None:
    store = a_store(a_shipment(invoice=an_invoice()))
    a_scan_arrives(store, "S-1", Stage.DELIVERED, nov(13))
    said = {"order_no": "O-S-1", "delivered_at": "2026-11-14", "ordered_at": "2026-11-10T09:00Z"}
    report = run(store, a_file(said))
    assert (the(store).state.delivered_at, rows_in(store, "checkpoint")) == (nov(13), 1)
    assert report.warnings[0].reason == "Delivered: 2026-11-13 18:00 is recorded already and stays."


def test_a_pick_up_after_a_recorded_delivery_is_refused() -> None:
    store = imported(delivered_at="2026-11-12 10:00")
    assert "it is after the delivery on 2026-11-12" in refusal(run(store, a_file({"picked_up_at": "2026-11-13"})))


def test_an_error_while_writing_leaves_nothing_written() -> None:
    store = imported()
    store.write(lambda connection: connection.execute("ALTER TABLE history RENAME TO elsewhere"))
    with pytest.raises(Exception, match="history"):
        run(store, a_file({"policy": "Express"}, {"shipment_no": "S-2"}))
    store.write(lambda connection: connection.execute("ALTER TABLE elsewhere RENAME TO history"))
    assert [rows_in(store, table) for table in ("shipment", "batch", "history", "search_key")] == [1, 1, 1, 2]
    assert the(store).policy == ""


def test_a_shipment_that_appears_between_plan_and_run_is_not_added_twice() -> None:
    store, file = a_store(), a_file({})
    assert plan(store, file).new == 1
    run(store, file)
    assert counts(run(store, file)) == (0, 0, 1)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"shipment_no,order_no,country\nS-1,O-1,KR\n", "There is no column for Ordered (ordered_at)."),
        (b"shipment_no,order_no,ordered_at,country\n\n,,,\n", "no rows below its header"),
    ],
)
def test_a_table_that_cannot_be_trusted_is_refused_whole(file: bytes, said: str) -> None:
    report = run(a_store(), file)
    assert (report.verdict, report.new, said in report.message) == ("refused", 0, True)


def test_a_header_twice_is_refused_where_it_is_used() -> None:
    file = b"shipment_no,order_no,ordered_at,country,note,note,country\nS-1,O-1,2026-11-10,KR,,,JP\n"
    assert 'has the column "country" twice' in run(a_store(), file).message
    assert run(a_store(), file.replace(b"note,country", b"note,kind")).new == 0


def test_a_mapping_to_a_header_that_is_not_there_is_refused_whole() -> None:
    report = run(a_store(), a_file({}), Mapping(columns={name: (name,) for name in REQUIRED} | {"city": ("Town",)}))
    assert (report.verdict, 'has no column "Town"' in report.message) == ("refused", True)


def test_progress_rises_to_one_and_names_the_phase() -> None:
    told: list[tuple[float, str]] = []
    run(a_store(), a_file({}), progress=lambda done, word: told.append((done, word)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (1, "Imported")
    assert "Checking" in {word for _, word in told}


# The mapping


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns = 1", "[columns] in the mapping has to be a section"),
        ('[colums]\nx = "y"', "colums is not known here"),
        ('[columns]\nshipment = "No"', "shipment is not known here"),
        ("[columns]\nshipment_no = 5", "has to be a text or a list of texts"),
        ('[formats]\ndates = ["%d/%m"]', "does not give year, month and day"),
        ('[formats]\nzone = "Mars/Base"', "is no time zone"),
        ('[units]\nweight = "stone"', "stone is not known"),
        ('[lines]\nsum = ["warehouse"]', "warehouse is not known here"),
        ('[lenient]\ncolumns = ["wieght"]', "wieght is not known here"),
        ("[defaults]\nwarehouse = 5", "has to be a text"),
        ("[columns", "is not valid TOML"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        parse_mapping(text)


def test_a_mapping_is_the_same_after_it_was_written_and_read() -> None:
    mapping = importing.load_mapping(ROOT / "data" / "usaid_scms.columns.toml")
    assert parse_mapping(mapping.as_toml()) == mapping


def test_a_mapping_file_that_is_not_there_is_a_refusal(tmp_path: Path) -> None:
    report = importing.import_file(
        a_store(), RULES, tmp_path / "a.csv", tmp_path / "no.toml", dry_run=True, by=IMPORTER, **_desk({})
    )
    assert (report.verdict, "cannot be read" in report.message) == ("refused", True)


def test_headers_in_three_languages_are_proposed() -> None:
    headers = ["배송번호", "注文番号", "Order Date", "국가", "ﾎﾝ", "Weight (g)", "Tracking No.", "택배사", "Delivery date"]
    proposed = propose(headers, [])
    assert {name: header for name, (header,) in proposed.columns.items()} == {
        "shipment_no": "배송번호", "order_no": "注文番号", "ordered_at": "Order Date", "country": "국가", "weight_kg": "Weight (g)",
        "invoice_no": "Tracking No.", "carrier": "택배사",
    }  # fmt: skip
    assert proposed.weight_unit == "g"


@pytest.mark.parametrize(
    ("texts", "formats", "doubted"),
    [
        (["2026-11-10", "2026-11-10T10:00:00Z"], (), False),
        (["23/11/2026", "01/02/2026"], ("%d/%m/%Y",), False),
        (["11/23/26", ""], ("%m/%d/%y",), False),
        (["2-Jun-06"], ("%d-%b-%y",), False),
        (["2026. 11. 10"], ("%Y. %m. %d",), False),
        (["11/23/2026 2:05 PM"], ("%m/%d/%Y %I:%M %p",), False),
        (["03/04/2026"], (), True),
        (["03/04/2026 10:00", "Date Not Captured"], (), True),
        (["someday 5"], (), True),
    ],
)
def test_a_date_format_is_proposed_only_when_no_other_reads_the_same(
    texts: list[str], formats: tuple[str, ...], doubted: bool
) -> None:
    proposed = propose(["Ordered"], [{"Ordered": text} for text in texts])
    assert proposed.formats.get("ordered_at", ()) == formats
    assert bool(proposed.doubts) is doubted


# The documentation and the examples


def test_the_table_of_columns_in_the_documentation_is_the_code() -> None:
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (yes|no) \| (.+?) \|$", text, re.MULTILINE)
    assert rows == [(c.name, f"{c.title}: {c.meaning}", "yes" if c.required else "no", c.looks) for c in COLUMNS.values()]


def test_the_mapping_in_the_documentation_can_be_read() -> None:
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.+?)```", text, re.DOTALL)
    assert example
    assert parse_mapping(example[1]).weight_unit == "lb"


def test_the_sample_is_imported_without_a_remark() -> None:
    store = a_store()
    report = importing.import_file(
        store, RULES, ROOT / "data" / "sample_shipments.csv", None, dry_run=False, by=IMPORTER, **_desk({})
    )
    assert (report.rows, report.new, report.refused, report.left_empty, report.warnings) == (12, 9, (), (), ())


def _real(path: Path) -> tuple[Store, ImportReport, ImportReport]:
    store = a_store()
    columns = ROOT / "data" / "usaid_scms.columns.toml"
    said: dict[str, Any] = {"dry_run": False, "by": IMPORTER, **_desk({})}
    return store, *(importing.import_file(store, RULES, path, columns, **said) for _ in range(2))  # type: ignore[return-value]


def test_the_worked_example_reads_difficult_lines_of_the_real_file() -> None:
    store, first, second = _real(EXCERPT)
    assert (first.rows, counts(first), counts(second)) == (50, (30, 0, 0), (0, 0, 30))
    assert (len(first.refused), len(first.left_empty), len(first.warnings)) == (0, 67, 34)
    assert the(store, "ASN-14").address.country == "CI"
    assert the(store, "ASN-14").state.delivered_at == datetime(2006, 8, 27, tzinfo=SEOUL)
    assert the(store, "ASN-26928").promised_on == min(
        row["promised_on"] for row in store.rows("SELECT promised_on FROM shipment WHERE shipment_no = 'ASN-26928'")
    )


@pytest.mark.skipif(not WHOLE.exists(), reason="the whole file is not here")
def test_the_whole_real_file_is_imported_and_reported_line_by_line() -> None:
    store, first, second = _real(WHOLE)
    assert (first.rows, counts(first), counts(second)) == (10_324, (7030, 0, 0), (0, 0, 7030))
    assert (len(first.refused), len(first.left_empty), len(first.warnings)) == (0, 8090, 1931)
    assert (rows_in(store, "item"), rows_in(store, "checkpoint")) == (10_324, 7030)


def test_new_shipments_get_the_state_that_folding_their_facts_gives() -> None:
    store = a_store()
    importing.import_file(store, RULES, ROOT / "data" / "sample_shipments.csv", None, dry_run=False, by=IMPORTER, **_desk({}))
    stored = store.snapshot(lambda c: shipments.load_by_id(c, range(1, 10)))
    assert len(stored) == 9
    assert all(folded(shipment) == shipment for shipment in stored.values())


def test_known_shipments_are_looked_up_by_their_exact_number() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-2"))
    assert store.snapshot(lambda c: imports.known(c, ["S-2", "s-1", "S-3"])) == {"S-2": (2, None)}


def undo_newest(store: Store) -> list[tuple[str, str]]:
    batch = history.batches(store)[0]["batch_id"]
    answers = undo.undo(store, batch, home="KR", by=IMPORTER, at=NOW + timedelta(hours=1))
    return [(one.shipment_no, one.stayed) for one in answers]


def test_undo_of_an_import_takes_its_new_shipments_out_again() -> None:
    store = imported(product_id="P-1", product_name="Linen shirt", carrier="cj", invoice_no=CJ)
    assert undo_newest(store) == [("S-1", "")]
    assert shipments.find(store, "S-1") is None
    assert [rows_in(store, table) for table in ("shipment", "item", "search_key")] == [0, 0, 0]
    assert [row["action"] for row in history.of_shipment(store, 1)] == ["removed", "imported"]


def test_the_corrected_file_is_imported_under_ids_that_were_never_used() -> None:
    store = imported()
    undo_newest(store)
    assert counts(run(store, a_file({}))) == (1, 0, 0)
    again = shipments.find(store, "S-1")
    assert again and again.shipment_id == 2
    assert [row["action"] for row in history.of_shipment(store, 2)] == ["imported"]


def test_a_shipment_that_was_touched_since_its_import_stays() -> None:
    store = a_store()
    run(store, a_file({"shipment_no": "S-1"}, {"shipment_no": "S-2"}))
    batch = history.batches(store)[0]["batch_id"]
    invoices.register(store, RULES, "S-2", Entry("cj", CJ), by=HANA, at=NOW)
    answers = undo.undo(store, batch, home="KR", by=IMPORTER, at=NOW + timedelta(hours=1))
    assert [(one.shipment_no, one.stayed) for one in answers] == [("S-1", ""), ("S-2", "it was changed again since")]


def test_undo_of_an_import_leaves_what_it_only_changed_and_says_so() -> None:
    store = imported(warehouse="Icheon")
    run(store, a_file({"warehouse": "Gimpo"}))
    assert undo_newest(store) == [("S-1", "the import changed it; put the old values into the file and import it again")]
