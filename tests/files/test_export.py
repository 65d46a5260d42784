"""Files of the list: exactly the rows of the view, and nothing a spreadsheet would run, round or lose."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest

from core.domain import labels
from core.domain.selection import Selection
from core.domain.shipment import Item, Kind, Shipment, Stage, Status, Tab
from core.domain.sorting import Order, Sort
from core.files.export import COLUMNS, export
from core.files.write import Format
from core.services.shipments import queries
from core.store.database import Store
from core.ui.kit import shipment_rows
from tests.builders import ADDRESS, CJ, RULES, SEOUL, a_checkpoint, a_shipment, a_store, a_visit, an_invoice, nov

BERLIN = ZoneInfo("Europe/Berlin")
BY_NO = Order(Sort.SHIPMENT_NO, descending=False)


def rows_of(store: Store, only: tuple[str, ...] = (), order: Order = BY_NO, **wanted: Any) -> pa.Table:
    return queries.everything(store, Selection(**wanted), order, visit=a_visit(), only=only)


def sheet(rows: pa.Table, zone: ZoneInfo = SEOUL) -> Any:
    book = openpyxl.load_workbook(io.BytesIO(export(rows, Format.XLSX, rules=RULES, zone=zone)))
    assert book.sheetnames == ["Shipments"]
    return book["Shipments"]


def heads(rows: pa.Table, zone: ZoneInfo = SEOUL) -> list[str]:
    """The heads of the columns: those of moments name the zone."""
    moments = {name for name in COLUMNS if pa.types.is_timestamp(rows.schema.field(name).type)}
    return [f"{head} ({zone.key})" if name in moments else head for name, head in COLUMNS.items()]


def cells(rows: pa.Table, column: str) -> list[Any]:
    """The cells of one column below the head."""
    page = sheet(rows)
    place = [cell.value for cell in page[1]].index(heads(rows)[list(COLUMNS).index(column)])
    return [row[place] for row in page.iter_rows(min_row=2)]


def records(rows: pa.Table, zone: ZoneInfo = SEOUL) -> list[dict[str, str]]:
    text = export(rows, Format.CSV, rules=RULES, zone=zone).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def parquet(rows: pa.Table, zone: ZoneInfo = SEOUL) -> pa.Table:
    return pyarrow.parquet.read_table(io.BytesIO(export(rows, Format.PARQUET, rules=RULES, zone=zone)))


def numbers(rows: pa.Table, form: Format) -> list[str]:
    match form:
        case Format.XLSX:
            return [cell.value for cell in cells(rows, "shipment_no")]
        case Format.CSV:
            return [record["Shipment No."] for record in records(rows)]
        case Format.PARQUET:
            return list(parquet(rows)["shipment_no"].to_pylist())


def clock(day: int, hour: int = 0) -> datetime:
    """A date, or a moment on the zone's clock, as openpyxl reads it back."""
    return nov(day, hour).replace(tzinfo=None)


def one(**fields: Any) -> pa.Table:
    return rows_of(a_store(a_shipment(**fields)))


FULL = a_shipment(
    "0012", order_no="000034", invoice=an_invoice(CJ, nov(12)), scans=[a_checkpoint(Stage.ATTEMPT_FAILED, nov(14), text="Nobody")],
    kind=Kind.EXCHANGE, promised_on=date(2026, 11, 20), ship_by=date(2026, 11, 13), request="문 앞에", items=(Item("P", "Mug", 1),) * 3,
)  # fmt: skip


@pytest.mark.parametrize("form", Format)
def test_a_file_holds_every_row_of_the_view_in_its_order_and_no_other(form: Format) -> None:
    shipments = [a_shipment(f"S-{n:03}", warehouse="Gimpo" if n % 2 else "Icheon") for n in range(1, 131)]
    store = a_store(*shipments, a_shipment("T-1", invoice=an_invoice(), warehouse="Gimpo"))
    rows = rows_of(store, order=Order(Sort.SHIPMENT_NO), warehouse=("Gimpo",))
    assert numbers(rows, form) == [f"S-{n:03}" for n in range(129, 0, -2)]


@pytest.mark.parametrize("form", Format)
def test_a_file_of_a_selection_holds_only_what_was_selected(form: Format) -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-2"), a_shipment("S-3", invoice=an_invoice()))
    assert numbers(rows_of(store, only=("S-3", "S-1")), form) == ["S-1", "S-3"]


@pytest.mark.parametrize("form", Format)
def test_a_file_of_an_empty_list_has_its_head(form: Format) -> None:
    rows = rows_of(a_store())
    assert numbers(rows, form) == []
    found = {
        Format.XLSX: lambda: [cell.value for cell in sheet(rows)[1]],
        Format.CSV: lambda: next(csv.reader([export(rows, form, rules=RULES, zone=SEOUL).decode("utf-8-sig")])),
        Format.PARQUET: lambda: parquet(rows).column_names,
    }
    assert found[form]() == (list(COLUMNS) if form is Format.PARQUET else heads(rows))


