"""Files of the list: exactly the rows of the view, in the columns shown."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from core.domain.invoice_number import Rules
from core.files.headers import HEADERS
from core.files.write import Format, csv_file, in_words, in_zone, parquet_file, written
from core.files.xlsx.writing import workbook

ENTRIES: Mapping[str, str] = {
    "shipment_no": "shipment_no",
    "order_no": "order_no",
    "ordered_at": "ordered_at",
    "product": "product_name",
    "items": "items",
    "recipient": "recipient",
    "city": "city",
    "country": "country",
    "warehouse": "warehouse",
    "policy": "policy",
    "option": "option",
    "kind": "kind",
    "carrier": "carrier",
    "invoice_no": "invoice_no",
    "status": "status",
    "word": "word",
    "reason": "reason",
    "status_since": "status_since",
    "promised_on": "promised_on",
    "ship_by": "ship_by",
    "delivered_at": "delivered_at",
    "flag": "flag",
    "request": "request",
}
"""The columns of the list in the order of its files, and the entry of `HEADERS` that each is."""

COLUMNS: Mapping[str, str] = {name: HEADERS[entry].exported or HEADERS[entry].title for name, entry in ENTRIES.items()}
"""The heads of these columns in files."""

TEXT = ("Shipment No.", "Order No.", "Invoice No.")


def export(rows: pa.Table, form: Format, *, rules: Rules, zone: ZoneInfo) -> bytes:
    """The rows as a file with the columns of `COLUMNS`; moments are written in `zone`, in Parquet as moments in it.

    Numbers of shipments, orders and invoices stay text.
    """
    shown = _shown(rows, rules, zone)
    if form is Format.PARQUET:
        return parquet_file(shown)
    headed = written(shown).rename_columns(list(COLUMNS.values()))
    return csv_file(headed) if form is Format.CSV else workbook("Shipments", headed, TEXT)


def findings(found: Iterable[tuple[str, int, str, str]]) -> bytes:
    """What an import found as CSV: verdict, row number, column, reason."""
    names = ["Verdict", "Row", "Column", "Reason"]
    columns = [list(column) for column in zip(*found, strict=True)]
    return csv_file(pa.table(columns, names=names))


def _shown(rows: pa.Table, rules: Rules, zone: ZoneInfo) -> pa.Table:
    table = in_words(rows.select(list(COLUMNS)), "carrier", {code: carrier.name for code, carrier in rules.carriers.items()})
    for name in ("status", "word", "flag", "kind"):
        values = [value for value in pc.unique(table[name]).to_pylist() if value is not None]
        table = in_words(table, name, {value: value.replace("_", " ").capitalize() for value in values})
    return in_zone(table, zone)
