"""The demo shop: an invented shop with a year of orders, made from a seed and true to the rules of the desk."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from core.demo import customers, orders
from core.demo.companies import companies
from core.demo.making import Heirs, Made, make, names_of
from core.demo.reasons import DemoReason
from core.demo.working import Shop
from core.domain.carriers import Rules
from core.domain.errors import Refused
from core.store import shipments as stored
from core.store.database import Connection, Store, insert, next_id, select

CHUNK = 100_000
RESHIPPED = 0.0003

Part = Mapping[str, pa.Table]

_IDS = {
    "shipment_id": ("shipment", "shipment_id"),
    "invoice_id": ("invoice", "invoice_id"),
    "event_id": ("invoice", "event_id"),
    "history_id": ("history", "history_id"),
}
_TABLES = ("batch", "shipment", "item", "invoice", "checkpoint", "history", "search_key")


def make_demo(
    store: Store,
    rules: Rules,
    *,
    shipments: int = 20_000,
    seed: int = 1,
    now: datetime,
    zone: ZoneInfo,
    home: str = "KR",
    progress: Callable[[float], None] | None = None,
) -> int:
    """How many shipments were made. The same seed, count and hour of `now` make the same rows.

    `progress` hears the share that is done. Raises Refused when the database already has shipments or `shipments` is below 1.
    """
    if shipments < 1:
        raise Refused(DemoReason.TOO_FEW(), "shipments")
    made = 0
    for parts in _parts(rules, shipments, seed, now, zone, home):
        store.write(partial(_save, parts=parts, first=made == 0))
        made += sum(part["shipment"].num_rows for part in parts)
        if progress:
            progress(min(0.95 * made / shipments, 0.95))
    store.write(stored.sort_keys)
    if progress:
        progress(1.0)
    return made


def _parts(rules: Rules, count: int, seed: int, now: datetime, zone: ZoneInfo, home: str) -> Iterator[list[Part]]:
    """What is written together: the rows of a chunk; with the last chunk, the shipments sent instead of cancelled ones."""
    time = orders.calendar(now, zone)
    book = customers.book(min(max(count * 2 // 5, 20), 40_000), seed, home)
    shop = Shop(companies(rules), time, book, home, start=abs(seed) * 7_919_317 % 90_000_000)
    heirs_wanted = int(count * RESHIPPED)
    rows = orders.skeleton(count - heirs_wanted, seed, time, len(book))
    names = names_of(shop, rows.ordered_at)
    waiting: list[Heirs] = []
    for start in range(0, len(rows), CHUNK):
        end = min(start + CHUNK, len(rows))
        # Ahead of the share made so far: the newest chunk has few that were cancelled long enough ago.
        allowed = min(heirs_wanted, heirs_wanted * end * 5 // (len(rows) * 4)) - sum(len(h.rows) for h in waiting)
        made = make(shop, rows.rows(slice(start, end)), names.slice(start, end - start), allowed)
        waiting.append(made.heirs)
        parts = [made.tables]
        if end == len(rows) and any(len(heirs.rows) for heirs in waiting):
            parts.append(_heirs(shop, waiting, len(rows), seed).tables)
        yield parts


def _heirs(shop: Shop, waiting: list[Heirs], first: int, seed: int) -> Made:
    rows = orders.joined([heirs.rows for heirs in waiting], first, seed)
    origin_no = pa.concat_arrays([heirs.origin_no for heirs in waiting])
    return make(shop, rows, pc.binary_join_element_wise(origin_no, "R1", "-"), 0, origin_no)


def _save(connection: Connection, parts: Sequence[Part], first: bool) -> None:
    if first and select(connection, "SELECT 1 AS n FROM shipment LIMIT 1"):
        raise Refused(DemoReason.NOT_EMPTY())
    # Batches of the last part get the first ids: it is old news, and the newest batches are those with the highest ids.
    batch_id = next_id(connection, "batch", "batch_id", sum(part["batch"].num_rows for part in parts))
    firsts = [batch_id + sum(later["batch"].num_rows for later in parts[n + 1 :]) for n in range(len(parts))]
    for part, batch_id in zip(parts, firsts, strict=True):
        ids = {column: next_id(connection, *where, _most(part, *where)) for column, where in _IDS.items()} | {
            "batch_id": batch_id
        }
        for name in _TABLES:
            insert(connection, name, _counted_on(part[name], ids))


def _most(part: Part, table: str, column: str) -> int:
    """How many ids the rows count up to."""
    return int(pc.max(part[table][column]).as_py() or 0) + 1 if part[table].num_rows else 0


def _counted_on(table: pa.Table, firsts: dict[str, int]) -> pa.Table:
    """The table with ids that continue those in the database."""
    for place, name in enumerate(table.column_names):
        if name in firsts:
            table = table.set_column(place, name, pc.add(table[name], firsts[name]))
    return table
