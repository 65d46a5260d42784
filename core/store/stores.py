"""Opening a shop wherever it is: in a file, in memory, or on a server."""

from pathlib import Path

from core.domain.servers import Server
from core.store.database import Store


def open_store(place: Path | Server | None, *, threads: int | None = None, inspected: bool = False) -> Store:
    """The shop at this place, made and brought up to date as needed; in memory without one.

    Raises Unavailable when it cannot be used, as `core.store.database.Store.open` and
    `core.store.postgres.store.PostgresStore.reach` say.
    """
    if not isinstance(place, Server):
        return Store.open(place, threads, inspected=inspected)
    from core.store.postgres.store import PostgresStore  # who has a file needs no driver

    return PostgresStore.reach(place)
