"""What an import asks and writes in bulk: which shipments are known, and thousands of new ones at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from core.domain.history import ChangeSource, HistoryAction
from core.domain.search import SearchKey, search_form
from core.domain.shipment import Checkpoint, InvoiceEvent, Item
from core.domain.shop_numbers import matched
from core.store import shipments
from core.store.database import Connection, Row, insert, register_table, rows_of, select


@dataclass(frozen=True)
class Additions:
    """New shipments as they are appended: tables in the columns of `core.store.shipments`, facts by shipment_id.

    `doubts` says by shipment_id what a check digit says against a number that was taken.
    """

    shipments: pa.Table
    items: pa.Table
    invoices: Sequence[tuple[int, InvoiceEvent]]
    checkpoints: Sequence[tuple[int, Checkpoint]]
    doubts: Mapping[int, str]


def known(connection: Connection, shipment_nos: Sequence[str]) -> dict[str, tuple[int, str | None]]:
    """The shipments that exist under these numbers, in whatever spelling: number as asked for to (shipment_id, source_hash)."""
    wanted = pa.table({"form": pa.array(map(search_form, shipment_nos), pa.string())})
    with register_table(connection, "wanted", wanted):
        found = rows_of(connection.sql(_KNOWN).to_arrow_table())
    stored = {row["shipment_no"]: (row["shipment_id"], row["source_hash"]) for row in found}
    return {asked: stored[number] for asked, number in matched(shipment_nos, stored).items()}


def add(connection: Connection, new: Additions, batch_id: int) -> None:
    """Appends new shipments with all their facts. Raises Conflict like `core.store.shipments.add`."""
    insert(connection, "shipment", new.shipments)
    insert(connection, "item", new.items)
    shipments.add_invoices(connection, new.invoices, batch_id)
    shipments.add_checkpoints(connection, new.checkpoints, batch_id)
    for key, table, column in (
        (SearchKey.SHIPMENT_NO, new.shipments, "shipment_no"),
        (SearchKey.ORDER_NO, new.shipments, "order_no"),
        (SearchKey.PRODUCT_ID, new.items, "product_id"),
    ):
        _add_keys(connection, key, table[column].to_pylist(), table["shipment_id"])
    shipments.refuse_twins(connection, new.shipments["shipment_no"].to_pylist())


def _add_keys(connection: Connection, key: SearchKey, values: Sequence[str], ids: pa.ChunkedArray) -> None:
    forms = {value: search_form(value) for value in set(values)}
    table = pa.table(
        [pa.array([key.value] * len(values), pa.string()), pa.array([forms[v] for v in values], pa.string()), ids],
        schema=shipments.SEARCH_KEY,
    )
    insert(connection, "search_key", table.filter(pc.not_equal(table["value"], "")))


def replace_items(connection: Connection, items: Mapping[int, Sequence[Item]]) -> None:
    """Puts these items in place of the ones the shipments have; `items` is by shipment_id."""
    ids = pa.table({"shipment_id": pa.array(items, pa.int64())})
    with register_table(connection, "replaced", ids):
        connection.execute("DELETE FROM item USING replaced WHERE item.shipment_id = replaced.shipment_id")
    _insert_items(connection, items.items())
    keys = [(SearchKey.PRODUCT_ID, item.product_id, number) for number, lines in items.items() for item in lines]
    shipments.add_keys(connection, keys)


def remember(connection: Connection, hashes: Mapping[int, str | None]) -> None:
    """Stores the hash of the rows each shipment was last read from, None for one made here; by shipment_id. No version changes."""
    table = pa.table({"shipment_id": pa.array(hashes, pa.int64()), "source_hash": pa.array(hashes.values(), pa.string())})
    with register_table(connection, "read_from", table):
        connection.execute(
            "UPDATE shipment SET source_hash = read_from.source_hash FROM read_from "
            "WHERE shipment.shipment_id = read_from.shipment_id"
        )


def added(connection: Connection, batch_id: int) -> list[Row]:
    """The shipments that an import added, in its order: shipment_id, shipment_no, and `untouched`: nothing came after it."""
    return select(connection, _ADDED, {"batch": batch_id})


def brought(connection: Connection, batch_id: int) -> dict[int, list[Checkpoint]]:
    """The checkpoints that the batch brought, by shipment_id."""
    found: dict[int, list[Checkpoint]] = defaultdict(list)
    for row in select(connection, "SELECT * FROM checkpoint WHERE batch_id = $batch", {"batch": batch_id}):
        found[row["shipment_id"]].append(shipments.checkpoint_of(row))
    return found


def told_since(connection: Connection, batch_id: int) -> list[int]:
    """The ids of shipments of which a carrier told more since the batch, about a number that it registered or brought facts of."""
    return [row["shipment_id"] for row in select(connection, _TOLD_SINCE, {"batch": batch_id})]


def taken_back(connection: Connection, shipment_ids: Sequence[int]) -> frozenset[tuple[int, str, str]]:
    """The numbers of these shipments whose registration was undone, not deleted: shipment_id, carrier, canonical number."""
    rows = select(connection, _TAKEN_BACK, {"ids": list(shipment_ids)})
    return frozenset((row["shipment_id"], row["carrier"], row["canonical_no"]) for row in rows)


def remove(connection: Connection, shipment_ids: Sequence[int]) -> None:
    """Takes shipments out of the desk. What was said of them stays in the history, and their ids are never given again."""
    with register_table(connection, "removed", pa.table({"shipment_id": pa.array(shipment_ids, pa.int64())})):
        for table in ("shipment", "item", "search_key", "tracking", "source_line"):
            connection.execute(f"DELETE FROM {table} USING removed WHERE {table}.shipment_id = removed.shipment_id")


def _insert_items(connection: Connection, items: Iterable[tuple[int, Sequence[Item]]]) -> None:
    lines = [(number, n, item) for number, all_items in items for n, item in enumerate(all_items, 1)]
    table = pa.table(
        [
            [number for number, _, _ in lines],
            [n for _, n, _ in lines],
            [item.product_id for _, _, item in lines],
            [item.name for _, _, item in lines],
            [item.quantity for _, _, item in lines],
        ],
        schema=shipments.ITEM,
    )
    insert(connection, "item", table)


def add_order_keys(connection: Connection, order_nos: Mapping[int, str]) -> None:
    """Makes shipments findable under their new Order No.; `order_nos` is by shipment_id."""
    shipments.add_keys(connection, [(SearchKey.ORDER_NO, order_no, number) for number, order_no in order_nos.items()])


_KNOWN = """
SELECT shipment_no, shipment_id, source_hash FROM shipment SEMI JOIN (
    SELECT k.shipment_id FROM search_key k SEMI JOIN wanted ON wanted.form = k.value WHERE k.kind = 'shipment_no'
) USING (shipment_id)
"""
_TOLD_SINCE = """
WITH brought AS (
    SELECT shipment_id, invoice_id FROM checkpoint WHERE batch_id = $batch
    UNION SELECT shipment_id, invoice_id FROM invoice WHERE batch_id = $batch)
SELECT DISTINCT later.shipment_id FROM checkpoint later JOIN brought
ON brought.shipment_id = later.shipment_id AND brought.invoice_id IS NOT DISTINCT FROM later.invoice_id
WHERE later.batch_id > $batch
"""
_TAKEN_BACK = f"""
SELECT i.shipment_id, i.carrier, i.canonical_no FROM invoice i JOIN batch b USING (batch_id)
WHERE i.shipment_id IN (SELECT unnest($ids::BIGINT[]))
GROUP BY ALL HAVING arg_max(i.action, i.event_id) = 'deleted' AND arg_max(b.source, i.event_id) = '{ChangeSource.UNDO}'
"""
_ADDED = f"""
SELECT h.shipment_id, s.shipment_no,
       s.version = 1 AND NOT EXISTS (
           FROM history later WHERE later.shipment_id = h.shipment_id AND later.history_id > h.history_id) AS untouched
FROM history h JOIN shipment s USING (shipment_id)
WHERE h.batch_id = $batch AND h.action = '{HistoryAction.IMPORTED}' AND h.before = '{{}}' ORDER BY h.history_id
"""
