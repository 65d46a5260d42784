"""Forgetting who received: personal data go out of shipments, history, tracking and notes, and figures stay as they are."""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain import personal
from core.domain.errors import NotFound, ShipdeskError, places_of
from core.domain.history import ChangeSource, HistoryAction
from core.domain.people import DESK
from core.domain.permissions import Act
from core.domain.reasons import Names, Reason
from core.domain.shipment import Shipment
from core.files.order_layouts import layouts
from core.files.refusals import Unreadable
from core.files.xlsx.filling import emptied
from core.services.shipments.changes import Actor, Request
from core.store import forgetting, forgotten_list, history, parcels, shipments, sources, views
from core.store.database import Connection, Row, Store

AT_ONCE = 2000
EVERY = timedelta(days=1)
FIRST_AFTER, LOOKS = 60.0, 600.0
LEASE = "age-rule"
PATIENCE = 10.0

log = logging.getLogger(__name__)


class NotForgotten(Reason):
    """Why nothing is forgotten."""

    NO_ORDER = "no_order", {"one": "Order No. {orders} does not exist.", "other": "Order Nos. {orders} do not exist."}


class ForgottenCount(Reason):
    """What became of forgetting."""

    DONE = (
        "done",
        {
            "none": "Nothing was left to forget.",
            "one": "{count} shipment names nobody any more.",
            "other": "{count:,} shipments name nobody any more.",
        },
    )


@dataclass(frozen=True)
class Forgotten:
    """How many shipments were forgotten now; those that were before are not counted."""

    shipments: int

    @property
    def message(self) -> str:
        """One line for people."""
        form = {0: "none", 1: "one"}.get(self.shipments, "other")
        return str(ForgottenCount.DONE(form, count=self.shipments))


def of_orders(store: Store, order_nos: Sequence[str], *, request: Request) -> Forgotten:
    """Forgets who receives the shipments of these orders. Raises Forbidden, or NotFound, and then nothing is forgotten."""
    request.require(Act.FORGET)
    found = store.snapshot(lambda connection: {order: _ids(connection, order) for order in order_nos})
    if unknown := [order for order, ids in found.items() if not ids]:
        raise NotFound(NotForgotten.NO_ORDER("one" if len(unknown) == 1 else "other", orders=Names(unknown)))
    ids = list(dict.fromkeys(number for some in found.values() for number in some))
    known = store.snapshot(lambda connection: shipments.load_by_id(connection, ids))
    forgotten_list.add(store, [shipment.shipment_no for shipment in known.values()])
    return Forgotten(_all(store, ids, request))


def older_than(store: Store, days: int, *, request: Request) -> Forgotten:
    """Forgets who received what has been over for so many days: delivered, returned or closed. Raises Forbidden."""
    request.require(Act.FORGET)
    before = request.at - timedelta(days=days)
    forgotten_list.add(store, before=before)
    return Forgotten(_before(store, before, request))


def again(store: Store, at: datetime, *, request: Request | None = None) -> Forgotten:
    """Forgets what the list beside the database says was forgotten and this database still knows: it is an older one, restored."""
    request = request or Request(Actor(DESK, ChangeSource.API), at)
    request.require(Act.FORGET)
    listed = forgotten_list.read(store)
    if listed.mark == forgetting.mark(store):
        return Forgotten(0)
    done = _all(store, forgetting.listed(store), request)
    return Forgotten(done + (_before(store, listed.before, request) if listed.before else 0))


def scrub(store: Store, *, request: Request) -> None:
    """Takes what was forgotten out of the bytes of the file, as `core.store.forgetting.scrub` does. Raises Forbidden."""
    request.require(Act.FORGET)
    forgetting.scrub(store)


def rewrite(store: Store, *, request: Request) -> None:
    """Closes the store, written anew as `core.store.database.Store.rewrite` does. Raises Forbidden, or Unavailable."""
    request.require(Act.FORGET)
    store.rewrite()


def _ids(connection: Connection, order_no: str) -> list[int]:
    """The shipments of an order, and those that are one parcel with them: they go to the same recipient."""
    rows = shipments.of_order(connection, order_no)
    holders = [*(row["shipment_no"] for row in rows), *(row["joined_no"] for row in rows if row["joined_no"])]
    found = shipments.load(connection, holders)
    inside = parcels.put_into(connection, holders)
    return list(dict.fromkeys([*(one.shipment_id for one in found.values()), *(row["shipment_id"] for row in inside)]))


def _before(store: Store, before: datetime, request: Request) -> int:
    done = 0
    while ids := forgetting.over_before(store, before, AT_ONCE):
        done += _all(store, ids, request)
    return done


