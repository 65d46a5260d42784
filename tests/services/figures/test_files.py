"""A figure as a file: its rows and its definition in every form, safe to open."""

import io
import json
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from openpyxl import load_workbook

from core.domain.clock import Clock
from core.domain.figures import FACTS, SEGMENTS, Figure, Part
from core.domain.language import Language, speaking
from core.domain.periods import Period
from core.domain.selection import LANE, SPLITS, Selection
from core.domain.shipment import Shipment, Stage
from core.domain.visit import Visit
from core.files.write import Format
from core.languages import speech_of
from core.services import figures
from core.services.figures.columns import OF_SHIPMENTS, about, label
from core.services.figures.files import DEFINITION, figure_file
from core.store.database import Store
from tests.builders import CJ, HANA, NOW, RULES, SEOUL, a_checkpoint, a_shipment, a_store, a_visit, an_invoice, nov

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 15))


def the_file(form: Format, part: Part = Part.NUMERATOR, figure: Figure = Figure.ON_TIME) -> bytes:
    """Of a shop with one shipment that came in time, and one without a promise."""
    came = a_shipment(
        "S-007", promised_on=date(2026, 11, 14), invoice=an_invoice(), scans=[a_checkpoint(Stage.DELIVERED, nov(14))]
    )
    store = a_store(came, a_shipment("=S-8", promised_on=None, warehouse="=1+1"))
    return figure_file(store, figure, NOVEMBER, Selection(), part, form, rules=RULES, visit=a_visit())


