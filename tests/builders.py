"""One builder per noun: what a test does not say is an ordinary parcel of an ordinary Korean shop."""

import contextlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.carriers import rules as carrier_rules
from core.domain.clock import Clock
from core.domain.errors import Unavailable
from core.domain.people import Person, Role
from core.domain.shipment import Address, Checkpoint, InvoiceEvent, Item, Shipment, Stage, State, Status
from core.domain.sign_in import SignIn
from core.domain.status import folded
from core.domain.visit import Visit
from core.services.people.sign_ins import SignIns
from core.services.shipments.changes import Actor, Request, Step, change
from core.store import history, shipments
from core.store.database import Connection, Store
from core.store.postgres.adapter import PgConnection
from core.store.postgres.schema import settle_sequences
from tests import engines

RULES = carrier_rules.load()
SEOUL = ZoneInfo("Asia/Seoul")


def staff(name: str) -> Person:
    """Somebody of the staff."""
    return Person(name, Role.STAFF)


def a_visit(now: datetime | None = None, zone: ZoneInfo = SEOUL, person: Person | None = None) -> Visit:
    """Somebody of the staff who looks at the desk."""
    return Visit(person or HANA.person, Clock(now or NOW, zone))


HANA = Actor(staff("Hana Seo"), "form")
ADA = Actor(Person("Ada Kang", Role.ADMIN))
OLA = Person("Ola Nowak", Role.VIEWER)
JUN = Actor(staff("Jun Park"), "scan")
CJ, CJ_OTHER, CJ_THIRD = "632976615493", "577417824035", "568833612760"
HANJIN = "530727039920"
ADDRESS = Address("Ada Kim", "010-0000-1234", "12 Byeolbit-ro", "Seoul", "", "04524", "KR")
SHIRT, MUG = Item("P-100", "Linen shirt", 1), Item("P-200", "Blue mug", 2)

_lent: list[Store] = []
_free: list[Store] = []
_opened: list[Store] = []


def requested(said: dict[str, Any]) -> dict[str, Any]:
    """What was said, with who asks and when as one request: Hana's at the usual moment, unless said otherwise."""
    parts = {name: said.pop(name) for name in ("by", "at", "version", "request_key") if name in said}
    return {"request": Request(**({"by": HANA, "at": NOW} | parts)), **said}


