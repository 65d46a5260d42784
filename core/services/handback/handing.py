"""Numbers that go back to where the orders came from: which sources were not told, and what each was handed."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.carriers import Rules
from core.domain.errors import Conflict, NotFound, Refused
from core.domain.history import ChangeSource, HistoryAction
from core.domain.permissions import Act
from core.domain.reasons import Names
from core.domain.visit import Visit
from core.files.order_layouts import Handback, OrderLayout, layouts
from core.services.handback.making import HandedBack, Making
from core.services.handback.reasons import HandbackReason
from core.services.shipments.changes import Request
from core.store import history, sources
from core.store.database import Connection, Row, Store


@dataclass(frozen=True)
class NumbersOfSource:
    """The numbers of so many shipments that a source was not told, the oldest since then, or that it was handed last, at that time."""

    layout: str
    title: str
    shipments: int
    at: datetime


def sources_waiting(store: Store, *, visit: Visit) -> list[NumbersOfSource]:
    """The sources that were not told all numbers. Raises Forbidden."""
    visit.require(Act.HAND_BACK)
    known = layouts()
    return [
        NumbersOfSource(row["layout"], known[row["layout"]].title, row["shipments"], row["since_at"])
        for row in sources.counts(store, _by_parcel())
        if row["layout"] in known and known[row["layout"]].handback
    ]


def handed_before(store: Store, *, visit: Visit) -> list[NumbersOfSource]:
    """The sources that were handed numbers, with the last file of each. Raises Forbidden."""
    visit.require(Act.HAND_BACK)
    known = layouts()
    return [
        NumbersOfSource(row["layout"], known[row["layout"]].title, row["shipments"], row["made_at"])
        for row in sources.last_handed(store)
        if row["layout"] in known
    ]


def waiting(store: Store, layout: str, *, visit: Visit) -> list[Row]:
    """The shipments that a source was not told the number of (`core.store.sources.waiting`). Raises Forbidden, or Refused for no source."""
    visit.require(Act.HAND_BACK)
    _source(layout)
    return sources.waiting(store, layout, _by_parcel())


def prepared(store: Store, rules: Rules, layout: str, *, visit: Visit) -> HandedBack:
    """The file for what a source was not told yet; it counts as told only after `hand_over`. Raises Forbidden, or Refused."""
    visit.require(Act.HAND_BACK)
    found, handback = _source(layout)
    rows = sources.waiting(store, layout, _by_parcel())
    if not rows:
        raise Refused(HandbackReason.NOTHING_WAITS(title=found.title))
    return Making(store, rules, found, handback, visit).made(rows)


def again(store: Store, rules: Rules, layout: str, *, visit: Visit) -> HandedBack:
    """The file that was handed over last, once more; nothing changes. Raises Forbidden, Refused, or NotFound where there was none."""
    visit.require(Act.HAND_BACK)
    found, handback = _source(layout)
    batch = sources.last_batch(store, layout)
    if batch is None:
        raise NotFound(HandbackReason.NEVER(title=found.title))
    return Making(store, rules, found, handback, visit).made(sources.handed(store, batch, _by_parcel()))


def hand_over(store: Store, given: HandedBack, *, request: Request) -> int:
    """Notes that the source has these numbers, as one batch, which it returns. Raises Forbidden, or Conflict when one was changed since."""
    request.require(Act.HAND_BACK)

    def job(connection: Connection) -> int:
        if (known := history.batch_of(connection, request.request_key)) is not None:
            return known
        now = sources.waiting_now(connection, given.layout, _by_parcel())
        held = {(row["shipment_id"], row["carrier"], row["canonical_no"]) for row in now}
        if not held.issuperset((row["shipment_id"], row["carrier"], row["canonical_no"]) for row in given.rows):
            raise Conflict(HandbackReason.CHANGED_MEANWHILE())
        note, handed = ", ".join(file.name for file in given.files), {"layout": given.layout}
        by, at, source = request.by.name, request.at, ChangeSource.HANDBACK
        batch = history.open_batch(connection, by=by, at=at, source=source, note=note, request_key=request.request_key)
        sources.hand_over(connection, given.rows, batch)
        holders = dict.fromkeys(row["holder_id"] for row in given.rows)
        changes = [history.Change(number, HistoryAction.HANDED_OVER, {}, handed, note) for number in holders]
        history.append(connection, changes, batch_id=batch, by=by, at=at, source=source)
        return batch

    return store.write(job)


def _by_parcel() -> list[str]:
    return [name for name, known in layouts().items() if known.handback and known.handback.by_parcel]


def _source(layout: str) -> tuple[OrderLayout, Handback]:
    found = layouts().get(layout)
    if found is None or found.handback is None:
        names = Names(name for name, known in layouts().items() if known.handback)
        raise Refused(HandbackReason.NO_SOURCE(layout=layout, names=names))
    return found, found.handback
