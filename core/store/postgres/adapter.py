"""A connection to PostgreSQL with the calls of the embedded engine, so that one SQL is asked of both."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pyarrow as pa
import pyarrow.csv as pa_csv

if TYPE_CHECKING:
    import psycopg

HIDDEN = "tx"
"""The column that only the server has: which transaction wrote the row."""
Table: TypeAlias = Any

_AT_ONCE = 32 * 1024 * 1024
_PARAMETER = re.compile(r"\$([A-Za-z_]\w*)")
_FAILED = 3  # as libpq counts the states of a transaction
_ROW = re.compile(r"\browid\b")
_ARROW = {
    "bool": pa.bool_(),
    "int2": pa.int32(),
    "int4": pa.int32(),
    "int8": pa.int64(),
    "float8": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "timestamptz": pa.timestamp("us", tz="UTC"),
    "bytea": pa.binary(),
    "_int4": pa.list_(pa.int32()),
    "_int8": pa.list_(pa.int64()),
}


class Result:
    """What a statement gave: its rows, or how many rows it changed."""

    def __init__(self, cursor: "psycopg.Cursor[Any]") -> None:
        self._cursor = cursor
        columns = cursor.description or ()
        self._kept = [n for n, column in enumerate(columns) if column.name != HIDDEN]
        self._whole = len(self._kept) == len(columns)
        self.description: list[tuple[str, int]] = [(columns[n].name, columns[n].type_code) for n in self._kept]

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows; of a statement without rows, how many it changed."""
        if self._cursor.description is None:
            return [(self._cursor.rowcount,)]
        rows = self._cursor.fetchall()
        return rows if self._whole else [tuple(row[n] for n in self._kept) for row in rows]

    def to_arrow_table(self) -> pa.Table:
        """The rows as an Arrow table; times are UTC."""
        names, rows = [name for name, _ in self.description], self.fetchall()
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        arrays = [_column(values, self._type(n)) for n, values in enumerate(columns)]
        return pa.Table.from_arrays(arrays, names=names)

    def _type(self, place: int) -> pa.DataType:
        column = (self._cursor.description or ())[self._kept[place]]
        if column.type_display.startswith("numeric"):
            return pa.decimal128(column.precision or 38, column.scale or 0)
        known = self._cursor.connection.adapters.types.get(column.type_code)
        name = known.name if known and column.type_code == known.oid else f"_{known.name}" if known else ""
        return _ARROW.get(name, pa.string())


class PgConnection:
    """One transaction's connection. What is registered is a temporary table until it is unregistered, or the transaction ends."""

    def __init__(self, raw: "psycopg.Connection[Any]") -> None:
        self.raw = raw

    def execute(self, sql: str, values: Mapping[str, Any] | None = None) -> Result:
        """Runs a statement with its parameters, written as $name."""
        cursor = self.raw.cursor()
        cursor.execute(translated(sql).encode(), {name: plain(value) for name, value in (values or {}).items()})
        return Result(cursor)

    def sql(self, sql: str, params: Mapping[str, Any] | None = None) -> Result:
        """The same under the embedded engine's other name for it."""
        return self.execute(sql, params)

    def register(self, name: str, table: Table) -> None:
        """The rows can be read under `name`."""
        columns = ", ".join(f'"{column.name}" {sql_type(column.type)}' for column in table.schema)
        self.raw.execute(f'CREATE TEMP TABLE "{name}" ({columns}) ON COMMIT DROP'.encode())
        self.append(f'pg_temp."{name}"', table)

    def unregister(self, name: str) -> None:
        """Nothing can be read under `name` any more."""
        if self.raw.info.transaction_status != _FAILED:
            self.raw.execute(f'DROP TABLE pg_temp."{name}"'.encode())

    def append(self, table: str, rows: Table) -> None:
        """Appends the rows to a table, matched by column name."""
        names = ", ".join(f'"{name}"' for name in rows.schema.names)
        with self.raw.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)".encode()) as copy:
            for piece in _as_csv(rows):
                copy.write(piece)

    def copied(self, sql: str, schema: pa.Schema) -> Iterator[pa.Table]:
        """The rows of a query without parameters, in large parts; its columns are those of the schema."""
        taken = io.BytesIO()
        with self.raw.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)".encode()) as copy:
            for piece in copy:
                if taken.tell() > _AT_ONCE:
                    yield _from_csv(taken.getvalue(), schema)
                    taken = io.BytesIO()
                taken.write(piece)
        if taken.tell():
            yield _from_csv(taken.getvalue(), schema)

    def interrupt(self) -> None:
        """Ends what the server does for it."""
        self.raw.cancel()


@lru_cache(4096)
def translated(sql: str) -> str:
    """The statement with its parameters as the driver writes them."""
    return _ROW.sub("ctid", _PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%")))


def plain(value: Any) -> Any:
    """The value as the driver knows it: names of enums go as their texts, and the character that a server cannot hold as the one
    that stands for an unknown one."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    return value.item() if hasattr(value, "item") else value


def sql_type(kind: pa.DataType) -> str:
    """The server's type for an Arrow type."""
    if pa.types.is_decimal(kind):
        return f"NUMERIC({kind.precision}, {kind.scale})"
    if pa.types.is_timestamp(kind):
        return "TIMESTAMPTZ" if kind.tz else "TIMESTAMP"
    if pa.types.is_date(kind):
        return "DATE"
    if pa.types.is_boolean(kind):
        return "BOOLEAN"
    if pa.types.is_integer(kind):
        return "BIGINT" if kind.bit_width > 32 else "INTEGER"
    if pa.types.is_floating(kind):
        return "DOUBLE PRECISION"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return "BYTEA"
    if pa.types.is_dictionary(kind):
        return sql_type(kind.value_type)
    return "VARCHAR"


def _as_csv(rows: Table) -> Iterator[bytes]:
    """The rows as CSV, in which nothing is null and "" is an empty text."""
    for batch in rows.to_batches() if isinstance(rows, pa.Table) else rows:
        columns = [_writable(column) for column in batch.columns]
        written = io.BytesIO()
        options = pa_csv.WriteOptions(include_header=False)
        pa_csv.write_csv(pa.RecordBatch.from_arrays(columns, names=batch.schema.names), written, options)
        yield written.getvalue()


def _writable(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        return column.dictionary_decode()
    if pa.types.is_decimal(column.type):
        return column.cast(pa.string())
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return pa.array([None if one is None else f"\\x{one.hex()}" for one in column.to_pylist()], pa.string())
    return pa.nulls(len(column), pa.string()) if pa.types.is_null(column.type) else column


def _from_csv(data: bytes, schema: pa.Schema) -> pa.Table:
    # The server writes t and f, and the hour of UTC as +00.
    convert = pa_csv.ConvertOptions(
        column_types=schema,
        null_values=[""],
        true_values=["t"],
        false_values=["f"],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        timestamp_parsers=["%Y-%m-%d %H:%M:%S%z", pa_csv.ISO8601],
    )
    read = pa_csv.ReadOptions(column_names=schema.names)
    return pa_csv.read_csv(
        io.BytesIO(data), read, pa_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False), convert
    )


def _column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    return pa.array(cast(Any, values), kind)
