"""Files of rows, whatever program wrote them, as columns of text with the row numbers a person sees.

They are read by the confined process (`core.files.confined`), never here: CSV, .xlsx and Parquet, found by their content.
"""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from core.domain.errors import Refused
from core.domain.texts import file_name
from core.files import confined, refusals
from core.files.opening import opened, spooled
from core.files.progress import Tell
from core.files.refusals import ReadFault, Unreadable
from core.files.source import Source, laid_out

__all__ = ["Source", "read"]


def read(
    file: Path | bytes,
    name: str = "",
    encoding: str = "",
    tell: Tell | None = None,
    waiting: Callable[[], None] | None = None,
) -> Source:
    """The file's rows. Its kind is found by its content, never by its name: CSV, .xlsx or Parquet.

    The header is row 1 of a CSV file; the rows of a Parquet file count from 1. Blank rows are counted and left out. `encoding`
    overrules what a CSV file seems to be written in. `tell` hears how far it is, `waiting` is called while other files are read
    first. Raises Refused when the file cannot be read as one table.
    """
    name = file_name(name or (file.name if isinstance(file, Path) else ""))
    try:
        with _opened(file) as given:
            head, rows = confined.laid_out(given, encoding, tell, waiting)
        with rows:
            return laid_out(rows, head, name)
    except Unreadable as unreadable:
        raise Refused(refusals.of_import(unreadable)) from unreadable


def _opened(file: Path | bytes) -> BinaryIO:
    if isinstance(file, Path):
        return opened(file)
    if not file:
        raise Unreadable(ReadFault.EMPTY)
    return spooled(file)
