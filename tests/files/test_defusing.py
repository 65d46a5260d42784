"""What a spreadsheet would run is marked on its way out, and read as it was on its way in, whatever it is."""

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as some
from openpyxl import load_workbook

from core.files.defusing import defused, is_dangerous, restored
from core.files.read import read
from core.files.write import csv_file
from core.files.xlsx.writing import workbook

DANGEROUS = [
    "=1+1", "+1", "-1", "@x", "＝1+1", "＋1", "－1", "＠x", "\t=1", "\r=1", "\n=1", "\r\n=1", " =1", "\u00a0=1", "\u200b=1",
    "\ufeff=1", "\u2060\u200d =1", "\u3000＝1", "\u202e=1", "\x00=1", "\x0b=1", "\ttext", "\rtext", "\ntext", "'=1", "''+1",
    "﹦1", "=cmd|' /C calc'!A0",
]  # fmt: skip
HARMLESS = ["", "text", "1-1", "a=b", "'90s", "''", "Rock 'n' roll", "#N/A", "6329-7661-5493", "(-1)", "서울", "1,5"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_would_run_is_marked_and_comes_back_as_it_was(text: str) -> None:
    assert is_dangerous(text)
    assert defused(text) == f"'{text}"
    assert restored(defused(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_what_runs_nowhere_stays(text: str) -> None:
    assert (defused(text), restored(text)) == (text, text)


@given(some.text(some.sampled_from("'=+-@＝＋ \t\n\u200bab1"), max_size=8))
def test_every_text_comes_back(text: str) -> None:
    assert restored(defused(text)) == text
    assert not (is_dangerous(text) and defused(text)[0] != "'")


def the_table() -> pa.Table:
    texts = pa.array(DANGEROUS + HARMLESS)
    columns = {"=cmd|' /C calc'!A0": texts, "plain": texts.cast(pa.large_string()), "＝few": texts.dictionary_encode()}
    return pa.table(columns)


def test_nothing_in_a_csv_would_run_whatever_the_type_of_its_column() -> None:
    rows = list(csv.reader(io.StringIO(csv_file(the_table()).decode("utf-8-sig"), newline="")))
    assert rows[0] == ["'=cmd|' /C calc'!A0", "plain", "'＝few"]
    for row, text in zip(rows[1:], DANGEROUS + HARMLESS, strict=True):
        assert row == [defused(text)] * 3


def test_nothing_in_a_workbook_would_run_when_it_is_typed_again() -> None:
    sheet = load_workbook(io.BytesIO(workbook("Sheet", the_table(), ()))).active
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str) and is_dangerous(cell.value)]
    assert len(cells) > 3 * 20
    assert {(cell.data_type, bool(cell.quotePrefix), cell.number_format) for cell in cells} == {("s", True, "@")}


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize("text", [text for text in DANGEROUS + HARMLESS if text.strip("\x00\r\n\x0b")])
def test_a_defused_cell_is_imported_as_it_was(text: str) -> None:
    source = read(csv_file(pa.table({"a": ["x"], "=b": [text], "c": ["y"]})))
    assert source.headers == ("a", "=b", "c")
    assert list(source.columns[1]) == [text]
