"""How much of a file is taken: the size and the rows of an upload, and how far a workbook is read."""

from dataclasses import dataclass

LARGEST = 5 * 1024 * 1024
"""Bytes of an upload."""

MOST_ROWS = 1000
"""Rows with data in an upload."""


@dataclass(frozen=True)
class Limits:
    """How much of a workbook is read before it is refused; sizes are bytes after unpacking. Columns beyond the limit are not read."""

    part_size: int
    whole_size: int
    entries: int
    tags: int
    rows: int
    columns: int
    texts: int
    styles: int = 65_000
    merges: int = 20_000


LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
UPLOAD = Limits(24_000_000, 48_000_000, entries=300, tags=1_000_000, rows=100_000, columns=300, texts=200_000)
IMPORT = Limits(600_000_000, 900_000_000, entries=1000, tags=10**9, rows=LAST_ROW, columns=LAST_COLUMN, texts=10**9)
