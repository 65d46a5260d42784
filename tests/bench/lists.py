"""The list's questions, put to the store as the Shipments page puts them and to SQLite beside it."""

import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from core.domain.filters import Order, SearchKey, ShipmentFilter, Sort
from core.domain.flags import Flag
from core.domain.shipment import STATUSES_OF, Destination, Tab
from core.services import listing
from core.store.database import Store
from tests.bench.shop import MOMENT, ZONE

TURNS = 9
_COLUMNS = {Sort.ORDERED: "ordered_at", Sort.AGE: "status_since", Sort.RECIPIENT: "recipient", Sort.INVOICE_NO: "invoice_no"}
_KEYS = {
    SearchKey.SHIPMENT_NO: "shipment_no = ?",
    SearchKey.ORDER_NO: "order_no = ?",
    SearchKey.INVOICE_NO: "invoice_no = ?",
    SearchKey.PRODUCT_ID: "shipment_id IN (SELECT shipment_id FROM item WHERE product_id = ?)",
}


@dataclass(frozen=True)
class Question:
    name: str
    wanted: ShipmentFilter
    order: Order = field(default_factory=Order)
    page: int = 1


@dataclass(frozen=True)
class Measured:
    """Medians in milliseconds; `beside` is SQLite's, None where the same question was not put to it."""

    name: str
    ours: float
    beside: float | None = None


def questions(store: Store) -> list[Question]:
    """The page in its usual forms, and the four keys with values that exist."""
    delivered = ShipmentFilter(Destination.INTERNATIONAL, Tab.DELIVERED)
    narrow = replace(
        delivered,
        warehouses=("ICN1",),
        carriers=("dhl", "fedex"),
        ordered_from=date(2026, 6, 1),
        ordered_to=date(2026, 9, 30),
    )
    one = store.rows("SELECT * FROM shipment WHERE status = 'in_delivery' AND destination = 'domestic' LIMIT 1")[0]
    product = store.rows("SELECT product_id FROM item WHERE shipment_id = $id", {"id": one["shipment_id"]})[0]["product_id"]
    values = {
        SearchKey.SHIPMENT_NO: one["shipment_no"],
        SearchKey.ORDER_NO: one["order_no"],
        SearchKey.INVOICE_NO: one["invoice_no"],
        SearchKey.PRODUCT_ID: product,
    }
    searches = [
        Question(f"search: {key.value}", ShipmentFilter(tab=Tab.DELIVERY, key=key, values=(value,)))
        for key, value in values.items()
    ]
    return [
        Question("first page, all filters off", delivered),
        Question("filtered, sorted by age", narrow, Order(Sort.AGE)),
        Question("sorted by recipient", delivered, Order(Sort.RECIPIENT, False)),
        Question("page 2,000", delivered, page=2000),
        Question("flag: past promise", ShipmentFilter(tab=Tab.DELIVERY, flags=(Flag.PAST_PROMISE,))),
        *searches,
    ]


def measure(store: Store, beside: sqlite3.Connection) -> list[Measured]:
    """Every question, warm, the median of several turns. SQLite gets no flags: they are the desk's own rule."""
    return [
        Measured(
            question.name,
            median(lambda question=question: _ours(store, question)),
            None if question.wanted.flags else median(lambda question=question: _beside(beside, question)),
        )
        for question in questions(store)
    ]


def median(work: Callable[[], object]) -> float:
    """Milliseconds, after two turns to warm up."""
    times = []
    for _ in range(TURNS + 2):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times[2:]) * 1000


def _ours(store: Store, question: Question) -> listing.Page:
    return listing.page(store, question.wanted, question.order, zone=ZONE, now=MOMENT, size=50, number=lambda _: question.page)


def _beside(connection: sqlite3.Connection, question: Question) -> Sequence[Any]:
    where, values = _where(question.wanted)
    connection.execute(f"SELECT status, count(*) FROM shipment WHERE {where} GROUP BY status", values).fetchall()
    statuses = STATUSES_OF[question.wanted.tab]
    column = _COLUMNS[question.order.sort]
    direction = "ASC" if question.order.sort is Sort.AGE or not question.order.descending else "DESC"
    return connection.execute(
        f"SELECT * FROM shipment WHERE {where} AND status IN ({', '.join('?' * len(statuses))}) "
        f"ORDER BY {column} {direction} LIMIT 50 OFFSET {(question.page - 1) * 50}",
        [*values, *statuses],
    ).fetchall()


def _where(wanted: ShipmentFilter) -> tuple[str, list[Any]]:
    clauses, values = ["destination = ?"], [wanted.destination.value]
    for column, chosen in (("warehouse", wanted.warehouses), ("carrier", wanted.carriers)):
        if chosen:
            clauses.append(f"{column} IN ({', '.join('?' * len(chosen))})")
            values += chosen
    if wanted.ordered_from and wanted.ordered_to:
        clauses.append("ordered_at >= ? AND ordered_at < ?")
        values += [_micros(wanted.ordered_from), _micros(wanted.ordered_to + timedelta(days=1))]
    if wanted.values:
        clauses.append(_KEYS[wanted.key])
        values.append(wanted.values[0])
    return " AND ".join(clauses), values


def _micros(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp() * 1_000_000)