def test_a_workbook_has_the_rows_and_a_sheet_that_explains_them() -> None:
    book = load_workbook(io.BytesIO(the_file(Format.XLSX)))
    assert book.sheetnames == ["Shipments", "Definition", "Columns"]
    head, row = book["Shipments"].iter_rows(values_only=True)
    found = dict(zip(head, row, strict=True))
    assert (found["Shipment No."], found["Shipping company"], found["Invoice No."]) == ("S-007", "CJ Logistics", CJ)
    assert (found["First attempt (Asia/Seoul)"], found["Status"]) == (nov(14, 18).replace(tzinfo=None), "Delivered")
    words = dict(book["Definition"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert words["Figure"] == "On-time delivery"
    assert words["Days"] == "2026-11-01 to 2026-11-15, by order date"


@pytest.mark.parametrize("language", [one for one in Language if one is not Language.ENGLISH])
def test_in_other_languages_nothing_that_explains_is_english(language: Language) -> None:
    with speaking(speech_of(language)):
        book = load_workbook(io.BytesIO(the_file(Format.XLSX)))
    said = [str(cell.value) for sheet in book.worksheets[1:] for row in sheet.iter_rows(max_col=1) for cell in row]
    heads = [str(cell.value) for sheet in book.worksheets[1:] for cell in sheet[1]]
    assert not [text for text in (*book.sheetnames[1:], *said, *heads) if text.isascii()]


@pytest.mark.parametrize("name", ["week", "step", "shipments", "stage", "month", "weekday"])
def test_every_head_of_a_table_is_translated(name: str) -> None:
    with speaking(speech_of(Language.KOREAN)):
        assert not label(name).isascii()


def test_csv_comes_as_two_files_and_runs_nothing() -> None:
    archive = zipfile.ZipFile(io.BytesIO(the_file(Format.CSV, Part.EXCLUDED)))
    assert archive.namelist() == ["shipments.csv", "definition.csv", "columns.csv"]
    (row,) = pyarrow.csv.read_csv(io.BytesIO(archive.read("shipments.csv"))).to_pylist()
    assert (row["Shipment No."], row["Warehouse"], row["Why it is left out"]) == ("'=S-8", "'=1+1", "No promised date")
    assert "On-time delivery" in archive.read("definition.csv").decode()


def test_parquet_keeps_the_definition_in_its_metadata() -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(the_file(Format.PARQUET)))
    assert [str(table.schema.field(name).type) for name in ("delivered_at", "promised_on", "days_late", "invoice_no")] == [
        "timestamp[us, tz=Asia/Seoul]", "date32[day]", "int64", "string",
    ]  # fmt: skip
    words = json.loads(table.schema.metadata[DEFINITION.encode()])
    assert ["Counted", "First attempt on or before the promised date"] in words
    assert len([label for label, _ in words if label == "Left out"]) == 3


@pytest.mark.parametrize("form", Format)
def test_a_part_without_shipments_is_a_file_with_a_head(form: Format) -> None:
    assert the_file(form, Part.REST)


def test_every_column_has_a_head_of_its_own_and_says_what_it_holds() -> None:
    heads = [label(name) for name in OF_SHIPMENTS]
    assert len(set(heads)) == len(heads)
    assert not [head for head in heads if "_" in head]
    assert all(about(name, of_shipments=True) for name in OF_SHIPMENTS)
    assert set(FACTS) < set(OF_SHIPMENTS)


@pytest.mark.parametrize("split", [LANE, "detail", "warehouse", "carrier"])
def test_a_split_is_called_in_files_as_on_screen(split: str) -> None:
    assert label(split) == SPLITS[split]


@pytest.mark.parametrize("form", Format)
def test_no_column_is_empty_in_every_row(form: Format) -> None:
    table = as_read(form, the_file(form))
    assert table.num_rows == 1
    assert not [name for name in table.column_names if table[name].to_pylist() in ([None], [""])]


def as_read(form: Format, data: bytes) -> pa.Table:
    match form:
        case Format.PARQUET:
            return pyarrow.parquet.read_table(io.BytesIO(data))
        case Format.CSV:
            return pyarrow.csv.read_csv(io.BytesIO(zipfile.ZipFile(io.BytesIO(data)).read("shipments.csv")))
    head, *rows = load_workbook(io.BytesIO(data))["Shipments"].iter_rows(values_only=True)
    return pa.table({name: list(column) for name, column in zip(head, zip(*rows, strict=True), strict=True)})


def a_lane_with_a_norm(*late: Shipment) -> Store:
    """In October 20 parcels took a day for each of three steps and three for transit; these come after them."""
    usual = [journey(f"U-{n}", nov(10) - timedelta(days=30), days=(1, 1, 1, 3)) for n in range(20)]
    return a_store(*usual, *late)


def journey(number: str, ordered: datetime, days: tuple[float, float, float, float], **fields: Any) -> Shipment:
    """Ordered, released, invoiced, picked up and delivered after so many days each."""
    released, invoiced, picked_up, delivered = (ordered + timedelta(days=sum(days[: n + 1])) for n in range(4))
    scans = [a_checkpoint(Stage.PICKED_UP, picked_up), a_checkpoint(Stage.DELIVERED, delivered)]
    return a_shipment(
        number, ordered_at=ordered, released_at=released, invoice=an_invoice(at=invoiced), scans=scans, promised_on=date(2026, 11, 8),
        **fields,
    )  # fmt: skip


def late_file(form: Format, *late: Shipment) -> pa.Table:
    where, clock = Selection(), Clock(NOW, SEOUL)
    store = a_lane_with_a_norm(*late)
    return as_read(
        form, figure_file(store, Figure.ON_TIME, NOVEMBER, where, Part.REST, form, rules=RULES, visit=Visit(HANA.person, clock))
    )


@pytest.mark.parametrize("form", Format)
def test_a_late_parcel_says_which_step_cost_the_most_and_how_much_beyond_the_norm(form: Format) -> None:
    table = late_file(form, journey("S-1", nov(1), days=(1, 4, 1, 4)), journey("S-2", nov(1), days=(1, 1, 1, 9.5)))
    names = ["shipment_no", "days_late", "costliest_step", "hours_beyond_norm"]
    wanted = names if form is Format.PARQUET else [label(name) for name in names]
    found = {tuple(row) for row in zip(*(table[name].to_pylist() for name in wanted), strict=True)}
    assert found == {("S-1", 3, "Invoice", 72.0), ("S-2", 6, "On the way", 156.0)}


def test_a_parcel_without_a_norm_or_without_a_step_beyond_it_names_none() -> None:
    other = journey("S-1", nov(1), days=(1, 1, 1, 9), warehouse="Busan")
    quick = journey("S-2", nov(5), days=(1, 1, 1, 3))
    table = late_file(Format.PARQUET, other, quick)
    assert table.num_rows == 2
    assert not {"costliest_step", "hours_beyond_norm"} & set(table.column_names)


def test_what_is_past_its_promise_and_still_moving_is_late_up_to_today() -> None:
    moving = a_shipment(
        "S-1", promised_on=date(2026, 11, 12), invoice=an_invoice(), scans=[a_checkpoint(Stage.PICKED_UP, nov(13))]
    )
    assert late_file(Format.PARQUET, moving)["days_late"].to_pylist() == [4]


def test_the_list_of_late_parcels_says_the_same_as_their_file() -> None:
    store = a_lane_with_a_norm(journey("S-1", nov(1), days=(1, 4, 1, 4)))
    (late,) = figures.rows_of(store, Figure.ON_TIME, NOVEMBER, Selection(), Part.REST, visit=a_visit())
    found = figures.costs(store, [late["shipment_id"]], NOVEMBER, Selection(flag=("failed",)), visit=a_visit())
    assert [(row["days_late"], row["costliest_step"], row["hours_beyond_norm"]) for row in found.values()] == [
        (3, "release", 72.0)
    ]
    assert SEGMENTS["release"].name == "Invoice"
    assert figures.costs(store, [], NOVEMBER, Selection(), visit=a_visit()) == {}
