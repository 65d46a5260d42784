"""The tables on a server: their columns are those of the embedded file's steps, with what only a server needs beside them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from core.domain.errors import Unavailable
from core.domain.servers import Server
from core.store import opening
from core.store.postgres import locks
from core.store.postgres.adapter import HIDDEN, PgConnection
from core.store.reasons import StoreFault

FOLLOWED = {"shipment": "shipment_id", "invoice": "event_id"}
"""The tables that every app server keeps a copy of, with the key of each."""
SEQUENCES = {
    "shipment": "shipment_id", "invoice": "event_id", "invoice ": "invoice_id", "batch": "batch_id", "history": "history_id",
    "source_file": "file_id",
}  # fmt: skip
_TYPES = {"DOUBLE": "DOUBLE PRECISION", "BLOB": "BYTEA", "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ"}
_KEYS = {
    "shipment": ("PRIMARY KEY (shipment_id)", "UNIQUE (shipment_no)"),
    "invoice": ("PRIMARY KEY (event_id)",),
    "batch": ("PRIMARY KEY (batch_id)", "UNIQUE (request_key)", "UNIQUE (undoes)"),
    "history": ("PRIMARY KEY (history_id)",),
    "schema_version": ("PRIMARY KEY (version)",),
    "webhook_seen": ("UNIQUE (service, digest)",),
    "carrier_setting": ("PRIMARY KEY (setting_id)",),
    "person_event": ("PRIMARY KEY (event_id)",),
    "saved_view": ("PRIMARY KEY (event_id)",),
    "sign_in": ("PRIMARY KEY (sign_in_key)",),
    "source_file": ("PRIMARY KEY (file_id)",),
}
_INDEXES = {
    "shipment": (
        "(ordered_at, shipment_id)", "(order_no, shipment_id)", "(status, ordered_at, shipment_id)", "(carrier, status_since)", "(policy, invoiced_at)",
        "(split_part(recipient_key, ' ', 1))", "(right(recipient_key, 4))", "(tx)", "(split_no)", "(joined_no)",
    ),
    "item": ("(shipment_id, line)",),
    "invoice": ("(shipment_id, event_id)", "(batch_id)", "(invoice_id)", "(tx)"),
    "checkpoint": ("(shipment_id, happened_at)", "(invoice_id, happened_at)", "(batch_id)"),
    "history": ("(shipment_id, history_id)", "(batch_id)"),
    "batch": ("(made_at, batch_id)", "(made_by, batch_id)"),
    "search_key": ("(kind, value, shipment_id)", "(shipment_id)"),
    "tracking": ("(invoice_id)", "(shipment_id)", "(carrier, next_due)", "(canonical_no)"),
    "tracking_run": ("(ran_at)",),
    "export": ("(batch_id)",),
    "source_line": ("(shipment_id, line)", "(file_id)", "(came_id)"),
    "handed_over": ("(shipment_id)", "(batch_id)"),
    "to_fold": ("(shipment_id)",),
    "gone": ("(tx)",),
}  # fmt: skip
_OWN = """
CREATE TABLE IF NOT EXISTS shipdesk.gone (of_table VARCHAR NOT NULL, id BIGINT NOT NULL, tx xid8 NOT NULL,
    at TIMESTAMPTZ NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS shipdesk.outcome (mark UUID PRIMARY KEY, given_up BOOLEAN NOT NULL DEFAULT false,
    at TIMESTAMPTZ NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS shipdesk.forgotten (line BIGINT PRIMARY KEY, entry VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS shipdesk.service_state (
    service VARCHAR PRIMARY KEY, next_turn TIMESTAMPTZ, held_until TIMESTAMPTZ);
"""


@dataclass(frozen=True)
class StoredColumn:
    """A column of the embedded file."""

    table: str
    name: str
    type: str
    required: bool
    default: str | None

    @property
    def sql(self) -> str:
        """As the server declares it."""
        kind = "VARCHAR" if self.type.startswith("ENUM") else _TYPES.get(self.type, self.type)
        default = f" DEFAULT {self.default}" if self.default else ""
        return f'"{self.name}" {kind}{default}{" NOT NULL" if self.required else ""}'


@cache
def columns(schema: Path = opening.SCHEMA) -> tuple[StoredColumn, ...]:
    """Every column that the steps of the embedded file lead to, in order."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        opening.migrate(connection, None, schema)
        rows = connection.execute(_COLUMNS).fetchall()
    return tuple(StoredColumn(*row) for row in rows)


def migrate(raw: Any, server: Server, schema: Path = opening.SCHEMA) -> bool:
    """Makes the tables, or brings them up to date; other app servers wait meanwhile. Whether there were none.

    Raises Unavailable when the database sorts or writes texts otherwise than the file does, or was made by a newer Shipdesk.
    """
    connection = PgConnection(raw)
    _require_texts_as_here(connection, server)
    with raw.transaction():
        connection.execute(f"SELECT pg_advisory_xact_lock({locks.MIGRATING})")
        known = opening.newest_version(schema)
        have = _version(connection)
        if have > known:
            raise Unavailable(StoreFault.NEWER(path=server, version=have, known=known))
        if have < known:
            _make(connection, schema, have, known)
        else:
            raw.execute(_OWN.encode())
    return have == 0


def settle_sequences(connection: PgConnection) -> None:
    """Has new ids begin above all that are there, whoever gave those."""
    settled = []
    for table, column in SEQUENCES.items():
        most = f'SELECT max("{column}") AS n FROM {table}'
        if column == "shipment_id":
            most += " UNION ALL SELECT max(shipment_id) FROM history"
        most += f" UNION ALL SELECT max(last_id) FROM spent_id WHERE of_table = '{table.strip()}' AND of_column = '{column}'"
        name = sequence(table.strip(), column)
        settled.append(f"SELECT setval('{name}', coalesce(max(n), 0) + 1, false) FROM ({most}) known")
    connection.execute(" UNION ALL ".join(settled))


def sequence(table: str, column: str) -> str:
    """The name of the sequence that gives a column's ids."""
    return f"shipdesk.{table}_{column}_seq"


def _version(connection: PgConnection) -> int:
    if _value(connection, "SELECT to_regclass('shipdesk.schema_version') IS NULL"):
        return 0
    return int(_value(connection, "SELECT coalesce(max(version), 0) FROM shipdesk.schema_version"))


def _value(connection: PgConnection, sql: str) -> Any:
    return connection.execute(sql).fetchall()[0][0]


def _make(connection: PgConnection, schema: Path, have: int, known: int) -> None:
    connection.execute("CREATE SCHEMA IF NOT EXISTS shipdesk")
    connection.execute("CREATE SCHEMA IF NOT EXISTS shipdesk_sql")
    connection.raw.execute(_OWN.encode())
    wanted = columns(schema)
    for table in dict.fromkeys(column.table for column in wanted):
        _make_table(connection, table, [column for column in wanted if column.table == table])
    connection.raw.execute(Path(__file__).with_name("functions.sql").read_bytes())
    for table in FOLLOWED:
        _make_triggers(connection, table)
    for table, places in _INDEXES.items():
        for number, place in enumerate(places):
            connection.execute(f"CREATE INDEX IF NOT EXISTS {table}_by_{number} ON shipdesk.{table} {place}")
    for table, column in SEQUENCES.items():
        connection.execute(f"CREATE SEQUENCE IF NOT EXISTS {sequence(table.strip(), column)}")
    applied = {"at": datetime.now(UTC)}
    connection.execute(
        f"INSERT INTO shipdesk.schema_version SELECT n, $at FROM generate_series({have + 1}, {known}) n", applied
    )


def _make_table(connection: PgConnection, table: str, wanted: list[StoredColumn]) -> None:
    """The table, or those of its columns that it has not yet."""
    keys = _KEYS.get(table, ())
    followed = [f"{HIDDEN} xid8 NOT NULL DEFAULT pg_current_xact_id()"] if table in FOLLOWED else []
    parts = ", ".join((*(column.sql for column in wanted), *followed, *keys))
    connection.execute(f"CREATE TABLE IF NOT EXISTS shipdesk.{table} ({parts})")
    for column in wanted:
        connection.execute(f"ALTER TABLE shipdesk.{table} ADD COLUMN IF NOT EXISTS {column.sql}")


def _make_triggers(connection: PgConnection, table: str) -> None:
    connection.execute(
        f"CREATE OR REPLACE TRIGGER written BEFORE INSERT OR UPDATE ON shipdesk.{table} "
        "FOR EACH ROW EXECUTE FUNCTION shipdesk_sql.written()"
    )
    connection.execute(
        f"CREATE OR REPLACE TRIGGER removed AFTER DELETE ON shipdesk.{table} "
        f"FOR EACH ROW EXECUTE FUNCTION shipdesk_sql.removed('{FOLLOWED[table]}')"
    )


def _require_texts_as_here(connection: PgConnection, server: Server) -> None:
    found = connection.execute(
        "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = current_database()"
    ).fetchall()[0]
    named = {str(name).upper().replace("-", "") for name in found[1:]}
    if found[0] != "UTF8" or not named <= {"C.UTF8"}:
        raise Unavailable(StoreFault.TEXTS_OTHERWISE(server=server, encoding=found[0], collation=found[1]))


_COLUMNS = """
SELECT table_name, column_name, data_type, NOT is_nullable, column_default FROM duckdb_columns()
WHERE NOT internal ORDER BY table_oid, column_index
"""
