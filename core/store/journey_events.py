"""What befell each number on its way (failed attempts, exceptions, returns, losses), without reading every checkpoint.

Checkpoints are only ever appended, under batches whose ids rise. `journey_mark` holds what they amount to up to a batch; later ones
are read as they are. When the counts do not add up, `journey_mark` is left aside and every checkpoint is read: slower, never wrong.
"""

import contextlib
import threading
from dataclasses import dataclass

from core.domain.errors import ShipdeskError
from core.store.database import Connection, Store, select

SETTLE_AFTER = 500_000
_settling = threading.Lock()


@dataclass(frozen=True)
class KnownEvents:
    """After which batch checkpoints are to be read beside `journey_mark`, and how many these are; `usable`: it may be used."""

    after_batch: int
    fresh: int
    usable: bool


def known(connection: Connection) -> KnownEvents:
    """What `journey_mark` covers at this moment."""
    row = select(connection, _KNOWN)[0]
    if row["checkpoints"] + row["fresh"] == row["total"]:
        return KnownEvents(row["batch_id"], row["fresh"], usable=True)
    return KnownEvents(0, row["total"], usable=False)


def sql(known: KnownEvents, lowest: int, highest: int) -> str:
    """`journey_event` for a WITH: the times of `journey_mark` per `event_shipment` and `event_invoice`, of shipments between two ids."""
    within = f"shipment_id BETWEEN {int(lowest)} AND {int(highest)}"
    settled = f"SELECT * FROM journey_mark WHERE {within}"
    fresh = f"{_DERIVED} AND {within} AND batch_id > {int(known.after_batch)} GROUP BY ALL"
    if not known.usable:
        rows = fresh
    elif not known.fresh:
        rows = settled
    else:
        rows = f"SELECT shipment_id, invoice_id, {_JOINED} FROM ({settled} UNION ALL {fresh}) GROUP BY ALL"
    return f"journey_event AS (SELECT * RENAME (shipment_id AS event_shipment, invoice_id AS event_invoice) FROM ({rows}))"


def settle(store: Store) -> None:
    """Derives `journey_mark` again from all checkpoints there are now."""
    store.write(_settle)


def settle_later(store: Store, known: KnownEvents) -> None:
    """Settles beside the caller's work, when so much is fresh that reading it takes time."""
    if known.fresh >= SETTLE_AFTER and _settling.acquire(blocking=False):
        threading.Thread(target=_settled, args=(store,), name="journey-events", daemon=True).start()


def _settled(store: Store) -> None:
    try:
        with contextlib.suppress(ShipdeskError):  # the database is being closed: another time
            settle(store)
    finally:
        _settling.release()


def _settle(connection: Connection) -> None:
    connection.execute("DELETE FROM journey_mark")
    connection.execute(f"INSERT INTO journey_mark {_DERIVED} GROUP BY ALL ORDER BY shipment_id")
    connection.execute("DELETE FROM journey_mark_until")
    connection.execute("INSERT INTO journey_mark_until SELECT count(*), coalesce(max(batch_id), 0) FROM checkpoint")


_KNOWN = """
WITH covered AS (SELECT coalesce(max(checkpoints), 0) AS checkpoints, coalesce(max(batch_id), 0) AS batch_id FROM journey_mark_until)
SELECT checkpoints, batch_id, (SELECT count(*) FROM checkpoint) AS total,
    (SELECT count(*) FROM checkpoint WHERE batch_id > (SELECT batch_id FROM covered)) AS fresh
FROM covered
"""
_DERIVED = """
SELECT shipment_id, invoice_id,
    min(happened_at) FILTER (stage = 'attempt_failed') AS first_failed_at,
    max(happened_at) FILTER (stage = 'attempt_failed') AS last_failed_at,
    min(happened_at) FILTER (stage = 'exception') AS first_exception_at,
    max(happened_at) FILTER (stage = 'exception') AS last_exception_at,
    max(happened_at) FILTER (stage = 'returned') AS last_returned_at,
    max(happened_at) FILTER (stage = 'lost') AS last_lost_at
FROM checkpoint WHERE stage IN ('attempt_failed', 'exception', 'returned', 'lost')
"""
_JOINED = ", ".join(
    f"{'min' if name.startswith('first') else 'max'}({name}) AS {name}"
    for name in (
        "first_failed_at", "last_failed_at", "first_exception_at", "last_exception_at", "last_returned_at", "last_lost_at",
    )
)  # fmt: skip
