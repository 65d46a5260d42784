"""Files of rows, whatever program wrote them, as columns of text with the row numbers a person sees.

They are read by the confined process (`core.files.confined`), never here: CSV, .xlsx and Parquet, found by their content.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from core.domain.errors import Locked, Refused
from core.domain.texts import file_name
from core.files import confined, refusals
from core.files.limits import LARGEST_IMPORT
from core.files.opening import bytes_of, opened, spooled
from core.files.progress import Tell
from core.files.refusals import ReadFault, Unreadable
from core.files.source import Source, laid_out
from core.files.xlsx.archive import OLE

__all__ = ["Source", "read", "unlocked"]


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
        raise _refused(unreadable) from unreadable


def unlocked(file: Path | bytes, password: str) -> bytes:
    """The workbook that the password opens, as one without; any other file as it is.

    The password is used in the confined process's memory alone. Raises Locked where it is another one, Refused for what is no file.
    """
    try:
        data = file if isinstance(file, bytes) else bytes_of(file, LARGEST_IMPORT)
        if data is None:
            raise Unreadable(ReadFault.TOO_BIG)
        if not data.startswith(OLE):
            return data
        return confined.run("unlock", json.dumps(password).encode() + b"\n" + data)[1]
    except Unreadable as unreadable:
        raise _refused(unreadable) from unreadable


def _refused(file: Unreadable) -> Refused:
    is_locked = file.why in (ReadFault.LOCKED, ReadFault.WRONG_PASSWORD)
    return (Locked if is_locked else Refused)(refusals.of_import(file))


def _opened(file: Path | bytes) -> BinaryIO:
    if isinstance(file, Path):
        return opened(file)
    if not file:
        raise Unreadable(ReadFault.EMPTY)
    return spooled(file)
