"""The note beside the database file: up to which batch was acknowledged, so that a file that lost its end is noticed.

After a crash the engine cuts a torn end off its log without a word, and a log that is gone was never there. The note is written
before a change is acknowledged, so that a killed process leaves it right; a thread of its own sees that it reaches the disk, since
waiting for that would double the time of a small change. It goes along when the folder is copied. Two records take turns, so that
one that was torn leaves the other.
"""

import contextlib
import json
import logging
import os
import threading
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from core.store.backup import log_of
from core.store.engine import Connection, moment_of

RECORD = 512
"""Bytes of a record: a disk writes them whole or not at all."""
ENDING = ".note"
SETTLES_EVERY = 0.2
"""Seconds between two waits for the disk, at least."""

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

    @property
    def at(self) -> datetime:
        """The moment of the newest batch."""
        return moment_of(self.batch_at)


class Note:
    """Keeps the note of one open database. What cannot be noted is logged once and stops nobody: the change itself is saved."""

    def __init__(self, path: Path, connection: Connection) -> None:
        self._file, self._log = path, log_of(path)
        batch, at = connection.execute(_NEWEST).fetchall()[0]
        self._last = Acknowledged(number_of(path), database_of(connection), batch, at, log_bytes=0, changed=0)
        self._place: int | None = None
        self._failed = False
        self._written, self._closing = threading.Event(), threading.Event()
        self._settler = threading.Thread(target=self._settle, name="note", daemon=True)
        with self._guarded():
            self._place = os.open(beside(path), os.O_RDWR | os.O_CREAT, 0o600)
            self._settler.start()
        self.acknowledge(connection)

    def acknowledge(self, connection: Connection) -> None:
        """Notes the newest batch, before the change that made it is acknowledged."""
        with self._guarded():
            # The number in the text: as a parameter it would be bound to the whole column and cost as much as the change.
            found = connection.execute(_LATER + str(self._last.batch)).fetchall()
            self._write(*max(found, default=(self._last.batch, self._last.batch_at)))

    def close(self) -> None:
        """The last record, after the database was closed: no log is left."""
        if self._place is None:
            return
        with self._guarded():
            self._write(self._last.batch, self._last.batch_at)
        self._closing.set()
        self._written.set()
        self._settler.join()
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
        self._written.set()

    def _settle(self) -> None:
        """Sees that what was written is on the disk, until the note is closed."""
        while self._place is not None:
            self._written.wait()
            self._written.clear()
            ending = self._closing.is_set()
            with self._guarded():
                os.fdatasync(self._place)
            if ending or (self._closing.wait(SETTLES_EVERY) and not self._written.is_set()):
                return

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


_NEWEST = "SELECT coalesce(max(batch_id), 0), coalesce(epoch_us(max_by(made_at, batch_id)), 0) FROM batch"
_LATER = "SELECT batch_id, epoch_us(made_at) FROM batch WHERE batch_id > "
