"""Whole shipments with their facts: loaded for a command, saved under the version that was loaded."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from core.domain.errors import Conflict
from core.domain.search import SearchKey, search_form
from core.domain.shipment import Checkpoint, InvoiceEvent, Item, Shipment
from core.store import tables
from core.store.database import Connection, Row, Store, insert, lent, next_id, select


def load(connection: Connection, shipment_nos: Sequence[str]) -> dict[str, Shipment]:
    """The shipments under these numbers, by number; a number that does not exist is missing. One query per table."""
    wanted = set(shipment_nos)
    rows = _under(connection, _BY_ID, SearchKey.SHIPMENT_NO, wanted)
    shipments = _with_facts(connection, [row for row in rows if row["shipment_no"] in wanted])
    return {shipment.shipment_no: shipment for shipment in shipments}


def load_by_id(connection: Connection, shipment_ids: Sequence[int]) -> dict[int, Shipment]:
    """The shipments with these ids, by id."""
    rows = select(connection, _BY_ID, {"ids": list(shipment_ids)})
    return {shipment.shipment_id: shipment for shipment in _with_facts(connection, rows)}


def find(store: Store, shipment_no: str) -> Shipment | None:
    """The shipment with all its facts, for one panel; None when the number does not exist."""
    return store.snapshot(lambda connection: load(connection, [shipment_no])).get(shipment_no)


def of_order(store: Store, order_no: str) -> list[Row]:
    """All shipments of an order, oldest first: shipment_no, status, word, kind, ordered_at, product, items."""
    rows = store.snapshot(lambda connection: _under(connection, _SIBLINGS, SearchKey.ORDER_NO, [order_no]))
    return [row for row in rows if row.pop("order_no") == order_no]


def holders(connection: Connection, numbers: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Row]]:
    """Who holds each (carrier, invoice_no) now: live shipments only, as shipment_id, shipment_no."""
    wanted = set(numbers)
    held: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in _under(connection, _LIVE, SearchKey.INVOICE_NO, [number for _, number in wanted]):
        if (row["carrier"], row["invoice_no"]) in wanted:
            held[row["carrier"], row["invoice_no"]].append(row)
    return held


def save(connection: Connection, shipments: Sequence[Shipment], own: bool = False) -> None:
    """Writes the derived columns (and the shop's own, when asked) of shipments whose `version` is one above the stored one.

    Raises Conflict when a stored version is another: then nothing may be committed.
    """
    columns = (*tables.DERIVED, *_OWN_SAVED) if own else tables.DERIVED
    new = tables.table_of((tables.row_of(shipment) for shipment in shipments), tables.SHIPMENT)
    new = new.select(["shipment_id", *columns])
    if _updated(connection, columns, new) != len(shipments):
        raise Conflict("Somebody else saved this shipment first. Nothing was changed.")


def _updated(connection: Connection, columns: Sequence[str], new: pa.Table) -> int:
    """How many shipments took the new values, because they were at the version before."""
    if new.num_rows == 1:  # half the time of lending a table
        values = ", ".join(f"{column} = ${column}" for column in columns)
        sql = f"UPDATE shipment SET {values} WHERE shipment_id = $shipment_id AND version = $version - 1"
        return int(connection.execute(sql, new.to_pylist()[0]).fetchall()[0][0])
    values = ", ".join(f"{column} = new_state.{column}" for column in columns)
    sql = (
        f"UPDATE shipment SET {values} FROM new_state "
        "WHERE shipment.shipment_id = new_state.shipment_id AND shipment.version = new_state.version - 1"
    )
    with lent(connection, "new_state", new):
        return int(connection.execute(sql).fetchall()[0][0])


def add(connection: Connection, shipments: Sequence[Shipment]) -> None:
    """Appends new shipments with their items and search keys; their invoices and checkpoints are added apart."""
    insert(connection, "shipment", tables.table_of((tables.row_of(s) for s in shipments), tables.SHIPMENT))
    add_items(connection, [(shipment.shipment_id, shipment.items) for shipment in shipments])
    keys = [(SearchKey.SHIPMENT_NO, s.shipment_no, s.shipment_id) for s in shipments]
    keys += [(SearchKey.ORDER_NO, s.order_no, s.shipment_id) for s in shipments]
    keys += [(SearchKey.PRODUCT_ID, item.product_id, s.shipment_id) for s in shipments for item in s.items]
    add_keys(connection, keys)


def add_items(connection: Connection, items: Iterable[tuple[int, Sequence[Item]]]) -> None:
    """Appends the item lines of each (shipment_id, items)."""
    rows = (
        {"shipment_id": shipment_id, "line": n, "product_id": i.product_id, "name": i.name, "quantity": i.quantity}
        for shipment_id, lines in items
        for n, i in enumerate(lines, 1)
    )
    insert(connection, "item", tables.table_of(rows, tables.ITEM))


def add_invoices(connection: Connection, events: Sequence[tuple[int, InvoiceEvent]], batch_id: int) -> None:
    """Appends one registration or deletion per (shipment_id, event)."""
    first = next_id(connection, "invoice", "event_id")
    rows = (
        {
            "event_id": first + n,
            "shipment_id": shipment_id,
            "invoice_id": event.invoice_id,
            "action": "deleted" if event.deleted else "registered",
            "carrier": event.carrier,
            "invoice_no": event.invoice_no,
            "changed_at": event.changed_at,
            "batch_id": batch_id,
        }
        for n, (shipment_id, event) in enumerate(events)
    )
    insert(connection, "invoice", tables.table_of(rows, tables.INVOICE))
    add_keys(connection, [(SearchKey.INVOICE_NO, e.invoice_no, shipment_id) for shipment_id, e in events if not e.deleted])


def next_invoice_id(connection: Connection) -> int:
    return next_id(connection, "invoice", "invoice_id")


def next_shipment_id(connection: Connection) -> int:
    """Above every id that was ever given, those of removed shipments included: their history keeps them."""
    return max(next_id(connection, "shipment", "shipment_id"), next_id(connection, "history", "shipment_id"))


def add_checkpoints(connection: Connection, checkpoints: Sequence[tuple[int, Checkpoint]], batch_id: int) -> None:
    """Appends one checkpoint per (shipment_id, checkpoint)."""
    rows = (
        {
            "shipment_id": shipment_id,
            "invoice_id": c.invoice_id,
            "happened_at": c.happened_at,
            "zone_assumed": c.zone_assumed,
            "stage": c.stage,
            "code": c.code,
            "place": c.place,
            "text": c.text,
            "source": c.source,
            "batch_id": batch_id,
        }
        for shipment_id, c in checkpoints
    )
    insert(connection, "checkpoint", tables.table_of(rows, tables.CHECKPOINT))


def add_keys(connection: Connection, keys: Sequence[tuple[SearchKey, str, int]]) -> None:
    """Makes the values findable: (key, value, shipment_id)."""
    rows = ({"kind": kind, "value": search_form(value), "shipment_id": number} for kind, value, number in keys if value)
    insert(connection, "search_key", tables.table_of(rows, tables.SEARCH_KEY))


def sort_keys(connection: Connection) -> None:
    """Puts the search keys in order again, so that zone maps find them; wanted after many were appended."""
    connection.execute("CREATE OR REPLACE TABLE search_key AS SELECT DISTINCT * FROM search_key ORDER BY kind, value")


def _under(connection: Connection, sql: str, key: SearchKey, values: Iterable[str]) -> list[Row]:
    """The rows that `sql` gives for the ids under these values; they may hold another spelling of a value."""
    forms = [search_form(value) for value in values]
    ids = [row["shipment_id"] for row in select(connection, _IDS, {"kind": key, "values": forms})] if forms else []
    return select(connection, sql, {"ids": ids}) if ids else []


def _with_facts(connection: Connection, rows: list[Row]) -> list[Shipment]:
    ids = {"ids": [row["shipment_id"] for row in rows]}
    items = _grouped(connection, _ITEMS, ids)
    invoices = _grouped(connection, _INVOICES, ids)
    checkpoints = _grouped(connection, _CHECKPOINTS, ids)
    return [
        tables.shipment_of(row, *(facts.get(row["shipment_id"], []) for facts in (items, invoices, checkpoints)))
        for row in rows
    ]


def _grouped(connection: Connection, sql: str, ids: dict[str, Any]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in select(connection, sql, ids) if ids["ids"] else []:
        groups[row["shipment_id"]].append(row)
    return groups


_OWN_SAVED = tuple(column for column in tables.OWN if column != "source_hash")

# Ids first: asked for a text in one query with the rows, the whole table would be searched for it.
_IDS = """
SELECT DISTINCT shipment_id FROM search_key WHERE kind = $kind AND value IN (SELECT unnest($values::VARCHAR[]))
"""
_BY_ID = "SELECT * FROM shipment WHERE shipment_id IN (SELECT unnest($ids::BIGINT[]))"
_SIBLINGS = """
SELECT shipment_no, order_no, status, word, kind, ordered_at, product, items FROM shipment
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) ORDER BY ordered_at, shipment_id
"""
_LIVE = """
SELECT shipment_id, shipment_no, carrier, invoice_no FROM shipment
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) AND status <> 'delivered' AND closed_at IS NULL
ORDER BY shipment_id
"""
_ITEMS = "SELECT * FROM item WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) ORDER BY shipment_id, line"
_INVOICES = "SELECT * FROM invoice WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) ORDER BY shipment_id, event_id"
_CHECKPOINTS = "SELECT * FROM checkpoint WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) ORDER BY shipment_id, happened_at"
