"""Files of the list: exactly the rows of the view, in the columns shown."""

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from core.domain import labels
from core.domain.carriers import Rules
from core.domain.fields import FIELDS
from core.domain.figures import SEGMENT_NAMES
from core.domain.flags import NAMES as FLAG_NAMES
from core.domain.language import Vocabulary, tr
from core.files.headers import head_in_english
from core.files.write import Format, as_cells, as_text, csv_file, headed, in_words, in_zone, parquet_file
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

COLUMNS = Vocabulary({name: head_in_english(entry) for name, entry in ENTRIES.items()})
"""The heads of these columns in files."""

LATE = Vocabulary(
    {
        "days_late": FIELDS.in_english["days_late"],
        "costliest_step": "Step that cost the most",
        "hours_beyond_norm": "Its hours beyond what is usual",
    }
)
"""The heads of the columns that a list of late shipments has beside these."""

WORK = Vocabulary({"in_hand": FIELDS.in_english["in_hand"]})
"""The head of the column that a list of the worklist has beside these."""

NUMBERS = ("shipment_no", "order_no", "invoice_no")
"""The columns of numbers that are texts in a workbook: a spreadsheet would take them for amounts."""

_WORDS: Mapping[str, Mapping[Any, str]] = {
    "word": labels.DETAILS,
    "kind": labels.KINDS,
    "destination": labels.DESTINATIONS,
    "flag": FLAG_NAMES,
    "costliest_step": SEGMENT_NAMES,
}
_BETWEEN = "\x1f"


def export(rows: pa.Table, form: Format, *, rules: Rules, zone: ZoneInfo) -> bytes:
    """The rows as a file with the columns of `COLUMNS`, and those of `LATE` and `WORK` that they have.

    Moments stand in `zone`: as dates of a sheet and text of a CSV, whose heads name it, in Parquet as moments in it. Numbers of
    shipments, orders and invoices stay text.
    """
    names = [*COLUMNS, *(name for name in (*LATE, *WORK) if name in rows.column_names)]
    shown = in_zone(in_words_of_the_screen(rows, rules).select(names), zone)
    if form is Format.PARQUET:
        return parquet_file(shown)
    named = headed(shown.rename_columns([{**COLUMNS, **LATE, **WORK}[name] for name in names]))
    return (
        csv_file(as_text(named))
        if form is Format.CSV
        else workbook(tr("Shipments"), as_cells(named), [COLUMNS[name] for name in NUMBERS])
    )


def in_words_of_the_screen(rows: pa.Table, rules: Rules) -> pa.Table:
    """The rows with the screen's words for their values, in the columns that they have; a status needs `word` and `closed_at`."""
    if "status" in rows.column_names:
        rows = rows.set_column(rows.column_names.index("status"), "status", _statuses(rows))
    carriers = {code: carrier.name for code, carrier in rules.carriers.items()}
    for name, words in {"carrier": carriers, **_WORDS}.items():
        if name in rows.column_names:
            rows = in_words(rows, name, words)
    return rows


def findings(found: Iterable[tuple[str, int, str, str]]) -> bytes:
    """What an import found as CSV: verdict, row number, column, reason."""
    names = [tr("Verdict"), tr("Row"), tr("Column"), tr("Reason")]
    columns = [list(column) for column in zip(*found, strict=True)]
    return csv_file(pa.table(columns, names=names))


def _statuses(rows: pa.Table) -> pa.ChunkedArray:
    """The word that the screen has for each row's status."""
    closed = pc.if_else(pc.is_valid(rows["closed_at"]), "closed", "")
    keys = pc.binary_join_element_wise(rows["status"], pc.fill_null(rows["word"], ""), closed, _BETWEEN)
    words = {key: _status(*key.split(_BETWEEN)) for key in pc.unique(keys).to_pylist()}
    return in_words(pa.table({"status": keys}), "status", words)["status"]


def _status(status: str, word: str, closed: str) -> str:
    return labels.status(status, word or None, closed=bool(closed))
