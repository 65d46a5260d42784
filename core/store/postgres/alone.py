"""A shop on a server that one process has for itself, to move it: no desk has it open meanwhile, and no copy follows."""

import contextlib
from pathlib import Path

import psycopg

from core.domain.errors import Unavailable
from core.domain.servers import Server
from core.store.opening import SCHEMA
from core.store.postgres.link import Link
from core.store.postgres.locks import OPEN
from core.store.postgres.store import PostgresStore
from core.store.reasons import StoreFault


class LonePostgresStore(PostgresStore):
    """What moving needs of a store: reading, writing, closing."""

    def __init__(self, server: Server, link: Link, *, made: bool = False) -> None:
        self.path = None
        self.server: Server = server
        self.made = made
        self._link = link
        self._lock = link.direct()
        found = self._lock.execute(f"SELECT pg_try_advisory_lock({OPEN})".encode()).fetchone()
        if not (found and found[0]):
            self._lock.close()
            raise Unavailable(StoreFault.OPEN_ON_SERVER(server=server))

    @classmethod
    def reach(cls, server: Server, steps: Path = SCHEMA, *, moving: bool = True) -> "PostgresStore":
        """The shop at this address. Raises Unavailable as a store does, and when a desk has it open."""
        return super().reach(server, steps, moving=moving)

    def _wrote(self) -> None:
        """Nobody here waits to see it in the figures."""

    def _settle(self) -> None:
        """There is no copy to wait for."""

    def close(self) -> None:
        """Ends all connections."""
        with contextlib.suppress(psycopg.Error):
            self._lock.close()
        self._link.close()
