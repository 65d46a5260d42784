"""Shipments that were split or put together: who holds whose goods, by which numbers they are found, and who could go together."""

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from core.domain.search import SearchKey
from core.domain.shipment import Item, Shipment
from core.domain.shop_numbers import search_form
from core.store import imports, shipments
from core.store.database import Connection, Reader, Row, register_table, select
from core.store.shipments import SEARCH_KEY


def put_into(connection: Connection, shipment_nos: Iterable[str]) -> list[Row]:
    """The shipments that were put into these, oldest first: shipment_id, shipment_no, order_no, product, items, joined_no."""
    return select(connection, _PUT_INTO, {"numbers": list(shipment_nos)})


def split_ones(connection: Connection, shipment_nos: Iterable[str]) -> set[str]:
    """Those of these shipments from which others were split."""
    return {row["split_no"] for row in select(connection, _SPLIT, {"numbers": list(shipment_nos)})}


def put_elsewhere(reader: Reader, shipment_nos: Sequence[str]) -> dict[str, str]:
    """Of these shipments those that were put into another one, by their number the number of that."""
    rows = reader.rows(_PUT_ELSEWHERE, {"numbers": list(shipment_nos)}) if shipment_nos else []
    return {row["shipment_no"]: row["joined_no"] for row in rows}


def put_elsewhere_of(reader: Reader, shipment_ids: Sequence[int]) -> dict[str, str]:
    """The same of the shipments with these ids."""
    rows = reader.rows(_PUT_ELSEWHERE_OF, {"ids": list(shipment_ids)}) if shipment_ids else []
    return {row["shipment_no"]: row["joined_no"] for row in rows}


def alongside(connection: Connection, shipment: Shipment) -> list[int]:
    """The ids of the other shipments that wait in its warehouse for the same country, and whose phone ends alike, oldest order first."""
    own = shipments.row_of(shipment)
    named = {name: own[name] for name in ("shipment_id", "kind", "warehouse", "country")}
    rows = select(connection, _ALONGSIDE, {**named, "ending": own["recipient_key"][-4:]})
    return [row["shipment_id"] for row in rows]


def put_goods(connection: Connection, goods: Mapping[int, Sequence[Item]]) -> None:
    """Puts these goods in place of those of the shipments, by id; they are found by these products and no others."""
    _drop_keys(connection, [(SearchKey.PRODUCT_ID, None, number) for number in goods])
    imports.replace_items(connection, goods)


def find_also_as(connection: Connection, shipment_id: int, others: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Has a shipment found by these numbers, each with its kind, too; those that it was not found by before."""
    known = set(numbers_of(connection, shipment_id))
    new = [one for one in dict.fromkeys(others) if (one[0], search_form(one[1])) not in known]
    shipments.add_keys(connection, [(SearchKey(kind), value, shipment_id) for kind, value in new])
    return new


def find_no_more_as(connection: Connection, shipment_id: int, numbers: Iterable[tuple[str, str]]) -> None:
    """Takes these numbers from a shipment again."""
    _drop_keys(connection, [(SearchKey(kind), search_form(value), shipment_id) for kind, value in numbers])


def numbers_of(connection: Connection, shipment_id: int) -> list[tuple[str, str]]:
    """The numbers of shipments and orders that a shipment is found by, each with its kind, in the form that is searched."""
    return [(row["kind"], row["value"]) for row in select(connection, _NUMBERS, {"id": shipment_id})]


def _drop_keys(connection: Connection, keys: Sequence[tuple[str, str | None, int]]) -> None:
    """Takes search keys away: of a kind, a value or all of them, and a shipment."""
    table = pa.table([pa.array(column) for column in zip(*keys, strict=True)], schema=SEARCH_KEY) if keys else None
    if table is not None:
        with register_table(connection, "dropped", table):
            connection.execute(_DROP)


_PUT_INTO = """
SELECT shipment_id, shipment_no, order_no, product, items, joined_no FROM shipment
WHERE joined_no IN (SELECT unnest($numbers::VARCHAR[])) ORDER BY ordered_at, shipment_id
"""
_SPLIT = "SELECT DISTINCT split_no FROM shipment WHERE split_no IN (SELECT unnest($numbers::VARCHAR[]))"
_PUT_ELSEWHERE = """
SELECT shipment_no, joined_no FROM shipment
WHERE shipment_no IN (SELECT unnest($numbers::VARCHAR[])) AND joined_no IS NOT NULL ORDER BY shipment_id
"""
_PUT_ELSEWHERE_OF = """
SELECT shipment_no, joined_no FROM shipment
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) AND joined_no IS NOT NULL ORDER BY shipment_id
"""
_ALONGSIDE = """
SELECT shipment_id FROM shipment
WHERE right(recipient_key, 4) = $ending AND status = 'preparing_to_release' AND invoice_id IS NULL AND closed_at IS NULL
  AND forgotten_at IS NULL AND kind = $kind AND warehouse = $warehouse AND country = $country AND shipment_id <> $shipment_id
ORDER BY ordered_at, shipment_id
"""
_NUMBERS = """
SELECT DISTINCT kind, value FROM search_key WHERE shipment_id = $id AND kind IN ('shipment_no', 'order_no') ORDER BY kind, value
"""
_DROP = """
DELETE FROM search_key USING dropped WHERE search_key.shipment_id = dropped.shipment_id AND search_key.kind = dropped.kind
  AND (dropped.value IS NULL OR search_key.value = dropped.value)
"""
