"""Memory that is free again goes back to the system: the allocators would keep it for the next large file."""

import contextlib
import ctypes
import gc

import pyarrow as pa

pa.set_memory_pool(pa.system_memory_pool())  # Arrow's own allocators keep more of what is free


def give_back() -> None:
    """After a large file was worked on. Where the C library cannot do it, nothing happens."""
    gc.collect(1)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