def test_a_sheet_shows_the_words_of_the_screen() -> None:
    page = sheet(rows_of(a_store(FULL), tab=Tab.FAILED))
    row = {head.value: cell.value for head, cell in zip(page[1], page[2], strict=True)}
    assert row == {
        "Shipment No.": "0012", "Order No.": "000034", "Ordered (Asia/Seoul)": clock(10, 18), "Product": "Mug", "Items": 3,
        "Recipient": "Ada Kim", "City": "Seoul", "Country": "KR", "Warehouse": "Icheon", "Shipping policy": "Standard",
        "Shipping option": "Door", "General / Claim": "Claim", "Shipping company": "CJ Logistics", "Invoice No.": CJ,
        "Status": "Redelivery", "Detail": "Redelivery", "Reason": "Nobody", "In status since (Asia/Seoul)": clock(14, 18),
        "Promised date": clock(20), "Ship by": clock(13), "Delivered (Asia/Seoul)": None, "Flag": "Failed",
        "Shipping request": "문 앞에",
    }  # fmt: skip
    assert (page.freeze_panes, page.max_row) == ("A2", 2)


@pytest.mark.parametrize("column", ["shipment_no", "order_no", "invoice_no"])
def test_numbers_are_text_with_their_leading_zeros(column: str) -> None:
    invoice = an_invoice("000000000000000012345", carrier="other")
    shipment = a_shipment("0012", order_no="00034", invoice=invoice)
    cell = cells(rows_of(a_store(shipment), tab=Tab.DELIVERY), column)[0]
    assert (cell.value[:2], cell.data_type, cell.number_format) == ("00", "s", "@")


SPREADSHEET_TRAPS = ["=1+1", "=cmd|'/C'!A0", "+1", "-1", "@SUM(A1)", "#N/A", "#REF!", "TRUE", "1E5", "00012", "2026-11-16"]


@pytest.mark.parametrize("text", SPREADSHEET_TRAPS)
def test_a_text_stays_text_in_a_sheet(text: str) -> None:
    cell = cells(one(request=text), "request")[0]
    assert (cell.value, cell.data_type) == (text, "s")


FREE_TEXTS = (
    "Shipment No.", "Order No.", "Product", "Recipient", "City", "Warehouse", "Shipping policy", "Shipping option",
    "Shipping request",
)  # fmt: skip


def with_text_everywhere(text: str) -> pa.Table:
    own = dict.fromkeys(("shipment_no", "order_no", "warehouse", "policy", "option", "request"), text)
    return one(address=replace(ADDRESS, recipient=text, city=text), items=(Item("P", text, 1),), **own)


@pytest.mark.parametrize("text", ["=1+1", "#N/A"])
def test_no_column_of_a_sheet_runs_a_text(text: str) -> None:
    page = sheet(with_text_everywhere(text))
    found = {head.value: (cell.value, cell.data_type) for head, cell in zip(page[1], page[2], strict=True)}
    assert {head: found[head] for head in FREE_TEXTS} == dict.fromkeys(FREE_TEXTS, (text, "s"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\x00b\x07c\x1bd", "abcd"),
        ("a\ufffeb\uffffc", "abc"),
        ("\x0b=1+1", "=1+1"),
        ("line 1\nline 2\tx", "line 1\nline 2\tx"),
        ("<b>&amp;</b> \"'", "<b>&amp;</b> \"'"),
        ("문 앞 🙏 𠮷", "문 앞 🙏 𠮷"),
    ],
)
def test_what_a_sheet_cannot_hold_is_left_out_and_nothing_else(text: str, written: str) -> None:
    cell = cells(one(request=text), "request")[0]
    assert (cell.value, cell.data_type) == (written, "s")


def test_a_csv_opens_in_excel_as_utf_8() -> None:
    data = export(one(request="문 앞에"), Format.CSV, rules=RULES, zone=SEOUL)
    assert data.startswith(b'\xef\xbb\xbf"Shipment No.",')
    assert "문 앞에".encode() in data


@pytest.mark.parametrize("text", ["=1+1", "+82 10", "-1", "@SUM(A1)", "\tx", "\rx", '="a"\n'])
def test_a_formula_is_made_harmless_in_csv(text: str) -> None:
    assert records(one(request=text))[0]["Shipping request"] == "'" + text


def test_no_column_of_a_csv_runs_a_text() -> None:
    record = records(with_text_everywhere("=1+1"))[0]
    assert {head: record[head] for head in FREE_TEXTS} == dict.fromkeys(FREE_TEXTS, "'=1+1")


