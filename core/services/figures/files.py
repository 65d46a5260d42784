"""A figure as a file: the shipments behind it, and beside them what the figure is."""

import json
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pyarrow as pa

from core.domain.carriers import Rules
from core.domain.clock import Clock
from core.domain.figures import Figure, Part
from core.domain.periods import Period
from core.domain.selection import Selection
from core.files.write import Format, csv_file, explanation, in_words, in_zone, parquet_file, written, zip_file
from core.files.xlsx.writing import workbook
from core.services import figures
from core.store.database import Store

DEFINITION = "shipdesk.definition"
_TEXT = ("shipment_no", "order_no", "invoice_no")


def figure_file(
    store: Store,
    figure: Figure,
    period: Period,
    where: Selection,
    part: Part,
    form: Format,
    *,
    clock: Clock,
    rules: Rules,
) -> bytes:
    """All shipments of a part of the figure as a file with its definition; see `file_of`."""
    rows = figures.table_of(store, figure, period, where, part, clock=clock)
    definition = figures.definition_sheet(figure, period, where, rules=rules, clock=clock)
    return file_of(rows, definition, form, rules=rules, zone=clock.zone)


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
    shown, words = _named(rows, rules, zone), explanation(definition)
    match form:
        case Format.PARQUET:
            return parquet_file(shown, {DEFINITION: json.dumps(list(definition), ensure_ascii=False)})
        case Format.CSV:
            return zip_file({f"{name}.csv": csv_file(written(shown)), "definition.csv": csv_file(words)})
        case Format.XLSX:
            text = [column for column in _TEXT if column in shown.column_names]
            return workbook(name.capitalize(), written(shown), text, {"Definition": words})


def _named(table: pa.Table, rules: Rules, zone: ZoneInfo) -> pa.Table:
    names = {code: carrier.name for code, carrier in rules.carriers.items()}
    return in_zone(in_words(table, "carrier", names) if "carrier" in table.column_names else table, zone)
