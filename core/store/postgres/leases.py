"""Work that one app server does at a time, whichever: held by a connection of its own, so that it ends with its server."""

import contextlib
import threading

import psycopg

from core.store.postgres.link import Link, Raw
from core.store.postgres.locks import number_of


class Leases:
    """What this app server holds."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._lock = threading.Lock()
        self._held: dict[str, tuple[object, Raw]] = {}

    def take(self, work: str, holder: object) -> bool:
        """Whether the work is the holder's: taken now, or held since before. False while the server does not answer."""
        with self._lock:
            if work in self._held:
                return self._is_still(work, holder)
            with contextlib.suppress(psycopg.Error):
                raw = self._link.direct()
                if _got(raw, work):
                    self._held[work] = holder, raw
                    return True
                raw.close()
            return False

    def end(self, work: str) -> None:
        """Leaves the work to others."""
        with self._lock:
            held = self._held.pop(work, None)
        if held:
            # The server notices a closed connection a little later; who comes next should not wait for that.
            with contextlib.suppress(psycopg.Error):
                held[1].execute(b"SELECT pg_advisory_unlock_all()")
            held[1].close()

    def close(self) -> None:
        """Leaves everything to others."""
        for work in list(self._held):
            self.end(work)

    def _is_still(self, work: str, holder: object) -> bool:
        known, raw = self._held[work]
        try:
            raw.execute(b"SELECT 1")
        except psycopg.Error:
            del self._held[work]
            raw.close()
            return False
        return holder is not None and known is holder


def _got(raw: Raw, work: str) -> bool:
    found = raw.execute(f"SELECT pg_try_advisory_lock({number_of(work)})".encode()).fetchone()
    return bool(found and found[0])
