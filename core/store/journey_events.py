"""What befell each number on its way (failed attempts, exceptions, returns, losses), without reading every checkpoint.

`journey_mark` holds what the checkpoints of each shipment amount to. Who adds or corrects checkpoints derives those of their shipments
again in the same transaction, whatever the batch or the moment; so it is right at every moment, and losing it loses nothing.
"""

from collections.abc import Iterable

import pyarrow as pa

from core.domain.shipment import Stage
from core.store.database import Connection, Store, register_table

MARKED = frozenset({Stage.ATTEMPT_FAILED, Stage.EXCEPTION, Stage.RETURNED, Stage.LOST})


def sql(lowest: int, highest: int) -> str:
    """`journey_event` for a WITH: the times of `journey_mark` per `event_shipment` and `event_invoice`, of shipments between two ids."""
    return (
        "journey_event AS (SELECT * RENAME (shipment_id AS event_shipment, invoice_id AS event_invoice) FROM journey_mark "
        f"WHERE shipment_id BETWEEN {int(lowest)} AND {int(highest)})"
    )


def derive_again(connection: Connection, shipment_ids: Iterable[int]) -> None:
    """Derives the marks of these shipments from their checkpoints as they are now; those of all others stay as they are."""
    touched = pa.table({"shipment_id": pa.array(sorted(set(shipment_ids)), pa.int64())})
    with register_table(connection, "touched", touched):
        connection.execute("DELETE FROM journey_mark USING touched WHERE journey_mark.shipment_id = touched.shipment_id")
        connection.execute(f"{_DERIVED} AND shipment_id IN (SELECT shipment_id FROM touched) {_SORTED}")


def settle(store: Store) -> None:
    """Derives the marks of all shipments, as it is needed where checkpoints were written by other means."""
    store.write(_settle)


def _settle(connection: Connection) -> None:
    connection.execute("DELETE FROM journey_mark")
    connection.execute(f"{_DERIVED} {_SORTED}")


_STAGES = ", ".join(f"'{stage}'" for stage in sorted(MARKED))
_DERIVED = f"""
INSERT INTO journey_mark
SELECT shipment_id, invoice_id,
    min(happened_at) FILTER (stage = '{Stage.ATTEMPT_FAILED}') AS first_failed_at,
    max(happened_at) FILTER (stage = '{Stage.ATTEMPT_FAILED}') AS last_failed_at,
    min(happened_at) FILTER (stage = '{Stage.EXCEPTION}') AS first_exception_at,
    max(happened_at) FILTER (stage = '{Stage.EXCEPTION}') AS last_exception_at,
    max(happened_at) FILTER (stage = '{Stage.RETURNED}') AS last_returned_at,
    max(happened_at) FILTER (stage = '{Stage.LOST}') AS last_lost_at
FROM checkpoint WHERE stage IN ({_STAGES})
"""
_SORTED = "GROUP BY ALL ORDER BY shipment_id"
