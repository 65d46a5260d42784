"""Looking at a database file before it is trusted: what it is, whether it is whole, what of it is still good, what is missing.

The file is opened in a process of its own, read-only, and is never written to. What an engine does not say is seen in the bytes
(`core.store.blocks`) and in the note of what was acknowledged (`core.store.acknowledged`).
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import duckdb

from core.domain.children import without_secrets
from core.domain.errors import Unavailable
from core.store import acknowledged, apart, backup, opening
from core.store.acknowledged import Acknowledged
from core.store.apart import GoodPart
from core.store.blocks import Log, log
from core.store.damage import FILE, LOG, PARTS, REST, of_table
from core.store.engine import is_in_use, moment_of, one_value
from core.store.inspection_child import Seen
from core.store.reasons import StoreFault

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "core.store.inspection_child")
LOOKS_WITHIN = 3600.0
LOOKS, LOOKS_AGAIN_AFTER = 3, 1.0


class FileState(StrEnum):
    """What a file is that was to be the desk's database."""

    WHOLE = "whole"
    NONE = "none"
    GONE = "gone"
    IN_USE = "in_use"
    NO_DATABASE = "no_database"
    OTHER = "other"
    NEWER = "newer"
    DAMAGED = "damaged"
    SHORT = "short"


@dataclass(frozen=True)
class StillGood:
    """What can still be read: up to which batch and moment, without which tables, from which `part` of the file and its log."""

    batch: int
    at: datetime | None
    unreadable: tuple[str, ...] = ()
    part: GoodPart = field(default_factory=GoodPart)


@dataclass(frozen=True)
class Inspection:
    """What was found. `note` is what was acknowledged last, None where nobody can know; `good` None where nothing can be read.

    `damaged` is what is wrong, by a word and how often or where: parts of the file, of its log, tables, what does not agree.
    """

    path: Path
    state: FileState
    version: int = 0
    good: StillGood | None = None
    note: Acknowledged | None = None
    copied_at: datetime | None = None
    damaged: Mapping[str, int] | None = None

    @property
    def missing(self) -> int:
        """How many batches were acknowledged and are not there, as far as the note knows."""
        return max(0, self.note.batch - (self.good.batch if self.good else 0)) if self.note else 0

    @property
    def knows(self) -> bool:
        """Whether it can be known that nothing is missing."""
        return self.note is not None or self.copied_at is not None


def inspect(path: Path, *, wholly: bool = False) -> Inspection:
    """What the file is and holds. Quickly, a large one is sampled; wholly, every byte and row is read, which takes its time."""
    note = acknowledged.read(path)
    if not path.exists():
        return Inspection(path, FileState.GONE if note else FileState.NONE, note=note)
    if not path.is_file():
        return Inspection(path, FileState.NO_DATABASE)
    seen = _asked(path, "wholly" if wholly else "quickly")
    if seen.in_use:
        return Inspection(path, FileState.IN_USE, note=note)
    if not seen.error and not seen.ours:
        return Inspection(path, FileState.OTHER)
    if seen.error and not note and seen.parts <= len(seen.damaged_parts):
        return Inspection(path, FileState.NO_DATABASE)
    note = note if note and (seen.error or note.database == seen.database) else None
    if not seen.error and seen.version > opening.newest_version():
        return Inspection(path, FileState.NEWER, seen.version, _good(seen), note)
    return _judged(path, seen, note)


def damaged_parts_of_running(path: Path) -> int:
    """How many parts of a file that is open here are damaged.

    Another process reads it: closing the file in this one would end the engine's hold on it. What is just being written looks
    damaged; so only what stays so counts.
    """
    damaged: set[int] | None = None
    for _ in range(LOOKS):
        again = set(_asked(path, "parts").damaged_parts)
        damaged = again if damaged is None else damaged & again
        if not damaged:
            break
        time.sleep(LOOKS_AGAIN_AFTER)
    return len(damaged or ())


