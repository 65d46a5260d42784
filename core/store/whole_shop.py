"""A whole shop, table by table: its rows in pieces of bounded size, and as text in one order, the same from whatever it is stored in.

A row is a line of JSON: its values in the order of the columns, times in UTC, amounts and dates as text, bytes in base 64. Rows
stand in the order of their table's key, and where that is equal in the order of their lines.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from core.store import opening
from core.store.database import Reader

PIECE = 10_000


@dataclass(frozen=True)
class ShopTable:
    """A table of a shop. `key` is its order; of numbers, so many of the first at a `piece`, without any the whole table is one.

    `told` is whether it is a fact or a state: what is made again from those is not. `passing` are columns that are neither.
    """

    name: str
    key: tuple[str, ...]
    piece: int = PIECE
    told: bool = True
    passing: tuple[str, ...] = ()


TABLES = (
    ShopTable("batch", ("batch_id",)),
    ShopTable("carrier_setting", ("setting_id",)),
    ShopTable("checkpoint", ("shipment_id", "happened_at")),
    ShopTable("export", ("batch_id",)),
    ShopTable("forgotten_list", ("mark",), piece=0, told=False),
    ShopTable("handed_over", ("shipment_id", "batch_id")),
    ShopTable("history", ("history_id",)),
    ShopTable("invoice", ("event_id",)),
    ShopTable("item", ("shipment_id", "line")),
    ShopTable("kept_mapping", ("heads", "saved_at"), piece=0),
    ShopTable("looked", ("person",), piece=0),
    ShopTable("person_event", ("event_id",)),
    ShopTable("preference", ("set_at", "person", "name"), piece=0),
    ShopTable("sandbox_clock", ("started_at",), piece=0),
    ShopTable("saved_view", ("event_id",)),
    ShopTable("search_key", ("shipment_id",), told=False),
    ShopTable("shipment", ("shipment_id",)),
    ShopTable("sign_in", ("sign_in_key",), piece=0),
    ShopTable("source_file", ("file_id",), piece=1),
    ShopTable("source_line", ("shipment_id", "file_id", "line")),
    ShopTable("spent_id", ("of_table", "of_column"), piece=0),
    ShopTable("to_fold", ("shipment_id",), told=False),
    ShopTable("tracking", ("shipment_id", "invoice_id"), passing=("claimed_by", "claimed_until")),
    ShopTable("tracking_run", ("ran_at", "carrier"), piece=0),
    ShopTable("webhook_seen", ("received_at",), piece=0),
)
LEFT_OUT = ("schema_version",)
"""What a store keeps for itself: the steps it was made by."""
FORM = 1
"""The form of the text, which changes when anything of it does."""


@dataclass(frozen=True)
class Piece:
    """Rows of one table, those whose first key is below `until`; None where the table is one piece."""

    rows: pa.Table
    until: int | None


@dataclass
class Digest:
    """How many rows went by, and what they come to."""

    rows: int = 0
    _sum: Any = field(default_factory=hashlib.sha256, repr=False)

    def add(self, lines: bytes) -> bytes:
        """Takes whole lines along, and hands them back."""
        self.rows += lines.count(b"\n")
        self._sum.update(lines)
        return lines

    @property
    def text(self) -> str:
        """The SHA-256 of all lines."""
        return str(self._sum.hexdigest())


class Teller:
    """Makes lines of rows."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def lines(self, table: ShopTable, rows: pa.Table) -> bytes:
        """The rows in the order of their key, one line each."""
        schema = schema_of_table(table.name)
        values = ", ".join(_said(name, schema.field(name).type) for name in columns_told(table))
        keys = ", ".join(f'"{name}" NULLS FIRST' for name in table.key)
        said = f"SELECT *, json_array({values}) || chr(10) AS told_line FROM told_rows"
        self._connection.register("told_rows", rows)
        try:
            found = self._connection.execute(f"SELECT told_line FROM ({said}) ORDER BY {keys}, told_line").fetchall()
        finally:
            self._connection.unregister("told_rows")
        return "".join(text for (text,) in found).encode()


@contextmanager
def teller() -> Iterator[Teller]:
    """One who makes lines until the block ends."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield Teller(connection)


def pieces(reader: Reader, table: ShopTable, first: int | None = None) -> Iterator[Piece]:
    """The rows of a table from this number of its key on, piece by piece."""
    names = ", ".join(schema_of_table(table.name).names)
    if not table.piece:
        yield Piece(_typed(table, reader.read(f"SELECT {names} FROM {table.name}")), None)
        return
    number = table.key[0]
    [ends] = reader.rows(f"SELECT min({number}) AS low, max({number}) AS high FROM {table.name}")
    if ends["low"] is None:
        return
    low = max(ends["low"], first) if first is not None else ends["low"]
    within = f"SELECT {names} FROM {table.name} WHERE {number} >= $low AND {number} < $until"
    while low <= ends["high"]:
        until = low + table.piece
        yield Piece(_typed(table, reader.read(within, {"low": low, "until": until})), until)
        low = until


def told(reader: Reader, table: ShopTable, by: Teller) -> Iterator[bytes]:
    """The lines of a whole table."""
    for piece in pieces(reader, table):
        yield by.lines(table, piece.rows)


def text(reader: Reader, forgotten: Iterable[str]) -> Iterator[bytes]:
    """The whole shop as text, with these entries of the list of what was forgotten: of each table what it has, then its rows."""
    count = Digest()
    yield _line({"shipdesk": "shop", "form": FORM, "schema": opening.newest_version()})
    with teller() as by:
        for table in TABLES:
            if table.told:
                yield _line({"table": table.name, "columns": columns_told(table)})
                yield from map(count.add, told(reader, table, by))
    yield _line({"table": "forgotten", "columns": ["entry"]})
    yield from (count.add(_line([entry])) for entry in sorted(forgotten))
    yield _line({"rows": count.rows})


def digest(reader: Reader, table: ShopTable, by: Teller) -> Digest:
    """What the lines of a table come to."""
    found = Digest()
    for lines in told(reader, table, by):
        found.add(lines)
    return found


def columns_told(table: ShopTable) -> list[str]:
    """The columns that its lines hold, in their order."""
    return [name for name in schema_of_table(table.name).names if name not in table.passing]


@cache
def schema_of_table(name: str) -> pa.Schema:
    """The columns of a table with their types, as the steps of the schema make them."""
    return _schemas()[name]


@cache
def _schemas() -> dict[str, pa.Schema]:
    connection = opening.connect(None, 1)
    try:
        opening.migrate(connection, None, opening.SCHEMA)
        return {table.name: connection.sql(f"FROM {table.name} LIMIT 0").to_arrow_table().schema for table in TABLES}
    finally:
        connection.close()


def _line(said: Any) -> bytes:
    return f"{json.dumps(said, ensure_ascii=False, separators=(',', ':'))}\n".encode()


def _typed(table: ShopTable, rows: pa.Table) -> pa.Table:
    return rows.cast(schema_of_table(table.name))


def _said(name: str, kind: pa.DataType) -> str:
    """SQL for a value as its line says it."""
    if pa.types.is_timestamp(kind):
        return f"""strftime("{name}", '%Y-%m-%dT%H:%M:%S.%f{"Z" if kind.tz else ""}')"""
    if pa.types.is_date(kind):
        return f"""strftime("{name}", '%Y-%m-%d')"""
    if pa.types.is_decimal(kind):
        return f'"{name}"::VARCHAR'
    if pa.types.is_binary(kind):
        return f'base64("{name}")'
    return f'"{name}"'
