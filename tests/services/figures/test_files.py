"""A figure as a file: its rows and its definition in every form, safe to open."""

import io
import json
import zipfile
from datetime import date

import pyarrow.csv
import pyarrow.parquet
import pytest
from openpyxl import load_workbook

from core.domain.clock import Clock
from core.domain.figures import FACTS, Figure, Part
from core.domain.periods import Period
from core.domain.selection import Selection
from core.domain.shipment import Stage
from core.files.write import Format
from core.services.figures.files import DEFINITION, figure_file
from tests.builders import NOW, RULES, SEOUL, a_checkpoint, a_shipment, a_store, an_invoice, nov

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 15))


def the_file(form: Format, part: Part = Part.NUMERATOR, figure: Figure = Figure.ON_TIME) -> bytes:
    """Of a shop with one shipment that came in time, and one without a promise."""
    came = a_shipment(
        "S-007", promised_on=date(2026, 11, 14), invoice=an_invoice(), scans=[a_checkpoint(Stage.DELIVERED, nov(14))]
    )
    store = a_store(came, a_shipment("=S-8", promised_on=None, warehouse="=1+1"))
    return figure_file(store, figure, NOVEMBER, Selection(), part, form, rules=RULES, clock=Clock(NOW, SEOUL))


def test_a_workbook_has_the_rows_and_a_sheet_that_explains_them() -> None:
    book = load_workbook(io.BytesIO(the_file(Format.XLSX)))
    assert book.sheetnames == ["Shipments", "Definition"]
    head, row = book["Shipments"].iter_rows(values_only=True)
    found = dict(zip(head, row, strict=True))
    assert (found["shipment_no"], found["carrier"], found["first_attempt_at"]) == ("S-007", "CJ Logistics", "2026-11-14 18:00")
    words = dict(book["Definition"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert words["Figure"] == "On-time delivery"
    assert words["Days"] == "2026-11-01 to 2026-11-15, by order date"


def test_csv_comes_as_two_files_and_runs_nothing() -> None:
    archive = zipfile.ZipFile(io.BytesIO(the_file(Format.CSV, Part.EXCLUDED)))
    assert archive.namelist() == ["shipments.csv", "definition.csv"]
    (row,) = pyarrow.csv.read_csv(io.BytesIO(archive.read("shipments.csv"))).to_pylist()
    assert (row["shipment_no"], row["warehouse"], row["why"]) == ("'=S-8", "'=1+1", "No promised date")
    assert "On-time delivery" in archive.read("definition.csv").decode()


def test_parquet_keeps_the_definition_in_its_metadata() -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(the_file(Format.PARQUET)))
    assert set(FACTS) <= set(table.column_names)
    assert table["ordered_at"].type.tz == "Asia/Seoul"
    words = json.loads(table.schema.metadata[DEFINITION.encode()])
    assert ["Counted", "First attempt on or before the promised date"] in words
    assert len([label for label, _ in words if label == "Left out"]) == 3


@pytest.mark.parametrize("form", Format)
def test_a_part_without_shipments_is_a_file_with_a_head(form: Format) -> None:
    assert the_file(form, Part.REST)