def look(path: Path) -> None:
    """Before the file at `path` is opened for work. Raises Unavailable when it is gone, or holds less than was acknowledged.

    It is read where the engine would change it on opening: beside a log.
    """
    note = acknowledged.read(path)
    if not path.exists():
        if note:
            raise Unavailable(StoreFault.GONE(path=path, batch=note.batch, note=acknowledged.beside(path)))
        return
    if not note or not path.is_file():
        return
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            batch = one_value(connection, "SELECT coalesce(max(batch_id), 0) FROM batch")
            database = acknowledged.database_of(connection)
    except duckdb.ConnectionException:
        return  # this very process has it open already
    except (duckdb.Error, OSError) as error:
        in_use = is_in_use(str(error))
        raise Unavailable((StoreFault.OPEN_ELSEWHERE if in_use else StoreFault.DAMAGED)(path=path)) from error
    if note.database == database and _is_short(path, batch, note):
        raise Unavailable(StoreFault.SHORT(path=path, batch=batch, acknowledged=note.batch))


def is_whole(path: Path) -> bool:
    """Whether every row and byte of it is good."""
    return inspect(path, wholly=True).state is FileState.WHOLE


def _judged(path: Path, seen: Seen, note: Acknowledged | None) -> Inspection:
    damaged = _damage(seen)
    told, at = seen.copied, None
    if told:
        at = datetime.fromisoformat(told["at"])
        damaged = damaged or {of_table(name): 1 for name, rows in told["rows"].items() if seen.tables.get(name) != rows}
    kept = log(backup.log_of(path))
    if damaged or seen.error:
        return _salvaged(path, seen, note, kept, damaged)
    good = _good(seen, kept)
    short = note is not None and _is_short(path, good.batch, note)
    state = FileState.SHORT if short else FileState.WHOLE
    return Inspection(path, state, seen.version, good, note, at, {LOG: kept.good} if short and kept and kept.damaged else None)


def _salvaged(path: Path, seen: Seen, note: Acknowledged | None, kept: Log | None, damaged: dict[str, int]) -> Inspection:
    """What can be read with the good part of the log, or else without any."""
    if kept and kept.damaged:
        damaged = {**damaged, LOG: kept.good}
    good = None if seen.error else _good(seen, kept)
    mended = seen.error != "" and apart.can_be_mended(path, seen.damaged_parts)
    for log_bytes in dict.fromkeys((kept.good if kept else 0, 0)) if seen.error else ():
        part = GoodPart(log_bytes, mended)
        with apart.beside(path, part) as other:
            again = _asked(other, "wholly")
        if again.ours:
            good = replace(_good(again), part=part)
            damaged = _damage(again) | damaged
            break
    return Inspection(path, FileState.DAMAGED, seen.version, good, note, None, damaged or {FILE: 1})


def _damage(seen: Seen) -> dict[str, int]:
    found = {of_table(name): 1 for name in seen.unreadable} | seen.odd
    if seen.damaged_parts:
        found[PARTS] = len(seen.damaged_parts)
    if seen.rest and not seen.error:
        found[REST] = seen.rest
    return found


def _good(seen: Seen, kept: Log | None = None) -> StillGood:
    at = moment_of(seen.batch_at) if seen.batch else None
    return StillGood(seen.batch, at, tuple(sorted(seen.unreadable)), GoodPart(kept.good if kept else 0))


def _is_short(path: Path, batch: int, note: Acknowledged) -> bool:
    """Whether the file, whose newest batch this is, holds less than was acknowledged."""
    return batch < note.batch or _log_is_shorter(path, note)


def _log_is_shorter(path: Path, note: Acknowledged) -> bool:
    """Whether the log lost its end: while the file itself is not written, the log, in all its forms, can only grow."""
    if path.stat().st_mtime_ns != note.changed:
        return False
    return sum(kept.stat().st_size for kept in backup.logs_of(path) if kept.exists()) < note.log_bytes


def _asked(path: Path, depth: str) -> Seen:
    try:
        done = subprocess.run(
            (*COMMAND, str(path.absolute()), depth),
            capture_output=True,
            timeout=LOOKS_WITHIN,
            cwd=ROOT,
            env=without_secrets(os.environ),
            check=False,
        )
        return Seen(**json.loads(done.stdout))
    except (subprocess.TimeoutExpired, ValueError, TypeError):
        # The engine took the process with it: the bytes are all that can be looked at.
        return Seen(error="ended", parts=1)
