"""The shop's rows in SQLite and in PostgreSQL, with indexes for every question that is measured; made once and kept."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pyarrow as pa

from core.store.database import Store
from tests.bench import shop
from tests.bench.engines import Engine, Postgres, Sqlite

AT_A_TIME = 200_000
LARGE = 2_000_000
"""From so many shipments on the copies have only what lists and figures ask: one shipment is found as fast in any size."""
TABLES = {
    "shipment": "shipment_id",
    "item": "shipment_id",
    "invoice": "shipment_id",
    "checkpoint": "shipment_id",
    "batch": "batch_id",
    "history": "shipment_id",
}
_KEYS = {"shipment": "shipment_id", "invoice": "event_id", "batch": "batch_id", "history": "history_id"}
_INDEXES = {
    "by_tab": "shipment (destination, status, ordered_at, shipment_id)",
    "by_choice": "shipment (destination, status, warehouse, carrier, ordered_at, shipment_id)",
    "by_flag": "shipment (destination, status, last_scan_at)",
    "by_recipient": "shipment (destination, status, recipient, shipment_id)",
    "by_carrier": "shipment (destination, status, carrier, shipment_id)",
    "by_age": "shipment (destination, status, status_since, shipment_id)",
    "by_no": "shipment (shipment_no)",
    "by_order": "shipment (order_no)",
    "by_invoice": "shipment (invoice_no)",
    "by_cohort": "shipment (destination, kind, ordered_at)",
    "still_open": "shipment (destination, kind, delivered_at, closed_at)",
    "items_of": "item (shipment_id)",
    "by_product": "item (product_id, shipment_id)",
    "invoices_of": "invoice (shipment_id)",
    "checkpoints_of": "checkpoint (shipment_id)",
    "history_of": "history (shipment_id)",
    "request": "batch (request_key)",
}
PROGRAMS = Path("/usr/lib/postgresql")
_SERVER = (
    "shared_buffers = 1GB", "work_mem = 128MB", "maintenance_work_mem = 512MB", "effective_cache_size = 8GB", "random_page_cost = 1.1",
    "max_wal_size = 8GB", "checkpoint_timeout = 30min", "listen_addresses = ''", "wal_level = minimal", "max_wal_senders = 0",
)  # fmt: skip


@contextmanager
def others(file: Path, shipments: int) -> Iterator[list[Engine]]:
    """The databases beside the shop's file, open, those of small shops to be written; PostgreSQL where this machine has it."""
    whole = shipments < LARGE
    kept = _in_sqlite(file, whole)
    with shop.working_copy(kept) if whole else _as_it_is(kept) as copy:
        sqlite = Sqlite(copy, whole=whole)
        try:
            with _in_postgres(file, whole) as address:
                postgres = [Postgres(address, whole=whole)] if address else []
                try:
                    yield [sqlite, *postgres]
                finally:
                    for one in postgres:
                        one.close()
        finally:
            sqlite.close()


@contextmanager
def _as_it_is(file: Path) -> Iterator[Path]:
    yield file


def _in_sqlite(file: Path, whole: bool) -> Path:
    copy = shop.rows_of(file).with_suffix(".sqlite")
    if not copy.exists():
        partial = copy.with_suffix(".partial-sqlite")
        partial.unlink(missing_ok=True)
        store, other = Store.open(file), sqlite3.connect(partial)
        try:
            _fill_sqlite(store, other, whole)
        finally:
            store.close()
            other.close()
        partial.rename(copy)
    return copy


def _fill_sqlite(store: Store, other: sqlite3.Connection, whole: bool) -> None:
    other.execute("PRAGMA journal_mode = OFF")
    other.execute("PRAGMA synchronous = OFF")
    for table, schema in _tables(store, whole):
        columns = ", ".join(f"{name}{' INTEGER PRIMARY KEY' if name == _KEYS.get(table) else ''}" for name in schema.names)
        other.execute(f"CREATE TABLE {table} ({columns})")
        places = ", ".join("?" * len(schema))
        for sql in _pieces(store, table, schema):
            for rows in store.read(sql).to_batches(20_000):
                values = zip(*(column.to_pylist() for column in rows.columns), strict=True)
                other.executemany(f"INSERT INTO {table} VALUES ({places})", values)
        other.commit()
    for name, columns in _indexes(whole):
        other.execute(f"CREATE INDEX {name} ON {columns}")
    other.execute("ANALYZE")
    other.commit()
    other.execute("PRAGMA journal_mode = WAL")


