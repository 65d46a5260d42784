"""States that an earlier Shipdesk derived by other rules are derived again, once, after the database was brought up to date."""

from core.domain.status import folded
from core.store import shipments
from core.store.database import Connection, Store

AT_ONCE = 500


def fold_again(store: Store) -> int:
    """Derives what waits for it, in short transactions; how many shipments stand elsewhere now.

    Nobody did anything: versions stay, and the history has no row of it.
    """
    changed = 0
    while waiting := store.snapshot(lambda connection: shipments.to_fold(connection, AT_ONCE)):
        changed += store.write(lambda connection, ids=waiting: _fold(connection, ids))  # type: ignore[misc]
    return changed


def _fold(connection: Connection, shipment_ids: list[int]) -> int:
    found = shipments.load_by_id(connection, shipment_ids).values()
    changed = [(before, now) for before in found if (now := folded(before)).state != before.state]
    if changed:
        shipments.save_quietly(connection, changed)
    shipments.folded_again(connection, shipment_ids)
    return len(changed)
