"""The note beside the database file: up to which batch was acknowledged, so that a file that lost its end is noticed.

After a crash the engine cuts a torn end off its log without a word, and a log that is gone was never there. The note is written and
is on the disk before a change is acknowledged, and goes along when the folder is copied. Two records take turns, so that one that
was torn leaves the other.
"""

import contextlib
import json
import logging
import os
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from core.store.statements import Connection

RECORD = 512
"""Bytes of a record: a disk writes them whole or not at all."""
ENDING = ".note"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Acknowledged:
    """What was acknowledged last: by the `number`th record, the newest batch and the microsecond it is of.

    `database` tells whose note it is: the microsecond that the database came to be. `log_bytes` is how long the engine's log was, and
    `changed` when the file itself was last written: while that stays, the log can only grow.
    """

    number: int
    database: int
    batch: int
    batch_at: int
    log_bytes: int
    changed: int


class Note:
    """Keeps the note of one open database. What cannot be noted is logged once and stops nobody: the change itself is saved."""

    def __init__(self, path: Path, connection: Connection) -> None:
        self._file, self._log = path, path.with_name(path.name + ".wal")
        self._last = Acknowledged(number_of(path), database_of(connection), 0, 0, 0, 0)
        self._place: int | None = None
        self._failed = False
        with self._guarded():
            self._place = os.open(beside(path), os.O_RDWR | os.O_CREAT, 0o600)
        self.acknowledge(connection)

    def acknowledge(self, connection: Connection) -> None:
        """Notes the newest batch; it is on the disk when this returns."""
        with self._guarded():
            found = connection.execute(_NEWEST, {"after": self._last.batch}).fetchall()
            self._write(*(found[0] if found else (self._last.batch, self._last.batch_at)))

    def close(self) -> None:
        """The last record, after the database was closed: no log is left."""
        with self._guarded():
            self._write(self._last.batch, self._last.batch_at)
        if self._place is not None:
            os.close(self._place)
            self._place = None

    def _write(self, batch: int, at: int) -> None:
        if self._place is None:
            return
        number = self._last.number + 1
        self._last = replace(
            self._last,
            number=number,
            batch=batch,
            batch_at=at,
            log_bytes=self._log.stat().st_size if self._log.exists() else 0,
            changed=self._file.stat().st_mtime_ns,
        )
        os.pwrite(self._place, _record(self._last), RECORD * (number % 2))
        os.fdatasync(self._place)

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (OSError, duckdb.Error) as error:
            if not self._failed:
                log.warning("The note beside the database cannot be written: %s", type(error).__name__)
            self._failed = True


def beside(path: Path) -> Path:
    """Where the note of this database file is."""
    return path.with_name(path.name + ENDING)


def read(path: Path) -> Acknowledged | None:
    """What was acknowledged last of the database file at `path`; None when there is no note, or none that can be trusted."""
    try:
        kept = beside(path).read_bytes()
    except OSError:
        return None
    records = [found for turn in (0, 1) if (found := _parsed(kept[RECORD * turn : RECORD * (turn + 1)]))]
    return max(records, key=lambda found: found.number, default=None)


def number_of(path: Path) -> int:
    """Of the last record beside this file, 0 without one."""
    found = read(path)
    return found.number if found else 0


def write_for(path: Path, connection: Connection) -> None:
    """A note of all that the opened database holds, for the file at `path`, in place of any other note."""
    beside(path).unlink(missing_ok=True)
    Note(path, connection).close()


def database_of(connection: Connection) -> int:
    """Which database this is, wherever it is copied to: the microsecond it came to be."""
    found: Any = connection.execute("SELECT epoch_us(min(applied_at)) FROM schema_version").fetchall()[0][0]
    return int(found or 0)


def _record(told: Acknowledged) -> bytes:
    text = json.dumps(asdict(told)).encode()
    return b"%08x %s" % (zlib.crc32(text), text.ljust(RECORD - 10)) + b"\n"


def _parsed(record: bytes) -> Acknowledged | None:
    text = record[9:].rstrip()
    try:
        return Acknowledged(**json.loads(text)) if int(record[:8], 16) == zlib.crc32(text) else None
    except (ValueError, TypeError):
        return None


_NEWEST = """
SELECT batch_id, coalesce(epoch_us(made_at), 0) FROM batch WHERE batch_id > $after ORDER BY batch_id DESC LIMIT 1
"""
