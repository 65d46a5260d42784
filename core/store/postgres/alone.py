"""A shop on a server that one process has for itself, to move it: no desk has it open meanwhile, and no copy follows."""

import contextlib

import psycopg

from core.domain.errors import Unavailable
from core.store.postgres.feed import Following
from core.store.postgres.link import Link
from core.store.postgres.locks import OPEN
from core.store.postgres.store import PostgresStore
from core.store.reasons import StoreFault


class LonePostgresStore(PostgresStore):
    """What moving needs of a store: reading, writing, closing. Reached like any other, when no desk has it open."""

    def _following(self) -> Following:
        return OneConnection(self._link)


class OneConnection:
    """In the place of a feed: holds the lock by which a shop is said to be open, and brings nothing.

    Raises Unavailable when anybody else has it open.
    """

    changes = coming = 0

    def __init__(self, link: Link) -> None:
        self._lock = link.direct()
        found = self._lock.execute(f"SELECT pg_try_advisory_lock({OPEN})".encode()).fetchone()
        if not (found and found[0]):
            self._lock.close()
            raise Unavailable(StoreFault.OPEN_ON_SERVER(server=link.server))

    def wait_for(self, poll: int, seconds: float) -> bool:
        """There is nothing to wait for."""
        return True

    def require_loaded(self) -> None:
        """There is no copy."""

    def stop(self) -> None:
        """The shop may be opened by others."""
        with contextlib.suppress(psycopg.Error):
            self._lock.close()
