"""Whether history, state and the last backup agree with each other and with what people were told."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from core.store.database import Store
from tests.stress import unlike_facts

Acknowledged = Iterable[tuple[str, str, datetime]]


def disagreements(
    file: Path, acknowledged: Acknowledged, imported: Iterable[tuple[str, datetime]], backup: Path | None
) -> list[str]:
    """What the desk holds otherwise than it told, or otherwise than it says itself; nothing when all agrees."""
    acknowledged, imported = list(acknowledged), list(imported)
    store = Store.open(file)
    try:
        return [
            *unlike_facts(store),
            *_lost(store, acknowledged, imported),
            *(_unlike_backup(store, backup, acknowledged, imported) if backup else ["no backup was written"]),
        ]
    finally:
        store.close()


def _lost(store: Store, acknowledged: Acknowledged, imported: Iterable[tuple[str, datetime]]) -> list[str]:
    rows = store.rows(
        "SELECT DISTINCT s.shipment_no, i.invoice_no FROM invoice i JOIN shipment s USING (shipment_id) "
        "JOIN history h ON h.batch_id = i.batch_id AND h.shipment_id = i.shipment_id"
    )
    held = {(row["shipment_no"], row["invoice_no"]) for row in rows}
    there = {row["shipment_no"] for row in store.rows("SELECT shipment_no FROM shipment")}
    return [
        *(f"{no}: {number} was acknowledged and is gone" for no, number, _ in acknowledged if (no, number) not in held),
        *(f"{no} was imported and is gone" for no, _ in imported if no not in there),
    ]


def _unlike_backup(
    store: Store, backup: Path, acknowledged: Acknowledged, imported: Iterable[tuple[str, datetime]]
) -> list[str]:
    """What the backup has otherwise than the history of the desk up to its last row."""
    copy = Store.open(backup)
    try:
        newest = copy.rows("SELECT max(history_id) AS id, max(changed_at) AS at FROM history")[0]
        told, kept = (one.rows(_HISTORY, {"id": newest["id"]}) for one in (store, copy))
        before = [one for one in acknowledged if one[2] < newest["at"]], [one for one in imported if one[1] < newest["at"]]
        differ = [] if told == kept else [f"the backup {backup.name} has {len(kept)} rows of history, the desk {len(told)}"]
        return [*differ, *unlike_facts(copy), *(f"backup: {one}" for one in _lost(copy, *before))]
    finally:
        copy.close()


_HISTORY = "SELECT * FROM history WHERE history_id <= $id ORDER BY history_id"
