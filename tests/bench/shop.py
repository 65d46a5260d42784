"""The shop that is measured: a demo of a million shipments, made once, and the same rows in SQLite with good indexes."""

import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from core.carriers.rules import load
from core.services.demo import make_demo
from core.store.database import Store

FOLDER = Path(tempfile.gettempdir()) / "shipdesk-bench"
ZONE = ZoneInfo("Asia/Seoul")
MOMENT = datetime(2026, 11, 24, 3, tzinfo=UTC)
INDEXES = (
    "CREATE INDEX list ON shipment (destination, status, ordered_at DESC)",
    "CREATE INDEX filtered ON shipment (destination, status, warehouse, carrier, ordered_at DESC)",
    "CREATE INDEX aged ON shipment (destination, status, status_since)",
    "CREATE INDEX named ON shipment (destination, status, recipient)",
    "CREATE INDEX counted ON shipment (destination, warehouse, carrier, ordered_at, status)",
    "CREATE INDEX by_no ON shipment (shipment_no)",
    "CREATE INDEX by_order ON shipment (order_no)",
    "CREATE INDEX by_invoice ON shipment (invoice_no)",
    "CREATE INDEX by_product ON item (product_id, shipment_id)",
)


def database(shipments: int) -> Path:
    """The demo shop's file, made when it is not there yet."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"demo-{shipments}.duckdb"
    if not path.exists():
        partial = path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        store = Store.open(partial)
        make_demo(store, load(), shipments=shipments, now=MOMENT, zone=ZONE)
        store.close()
        partial.rename(path)
    return path


def sqlite(store: Store, shipments: int) -> sqlite3.Connection:
    """The shipments and items of the store in SQLite, indexed for these questions and analysed."""
    path = FOLDER / f"demo-{shipments}.sqlite"
    if not path.exists():
        partial = path.with_suffix(".sqlite-partial")
        partial.unlink(missing_ok=True)
        with sqlite3.connect(partial) as copy:
            for table in ("shipment", "item"):
                _copied(copy, table, store.read(f"SELECT * FROM {table}"))
            for index in INDEXES:
                copy.execute(index)
            copy.execute("ANALYZE")
        partial.rename(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA cache_size = -2000000")
    return connection


def _copied(copy: sqlite3.Connection, table: str, rows: pa.Table) -> None:
    places = ", ".join("?" * rows.num_columns)
    copy.execute(f"CREATE TABLE {table} ({', '.join(_named(name, table) for name in rows.column_names)})")
    for batch in rows.to_batches(max_chunksize=50_000):
        columns = [_plain(column).to_pylist() for column in batch.columns]
        copy.executemany(f"INSERT INTO {table} VALUES ({places})", zip(*columns, strict=True))


def _named(name: str, table: str) -> str:
    return f"{name} INTEGER PRIMARY KEY" if (table, name) == ("shipment", "shipment_id") else name


def _plain(column: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.int64())
    return pc.cast(column, pa.string()) if pa.types.is_decimal(column.type) or pa.types.is_date(column.type) else column
