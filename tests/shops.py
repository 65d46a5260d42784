"""A small shop that has something in every table, and a list of what was forgotten beside it."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from core.demo import make_demo
from core.store import forgotten_list, whole_shop
from core.store.database import Connection, Store, insert
from tests.builders import RULES, SEOUL, nov

FORGOTTEN = ("S-400", "S-100", "S-900")
_TEXTS = ("", "plain", "Ada “Kim” \\ 김혜윰\t/ 一行\nzwei ' \"", "éa", "Za", "🙂")
_TIMES = (datetime(2026, 11, 24, 6, 0, 0, 123456, tzinfo=UTC), datetime(1999, 1, 1, tzinfo=UTC))


def a_shop_with_everything(path: Path, shipments: int = 60) -> None:
    """Makes it in a new file: a demo shop, and in every table that this leaves empty rows of all kinds of values."""
    store = Store.open(path, threads=1)
    try:
        make_demo(store, RULES, shipments=shipments, now=nov(24), zone=SEOUL)
        for table in whole_shop.TABLES:
            if not store.rows(f"SELECT 1 AS n FROM {table.name} LIMIT 1"):
                store.write(partial(_fill, table=table.name))
        forgotten_list.add(store, FORGOTTEN)
    finally:
        store.close()


def _fill(connection: Connection, *, table: str) -> None:
    schema = whole_shop.schema_of_table(table)
    rows = [dict(zip(schema.names, _values(schema, turn), strict=True)) for turn in range(6)]
    insert(connection, table, pa.Table.from_pylist(rows, schema=schema))


def _values(schema: pa.Schema, turn: int) -> Iterator[Any]:
    """A row of values, other ones each turn; in columns that may be empty, sometimes nothing."""
    for column in schema:
        kind = column.type
        if pa.types.is_integer(kind):
            yield turn + 1
        elif pa.types.is_boolean(kind):
            yield turn % 2 == 0
        elif pa.types.is_floating(kind):
            yield (0.1, 30.0, 1e-7, 1 / 3, 2.5, 1e21)[turn]
        elif pa.types.is_decimal(kind):
            yield Decimal(turn) / 8
        elif pa.types.is_date(kind):
            yield date(2026, 11, 24)
        elif pa.types.is_timestamp(kind):
            yield _TIMES[turn % 2] if kind.tz else _TIMES[turn % 2].replace(tzinfo=None)
        elif pa.types.is_binary(kind):
            yield os.urandom(300) if turn else None
        else:
            yield _TEXTS[turn]
