"""What an import asks and writes in bulk: which shipments are known, and thousands of new ones at once."""

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from core.domain.filters import SearchKey
from core.domain.shipment import Item, Shipment
from core.store import shipments, tables
from core.store.database import Connection, insert, lent, rows_of


def known(connection: Connection, shipment_nos: Sequence[str]) -> dict[str, tuple[int, str | None]]:
    """The shipments that exist under these numbers: number to (shipment_id, source_hash)."""
    wanted = pa.table({"shipment_no": pa.array(shipment_nos, pa.string())})
    with lent(connection, "wanted", wanted):
        found = connection.sql(
            "SELECT s.shipment_no, s.shipment_id, s.source_hash FROM shipment s SEMI JOIN wanted USING (shipment_no)"
        ).to_arrow_table()
    return {row["shipment_no"]: (row["shipment_id"], row["source_hash"]) for row in rows_of(found)}


def add(connection: Connection, new: Sequence[tuple[Shipment, str]], batch_id: int) -> None:
    """Appends new shipments with all their facts; each comes with the hash of the rows it was read from."""
    _insert_shipments(connection, new)
    _insert_items(connection, ((shipment.shipment_id, shipment.items) for shipment, _ in new))
    shipments.add_invoices(connection, [(s.shipment_id, event) for s, _ in new for event in s.invoices], batch_id)
    shipments.add_checkpoints(connection, [(s.shipment_id, point) for s, _ in new for point in s.checkpoints], batch_id)
    keys = [(SearchKey.SHIPMENT_NO, s.shipment_no, s.shipment_id) for s, _ in new]
    keys += [(SearchKey.ORDER_NO, s.order_no, s.shipment_id) for s, _ in new]
    keys += [(SearchKey.PRODUCT_ID, item.product_id, s.shipment_id) for s, _ in new for item in s.items]
    shipments.add_keys(connection, keys)


def replace_items(connection: Connection, items: Mapping[int, Sequence[Item]]) -> None:
    """Puts these items in place of the ones the shipments have; `items` is by shipment_id."""
    ids = pa.table({"shipment_id": pa.array(items, pa.int64())})
    with lent(connection, "replaced", ids):
        connection.execute("DELETE FROM item USING replaced WHERE item.shipment_id = replaced.shipment_id")
    _insert_items(connection, items.items())
    keys = [(SearchKey.PRODUCT_ID, item.product_id, number) for number, lines in items.items() for item in lines]
    shipments.add_keys(connection, keys)


def remember(connection: Connection, hashes: Mapping[int, str]) -> None:
    """Stores the hash of the rows each shipment was last read from; `hashes` is by shipment_id. No version changes."""
    table = pa.table(
        {"shipment_id": pa.array(hashes, pa.int64()), "source_hash": pa.array(hashes.values(), pa.string())}
    )
    with lent(connection, "read_from", table):
        connection.execute(
            "UPDATE shipment SET source_hash = read_from.source_hash FROM read_from "
            "WHERE shipment.shipment_id = read_from.shipment_id"
        )


def _insert_shipments(connection: Connection, new: Sequence[tuple[Shipment, str]]) -> None:
    rows = [tables.row_of(shipment) for shipment, _ in new]
    arrays = [
        pa.array([digest for _, digest in new], pa.string())
        if column.name == "source_hash"
        else pa.array([row[column.name] for row in rows], column.type)
        for column in tables.SHIPMENT
    ]
    insert(connection, "shipment", pa.table(arrays, schema=tables.SHIPMENT))


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
        schema=tables.ITEM,
    )
    insert(connection, "item", table)


def add_order_keys(connection: Connection, order_nos: Mapping[int, str]) -> None:
    """Makes shipments findable under their new Order No.; `order_nos` is by shipment_id."""
    shipments.add_keys(connection, [(SearchKey.ORDER_NO, order_no, number) for number, order_no in order_nos.items()])
