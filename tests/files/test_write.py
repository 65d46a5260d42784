"""Tables as files: the same rows in every format, and nothing that a spreadsheet would run."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet
import pytest
from openpyxl import load_workbook

from core.files.write import (
    EXPLAINED_TYPES,
    TYPES,
    Format,
    csv_file,
    explanation,
    in_words,
    in_zone,
    parquet_file,
    written,
    zip_file,
)
from core.files.xlsx.writing import workbook
from tests.builders import SEOUL


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
    assert written(table).to_pylist() == [{"at": "2026-11-16 09:12", "endless": "inf", "number": 1.5}]
    assert written(table, moments="%H:%M:%S")["at"].to_pylist() == ["09:12:03"]


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
