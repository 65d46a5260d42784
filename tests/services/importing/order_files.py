"""Order files written as their sources write them, and their import as from the command line."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from core.services import importing
from core.services.importing import FileOrder, ImportReport, ShopHome
from core.services.shipments.changes import Request
from core.store.database import Store
from tests.builders import RULES, SEOUL, a_store
from tests.services.importing.given import IMPORTER
from tests.workbook_builders import saved

Row = Mapping[str, Any]
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def heads_of(rows: Sequence[Row]) -> list[str]:
    """Every head of the rows, in the order in which they come."""
    return list(dict.fromkeys(head for row in rows for head in row))


def a_csv(rows: Sequence[Row], encoding: str = "utf-8", delimiter: str = ",", above: Sequence[Sequence[str]] = ()) -> bytes:
    """The rows as a file of separated text, with other rows above the heads."""
    heads, out = heads_of(rows), io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([*above, heads, *([row.get(head, "") for head in heads] for row in rows)])
    return out.getvalue().encode(encoding)


def a_workbook(rows: Sequence[Row], sheet: str = "Sheet1", above: Sequence[Sequence[Any]] = ()) -> bytes:
    """The rows as a workbook of one sheet; empty texts are empty cells."""
    heads, book = heads_of(rows), Workbook()
    book.active.title = sheet
    for cells in (*above, heads, *([row.get(head) for head in heads] for row in rows)):
        book.active.append([None if cell == "" else cell for cell in cells])
    return saved(book)


def imported(
    file: bytes, store: Store | None = None, *, dry_run: bool = True, zone: ZoneInfo = SEOUL, at: datetime = NOW, **said: Any
) -> ImportReport:
    """What the command line makes of the file, at a desk that is empty unless one is given."""
    home = said.pop("home", "KR")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "orders"
        path.write_bytes(file)
        return importing.import_file(
            store or a_store(),
            RULES,
            FileOrder(path, **said),
            request=Request(IMPORTER, at),
            shop=ShopHome(zone, home),
            dry_run=dry_run,
        )


def read(file: bytes, **said: Any) -> list[dict[str, str]]:
    """The lines that are read of a file in which nothing is wrong."""
    report = imported(file, **said).as_json()
    assert (report["refused"], report["left_empty"], report["left_out"]) == ([], [], []), report
    assert report["verdict"] == "imported", report["message"]
    lines: list[dict[str, str]] = report["read"]
    return lines
