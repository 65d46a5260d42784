"""Opening a shop wherever it is: in a file, in memory, or on a server."""

from pathlib import Path
from typing import Any, cast

from core.domain.servers import Server
from core.store.database import Connection, Store


def open_store(
    place: Path | Server | None, *, threads: int | None = None, inspected: bool = False, moving: bool = False
) -> Store:
    """The shop at this place, made and brought up to date as needed; in memory without one.

    Who is `moving` it has it alone, also where it was moved from. Raises Unavailable when it cannot be used, as `core.store.database.Store.open` and
    `core.store.postgres.store.PostgresStore.reach` say.
    """
    if not isinstance(place, Server):
        return Store.open(place, threads, inspected=inspected, moving=moving)
    if moving:
        from core.store.postgres.alone import LonePostgresStore

        return LonePostgresStore.reach(place)
    from core.store.postgres.store import PostgresStore  # who has a file needs no driver

    return PostgresStore.reach(place)


def settle_sequences(connection: Connection) -> None:
    """Has a server's new ids begin above all that are there."""
    from core.store.postgres import schema

    schema.settle_sequences(cast(Any, connection))