def _all(store: Store, ids: Sequence[int], request: Request) -> int:
    parts = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)] or [[]]
    return sum(_part(store, part, request) for part in parts)


def _part(store: Store, ids: Sequence[int], request: Request) -> int:
    workbooks = _without_rows(store.snapshot(lambda connection: sources.workbooks_of(connection, ids)))

    def job(connection: Connection) -> int:
        for file_id, content in workbooks.items():
            sources.replace_workbook(connection, file_id, content)
        return _forgotten(connection, store, ids, request)

    return store.write(job)


def _without_rows(workbooks: Sequence[Row]) -> dict[int, bytes | None]:
    """The workbooks that came without what they say in these rows, but for the ids and the number; one that cannot be written goes whole."""
    return {row["file_id"]: _emptied(row) for row in workbooks}


def _emptied(row: Row) -> bytes | None:
    layout = layouts().get(row["layout"])
    kept = [name for head in layout.handback.filled for name in head] if layout and layout.handback else []
    try:
        return emptied(row["content"], row["file_rows"], kept)
    except Unreadable:
        return None


def _forgotten(connection: Connection, store: Store, ids: Sequence[int], request: Request) -> int:
    """One batch: the shipments that are still known, blanked, with a row of history each."""
    known = [one for one in shipments.load_by_id(connection, ids).values() if one.forgotten_at is None]
    forgetting.keep_mark(connection, forgotten_list.read(store))
    if not known:
        return 0
    by_id = {shipment.shipment_id: shipment for shipment in known}
    changes = defaultdict(list)
    for change in forgetting.changes_of(connection, list(by_id)):
        changes[change["shipment_id"]].append(change)

    def names(row: Row, column: str) -> bool:
        return personal.names(row[column], by_id[row["shipment_id"]], changes[row["shipment_id"]])

    notes = forgetting.notes_of(connection, list(by_id))
    forgetting.drop_notes(connection, [row["batch_id"] for row in notes if names(row, "note")])
    forgetting.drop_codes(connection, [row for row in forgetting.codes_of(connection, list(by_id)) if names(row, "code")])
    views.drop_names(connection, _naming(views.names_of(connection), known, changes))
    forgetting.blank(connection, known, request.at)
    by, at, source = request.by.name, request.at, request.by.source
    batch = history.open_batch(connection, by=by, at=at, source=source, note=HistoryAction.FORGOTTEN)
    rows = [history.Change(number, HistoryAction.FORGOTTEN, {}, {}) for number in by_id]
    history.append(connection, rows, batch_id=batch, by=by, at=at, source=source)
    return len(known)


def _naming(names: Sequence[Row], known: Sequence[Shipment], changes: Mapping[int, Sequence[Row]]) -> list[int]:
    """The rows of saved views whose name says who receives one of these shipments, or did."""
    every = " ".join(row["name"] for row in names)

    def named(text: str, shipment: Shipment) -> bool:
        return personal.names(text, shipment, changes.get(shipment.shipment_id, ()))

    some = [shipment for shipment in known if named(every, shipment)]
    return [row["event_id"] for row in names if any(named(row["name"], shipment) for shipment in some)]


class AgeRule:
    """Forgets once a day, in the background, what has been over for `days`; None: nothing is forgotten by age."""

    def __init__(
        self,
        store: Store,
        days: int | None,
        now: Callable[[], datetime],
        *,
        first_after: float = FIRST_AFTER,
        looks: float = LOOKS,
    ) -> None:
        self._store, self._days, self._now = store, days, now
        self._first_after, self._looks = first_after, looks
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins to look, where there is a rule."""
        if self._days is not None:
            self._thread = threading.Thread(target=self._run, args=(self._days,), name="age-rule", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Ends it."""
        self._stop.set()
        if self._thread:
            self._thread.join(PATIENCE)
            self._store.end_lease(LEASE)

    def _run(self, days: int) -> None:
        last: datetime | None = None
        wait = self._first_after
        while not self._stop.wait(wait):
            wait, now = self._looks, self._now()
            if (last is None or now - last >= EVERY) and self._store.lease(LEASE, self):
                last = now
                self._forget(now, days)

    def _forget(self, now: datetime, days: int) -> None:
        request = Request(Actor(DESK, ChangeSource.API), now)
        try:
            if older_than(self._store, days, request=request).shipments:
                scrub(self._store, request=request)
        except ShipdeskError:
            log.warning("Forgetting by age waits for the database; it is tried again in a day.")
        except Exception as fault:
            log.error("Forgetting by age ended in a fault: %s at %s", type(fault).__name__, places_of(fault))
