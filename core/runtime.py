"""The composition root: opens the store, reads the rules and hands both to whoever serves."""

import logging
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from core import config
from core.carriers import rules as carrier_rules
from core.config import Settings
from core.domain.errors import ShipdeskError
from core.domain.invoice_number import Rules
from core.store.database import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Runtime:
    """What pages and routes are given. `now` is the only clock they may ask."""

    settings: Settings
    store: Store
    rules: Rules
    now: Callable[[], datetime]


_lock = threading.Lock()
_runtime: Runtime | None = None


def open_runtime(settings: Settings | None = None) -> Runtime:
    """A runtime of its own: the caller closes its store. Makes the demo shop when the database file is missing.

    Raises Unavailable when the database is in use or cannot be read.
    """
    settings = settings or config.load()
    fresh = not settings.database.exists()
    rules = carrier_rules.load().with_checks(settings.checks)
    store = Store.open(settings.database)
    if fresh:
        from core.services.demo import make_demo  # only a first start needs it

        log.info("Making a demo shop of %s shipments in %s", f"{settings.demo_shipments:,}", settings.database)
        make_demo(store, rules, shipments=settings.demo_shipments, now=_now(), zone=settings.zone, home=settings.home)
    return Runtime(settings, store, rules, _now)


def get() -> Runtime:
    """The runtime of this process, opened on first use."""
    global _runtime
    with _lock:
        if _runtime is None:
            _runtime = open_runtime()
        return _runtime


def start() -> None:
    """Opens the runtime for a server; ends the process with one sentence when the database cannot be used."""
    try:
        get()
    except ShipdeskError as error:
        # Raised further, the sentence would drown in the server's own traceback. Nothing is open yet.
        sys.stderr.write(f"Shipdesk was not started. {error}\n")
        sys.stderr.flush()
        os._exit(1)


def close() -> None:
    """Closes the runtime of this process, if it was opened."""
    global _runtime
    with _lock:
        if _runtime is not None:
            _runtime.store.close()
            _runtime = None


def _now() -> datetime:
    return datetime.now(UTC)
