"""Lists that leave the desk as files: masked for whoever may not see personal data; for the others the history says who took them."""

from collections.abc import Sequence
from urllib.parse import urlencode

import pyarrow as pa

from core.domain import personal
from core.domain.history import ChangeSource
from core.domain.permissions import Act
from core.domain.reasons import Reason, Why
from core.domain.selection import Selection
from core.domain.sorting import Order
from core.domain.visit import Visit
from core.services.shipments import queries
from core.store import history
from core.store.database import Connection, Store


class ExportNote(Reason):
    """Which shipments a file holds, as the history says it: never what was searched for, which may name somebody."""

    LISTED = (
        "listed",
        {"all": "File with personal data: {link}", "searched": "File with personal data: {link}, {count} searched"},
    )
    SELECTED = "selected", "File with personal data: {count} selected"


def rows(store: Store, wanted: Selection, order: Order, *, visit: Visit, only: Sequence[str] = ()) -> pa.Table:
    """The rows of a file, as `core.services.shipments.queries.everything` gives them.

    With personal data in them the file is a batch of source EXPORT: who took it, when, how many shipments, and which.
    """
    visit.require(Act.EXPORT)
    found = queries.everything(store, wanted, order, visit=visit, only=only)
    if visit.sees_personal and found.num_rows:
        store.write(lambda connection: _noted(connection, found.num_rows, str(_which(wanted, only)), visit))
    return found


def _noted(connection: Connection, shipments: int, which: str, visit: Visit) -> None:
    batch = history.open_batch(connection, by=visit.person.name, at=visit.clock.now, source=ChangeSource.EXPORT, note=which)
    history.add_export(connection, batch, shipments)


def _which(wanted: Selection, only: Sequence[str]) -> Why:
    if only:
        return ExportNote.SELECTED(count=len(only))
    said = {name: texts for name, texts in wanted.link.items() if name not in personal.SAID}
    searched = len(wanted.search.values)
    return ExportNote.LISTED("searched" if searched else "all", link=urlencode(said, doseq=True) or "all", count=searched)
