"""The numbers of the advisory locks: what one app server holds, the others know."""

import zlib

MIGRATING = 7_401_001
"""Held while the tables are made or changed."""
OPEN = 7_401_002
"""Held shared by every open store, so that who needs the shop for itself knows that it is in use."""


def number_of(work: str) -> int:
    """The lock of some work that one app server does at a time."""
    return 7_402_000_000 + zlib.crc32(work.encode()) % 1_000_000
