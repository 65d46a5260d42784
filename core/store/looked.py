"""When people looked at the worklist, and what is new to them since."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.domain.clock import Clock
from core.store import selection
from core.store.database import Connection, Reader, Row, Store
from core.store.selection import WORK, raised_by

NOTED_EVERY = timedelta(minutes=5)
"""How old what is stored of a look may become while it goes on."""


def of(store: Reader, person: str) -> Row | None:
    """before_at and last_at of a person; None for one who never looked."""
    rows = store.rows(_OF, {"person": person})
    return rows[0] if rows else None


def note(connection: Connection, person: str, before: datetime | None, now: datetime) -> None:
    """That the person looks now, and when they looked before."""
    connection.execute("DELETE FROM looked WHERE person = $person", {"person": person})
    connection.execute("INSERT INTO looked VALUES ($person, $before, $now)", {"person": person, "before": before, "now": now})


def since(before: datetime, clock: Clock) -> dict[str, object]:
    """The values that `NEW` needs."""
    return {"seen": before, "seen_on": before.astimezone(clock.zone).date()}


def new_among(store: Store, shipment_ids: Sequence[int], before: datetime, clock: Clock) -> frozenset[int]:
    """Those of the shipments that are to do and whose flag was raised since `before`."""
    values = {"ids": list(shipment_ids), **since(before, clock), **selection.moment(clock.zone, clock.now)}
    return frozenset(row["shipment_id"] for row in store.figures.rows(_NEW_AMONG, values))


NEW = f"NOT {raised_by('$seen', '$seen_on')}"
"""SQL of a flagged shipment: whether its flag was raised after the moment `$seen`, of the shop's day `$seen_on`."""
_OF = "SELECT before_at, last_at FROM looked WHERE person = $person ORDER BY last_at DESC LIMIT 1"
_NEW_AMONG = f"""
SELECT shipment_id FROM shipment
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) AND {WORK} = 'open' AND {NEW}
"""
