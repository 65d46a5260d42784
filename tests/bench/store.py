"""The store's questions on a large demo shop, each beside the same question in SQLite."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median
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
from tests.bench.beside import Sqlite
from tests.bench.shop import ZONE
from tests.builders import a_visit, staff

REPEATS, SIZE, DEEP = 9, 50, 2000
CLERKS, EACH = 50, 20
RULES = carrier_rules.load()


@dataclass(frozen=True)
class Timed:
    """Milliseconds, the median of several warm runs; `beside` is SQLite's."""

    name: str
    ours: float
    beside: float


@dataclass(frozen=True)
class Shop:
    """The two databases with the same rows, and one shipment somewhere in the middle to look for."""

    store: Store
    sqlite: Sqlite
    now: datetime
    sample: dict[str, str]


def measured(file: Path, sqlite_file: Path) -> Iterator[Timed]:
    """One row of the table after another. Writes to both files."""
    store, sqlite = Store.open(file), Sqlite(sqlite_file)
    try:
        shop = Shop(store, sqlite, datetime.now(UTC), _sample(store))
        for name, wanted, order, number in _pages(shop):
            yield _page(shop, name, wanted, order, number)
        yield from _searches(shop)
        no = shop.sample["shipment_no"]
        whole = _median(lambda: queries.whole(store, no, visit=a_visit(shop.now, ZONE)))
        yield Timed("one shipment whole", whole, _median(lambda: sqlite.whole(no)))
        yield Timed("register one invoice", _median(_registering(shop)), _median(_registering_beside(shop)))
        yield from _clerks(shop)
    finally:
        store.close()
        sqlite.close()


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
    yield "Delivered by recipient", delivered, Order(Sort.RECIPIENT, descending=False), 1
    yield "Delivered by company", delivered, Order(Sort.CARRIER, descending=False), 1
    yield "Delivered by time in status", delivered, Order(Sort.AGE), 1
    yield "flag No scan in Delivery", Selection(tab=Tab.DELIVERY, flag=(Flag.NO_SCAN,)), newest, 1
    yield f"page {DEEP:,} of Delivered", delivered, newest, DEEP
    for key in SearchKey:
        yield f"search {key}", Selection(tab=Tab.DELIVERED, search=Search(key, (shop.sample[key],))), newest, 1
    for key in (SearchKey.SHIPMENT_NO, SearchKey.INVOICE_NO):
        begun = shop.sample[key][:-3]
        yield f"search {key} by its beginning", Selection(tab=Tab.DELIVERED, search=Search(key, (begun,))), newest, 1


def _searches(shop: Shop) -> Iterator[Timed]:
    """The look-ups alone, without a page of rows and its counts."""
    asked = {f"{key} exactly": (key, shop.sample[key]) for key in (SearchKey.INVOICE_NO, SearchKey.PRODUCT_ID)}
    asked["invoice_no by its beginning"] = SearchKey.INVOICE_NO, shop.sample[SearchKey.INVOICE_NO][:-3]
    for name, (key, text) in asked.items():
        ours = _median(lambda key=key, text=text: lists.search(shop.store, key, [text]))
        yield Timed(f"find {name}", ours, _median(lambda key=key, text=text: shop.sqlite.found(key, (text,))))


def _clerks(shop: Shop) -> Iterator[Timed]:
    """Milliseconds for one registration of many: from one clerk alone, and from 50 at once."""
    ours, beside = _registering(shop, _MANY), _registering_beside(shop, _MANY)
    alone = _milliseconds(lambda: [beside() for _ in range(CLERKS)]) / CLERKS
    for name, clerks, each in (("1 clerk registers", 1, CLERKS), (f"{CLERKS} clerks register", CLERKS, EACH)):
        yield Timed(
            f"{name}, per invoice", _milliseconds(lambda c=clerks, n=each: _at_once(ours, c, n)) / (clerks * each), alone
        )


def _at_once(work: Callable[[], object], clerks: int, each: int) -> None:
    with ThreadPoolExecutor(clerks) as pool:
        for done in [pool.submit(lambda: [work() for _ in range(each)]) for _ in range(clerks)]:
            done.result()


def _page(shop: Shop, name: str, wanted: Selection, order: Order, number: int) -> Timed:
    def ours() -> queries.Page:
        return queries.page(
            shop.store, wanted, order, visit=a_visit(shop.now, ZONE), size=SIZE, number=lambda pages: min(number, pages)
        )

    def beside() -> list[dict[str, object]]:
        return shop.sqlite.page(wanted, order, shop.now, SIZE, min(number, last))

    last = max(1, -(-ours().total // SIZE))
    same = [row["shipment_id"] for row in ours().rows] == [row["shipment_id"] for row in beside()]
    return Timed(name if same else f"{name} (OTHER ROWS)", _median(ours), _median(beside))


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


def _registering_beside(shop: Shop, waiting: str = "") -> Callable[[], object]:
    nos, number = iter(shop.store.rows(waiting or _WAITING)), count(1)
    return lambda: shop.sqlite.register(next(nos)["shipment_no"], "other", f"QB{next(number):09}X", uuid4().hex, shop.now)


def _median(work: Callable[[], object]) -> float:
    work()
    return median(_milliseconds(work) for _ in range(REPEATS))


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


_SAMPLE = """
SELECT s.shipment_no, s.order_no, s.invoice_no, i.product_id FROM shipment s JOIN item i USING (shipment_id)
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
