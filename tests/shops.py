"""A small shop that has something in every column of every table, and a list of what was forgotten beside it."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from core.demo import make_demo
from core.domain.buyer_message import BuyerTold, Way
from core.domain.language import Language
from core.domain.shipment import Stage
from core.domain.views import ViewPage
from core.services.people import views
from core.services.shipments import undo, worklist
from core.services.shipments.changes import Request
from core.store import forgotten_list, whole_shop
from core.store.database import Connection, Store, insert
from tests.builders import HANA, JUN, RULES, SEOUL, a_checkpoint, a_shipment, a_visit, add, no_sign_in, nov
from tests.services.handback.test_handback import handed, register
from tests.services.handback.test_parcels import LOGEN, ONE, OTHER, TWO, A, B, come_in, join, naver, split

FORGOTTEN = ("S-400", "S-100", "S-900")
LATE = ("LATE-1", "LATE-2")
_ABOVE = 10
"""Above the ids of what people did."""
_TEXTS = ("", "plain", "Ada “Kim” \\ 김혜윰\t/ 一行\nzwei ' \"", "éa", "Za", "🙂")
_TIMES = (datetime(2026, 11, 24, 6, 0, 0, 123456, tzinfo=UTC), datetime(1999, 1, 1, tzinfo=UTC))


def a_shop_with_everything(path: Path, shipments: int = 60) -> None:
    """Makes it in a new file: a demo shop where people worked, and in all that this leaves empty values of all kinds."""
    store = Store.open(path, threads=1)
    try:
        make_demo(store, RULES, shipments=shipments, now=nov(24), zone=SEOUL)
        left_empty = [table for table in whole_shop.TABLES if not store.rows(f"SELECT 1 AS n FROM {table.name} LIMIT 1")]
        _regroup(store)
        _work(store)
        _save_views(store)
        for table in left_empty:
            store.write(partial(_fill, table=table.name))
        for table in whole_shop.TABLES:
            for name in empty_columns(store, table.name):
                store.write(partial(_fill_column, table=table.name, name=name))
        forgotten_list.add(store, FORGOTTEN)
    finally:
        store.close()


def empty_columns(store: Store, table: str) -> list[str]:
    """The columns of a table that no row has a value in."""
    names = whole_shop.schema_of_table(table).names
    [counts] = store.rows(f"SELECT {', '.join(f'count({name}) AS {name}' for name in names)} FROM {table}")
    return [name for name in names if not counts[name]]


def _regroup(store: Store) -> None:
    """Orders of a source come in, their goods go into other parcels, and the source gets its numbers."""
    come_in(store, naver(ONE), naver(TWO), naver(OTHER, B))
    join(store, A, B)
    split(store, [1, 2, 0])
    register(store, (A, "Logen", LOGEN))
    handed(store, "naver")


def _work(store: Store) -> None:
    """The worklist is looked at and worked."""
    scans = (a_checkpoint(Stage.PICKED_UP, nov(13)), a_checkpoint(Stage.IN_TRANSIT, nov(16, 8)))
    add(store, *(a_shipment(no, scans=scans, promised_on=date(2026, 11, 15)) for no in LATE))
    one, other = LATE
    today = nov(24)
    for day in (21, 24):
        worklist.look(store, visit=a_visit(nov(day), person=HANA.person))
    jun = Request(JUN, today)
    worklist.assign(store, no_sign_in(store), LATE, JUN.name, request=Request(JUN, today, request_key="worked"))
    for text in ("Called: out until Thursday.\nAgain then.", "Wrong parcel"):
        written = worklist.note(store, [one], text, request=jun)
    assert written.batch
    undo.undo(store, written.batch, request=jun, home="KR")
    worklist.buyer_told(store, one, BuyerTold(Language.KOREAN, Way.COPY, today.date()), request=jun)
    worklist.snooze(store, [one], today.date() + timedelta(days=2), request=jun, zone=SEOUL)
    worklist.done(store, [other], request=jun, zone=SEOUL)


def _save_views(store: Store) -> None:
    """Views are saved, shared, moved and removed."""
    request = Request(HANA, nov(24))
    own, team, gone = (
        views.save(store, ViewPage.SHIPMENTS, {"tab": [tab]}, f"“{tab}” ' 一行", request=request).view_id
        for tab in ("delivery", "preparing", "all")
    )
    views.share(store, team, True, request=request)
    views.remove(store, gone, request=request)
    views.move(store, own, 1, request=request)


def _fill_column(connection: Connection, *, table: str, name: str) -> None:
    schema = whole_shop.schema_of_table(table)
    kind, first = schema.field(name).type, f"rowid = (SELECT min(rowid) FROM {table})"
    if pa.types.is_dictionary(kind):
        connection.execute(f"UPDATE {table} SET {name} = enum_first({name}) WHERE {first}")
        return
    value = dict(zip(schema.names, _values(schema, 3), strict=True))[name]
    connection.execute(f"UPDATE {table} SET {name} = $value WHERE {first}", {"value": value})


def _fill(connection: Connection, *, table: str) -> None:
    schema = whole_shop.schema_of_table(table)
    rows = [dict(zip(schema.names, _values(schema, turn), strict=True)) for turn in range(6)]
    insert(connection, table, pa.Table.from_pylist(rows, schema=schema))


def _values(schema: pa.Schema, turn: int) -> Iterator[Any]:
    """A row of values, other ones each turn; in columns that may be empty, sometimes nothing."""
    for column in schema:
        kind = column.type
        if pa.types.is_integer(kind):
            yield turn + _ABOVE
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
