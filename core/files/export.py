"""Files of the list: exactly the rows of the view, in the columns shown, safe to open in a spreadsheet."""

import io
from collections.abc import Iterable, Sequence
from enum import StrEnum
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from core.domain.invoice_number import Rules
from core.files.xlsx.writing import workbook


class Format(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"
    PARQUET = "parquet"


COLUMNS = {
    "shipment_no": "Shipment No.",
    "order_no": "Order No.",
    "ordered_at": "Ordered",
    "product": "Product",
    "items": "Items",
    "recipient": "Recipient",
    "city": "City",
    "country": "Country",
    "warehouse": "Warehouse",
    "policy": "Shipping policy",
    "option": "Shipping option",
    "kind": "General / Claim",
    "carrier": "Shipping company",
    "invoice_no": "Invoice No.",
    "status": "Status",
    "word": "Detail",
    "reason": "Reason",
    "status_since": "In status since",
    "promised_on": "Promised date",
    "ship_by": "Ship by",
    "delivered_at": "Delivered",
    "flag": "Flag",
    "request": "Shipping request",
}

TEXT = ("Shipment No.", "Order No.", "Invoice No.")

_DANGEROUS = r"^[=+\-@\t\r]"


def export(rows: pa.Table, form: Format, *, rules: Rules, zone: ZoneInfo) -> bytes:
    """The rows as a file with the columns of `COLUMNS`; moments are written in `zone`, in Parquet as moments in it.

    Numbers of shipments, orders and invoices stay text; a text that a spreadsheet would run is made harmless in CSV.
    """
    shown = _shown(rows, rules, zone)
    match form:
        case Format.PARQUET:
            return _parquet(shown)
        case Format.CSV:
            return _csv(_written(shown).rename_columns(list(COLUMNS.values())))
        case Format.XLSX:
            return workbook("Shipments", _written(shown).rename_columns(list(COLUMNS.values())), TEXT)


def findings(found: Iterable[tuple[str, int, str, str]]) -> bytes:
    """What an import found as CSV: verdict, row number, column, reason."""
    names = ["Verdict", "Row", "Column", "Reason"]
    columns = [list(column) for column in zip(*found, strict=True)]
    return _csv(pa.table(columns, names=names))


def csv_file(table: pa.Table) -> bytes:
    """Any table as CSV; a text that a spreadsheet would run is made harmless."""
    return _csv(table)


def _shown(rows: pa.Table, rules: Rules, zone: ZoneInfo) -> pa.Table:
    table = rows.select(list(COLUMNS))
    names = {code: carrier.name for code, carrier in rules.carriers.items()}
    table = _replaced(table, "carrier", _mapped(table["carrier"], names))
    for name in ("status", "word", "flag", "kind"):
        words = {value: value.replace("_", " ").capitalize() for value in _distinct(table[name])}
        table = _replaced(table, name, _mapped(table[name], words))
    for name in ("ordered_at", "status_since", "delivered_at"):
        table = _replaced(table, name, table[name].cast(pa.timestamp("us", tz=zone.key)))
    return table


def _written(table: pa.Table) -> pa.Table:
    """The moments as text, `2026-11-16 09:12`."""
    for name in ("ordered_at", "status_since", "delivered_at"):
        table = _replaced(table, name, pc.strftime(table[name], "%Y-%m-%d %H:%M"))
    return table


def _csv(table: pa.Table) -> bytes:
    for name in table.column_names:
        column = table[name]
        if pa.types.is_string(column.type):
            dangerous = pc.fill_null(pc.match_substring_regex(column, _DANGEROUS), False)
            harmless = pc.binary_join_element_wise("'", column, "")
            table = _replaced(table, name, pc.if_else(dangerous, harmless, column))
    buffer = io.BytesIO("\ufeff".encode())
    buffer.seek(0, io.SEEK_END)
    pyarrow.csv.write_csv(table, buffer, pyarrow.csv.WriteOptions(quoting_style="all_valid"))
    return buffer.getvalue()


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _distinct(column: pa.ChunkedArray) -> Sequence[str]:
    return [value for value in pc.unique(column).to_pylist() if value is not None]


def _mapped(column: pa.ChunkedArray, words: dict[str, str]) -> pa.ChunkedArray:
    encoded = column.combine_chunks().dictionary_encode()
    named = pa.array([words.get(value, value) for value in encoded.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([pa.DictionaryArray.from_arrays(encoded.indices, named).cast(pa.string())])


def _replaced(table: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, column)
