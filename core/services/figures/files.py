"""A figure as a file: the shipments behind it, and beside them what the figure is and what the columns say."""

import json
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pyarrow as pa

from core.domain.carriers import Rules
from core.domain.figures import Figure, Part
from core.domain.language import Vocabulary, tr
from core.domain.periods import Period
from core.domain.permissions import Act
from core.domain.selection import Selection
from core.domain.visit import Visit
from core.files.export import NUMBERS, in_words_of_the_screen
from core.files.write import Format, as_cells, as_text, csv_file, explanation, filled, headed, in_zone, parquet_file, zip_file
from core.files.xlsx.writing import workbook
from core.services import figures
from core.services.figures.columns import about, label
from core.store.database import Store

DEFINITION, COLUMNS = "shipdesk.definition", "shipdesk.columns"
_SHEETS = Vocabulary({"definition": "Definition", "columns": "Columns"})


def figure_file(
    store: Store,
    figure: Figure,
    period: Period,
    where: Selection,
    part: Part,
    form: Format,
    *,
    visit: Visit,
    rules: Rules,
) -> bytes:
    """All shipments of a part of the figure as a file with its definition; see `file_of`."""
    visit.require(Act.EXPORT)
    rows = figures.table_of(store, figure, period, where, part, visit=visit)
    definition = figures.definition_sheet(figure, period, where, rules=rules, clock=visit.clock)
    return file_of(rows, definition, form, rules=rules, zone=visit.clock.zone)


def file_of(
    rows: pa.Table,
    definition: Sequence[tuple[str, str]],
    form: Format,
    *,
    rules: Rules,
    zone: ZoneInfo,
    name: str = "shipments",
) -> bytes:
    """Rows, definition and what the columns say as one file: a workbook, CSV files in a zip, or Parquet with both as metadata.

    Values are in the words of the screen and moments in `zone`; a column in which no row has anything is left out. Sheets and CSV
    have heads for people, Parquet the names of the columns. In CSV a text that a spreadsheet would run is made harmless. The
    metadata of Parquet, under `DEFINITION` and `COLUMNS`, are lists of texts as JSON.
    """
    shown = filled(in_zone(in_words_of_the_screen(rows, rules), zone))
    if form is Format.PARQUET:
        told = {DEFINITION: list(definition), COLUMNS: _told(shown).to_pylist()}
        return parquet_file(shown, {key: json.dumps(value, ensure_ascii=False) for key, value in told.items()})
    named = headed(shown.rename_columns([label(column) for column in shown.column_names]))
    more = {"definition": explanation(definition), "columns": _told(shown)}
    if form is Format.CSV:
        return zip_file(
            {f"{name}.csv": csv_file(as_text(named)), **{f"{part}.csv": csv_file(one) for part, one in more.items()}}
        )
    return workbook(
        name.capitalize(),
        as_cells(named),
        [label(column) for column in NUMBERS if column in shown.column_names],
        {_SHEETS[part]: one for part, one in more.items()},
    )


def _told(shown: pa.Table) -> pa.Table:
    """What each column is called at the head of a sheet and in Parquet, and what it says."""
    names, of_shipments = shown.column_names, "ordered_at" in shown.column_names
    return pa.table(
        {
            tr("Column"): pa.array(map(label, names), pa.string()),
            tr("Code"): pa.array(names, pa.string()),
            tr("What it says"): pa.array((about(one, of_shipments=of_shipments) for one in names), pa.string()),
        }
    )
