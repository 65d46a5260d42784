"""What an import asks and writes in bulk: which shipments are known, and thousands of new ones at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.domain.history import ChangeSource, HistoryAction
from core.domain.search import SearchKey
from core.domain.shipment import Checkpoint, InvoiceAction, Item
from core.domain.shop_numbers import matched, search_form
from core.store import shipments
from core.store.database import Connection, Row, insert, next_id, register_once, register_table, rows_of, select
from core.store.forms import search_forms


@dataclass(frozen=True)
class Additions:
    """New shipments as they are appended: tables in the columns of `core.store.shipments`, checkpoints without their batch.

    `reasons` are what the history keeps of each of them.
    """

    shipments: pa.Table
    items: pa.Table
    checkpoints: pa.Table
    reasons: pa.Array


def known(connection: Connection, shipment_nos: Sequence[str]) -> dict[str, tuple[int, str | None]]:
    """The shipments that exist under these numbers, in whatever spelling: number as asked for to (shipment_id, source_hash)."""
    wanted = pa.table({"form": pa.array(map(search_form, shipment_nos), pa.string())})
    with register_table(connection, "wanted", wanted):
        found = rows_of(connection.sql(_KNOWN).to_arrow_table())
    stored = {row["shipment_no"]: (row["shipment_id"], row["source_hash"]) for row in found}
    return {asked: stored[number] for asked, number in matched(shipment_nos, stored).items()}


def standing(connection: Connection, asked: pa.Table) -> pa.Table:
    """How shipments of a file (`group`, `shipment_no`, `digest`) stand to those that are known: `group`, `shipment_id`,
    `shipment_no` as it is stored, `same` where the digest is stored, and the `source_hash` where it is not. New ones are missing.
    """
    with register_once(connection, "asked", asked):
        exact = connection.sql(_STANDING).to_arrow_table()
    rest = asked.filter(pc.invert(pc.is_in(asked["group"], exact["group"].combine_chunks())))
    forms = rest.select(["shipment_no"]).append_column("form", search_forms(rest["shipment_no"].combine_chunks()))
    with register_once(connection, "unknown", forms):
        numbers = connection.sql(_SPELLED).to_arrow_table()["shipment_no"].to_pylist()
    found = known(connection, numbers) if numbers else {}
    digests = {
        row["shipment_no"]: row for row in rest.filter(pc.is_in(rest["shipment_no"], pa.array(found, pa.string()))).to_pylist()
    }
    spelled = shipment_nos(connection, [number for number, _ in found.values()])
    rows = [
        {
            "group": digests[asked_as]["group"],
            "shipment_id": number,
            "shipment_no": spelled[number],
            "same": stored == digests[asked_as]["digest"],
            "source_hash": stored,
        }
        for asked_as, (number, stored) in found.items()
    ]
    return pa.concat_tables([exact, pa.Table.from_pylist(rows, schema=exact.schema)])


def shipment_nos(connection: Connection, shipment_ids: Sequence[int]) -> dict[int, str]:
    """The Shipment Nos. by id."""
    rows = select(connection, _NOS, {"ids": list(shipment_ids)}) if shipment_ids else []
    return {row["shipment_id"]: row["shipment_no"] for row in rows}


def digests(connection: Connection) -> pa.Array:
    """The hashes of the rows that shipments were last read from, of whole shipments that are not forgotten."""
    return connection.sql(_DIGESTS).to_arrow_table()["source_hash"].combine_chunks()


def holders(connection: Connection, wanted: pa.Table) -> list[Row]:
    """Which live shipments hold the numbers (`canonical_no`) that others want (`shipment_no`, null for a new one)."""
    with register_once(connection, "wanted", wanted):
        return rows_of(connection.sql(_HOLDERS).to_arrow_table())


def add(connection: Connection, new: Additions, batch_id: int) -> None:
    """Appends new shipments with all their facts. When all are added, `core.store.shipments.refuse_twins_from` has to be asked."""
    insert(connection, "shipment", new.shipments)
    insert(connection, "item", new.items)
    invoices = new.shipments.filter(new.shipments["invoice_id"].is_valid())
    insert(connection, "invoice", _registered(connection, invoices, batch_id))
    insert(connection, "checkpoint", _of_batch(new.checkpoints, shipments.CHECKPOINT, batch_id))
    for key, table, column in (
        (SearchKey.INVOICE_NO, invoices, "invoice_no"),
        (SearchKey.INVOICE_NO, invoices.filter(pc.not_equal(invoices["canonical_no"], invoices["invoice_no"])), "canonical_no"),
        (SearchKey.SHIPMENT_NO, new.shipments, "shipment_no"),
        (SearchKey.ORDER_NO, new.shipments, "order_no"),
        (SearchKey.PRODUCT_ID, new.items, "product_id"),
    ):
        _add_keys(connection, key, table[column].combine_chunks(), table["shipment_id"])


def _registered(connection: Connection, invoices: pa.Table, batch_id: int) -> pa.Table:
    count = invoices.num_rows
    first = next_id(connection, "invoice", "event_id", count)
    own = {
        "event_id": np.arange(first, first + count),
        "action": pa.repeat(InvoiceAction.REGISTERED.value, count),
        "changed_at": invoices["invoiced_at"],
        "batch_id": np.full(count, batch_id),
    }
    return pa.table(
        [own[name] if name in own else invoices[name] for name in shipments.INVOICE.names], schema=shipments.INVOICE
    )


def _of_batch(rows: pa.Table, schema: pa.Schema, batch_id: int) -> pa.Table:
    return rows.append_column(schema.field("batch_id"), pa.array(np.full(rows.num_rows, batch_id))).cast(schema)


def _add_keys(connection: Connection, key: SearchKey, values: pa.Array, ids: pa.ChunkedArray) -> None:
    table = pa.table([pa.repeat(key.value, len(values)), search_forms(values), ids], schema=shipments.SEARCH_KEY)
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


_STANDING = """
SELECT a."group", s.shipment_id, s.shipment_no, coalesce(s.source_hash = a.digest, false) AS same,
       CASE WHEN s.source_hash = a.digest THEN NULL ELSE s.source_hash END AS source_hash