@pytest.mark.parametrize(
    "text", ["", "a=b", "1-2", "line 1\nline 2\r\nline 3", 'say "hi", then\n"go"', "a,b;c", "0012", "'quoted"]
)
def test_any_other_text_comes_back_from_a_csv_as_it_was(text: str) -> None:
    assert [record["Shipping request"] for record in records(one(request=text))] == [text]


def test_a_csv_says_what_a_sheet_says() -> None:
    record = records(rows_of(a_store(FULL), tab=Tab.FAILED))[0]
    said = {
        name: record[name]
        for name in ("Shipment No.", "Items", "Shipping company", "Status", "Promised date", "Delivered (Asia/Seoul)")
    }
    assert said == {
        "Shipment No.": "0012", "Items": "3", "Shipping company": "CJ Logistics", "Status": "Redelivery",
        "Promised date": "2026-11-20", "Delivered (Asia/Seoul)": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "ordered"),
    [(SEOUL, "2026-10-25 09:30"), (BERLIN, "2026-10-25 02:30"), (ZoneInfo("America/New_York"), "2026-10-24 20:30")],
)
def test_moments_are_written_in_the_zone_asked_for(zone: ZoneInfo, ordered: str) -> None:
    rows = one(ordered_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert records(rows, zone)[0][f"Ordered ({zone.key})"] == ordered
    cell = sheet(rows, zone)["C2"]
    assert (f"{cell.value:%Y-%m-%d %H:%M}", cell.is_date) == (ordered, True)


def test_parquet_keeps_types_and_moments_in_the_zone() -> None:
    table = parquet(rows_of(a_store(FULL), tab=Tab.FAILED), BERLIN)
    kinds = {
        name: str(table.schema.field(name).type) for name in ("shipment_no", "ordered_at", "promised_on", "items", "status")
    }
    assert kinds == {
        "shipment_no": "string", "ordered_at": "timestamp[us, tz=Europe/Berlin]", "promised_on": "date32[day]",
        "items": "int32", "status": "string",
    }  # fmt: skip
    row = table.to_pylist()[0]
    assert (row["ordered_at"], row["delivered_at"], row["invoice_no"]) == (nov(10), None, CJ)
    assert (row["ordered_at"].utcoffset().total_seconds(), row["carrier"]) == (3600, "CJ Logistics")


def test_parquet_leaves_texts_as_they_are() -> None:
    assert parquet(one(request="=1+1\x07"))["request"].to_pylist() == ["=1+1\x07"]


def test_a_carrier_that_has_no_rules_any_more_is_written_by_its_code() -> None:
    store = a_store(a_shipment(invoice=an_invoice(carrier="gone")))
    assert records(rows_of(store, tab=Tab.DELIVERY))[0]["Shipping company"] == "gone"


def states() -> list[tuple[Shipment, Tab, str, str]]:
    def scanned(stage: Stage) -> Shipment:
        return a_shipment(scans=[a_checkpoint(stage, nov(15))])

    return [
        (a_shipment(), Tab.PREPARING, "Preparing", ""),
        (scanned(Stage.INVALID_NUMBER), Tab.PREPARING, "Release failed", "Release failed"),
        (scanned(Stage.IN_TRANSIT), Tab.DELIVERY, "Shipping", ""),
        (scanned(Stage.RETURNED), Tab.FAILED, "Cancellation", "Cancellation"),
        (scanned(Stage.DELIVERED), Tab.DELIVERED, "Delivered", ""),
    ]


@pytest.mark.parametrize(("shipment", "tab", "status", "detail"), states())
def test_a_status_is_written_in_words(shipment: Shipment, tab: Tab, status: str, detail: str) -> None:
    record = records(rows_of(a_store(shipment), tab=tab))[0]
    assert (record["Status"], record["Detail"]) == (status, detail)


def test_a_status_is_the_word_that_the_screen_has_for_it() -> None:
    scanned = [a_shipment(f"S-{n}", scans=[a_checkpoint(stage, nov(15))]) for n, stage in enumerate(Stage)]
    closed = a_shipment("S-98", scans=[a_checkpoint(Stage.RETURNED, nov(15))], closed_at=nov(16))
    rows = rows_of(a_store(*scanned, closed, a_shipment("S-99")), tab=Tab.ALL)
    on_screen = [shipment_rows.status(row)["word"] for row in rows.to_pylist()]
    assert [record["Status"] for record in records(rows)] == on_screen
    assert set(on_screen) == {*labels.STATUSES.values(), labels.CLOSED} - {labels.status(Status.SHIPPING_FAILED), "Undecided"}
