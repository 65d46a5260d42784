"""Lists that leave the desk as files: masked for whoever may not see personal data; for the others the history says who took them."""

from collections.abc import Sequence
from urllib.parse import urlencode

import pyarrow as pa

from core.domain import batch_notes, personal
from core.domain.batch_notes import FileNote
from core.domain.history import ChangeSource
from core.domain.permissions import Act
from core.domain.reasons import Why
from core.domain.selection import Selection
from core.domain.sorting import Order
from core.domain.visit import Visit
from core.services.shipments import queries
from core.store import history
from core.store.database import Connection, Store


def rows(store: Store, wanted: Selection, order: Order, *, visit: Visit, only: Sequence[str] = ()) -> pa.Table:
    """The rows of a file, as `core.services.shipments.queries.everything` gives them.

    With personal data in them the file is a batch of source EXPORT: who took it, when, how many shipments, and which.
    """
    visit.require(Act.EXPORT)
    found = queries.everything(store, wanted, order, visit=visit, only=only)
    if visit.sees_personal and found.num_rows:
        taken(store, found.num_rows, _which(wanted, only), visit=visit)
    return found


def taken(store: Store, shipments: int, which: Why, *, visit: Visit, request_key: str | None = None) -> None:
    """Notes that somebody took the personal data of so many shipments: a batch of source EXPORT, once for each `request_key`."""
    visit.require(Act.SEE_PERSONAL)

    def job(connection: Connection) -> None:
        if history.batch_of(connection, request_key) is not None:
            return
        batch = history.open_batch(
            connection,
            by=visit.person.name,
            at=visit.clock.now,
            source=ChangeSource.EXPORT,
            note=batch_notes.kept(which),
            request_key=request_key,
        )
        history.add_export(connection, batch, shipments)

    if request_key is None or store.snapshot(lambda connection: history.batch_of(connection, request_key)) is None:
        store.write(job)


def _which(wanted: Selection, only: Sequence[str]) -> Why:
    if only:
        return FileNote.SELECTED(count=len(only))
    said = urlencode({name: texts for name, texts in wanted.link.items() if name not in personal.SAID}, doseq=True)
    searched, view = len(wanted.search.values), "view" if said else "all"
    return FileNote.LISTED(f"{view}_searched" if searched else view, link=said, count=searched)
