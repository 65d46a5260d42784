"""Tables as files: the same rows in every format, and nothing that a spreadsheet would run."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet
import pytest
from openpyxl import load_workbook

from core.files.write import (
    EXPLAINED_TYPES,
    TYPES,
    Format,
    as_cells,
    as_text,
    csv_file,
    explanation,
    filled,
    headed,
    in_words,
    in_zone,
    parquet_file,
    zip_file,
)
from core.files.xlsx.writing import workbook
from tests.builders import SEOUL, nov


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", ["=1+1", "+82", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_head_and_a_text_that_would_run_are_made_harmless_in_csv(text: str) -> None:
    assert lines(csv_file(pa.table({text: [text, "a=b"]}))) == [[f"'{text}"], [f"'{text}"], ["a=b"]]


def test_columns_of_one_name_are_all_written() -> None:
    table = pa.table([["=1"], [2]], names=["a", "a"])
    assert lines(csv_file(table)) == [["a", "a"], ["'=1", "2"]]
    assert [cell.value for cell in load_workbook(io.BytesIO(workbook("Rows", table, ()))).active[2]] == ["=1", 2]


@pytest.mark.parametrize("head", ["=1+1", "#N/A", "a\x07b"])
def test_a_head_stays_text_in_a_sheet(head: str) -> None:
    cell = load_workbook(io.BytesIO(workbook("Rows", pa.table({head: ["x"]}), ()))).active["A1"]
    assert (cell.value, cell.data_type) == (head.replace("\x07", ""), "s")


def test_what_a_sheet_cannot_hold_is_written_as_text() -> None:
    at = datetime(2026, 11, 16, 0, 12, 3, tzinfo=UTC)
    table = in_zone(pa.table({"at": [at], "endless": [float("inf")], "number": [1.5]}), SEOUL)
    assert as_cells(table).to_pylist() == [
        {"at": nov(16, 9, 12, 3).replace(tzinfo=None), "endless": float("inf"), "number": 1.5}
    ]
    sheet = load_workbook(io.BytesIO(workbook("Sheet", as_cells(table), ()))).active
    assert [cell.value for cell in sheet[2]] == [datetime(2026, 11, 16, 9, 12, 3), "inf", 1.5]  # noqa: DTZ001
    assert as_text(table)["at"].to_pylist() == ["2026-11-16 09:12"]
    assert as_text(table, moments="%H:%M:%S")["at"].to_pylist() == ["09:12:03"]


def test_days_and_moments_are_dates_of_the_sheet_and_days_before_its_calendar_text() -> None:
    rows = {"day": [date(2026, 11, 16), date(1899, 12, 31)], "at": [nov(16, 9, 12, 3).replace(tzinfo=None), None]}
    page = load_workbook(io.BytesIO(workbook("Rows", pa.table(rows), ()))).active
    assert [(cell.value, cell.is_date, cell.number_format) for cell in page[2]] == [
        (nov(16, 0).replace(tzinfo=None), True, "yyyy-mm-dd"),
        (nov(16, 9, 12, 3).replace(tzinfo=None), True, "yyyy-mm-dd hh:mm"),
    ]
    assert page["A3"].value == "1899-12-31"


def test_the_head_of_moments_names_their_zone() -> None:
    table = in_zone(pa.table({"Delivered": [datetime(2026, 11, 16, tzinfo=UTC)], "Ship by": [date(2026, 11, 16)]}), SEOUL)
    assert headed(table).column_names == ["Delivered (Asia/Seoul)", "Ship by"]


def test_a_column_that_nothing_stands_in_is_left_out() -> None:
    table = pa.table({"none": pa.array([None, None], pa.int32()), "empty": ["", None], "some": ["", "x"], "zero": [0, None]})
    assert filled(table).column_names == ["some", "zero"]
    assert filled(table.slice(0, 0)).column_names == ["none", "empty", "some", "zero"]


def test_values_are_written_in_words_and_others_as_they_are() -> None:
    table = in_words(pa.table({"carrier": ["cj", "gone", None]}), "carrier", {"cj": "CJ Logistics"})
    assert table["carrier"].to_pylist() == ["CJ Logistics", "gone", None]


def test_parquet_holds_what_explains_it_as_metadata() -> None:
    read = pyarrow.parquet.read_table(io.BytesIO(parquet_file(pa.table({"a": ["=1"]}), {"about": "one row"})))
    assert (read.to_pylist(), read.schema.metadata) == ([{"a": "=1"}], {b"about": b"one row"})


def test_several_files_come_as_one() -> None:
    archive = zipfile.ZipFile(io.BytesIO(zip_file({"about.csv": csv_file(explanation([("What", "it is")]))})))
    assert lines(archive.read("about.csv")) == [["What", "Text"], ["What", "it is"]]


def test_every_format_says_what_its_files_are() -> None:
    assert list(TYPES) == list(EXPLAINED_TYPES) == list(Format)
    assert [type_.ending for type_ in TYPES.values()] == ["xlsx", "csv", "parquet"]
    assert (EXPLAINED_TYPES[Format.CSV].ending, EXPLAINED_TYPES[Format.XLSX]) == ("zip", TYPES[Format.XLSX])
