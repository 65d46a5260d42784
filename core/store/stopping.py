"""Ending what is being written from another thread, in the middle of a statement, so that nothing of it is written."""

import contextlib
import threading
import time
from collections.abc import Iterator

from core.store.engine import Connection

ASKED_EVERY = 0.05
"""Seconds after which the engine is asked again: between two statements it forgets that it was."""


class Stopped(Exception):
    """It was ended, and nothing of it is written."""


class Stop:
    """Ends one piece of work. What is committed when it is pressed stays."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._pressed = self._too_late = False

    def press(self) -> None:
        """Ends the statement that runs, and whatever would follow it; after the last one it changes nothing."""
        with self._lock:
            self._pressed = True
        threading.Thread(target=self._interrupt, name="stop", daemon=True).start()

    def check(self) -> None:
        """Raises Stopped when it was pressed in time."""
        if self._pressed and not self._too_late:
            raise Stopped

    @contextlib.contextmanager
    def within(self, connection: Connection) -> Iterator[None]:
        """What is asked of the connection inside can be ended, which raises Stopped; once the block is left, nothing is ended any more."""
        with self._lock:
            self.check()
            self._connection = connection
        try:
            yield
        except Exception as error:
            self._let_go()
            if self._pressed:
                raise Stopped from error
            raise
        except BaseException:
            self._let_go()
            raise
        self._let_go(done=True)

    def _let_go(self, done: bool = False) -> None:
        with self._lock:
            self._connection = None
            if done:
                self.check()
                self._too_late = True

    def _interrupt(self) -> None:
        while True:
            with self._lock:
                if self._connection is None:
                    return
                # Where the connection ends just now, so does the work.
                with contextlib.suppress(Exception):
                    self._connection.interrupt()
            time.sleep(ASKED_EVERY)
