"""The shipments that a carrier's list of numbers may mean: those that wait for a number, and those that have one of its numbers."""

from collections.abc import Iterable

from core.domain.shipment import Status
from core.domain.shop_numbers import search_form
from core.store.database import Connection, Row, select


def waiting(connection: Connection) -> list[Row]:
    """The shipments without an invoice that wait for one: the columns of `_COLUMNS`, oldest order first, and `also`: the numbers of
    those that were put into them, and of their orders."""
    return select(connection, _WAITING, {"status": Status.PREPARING_TO_RELEASE})


def registered(connection: Connection, numbers: Iterable[str]) -> list[Row]:
    """The shipments that have one of these canonical numbers now: the same columns, and `canonical_no`."""
    wanted = list(dict.fromkeys(numbers))
    ids = select(connection, _IDS, {"forms": [search_form(number) for number in wanted]})
    chosen = {"ids": [row["shipment_id"] for row in ids], "numbers": wanted}
    return select(connection, _REGISTERED, chosen) if ids else []


def known_numbers(connection: Connection, forms: Iterable[str]) -> set[str]:
    """Which of these search forms are a Shipment No. or an Order No. of any shipment."""
    rows = select(connection, _KNOWN, {"forms": list(dict.fromkeys(forms))})
    return {row["value"] for row in rows}


_COLUMNS = "shipment_no, order_no, recipient, phone, address, city, region, postal_code, ordered_at, weight_g"
_WAITING = f"""
SELECT {_COLUMNS}, put.also FROM shipment LEFT JOIN (
    SELECT joined_no AS holder_no, array_agg(shipment_no) || array_agg(order_no) AS also
    FROM shipment WHERE joined_no IS NOT NULL GROUP BY joined_no) put ON put.holder_no = shipment_no
WHERE status = $status AND invoice_id IS NULL AND closed_at IS NULL ORDER BY ordered_at, shipment_id
"""
# Ids first: asked for a text in one query with the rows, the whole table would be searched for it.
_IDS = """
SELECT DISTINCT shipment_id FROM search_key WHERE kind = 'invoice_no' AND value IN (SELECT unnest($forms::VARCHAR[]))
"""
_REGISTERED = f"""
SELECT {_COLUMNS}, canonical_no FROM shipment
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) AND canonical_no IN (SELECT unnest($numbers::VARCHAR[]))
ORDER BY ordered_at, shipment_id
"""
_KNOWN = """
SELECT DISTINCT value FROM search_key
WHERE kind IN ('shipment_no', 'order_no') AND value IN (SELECT unnest($forms::VARCHAR[]))
"""
