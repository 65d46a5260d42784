"""The demo shop that is measured, and the same rows in SQLite; made once and kept in the system's temporary folder."""

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from core.carriers import rules as carrier_rules
from core.demo import make_demo
from core.store import database, statements
from core.store.database import SCHEMA, Store

ZONE, HOME = ZoneInfo("Asia/Seoul"), "KR"
FOLDER = Path(tempfile.gettempdir()) / "shipdesk-bench"
ROWS_AT_A_TIME = 50_000
TABLES = {
    "shipment": "shipment_id",
    "item": "shipment_id, line",
    "invoice": "event_id",
    "checkpoint": "shipment_id, happened_at",
    "batch": "batch_id",
    "history": "history_id",
}
INDEXES = (
    "CREATE INDEX by_tab ON shipment (destination, status, ordered_at, shipment_id)",
    "CREATE INDEX by_choice ON shipment (destination, status, warehouse, carrier, ordered_at, shipment_id)",
    "CREATE INDEX by_flag ON shipment (destination, status, last_scan_at)",
    "CREATE INDEX by_recipient ON shipment (destination, status, recipient, shipment_id)",
    "CREATE INDEX by_age ON shipment (destination, status, status_since, shipment_id)",
    "CREATE UNIQUE INDEX by_no ON shipment (shipment_no)",
    "CREATE INDEX by_order ON shipment (order_no)",
    "CREATE INDEX by_invoice ON shipment (invoice_no)",
    "CREATE INDEX items_of ON item (shipment_id)",
    "CREATE INDEX by_product ON item (product_id, shipment_id)",
    "CREATE INDEX invoices_of ON invoice (shipment_id)",
    "CREATE INDEX checkpoints_of ON checkpoint (shipment_id)",
    "CREATE INDEX history_of ON history (shipment_id)",
    "CREATE UNIQUE INDEX request ON batch (request_key)",
)
KEYS = {"shipment": "shipment_id", "invoice": "event_id", "batch": "batch_id", "history": "history_id"}


def demo(count: int) -> Path:
    """The file of a demo shop with that many shipments."""
    file = FOLDER / f"demo-{count}-{_made_by()}.duckdb"
    if not file.exists():
        FOLDER.mkdir(exist_ok=True)
        partial = file.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        store = Store.open(partial)
        make_demo(store, carrier_rules.load(), shipments=count, now=datetime.now(UTC), zone=ZONE, home=HOME)
        store.close()
        partial.rename(file)
    return file


def in_sqlite(file: Path) -> Path:
    """The same rows in SQLite, with indexes for every question that is measured."""
    copy = file.with_suffix(".sqlite")
    if not copy.exists():
        partial = copy.with_suffix(".partial-sqlite")
        partial.unlink(missing_ok=True)
        store, other = Store.open(file), sqlite3.connect(partial)
        try:
            _fill(store, other)
        finally:
            store.close()
            other.close()
        partial.rename(copy)
    return copy


@contextmanager
def working_copy(file: Path) -> Iterator[Path]:
    """A copy to write to, gone afterwards."""
    copy = file.with_stem(f"{file.stem}-work")
    shutil.copyfile(file, copy)
    try:
        yield copy
    finally:
        for left in (copy, copy.with_name(copy.name + ".wal"), copy.with_name(copy.name + "-wal")):
            with suppress(FileNotFoundError):
                left.unlink()


def _made_by() -> str:
    """A text that changes whenever the demo, the schema or the file format does."""
    sources = [*sorted((Path(database.__file__).parents[1] / "demo").glob("*.py")), *sorted(SCHEMA.glob("*.sql"))]
    digest = hashlib.sha256(statements.STORAGE.encode())
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:8]


def _fill(store: Store, other: sqlite3.Connection) -> None:
    other.execute("PRAGMA journal_mode = OFF")
    other.execute("PRAGMA synchronous = OFF")
    for table, order in TABLES.items():
        schema = store.read(f"SELECT * FROM {table} LIMIT 0").schema
        columns = ", ".join(f"{name}{' INTEGER PRIMARY KEY' if name == KEYS.get(table) else ''}" for name in schema.names)
        other.execute(f"CREATE TABLE {table} ({columns})")
        for rows in store.read(f"SELECT {_plain(schema)} FROM {table} ORDER BY {order}").to_batches(ROWS_AT_A_TIME):
            places = ", ".join("?" * rows.num_columns)
            values = zip(*(column.to_pylist() for column in rows.columns), strict=True)
            other.executemany(f"INSERT INTO {table} VALUES ({places})", values)
        other.commit()
    for index in INDEXES:
        other.execute(index)
    other.execute("ANALYZE")
    other.commit()
    other.execute("PRAGMA journal_mode = WAL")


def _plain(schema: pa.Schema) -> str:
    """The columns in types that SQLite has: moments as microseconds, days as text, money as a number."""
    return ", ".join(_as_plain(field) for field in schema)


def _as_plain(field: pa.Field) -> str:
    if pa.types.is_timestamp(field.type):
        return f"epoch_us({field.name}) AS {field.name}"
    if pa.types.is_date(field.type):
        return f"{field.name}::VARCHAR AS {field.name}"
    return f"{field.name}::DOUBLE AS {field.name}" if pa.types.is_decimal(field.type) else field.name