@contextmanager
def _in_postgres(file: Path, whole: bool) -> Iterator[str | None]:
    """The address of a database with the rows, on a server that runs meanwhile; None where there is no server to start."""
    programs = max(PROGRAMS.glob("*/bin"), key=lambda one: int(one.parent.name), default=None)
    if programs is None:
        yield None
        return
    folder = shop.rows_of(file).with_suffix(".postgresql")
    made = (folder / "filled").exists()
    if not made:
        _new_server(programs, folder)
    with _running(programs, folder) as address:
        if not made:
            _fill_postgres(file, address.format("postgres"), whole)
            (folder / "filled").touch()
        if not whole:
            yield address.format("postgres")
            return
        with psycopg.connect(address.format("template1"), autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS work")
            connection.execute("CREATE DATABASE work TEMPLATE postgres STRATEGY file_copy")
        yield address.format("work")


def _new_server(programs: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    _run(programs / "initdb", "-D", folder / "data", "--username=bench", "--locale=C.UTF-8", "--auth=trust")
    with (folder / "data" / "postgresql.auto.conf").open("a") as settings:
        settings.writelines(f"{line}\n" for line in _SERVER)


@contextmanager
def _running(programs: Path, folder: Path) -> Iterator[str]:
    """The addresses of the server's databases, for a name to be put in. A socket's path must be short."""
    with tempfile.TemporaryDirectory(prefix="bench-pg-") as socket:
        Path(socket).chmod(0o777)
        options = f"-k {socket}"
        _run(programs / "pg_ctl", "start", "-w", "-t", "300", "-D", folder / "data", "-l", folder / "log", "-o", options)
        try:
            yield f"host={socket} user=bench dbname={{}}"
        finally:
            _run(programs / "pg_ctl", "stop", "-w", "-t", "300", "-m", "fast", "-D", folder / "data")


def _run(*command: str | Path) -> None:
    """The server refuses to be started by root."""
    user = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups") if os.getuid() == 0 else ()
    subprocess.run([*user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")


def _fill_postgres(file: Path, address: str, whole: bool) -> None:
    store = Store.open(file)
    try:
        with psycopg.connect(address, autocommit=True) as other, tempfile.TemporaryDirectory() as folder:
            for table, schema in _tables(store, whole):
                _copy_table(store, other, table, schema, Path(folder) / "rows.csv")
            for name, columns in _indexes(whole):
                other.execute(f"CREATE INDEX {name} ON {columns}")
            other.execute("VACUUM ANALYZE")
    finally:
        store.close()


def _copy_table(store: Store, other: psycopg.Connection, table: str, schema: pa.Schema, rows: Path) -> None:
    columns = ", ".join(f"{field.name} {_type_of(field)}" for field in schema)
    with other.transaction():
        other.execute(f"CREATE TABLE {table} ({columns})")
        for sql in _pieces(store, table, schema):
            store.apart(lambda connection, sql=sql: connection.execute(f"COPY ({sql}) TO '{rows}' (HEADER false)"))
            with other.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv, FREEZE)") as into, rows.open("rb") as read:
                while piece := read.read(2**20):
                    into.write(piece)
    if key := _KEYS.get(table):
        other.execute(f"ALTER TABLE {table} ADD PRIMARY KEY ({key})")


def _tables(store: Store, whole: bool) -> list[tuple[str, pa.Schema]]:
    names = TABLES if whole else ("shipment", "item")
    return [(name, store.read(f"SELECT * FROM {name} LIMIT 0").schema) for name in names]


def _indexes(whole: bool) -> list[tuple[str, str]]:
    return [(name, on) for name, on in _INDEXES.items() if whole or on.startswith(("shipment ", "item "))]


def _pieces(store: Store, table: str, schema: pa.Schema) -> Iterator[str]:
    """Queries for all rows in pieces, so that they need not be in memory at once."""
    key = TABLES[table]
    most = store.rows(f"SELECT coalesce(max({key}), 0) AS n FROM {table}")[0]["n"]
    for first in range(0, most + 1, AT_A_TIME):
        yield f"SELECT {_plain(schema)} FROM {table} WHERE {key} >= {first} AND {key} < {first + AT_A_TIME} ORDER BY {key}"


def _plain(schema: pa.Schema) -> str:
    """The columns in types that every engine has: moments as microseconds, days as numbers, money as a number."""
    return ", ".join(_as_plain(field) for field in schema)


def _as_plain(field: pa.Field) -> str:
    if pa.types.is_timestamp(field.type):
        return f"epoch_us({field.name}) AS {field.name}"
    if pa.types.is_date(field.type):
        return f"({field.name} - DATE '1970-01-01')::INTEGER AS {field.name}"
    if pa.types.is_decimal(field.type):
        return f"{field.name}::DOUBLE AS {field.name}"
    return f"{field.name}::VARCHAR AS {field.name}" if pa.types.is_dictionary(field.type) else field.name


def _type_of(field: pa.Field) -> str:
    if pa.types.is_timestamp(field.type) or pa.types.is_int64(field.type):
        return "BIGINT"
    if pa.types.is_integer(field.type) or pa.types.is_date(field.type):
        return "INTEGER"
    if pa.types.is_decimal(field.type):
        return "DOUBLE PRECISION"
    return "BOOLEAN" if pa.types.is_boolean(field.type) else "TEXT"
