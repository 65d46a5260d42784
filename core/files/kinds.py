"""What a file of shipments is, by its content, and its rows laid out: what the confined process does for an import."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from core.files.choosing import rows_of
from core.files.csv_rows import lay_out_csv
from core.files.laying import FileRow, lay_out
from core.files.limits import LARGEST_IMPORT
from core.files.parquet_rows import MAGIC, lay_out_parquet
from core.files.progress import Honest, Tell
from core.files.refusals import ReadFault, Unreadable
from core.files.xlsx.archive import is_workbook

_PIECE = 1 << 20
_BLANK = b"\0\t\r\n "
_NO_TABLES = (
    b"%pdf", b"\x89png", b"\x1f\x8b", b"\xff\xd8\xff", b"7z\xbc\xaf", b"rar!", b"\x7felf", b"bzh", b"\xfd7zxz",
    b"\x28\xb5\x2f\xfd", b"sqlite format 3", b"gif8", b"mz\x90",
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """How one file is to be read, and who is told: how far it is, and that it is built as an honest table is."""

    encoding: str
    tell: Tell
    honest: Honest


def lay_out_file(file: BinaryIO, answer: BinaryIO, reading: Reading) -> dict[str, Any]:
    """What is to be known of the rows of the file after they are written into `answer` (`core.files.source.laid_out`).

    Its kind is found by its content, never by its name: CSV, .xlsx or Parquet. Raises Unreadable or Refused when it cannot be read
    as one table.
    """
    if os.fstat(file.fileno()).st_size > LARGEST_IMPORT:
        raise Unreadable(ReadFault.TOO_BIG)
    if _is_blank(file):
        raise Unreadable(ReadFault.EMPTY)
    file.seek(0)
    start = file.read(2000)
    file.seek(0)
    if start.startswith(MAGIC):
        return lay_out_parquet(file, answer, reading.tell, reading.honest)
    if is_workbook(start):
        return lay_out(_sheet_rows(file, reading), answer, "Excel", exact=False)
    _refuse_other_kinds(start)
    reading.honest()
    return lay_out_csv(file, answer, reading.encoding, reading.tell)


def _is_blank(file: BinaryIO) -> bool:
    file.seek(0)
    while piece := file.read(_PIECE):
        if piece.strip(_BLANK):
            return False
    return True


def _refuse_other_kinds(start: bytes) -> None:
    start = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")):
        raise Unreadable(ReadFault.WEB_PAGE)
    if start.startswith(b"<?xml"):
        raise Unreadable(ReadFault.XML)
    if start.startswith(b"{"):
        raise Unreadable(ReadFault.JSON)
    if start.startswith(_NO_TABLES):
        raise Unreadable(ReadFault.NO_TABLE)


def _sheet_rows(file: BinaryIO, reading: Reading) -> Iterator[FileRow]:
    for row in rows_of(file, honest=reading.honest, tell=reading.tell):
        yield FileRow(row.number, row.cells, row.faults)
