"""Memory that is free again goes back to the system: the allocators would keep it for the next large file."""

import contextlib
import ctypes
import gc

import pyarrow as pa


def give_back() -> None:
    """After a large file was worked on. Where the C library cannot do it, nothing happens."""
    gc.collect(1)
    pa.default_memory_pool().release_unused()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
