"""The store's questions on a large demo shop, each beside the same question in other databases."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

from core.carriers import rules as carrier_rules
from core.domain.dimensions import Days
from core.domain.flags import Flag
from core.domain.search import Search, SearchKey
from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.sorting import Order, Sort
from core.services.shipments import invoices, queries
from core.services.shipments.changes import Actor, Request
from core.services.shipments.invoices import Entry
from core.store import lists
from core.store.database import Store
from tests.bench import beside
from tests.bench.engines import Engine
from tests.bench.measuring import Spread, taken, timed
from tests.bench.shop import ZONE
from tests.builders import a_visit, staff

SIZE, DEEP = 50, 2000
CLERKS, EACH = 50, 20
RULES = carrier_rules.load()


@dataclass(frozen=True)
class Timed:
    """The times of one question; `beside` are the medians of other databases, None where one took too long."""

    name: str
    ours: Spread
    beside: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Shop:
    """The databases with the same rows, and one shipment somewhere in the middle to look for."""

    store: Store
    others: Sequence[Engine]
    now: datetime
    sample: dict[str, str]


def measured(file: Path, others: Sequence[Engine]) -> Iterator[Timed]:
    """One row of the table after another. Writes to the file, and to those others that are whole."""
    store = Store.open(file)
    try:
        shop = Shop(store, others, datetime.now(UTC), _sample(store))
        yield _counts(shop, Selection(tab=Tab.DELIVERED))
        for name, wanted, order, number in _pages(shop):
            yield _page(shop, name, wanted, order, number)
        no, whole = shop.sample["shipment_no"], [one for one in others if one.whole]
        yield Timed(
            "one shipment whole",
            timed(lambda: queries.whole(store, no, visit=a_visit(shop.now, ZONE))),
            {other.name: taken(lambda other=other: beside.whole(other, no)) for other in whole},
        )
        yield Timed(
            "register one invoice",
            timed(_registering(shop)),
            {other.name: taken(_registering_beside(shop, other)) for other in whole},
        )
        yield from _searches(shop)
        yield from _clerks(shop)
    finally:
        store.close()


def _pages(shop: Shop) -> Iterator[tuple[str, Selection, Order, int]]:
    today, newest = shop.now.astimezone(ZONE).date(), Order()
    delivered = Selection(tab=Tab.DELIVERED)
    filtered = Selection(
        tab=Tab.DELIVERED, warehouse=("ICN1",), carrier=("cj",), ordered=Days(today - timedelta(days=90), today)
    )
    yield "filtered by 5, newest first", filtered, newest, 1
    yield "filtered by 5, by recipient", filtered, Order(Sort.RECIPIENT, descending=False), 1
    yield "first page of Preparing", Selection(), newest, 1
    yield "first page of Delivered", delivered, newest, 1
    for name, sort in _SORTS.items():
        yield f"Delivered by {name}", delivered, Order(sort, descending=sort is Sort.AGE), 1
    yield "flag No scan in Delivery", Selection(tab=Tab.DELIVERY, flag=(Flag.NO_SCAN,)), newest, 1
    yield f"page {DEEP:,} of Delivered", delivered, newest, DEEP
    for key in SearchKey:
        yield f"search {key}", Selection(tab=Tab.DELIVERED, search=Search(key, (shop.sample[key],))), newest, 1
    for key in (SearchKey.SHIPMENT_NO, SearchKey.INVOICE_NO):
        begun = shop.sample[key][:-3]
        yield f"search {key} by its beginning", Selection(tab=Tab.DELIVERED, search=Search(key, (begun,))), newest, 1


def _counts(shop: Shop, wanted: Selection) -> Timed:
    def ours() -> object:
        return queries.counts(shop.store, wanted, visit=a_visit(shop.now, ZONE))

    others = {other.name: taken(lambda other=other: beside.counts(other, wanted, shop.now)) for other in shop.others}
    return Timed("tab counts", timed(ours), others)


def _page(shop: Shop, name: str, wanted: Selection, order: Order, number: int) -> Timed:
    def ours() -> queries.Page:
        return queries.page(
            shop.store, wanted, order, visit=a_visit(shop.now, ZONE), size=SIZE, number=lambda pages: min(number, pages)
        )

    def rows_of(other: Engine) -> list[dict[str, object]]:
        found = beside.page(other, wanted, order, shop.now, SIZE, min(number, last))
        return found if ids(found) == wanted_ids else different.append(other.name) or found

    def ids(rows: Sequence[Mapping[str, object]]) -> list[object]:
        return [row["shipment_id"] for row in rows]

    first, different = ours(), list[str]()
    last, wanted_ids = max(1, -(-first.total // SIZE)), ids(first.rows)
    others = {other.name: taken(lambda other=other: rows_of(other)) for other in shop.others}
    return Timed(f"{name} (OTHER ROWS)" if different else name, timed(ours), others)


def _searches(shop: Shop) -> Iterator[Timed]:
    """The look-ups alone, without a page of rows and its counts."""
    asked = {f"{key} exactly": (key, shop.sample[key]) for key in (SearchKey.INVOICE_NO, SearchKey.PRODUCT_ID)}
    asked["invoice_no by its beginning"] = SearchKey.INVOICE_NO, shop.sample[SearchKey.INVOICE_NO][:-3]
    for name, (key, text) in asked.items():
        wanted = Selection(search=Search(key, (text,)))
        yield Timed(
            f"find {name}",
            timed(lambda key=key, text=text: lists.search(shop.store, key, [text])),
            {other.name: taken(lambda other=other, wanted=wanted: beside.found(other, wanted)) for other in shop.others},
        )


def _clerks(shop: Shop) -> Iterator[Timed]:
    """One registration of many, as long as it takes until all are on the disk: from one clerk alone, and from 50 at once."""
    for name, clerks, each in (("1 clerk registers", 1, CLERKS), (f"{CLERKS} clerks register", CLERKS, EACH)):
        register = _registering(shop, _MANY)
        began = time.perf_counter()
        with ThreadPoolExecutor(clerks) as pool:
            for done in [pool.submit(lambda r=register, n=each: [r() for _ in range(n)]) for _ in range(clerks)]:
                done.result()
        milliseconds = (time.perf_counter() - began) * 1000 / (clerks * each)
        yield Timed(f"{name}, per invoice", Spread(milliseconds, milliseconds))


def _sample(store: Store) -> dict[str, str]:
    return store.rows(_SAMPLE)[0]


def _registering(shop: Shop, waiting: str = "") -> Callable[[], object]:
    nos, number = iter(shop.store.rows(waiting or _WAITING)), count(1)
    turn, mark = threading.Lock(), uuid4().hex[:4].upper()

    def register() -> bool:
        with turn:
            no, entry = next(nos)["shipment_no"], Entry("other", f"Q{mark}{next(number):07}X", confirmed=True)
        return invoices.register(
            shop.store, RULES, no, entry, request=Request(Actor(staff("Hana")), shop.now, request_key=uuid4().hex)
        )

    return register


def _registering_beside(shop: Shop, other: Engine) -> Callable[[], object]:
    waiting, number = iter(shop.store.rows(_WAITING)), count(1)
    return lambda: beside.register(other, next(waiting)["shipment_no"], "other", f"QB{next(number):09}X", uuid4().hex, shop.now)


_SORTS = {
    "recipient": Sort.RECIPIENT,
    "company": Sort.CARRIER,
    "time in status": Sort.AGE,
    "shipment": Sort.SHIPMENT_NO,
    "order": Sort.ORDER_NO,
    "country": Sort.DESTINATION,
    "warehouse": Sort.WAREHOUSE,
    "invoice": Sort.INVOICE_NO,
    "status": Sort.STATUS,
}
_SAMPLE = """
SELECT s.shipment_no, s.order_no, s.invoice_no, s.recipient, i.product_id FROM shipment s JOIN item i USING (shipment_id)
WHERE s.status = 'delivered' AND s.destination = 'domestic' AND s.carrier = 'cj' AND i.line = 1
ORDER BY s.shipment_id LIMIT 1 OFFSET (SELECT count(*) // 8 FROM shipment)
"""
_WAITING = """
SELECT shipment_no FROM shipment WHERE status = 'preparing_to_release' AND invoice_id IS NULL ORDER BY shipment_id DESC LIMIT 50
"""
_MANY = f"""
SELECT shipment_no FROM shipment WHERE status = 'preparing_to_release' AND invoice_id IS NULL
ORDER BY shipment_id DESC LIMIT {CLERKS * (EACH + 1)} OFFSET 100
"""
