"""Reading the whole of a running database little by little, so that damage is noticed before somebody needs what it took."""

import threading
import time

import duckdb

from core.domain.errors import Unavailable
from core.store import inspecting
from core.store.agreement import ODDITIES
from core.store.damage import PARTS, of_table
from core.store.database import Store
from core.store.engine import every_value

ROWS_AT_ONCE = 122_880


def damage(store: Store, stop: threading.Event) -> dict[str, int] | None:
    """What is wrong with the file, its tables, or what must hold between them; empty when all is well, None when stopped before.

    Between two steps it rests as long as the last one took: people at work come first.
    """
    found: dict[str, int] = {}
    if store.path and (parts := inspecting.damaged_parts_of_running(store.path)):
        found[PARTS] = parts
    for row in store.rows("SELECT table_name, estimated_size FROM duckdb_tables() WHERE NOT internal"):
        name, rows = row["table_name"], int(row["estimated_size"])
        for first in range(0, rows, ROWS_AT_ONCE):
            if not _step(store, every_value(name, first, ROWS_AT_ONCE), stop, found, of_table(name)):
                return None
    for name, sql in ODDITIES.items():
        if not _step(store, sql, stop, found, name):
            return None
    return found


def _step(store: Store, sql: str, stop: threading.Event, found: dict[str, int], name: str) -> bool:
    """Whether to go on, after one query; what it shows is put down under the name."""
    began = time.monotonic()
    try:
        value = next(iter(store.rows(sql)[0].values()))
        if name in ODDITIES and value:
            found[name] = int(value)
    except Unavailable:
        return False
    except duckdb.Error:
        found[name] = 1
    return not stop.wait(time.monotonic() - began)
