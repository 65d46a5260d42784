"""How much of a file is taken: the size and the rows of an upload and of an import, and how far a workbook is read."""

from dataclasses import dataclass

LARGEST = 5 * 1024 * 1024
"""Bytes of an upload."""

MOST_ROWS = 1000
"""Rows with data in an upload."""

LARGEST_IMPORT = 400 * 1024 * 1024
"""Bytes of a file to import."""

LONGEST_CELL = 32_767
"""Characters of a cell, as in Excel."""

HEADER_WITHIN = 20
"""Rows from the top in which the header is looked for."""

LONGEST_HEADER = 1_000
"""Characters of a header."""

LONGEST_ROW = 1_000_000
"""Characters of a row of CSV, whatever it holds."""

MOST_CELLS = 64_000_000
"""Cells of a file to import: its rows times its columns."""

MOST_TEXT = 400_000_000
"""Bytes of all texts of a file to import, after unpacking."""

MOST_FAULTS = 300_000
"""Cells and rows of a file to import that cannot be trusted."""


@dataclass(frozen=True)
class Limits:
    """How much of a workbook is read before it is refused; sizes are bytes after unpacking.

    Cells in columns beyond the limit are left out, or, when `whole` rows are wanted, refused, as are longer cells than Excel has.
    A large part that was packed to less than one `packed`-th is no honest table.
    """

    part_size: int
    whole_size: int
    entries: int
    tags: int
    rows: int
    columns: int
    texts: int
    styles: int = 65_000
    merges: int = 20_000
    sheets: int = 300
    packed: int = 0
    whole: bool = False


LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
UPLOAD = Limits(24_000_000, 48_000_000, entries=300, tags=1_000_000, rows=100_000, columns=300, texts=200_000)
IMPORT = Limits(
    1_600_000_000,
    2_000_000_000,
    entries=1000,
    tags=10**9,
    rows=LAST_ROW,
    columns=1_000,
    texts=8_000_000,
    merges=100_000,
    packed=100,
    whole=True,
)
