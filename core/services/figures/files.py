"""A figure as a file: the shipments behind it, and beside them what the figure is."""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from core.domain.figures import Figure, Part
from core.domain.invoice_number import Rules
from core.files.export import Format
from core.files.xlsx.writing import workbook
from core.services import figures
from core.services.figures import Period, Slice
from core.store.database import Store

DEFINITION = "shipdesk.definition"
_TEXT = ("shipment_no", "order_no", "invoice_no")
_DANGEROUS = r"^[=+\-@\t\r]"


def figure_file(
    store: Store,
    figure: Figure,
    period: Period,
    where: Slice,
    part: Part,
    form: Format,
    *,
    rules: Rules,
    zone: ZoneInfo,
    now: datetime,
) -> bytes:
    """All shipments of a part of the figure as a file with its definition; see `file_of`."""
    rows = figures.table_of(store, figure, period, where, part, zone=zone, now=now)
    return file_of(rows, figures.definition_sheet(figure, period, where, zone=zone, now=now), form, rules=rules, zone=zone)


def file_of(
    rows: pa.Table,
    definition: Sequence[tuple[str, str]],
    form: Format,
    *,
    rules: Rules,
    zone: ZoneInfo,
    name: str = "shipments",
) -> bytes:
    """Rows and definition as one file: two sheets of a workbook, two CSV files in a zip, or a Parquet file with metadata.

    Moments are written in `zone`; carriers by their names. In CSV a text that a spreadsheet would run is made harmless. The
    metadata of Parquet holds the definition under `DEFINITION`: JSON, a list of label and text.
    """
    shown = _named(rows, rules, zone)
    words = pa.table({"What": [label for label, _ in definition], "Text": [text for _, text in definition]})
    match form:
        case Format.PARQUET:
            meaning = json.dumps(list(definition), ensure_ascii=False)
            return _parquet(shown.replace_schema_metadata({DEFINITION: meaning}))
        case Format.CSV:
            return _zip({f"{name}.csv": _csv(_written(shown)), "definition.csv": _csv(words)})
        case Format.XLSX:
            text = [column for column in _TEXT if column in shown.column_names]
            return workbook(name.capitalize(), _written(shown), text, {"Definition": words})


def _named(table: pa.Table, rules: Rules, zone: ZoneInfo) -> pa.Table:
    for place, field in enumerate(table.schema):
        column = table[field.name]
        if pa.types.is_timestamp(field.type):
            moments = column if field.type.tz else column.cast(pa.timestamp("us", tz="UTC"))
            table = table.set_column(place, field.name, moments.cast(pa.timestamp("us", tz=zone.key)))
        elif field.name == "carrier":
            names = [rules.carriers[code].name if code in rules.carriers else code for code in column.to_pylist()]
            table = table.set_column(place, field.name, pa.array(names, pa.string()))
    return table


def _written(table: pa.Table) -> pa.Table:
    """The moments as text, `2026-11-16 09:12`."""
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            table = table.set_column(place, field.name, pc.strftime(table[field.name], "%Y-%m-%d %H:%M"))
    return table


def _csv(table: pa.Table) -> bytes:
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            column = table[field.name]
            dangerous = pc.fill_null(pc.match_substring_regex(column, _DANGEROUS), False)
            harmless = pc.binary_join_element_wise("'", column, "")
            table = table.set_column(place, field.name, pc.if_else(dangerous, harmless, column))
    buffer = io.BytesIO("\ufeff".encode())
    buffer.seek(0, io.SEEK_END)
    pyarrow.csv.write_csv(table, buffer, pyarrow.csv.WriteOptions(quoting_style="all_valid"))
    return buffer.getvalue()


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()
