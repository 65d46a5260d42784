"""Workbooks that Shipdesk writes: every text stays text, every day and moment is one."""

import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.files.defusing import is_dangerous

ROWS_A_SHEET = 1_048_575
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # not allowed in XML
_WIDEST = 48
_FIRST_YEAR = 1901
"""Excel knows no day before 1900, and miscounts the first weeks of that year."""


def workbook(title: str, table: pa.Table, text_columns: Sequence[str], more: Mapping[str, pa.Table] | None = None) -> bytes:
    """The table as an .xlsx file: a frozen head, `text_columns` formatted as text, further sheets past Excel's row limit.

    `more` are further tables, each a sheet of its own by its title.
    """
    book = Workbook(write_only=True)
    _add(book, title, table, text_columns)
    for name, further in (more or {}).items():
        _add(book, name, further, ())
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _add(book: Workbook, title: str, table: pa.Table, text_columns: Sequence[str]) -> None:
    places = {table.column_names.index(name) for name in text_columns}
    for start in range(0, max(1, table.num_rows), ROWS_A_SHEET):
        part = table.slice(start, ROWS_A_SHEET)
        sheet = book.create_sheet(title if start == 0 else f"{title} {start // ROWS_A_SHEET + 1}")
        sheet.freeze_panes = "A2"
        for number, width in enumerate(_widths(part), 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.append([_head(sheet, name) for name in part.column_names])
        for row in _rows(part):
            sheet.append([_cell(sheet, value, place in places) for place, value in enumerate(row)])


def _rows(table: pa.Table) -> Iterator[Sequence[Any]]:
    for batch in table.to_batches(max_chunksize=10_000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _head(sheet: Any, name: str) -> WriteOnlyCell:
    cell = _text(sheet, _UNWRITABLE.sub("", name))
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Any, as_text: bool) -> Any:
    if isinstance(value, date):
        return _dated(sheet, value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if not isinstance(value, str):
        return value
    value = _UNWRITABLE.sub("", value)
    if not as_text and not value.startswith("#") and not is_dangerous(value):
        return value
    cell = _text(sheet, value)
    if as_text:
        cell.number_format = "@"
    return cell


def _text(sheet: Any, value: str) -> WriteOnlyCell:
    """A cell whose text stays one, also when it is typed again, or saved as CSV and opened."""
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    if is_dangerous(value):
        cell.number_format = "@"
        cell.quotePrefix = True
    return cell


def _dated(sheet: Any, value: date) -> Any:
    if value.year < _FIRST_YEAR:
        return str(value)
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd"
    return cell


def _widths(table: pa.Table) -> list[int]:
    sample = table.slice(0, 200)
    return [
        min(_WIDEST, max([len(name), *(len(str(value)) for value in column.to_pylist() if value is not None)]) + 2)
        for name, column in zip(sample.column_names, sample.columns, strict=True)
    ]
