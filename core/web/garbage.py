"""Garbage is collected beside the pages: after each of them, as Streamlit does it, would stop all who work half of the time."""

import gc
import threading
import time
from typing import Final

LEAST_REST: Final = 2.0
"""Seconds between two looks."""
SHARE: Final = 0.02
"""Of the time, what collecting takes at most: everybody waits meanwhile."""
YOUNG: Final = (10_000, 20, 1_000_000)
"""After so many new things the newest are looked at, after so many such looks those that were left; all of them here alone."""


def start() -> threading.Event:
    """Collects in a thread of its own until the event is set."""
    over = threading.Event()
    threading.Thread(target=_collecting, args=(over,), name="garbage", daemon=True).start()
    return over


def rest(took: float) -> float:
    """Seconds to wait after a collection that took so many."""
    return max(LEAST_REST, took / SHARE)


def _collecting(over: threading.Event) -> None:
    took, before = 0.0, gc.get_threshold()
    gc.set_threshold(*YOUNG)
    try:
        while not over.wait(rest(took)):
            if _is_due():
                began = time.monotonic()
                gc.collect()
                took = time.monotonic() - began
    finally:
        gc.set_threshold(*before)


def _is_due() -> bool:
    """Whether some hundred thousands of things were made since the last collection of all."""
    return gc.get_count()[2] > 0
