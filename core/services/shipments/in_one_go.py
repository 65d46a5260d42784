"""Several shipments changed in one transaction and one batch: those that may be, while the others stay with the reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.domain.history import HistoryAction
from core.domain.reasons import Why
from core.domain.shipment import Shipment
from core.services.shipments.changes import NotSaved, Request, Step, write
from core.store import history, shipments
from core.store.database import Connection, Store


@dataclass(frozen=True)
class InOneGo:
    """What became of it: the batch (None: nothing was written), how many shipments changed, and why the others did not."""

    batch: int | None
    changed: int
    stayed: tuple[Why, ...] = ()


def in_one_go(
    store: Store,
    shipment_nos: Sequence[str],
    decide: Callable[[str, Shipment], Step | Why | None],
    note: HistoryAction,
    request: Request,
) -> InOneGo:
    """What became of these shipments, each as `decide` says of the number and what is under it; None: it is so already.

    A repeated request answers with the batch it made and writes nothing.
    """

    def job(connection: Connection) -> InOneGo:
        if (done := history.batch_of(connection, request.request_key)) is not None:
            return InOneGo(done, len(history.of_batch(connection, done)))
        found = shipments.load(connection, list(dict.fromkeys(shipment_nos)))
        decided = [decide(number, found[number]) for number in found]
        steps = [one for one in decided if isinstance(one, Step)]
        missing = [NotSaved.NO_SHIPMENT(shipment_no=number) for number in dict.fromkeys(shipment_nos) if number not in found]
        whys = (*(one for one in decided if isinstance(one, Why)), *missing)
        if not steps:
            return InOneGo(None, 0, whys)
        batch = history.open_batch(
            connection,
            by=request.by.name,
            at=request.at,
            source=request.by.source,
            note=note,
            request_key=request.request_key,
        )
        write(connection, steps, batch_id=batch, request=request)
        return InOneGo(batch, len(steps), whys)

    return store.write(job)
