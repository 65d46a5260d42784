"""Reading an uploaded file: looked at by a process of its own, with limits, so that no file can harm the desk."""

import hashlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.domain.errors import Refused
from core.files.xlsx import sentences
from core.files.xlsx.sheet import Cell, Sheet, SheetRow

LARGEST = 5 * 1024 * 1024
SECONDS = 10
COMMAND = (sys.executable, "-m", "core.files.xlsx.child")
ROOT = Path(__file__).resolve().parents[3]

log = logging.getLogger(__name__)


def read_sheet(data: bytes, name: str) -> Sheet:
    """The rows of the one sheet with invoices. Raises Refused with one sentence for every file that is not read.

    The kind of file is found by its content; `name` is only repeated on screen.
    """
    if not data:
        raise Refused(sentences.EMPTY)
    if len(data) > LARGEST:
        raise Refused(sentences.TOO_BIG)
    found = _asked(COMMAND, data)
    if "refused" in found:
        raise Refused(found["refused"])
    rows = tuple(_row(row) for row in found["rows"])
    return Sheet(name, found["title"], found["header_row"], found["columns"], rows, hashlib.sha256(data).hexdigest())


def typed_sheet(name: str, typed: Sequence[tuple[int, str, str, str]]) -> Sheet:
    """Rows typed at the desk as if they stood in a file: row number, Shipment No., shipping company, Invoice No."""
    rows = tuple(SheetRow(row, Cell(shipment_no), Cell(company), Cell(number)) for row, shipment_no, company, number in typed)
    return Sheet(name, "", 0, {}, rows, hashlib.sha256(repr(typed).encode()).hexdigest())


def _row(row: list[Any]) -> SheetRow:
    number, shipment_no, company, invoice_no, hidden, is_header = row
    return SheetRow(number, Cell(*shipment_no), Cell(*company), Cell(*invoice_no), hidden, is_header)


def _asked(command: tuple[str, ...], data: bytes) -> dict[str, Any]:
    answer = run(command, data)
    try:
        found: dict[str, Any] = json.loads(answer)
    except ValueError as error:
        raise Refused(sentences.TOO_SLOW) from error
    return found


def run(command: tuple[str, ...], data: bytes) -> bytes:
    """What the process answers; Refused when it was stopped at its limits."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, cwd=ROOT, env=environment, check=False)
    except subprocess.TimeoutExpired as error:
        raise Refused(sentences.TOO_SLOW) from error
    if done.stderr:
        log.warning("the reading process ended with %s: %s", done.returncode, done.stderr[-2000:].decode(errors="replace"))
    if done.returncode:
        raise Refused(sentences.TOO_SLOW)
    return done.stdout