FROM asked a JOIN shipment s ON s.shipment_no = a.shipment_no
"""
_SPELLED = """
SELECT w.shipment_no FROM unknown w WHERE w.form IN (SELECT value FROM search_key WHERE kind = 'shipment_no')
"""
_NOS = "SELECT shipment_id, shipment_no FROM shipment WHERE shipment_id IN (SELECT unnest($ids::BIGINT[]))"
_DIGESTS = "SELECT source_hash FROM shipment WHERE source_hash <> ''"
_HOLDERS = """
SELECT DISTINCT w.canonical_no, s.shipment_id, s.shipment_no, s.carrier FROM shipment s JOIN wanted w USING (canonical_no)
WHERE s.status <> 'delivered' AND s.closed_at IS NULL AND s.shipment_no IS DISTINCT FROM w.shipment_no
ORDER BY s.shipment_id
"""
_KNOWN = """
SELECT shipment_no, shipment_id, source_hash FROM shipment WHERE shipment_id IN (
    SELECT shipment_id FROM search_key WHERE kind = 'shipment_no' AND value IN (SELECT form FROM wanted))
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
SELECT shipment_id, carrier, canonical_no FROM (
    SELECT DISTINCT ON (i.shipment_id, i.carrier, i.canonical_no) i.shipment_id, i.carrier, i.canonical_no, i.action, b.source
    FROM invoice i JOIN batch b USING (batch_id) WHERE i.shipment_id IN (SELECT unnest($ids::BIGINT[]))
    ORDER BY i.shipment_id, i.carrier, i.canonical_no, i.event_id DESC) newest
WHERE action = '{InvoiceAction.DELETED}' AND source = '{ChangeSource.UNDO}'
"""
_ADDED = f"""
SELECT h.shipment_id, s.shipment_no,
       s.version = 1 AND NOT EXISTS (
           SELECT 1 FROM history later WHERE later.shipment_id = h.shipment_id AND later.history_id > h.history_id) AS untouched
FROM history h JOIN shipment s USING (shipment_id)
WHERE h.batch_id = $batch AND h.action = '{HistoryAction.IMPORTED}' AND h.before = '{{}}' ORDER BY h.history_id
"""