def nov(day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    """A moment of November 2026 in UTC, nine in the morning unless said otherwise."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


def local(written: str) -> datetime:
    """A time as a carrier writes it without a zone."""
    return datetime.fromisoformat(written)


REGISTERED, SCANNED, NOW = nov(12), nov(13), nov(16)
TODAY = date(2026, 11, 16)


def a_checkpoint(
    stage: Stage | None = Stage.IN_TRANSIT, at: datetime = SCANNED, *, invoice_id: int | None = 1, **fields: Any
) -> Checkpoint:
    return Checkpoint(at, stage, invoice_id, **fields)


def an_invoice(
    number: str = CJ, at: datetime = REGISTERED, *, carrier: str = "cj", invoice_id: int = 1, deleted: bool = False
) -> InvoiceEvent:
    return InvoiceEvent(invoice_id, carrier, number, at, deleted)


def a_shipment(
    shipment_no: str = "S-1",
    *,
    invoice: InvoiceEvent | None = None,
    invoices: Iterable[InvoiceEvent] = (),
    scans: Iterable[Checkpoint] = (),
    **fields: Any,
) -> Shipment:
    """Ordered on the 10th and prepared on the 11th; with a scan but no invoice named, on the ordinary CJ number."""
    events, checkpoints = tuple(invoices) or ((invoice,) if invoice else ()), tuple(scans)
    if not events and any(scan.invoice_id for scan in checkpoints):
        events = (an_invoice(),)
    ordinary = {
        "shipment_id": 1,
        "order_no": f"O-{shipment_no}",
        "ordered_at": nov(10),
        "released_at": nov(11),
        "address": ADDRESS,
        "state": State(Status.PREPARING_TO_RELEASE, since=nov(11)),
        "warehouse": "Icheon",
        "policy": "Standard",
        "option": "Door",
        "freight": Decimal("3000.00"),
        "currency": "KRW",
        "items": (SHIRT,),
        "updated_at": nov(11),
    }
    given = ordinary | fields
    return folded(Shipment(shipment_no=shipment_no, invoices=events, checkpoints=checkpoints, **given))


def a_store(*given: Shipment) -> Store:
    """A database in memory with these shipments only, numbered from 1 as they come; the test's own until it ends."""
    store = _free.pop() if _free else engines.new_store()
    _lent.append(store)
    if given:
        add(store, *given)
    return store


def opened(store: Store) -> Store:
    """The store, to be closed after the test."""
    _opened.append(store)
    return store


def take_back() -> None:
    """Ends a test: its stores are closed, or emptied for the next one, since opening one takes longer than most tests."""
    while _opened:
        _opened.pop().close()
    while _lent:
        store = _lent.pop()
        with contextlib.suppress(Unavailable):
            if store.write(_emptied_on_server if engines.ON_SERVER else _emptied):
                _free.append(store)
            else:
                store.close()


def let_go() -> None:
    """Ends all tests: the stores that were kept for the next one are closed."""
    while _free:
        _free.pop().close()


def _emptied_on_server(connection: Connection) -> bool:
    engines.emptied(connection)
    return True


def _emptied(connection: Connection) -> bool:
    """Whether the tables are those of a new shop, each of them made anew where something was in it.

    Keys that are deleted and given again are what the engine is weak at, and the desk never does it.
    """
    found = _tables(connection)
    if {name: sql for name, (sql, _) in found.items()} != _new_tables():
        return False
    for name, (sql, rows) in found.items():
        if rows and name != "schema_version":
            connection.execute(f"DROP TABLE {name}")
            connection.execute(sql)
    return True


def _tables(connection: Connection) -> dict[str, tuple[str, int]]:
    """By name how each is made, and how many rows it has had."""
    found = connection.execute("SELECT table_name, sql, estimated_size FROM duckdb_tables()").fetchall()
    return {name: (sql, rows) for name, sql, rows in found}


@cache
def _new_tables() -> dict[str, str]:
    store = engines.new_store()
    made = store.write(lambda connection: {name: sql for name, (sql, _) in _tables(connection).items()})
    store.close()
    return made


def no_sign_in(store: Store) -> SignIns:
    """A desk at which nobody signs in."""
    return SignIns(store, SignIn(()), lambda: NOW)


def add(store: Store, *given: Shipment) -> None:
    """Adds the shipments and their facts in one batch."""

    def job(connection: Connection) -> None:
        batch = history.open_batch(connection, by="shop", at=nov(11), source="import")
        first = shipments.next_shipment_id(connection, len(given))
        new = [_numbered(shipment, number) for number, shipment in enumerate(given, first)]
        shipments.add(connection, new)
        shipments.add_invoices(connection, [(s.shipment_id, event) for s in new for event in s.invoices], batch)
        shipments.add_checkpoints(connection, [(s.shipment_id, scan) for s in new for scan in s.checkpoints], batch)
        if isinstance(connection, PgConnection):
            settle_sequences(connection)

    store.write(job)


def a_scan_arrives(store: Store, shipment_no: str, stage: Stage, at: datetime, **fields: Any) -> None:
    """A carrier's news about the number in force, written as tracking writes it."""

    def decide(_: Connection, shipment: Shipment) -> Step:
        number = shipment.invoice.invoice_id if shipment.invoice else None
        return Step(shipment, "status_changed", checkpoints=(a_checkpoint(stage, at, invoice_id=number, **fields),))

    change(store, shipment_no, decide, request=Request(Actor(staff("CJ Logistics"), "carrier"), at))


def counted(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> list[str]:
    """One entry for every call of this function of the module from now on; the function itself goes on working."""
    calls: list[str] = []
    function = getattr(module, name)

    def counting(*args: Any, **kwargs: Any) -> Any:
        calls.append(name)
        return function(*args, **kwargs)

    monkeypatch.setattr(module, name, counting)
    return calls


def total(store: Store) -> int:
    """How many shipments there are."""
    return int(store.rows("SELECT count(*) AS n FROM shipment")[0]["n"])


def the(store: Store, shipment_no: str = "S-1") -> Shipment:
    """The shipment as it is stored now."""
    shipment = shipments.find(store, shipment_no)
    assert shipment is not None
    return shipment


def _numbered(shipment: Shipment, number: int) -> Shipment:
    """With ids that no other shipment of the store has."""

    def moved(invoice_id: int | None) -> int | None:
        return None if invoice_id is None else invoice_id + 100 * (number - 1)

    return shipment.but(
        shipment_id=number,
        invoices=tuple(replace(event, invoice_id=moved(event.invoice_id)) for event in shipment.invoices),
        checkpoints=tuple(replace(scan, invoice_id=moved(scan.invoice_id)) for scan in shipment.checkpoints),
    )
