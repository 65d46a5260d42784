"""Files in our columns and their import at a small desk, for the tests of imports."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from core.services import importing
from core.services.importing import ColumnMapping, ImportPlan, ImportReport, parse_mapping
from core.services.shipments import undo
from core.services.shipments.changes import Actor, Request
from core.services.shipments.undo import Stayed
from core.store import history
from core.store.database import Store
from tests.builders import NOW, RULES, SEOUL, a_store, staff

IMPORTER = Actor(staff("Hana Seo"), "import")
THE_DESK: dict[str, Any] = {"zone": SEOUL, "home": "KR"}
LOGEN_DOUBTFUL = "95825729135"
REQUIRED = {"shipment_no": "S-1", "order_no": "O-1", "ordered_at": "2026-11-10T18:00:00+09:00", "country": "KR"}


def a_file(*rows: dict[str, str]) -> bytes:
    """A CSV file of these rows; each has what is required unless it says otherwise."""
    given = [REQUIRED | row for row in rows]
    headers = list(dict.fromkeys(name for row in given for name in row))
    lines = [headers, *([row.get(name, "") for name in headers] for row in given)]
    return "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines).encode()


def run(store: Store, file: bytes, mapping: ColumnMapping | str | None = None, **said: Any) -> ImportReport:
    source = importing.read(file, "shipments.csv")
    return importing.run(store, RULES, source, by_mapping(source.headers, mapping), **at_the_desk(said))


def plan(store: Store, file: bytes, mapping: ColumnMapping | str | None = None, **said: Any) -> ImportPlan:
    source = importing.read(file, "shipments.csv")
    return importing.plan(store, RULES, source, by_mapping(source.headers, mapping), **at_the_desk(said))


def at_the_desk(said: dict[str, Any]) -> dict[str, Any]:
    return {"request": Request(IMPORTER, NOW), **THE_DESK, **said}


def by_mapping(headers: Sequence[str], mapping: ColumnMapping | str | None) -> ColumnMapping:
    own = importing.own_columns(headers)
    if isinstance(mapping, str):
        lines = "".join(f'{name} = "{header}"\n' for name, (header,) in own.columns.items())
        return parse_mapping(f"[columns]\n{lines}{mapping}")
    return mapping or own


def refusal(report: ImportReport) -> str:
    assert len(report.refused) == 1, report.refused
    return report.refused[0].reason


def imported(**row: str) -> Store:
    store = a_store()
    report = run(store, a_file(row))
    assert (report.new, report.refused) == (1, ()), report
    return store


def counts(report: ImportReport) -> tuple[int, int, int]:
    return report.new, report.changed, report.unchanged


def seoul(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SEOUL)


def rows_in(store: Store, table: str) -> int:
    return int(store.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"])


def undo_newest(store: Store) -> list[tuple[str, Stayed | None]]:
    batch = history.batches(store)[0]["batch_id"]
    answers = undo.undo(store, batch, home="KR", request=Request(IMPORTER, NOW + timedelta(hours=1)))
    return [(one.shipment_no, one.stayed and one.stayed.reason) for one in answers]


def of_a_file(said: dict[str, Any]) -> dict[str, Any]:
    """What importing a file needs besides it."""
    return {"request": Request(IMPORTER, NOW), "shop": importing.ShopHome(THE_DESK["zone"], THE_DESK["home"]), **said}
