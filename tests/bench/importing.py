"""The import of a file beside the plainest importer there is: csv and SQLite, row by row, without a check."""

import csv
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from core.carriers import rules as carrier_rules
from core.domain.people import Person, Role
from core.services import importing
from core.services.importing import FileOrder, ShopHome
from core.services.shipments.changes import Actor, Request
from core.store.database import Store

HEADS = (
    "shipment_no", "order_no", "ordered_at", "promised_on", "warehouse", "policy", "weight_kg", "freight", "currency", "request", "recipient",
    "phone", "address", "city", "region", "postal_code", "country", "product_id", "product_name", "quantity",
)  # fmt: skip
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ImportTimes:
    """Processor seconds of one import, of the command's processes, beside the plainest importer's."""

    name: str
    ours: float
    beside: float


def measured(rows: int) -> list[ImportTimes]:
    """A file of new shipments, and the same file again."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shipments.csv"
        write(file, rows)
        store = Store.open(Path(folder) / "shop.duckdb")
        try:
            plain = _seconds(lambda: _plainest(file, Path(folder) / "plain.sqlite"))
            new, again = (_seconds(lambda: import_file(store, file)) for _ in range(2))
        finally:
            store.close()
    return [ImportTimes(f"{rows:,} rows, new", new, plain), ImportTimes(f"{rows:,} rows, again", again, plain)]


def write(file: Path, rows: int) -> None:
    """A file of so many new shipments."""
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEADS)
        for n in range(rows):
            at = _BEGAN + timedelta(minutes=n % 400_000)
            who = (
                f"Recipient {n}",
                f"010-{n % 10_000:04}-{n // 10_000:04}",
                f"{n % 900} Long Street",
                "Seoul",
                "",
                f"{n % 100_000:05}",
                "KR",
            )
            said = (
                f"S-{n:08}",
                f"O-{n:08}",
                at.isoformat(),
                f"{at + timedelta(days=3):%Y-%m-%d}",
                "Icheon",
                "Standard",
                "1.25",
                "3000",
                "KRW",
                "",
            )
            writer.writerow([*said, *who, f"P-{n % 500}", f"Product {n % 500}", "1"])


def import_file(store: Store, file: Path) -> None:
    """The file, imported as by the command."""
    by = Actor(Person("Bench", Role.ADMIN), "import")
    report = importing.import_file(
        store,
        carrier_rules.load(),
        FileOrder(file),
        request=Request(by, datetime.now(UTC)),
        shop=ShopHome(ZoneInfo("Asia/Seoul"), "KR"),
        dry_run=False,
    )
    assert not report.refused, report.message


def _plainest(file: Path, database: Path) -> None:
    with sqlite3.connect(database) as connection, file.open(newline="", encoding="utf-8") as opened:
        connection.execute(f"CREATE TABLE shipment ({', '.join(HEADS)}, PRIMARY KEY (shipment_no))")
        for row in csv.DictReader(opened):
            datetime.fromisoformat(row["ordered_at"])
            connection.execute(f"INSERT OR REPLACE INTO shipment VALUES ({', '.join(f':{head}' for head in HEADS)})", row)


def _seconds(work: Callable[[], None]) -> float:
    began = _used()
    work()
    return _used() - began


def _used() -> float:
    """Processor seconds of this process and of those that it started."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
