"""What is packed: the shipments that a packing list names, whole."""

from collections.abc import Sequence
from typing import Final

from core.domain import personal
from core.domain.batch_notes import FileNote
from core.domain.shipment import Shipment
from core.domain.visit import Visit
from core.services.shipments import exporting
from core.store import shipments
from core.store.database import Store

MOST: Final = 200
"""As many as a page of the list has at most."""


def to_pack(store: Store, shipment_nos: Sequence[str], *, visit: Visit, request_key: str) -> list[Shipment]:
    """The shipments under these numbers in this order, each once and no more than `MOST`; one that does not exist is missing.

    What is personal is hidden from whoever may not see it; for the others the history says who took it, as of a file, once for each
    `request_key`.
    """
    visit.require()
    asked = list(dict.fromkeys(shipment_nos))[:MOST]
    found = store.snapshot(lambda connection: shipments.load(connection, asked))
    known = {shipment.shipment_id: shipment for shipment in (found[number] for number in asked if number in found)}
    if not visit.sees_personal:
        return [personal.hidden(one) for one in known.values()]
    if known:
        exporting.taken(store, len(known), FileNote.PACKED(count=len(known)), visit=visit, request_key=request_key)
    return list(known.values())
