"""A look at the database file every second, whether anybody writes or not, and at the memory that is kept of it."""

import logging
import threading
import time

from core.domain.errors import places_of
from core.store.engine import Engine
from core.store.writer import Writer

EVERY = 1.0
LATE = 15.0

log = logging.getLogger(__name__)


class Watch:
    """A thread that has `writer` look at its file, and `engine` trim its memory, until `stop`."""

    def __init__(self, writer: Writer, engine: Engine) -> None:
        self._writer, self._engine = writer, engine
        self._looked_at = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-watch", daemon=True)
        self._thread.start()

    @property
    def late(self) -> bool:
        """Whether the last look has not come back: the disk does not answer."""
        return time.monotonic() - self._looked_at > LATE

    def stop(self) -> None:
        """Ends it."""
        self._stop.set()
        self._thread.join(EVERY)

    def _run(self) -> None:
        while not self._stop.wait(EVERY):
            try:
                self._writer.look()
                self._engine.trim()
            except Exception as fault:
                log.error("A look at the database file failed: %s at %s", type(fault).__name__, places_of(fault))
            self._looked_at = time.monotonic()
