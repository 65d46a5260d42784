"""What is open here, written to a new file: for a database file that was deleted, moved, replaced, or whose disk is gone."""

import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from core.domain.errors import Unavailable
from core.domain.reasons import Why
from core.store import backup
from core.store.engine import STORAGE, Engine, one_value, quoted, row_counts
from core.store.open_file import ROOM, Identity, OpenFile, Rescued, free_on
from core.store.reasons import StoreFault

RESCUABLE = frozenset(
    {
        StoreFault.DELETED,
        StoreFault.MOVED,
        StoreFault.REPLACED,
        StoreFault.OVERWRITTEN,
        StoreFault.DISK_GONE,
        StoreFault.DISK_ERROR,
    }
)
_PART = 8 * 1024 * 1024


def rescue(engine: Engine, file: OpenFile) -> Rescued:
    """A new file with all that is open, opened and checked: beside the database's path, else in the folder for temporary files.

    `file` remembers it. Nothing may be written meanwhile. Raises Unavailable, with nothing left behind, when it could not be written
    anywhere.
    """
    failure: Unavailable | None = None
    for folder in _folders(file):
        try:
            file.rescued = _rescued(engine, file, _free_name(folder, file.path))
            return file.rescued
        except Unavailable as error:
            failure = failure or error
    assert failure
    raise failure


def told(file: OpenFile, kept: Rescued) -> Why:
    """Where all that is open is kept, and what to do with it."""
    form = "beside" if kept.path.parent == file.path.parent else "elsewhere"
    return StoreFault.RESCUED(form, copy=kept.path, path=file.path)


def is_safe_to_close(engine: Engine, file: OpenFile | None) -> bool:
    """Whether closing may write into the file. When it is not the one at its path, all of it is left in a new one, and that is said.

    What was only moved goes on being the database, and is not copied: its log goes with it, or is written into it.
    """
    problem = file.lost() if file else None
    if file is None or problem is None:
        return True
    moved = problem.reason is StoreFault.MOVED
    sys.stderr.write(f"{problem if moved else _left_behind(engine, file)}\n")
    sys.stderr.flush()
    return moved and file.log.exists()


def _left_behind(engine: Engine, file: OpenFile) -> Why:
    try:
        kept = file.rescued if file.rescued and file.rescued.path.exists() else rescue(engine, file)
    except Unavailable as error:
        return StoreFault.NOT_RESCUED("stop", path=file.path, **error.whys[0].values)
    file.remove_old_log()
    return StoreFault.RESCUED("stop", copy=kept.path, path=file.path)


def _folders(file: OpenFile) -> Iterator[Path]:
    if file.path.parent.is_dir():
        yield file.path.parent
    yield Path(tempfile.gettempdir())


def _free_name(folder: Path, path: Path) -> Path:
    stem = f"{path.stem}-rescued-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    names = (folder / f"{stem}{more}{path.suffix}" for more in ("", *(f"-{number}" for number in range(2, 100))))
    return next(name for name in names if not name.exists())


def _rescued(engine: Engine, file: OpenFile, target: Path) -> Rescued:
    partial = target.with_name(target.name + backup.PARTIAL)
    try:
        _write(engine, file, partial)
        partial.rename(target)
    except (duckdb.Error, OSError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        raise Unavailable(StoreFault.NOT_RESCUED("press", copy=target, why=why)) from error
    finally:
        backup.remove(partial)
    return Rescued(target, Identity.of(target.stat()))


def _write(engine: Engine, file: OpenFile, partial: Path) -> None:
    """Byte by byte from the engine's own descriptors, as after a kill, which asks nothing of a broken engine; else by the engine."""
    expected = _counted_here(engine)
    if file.descriptor is not None and not file.overwritten():
        _copy_bytes(file, partial)
    elif expected is None:
        raise duckdb.IOException("the engine is broken, and what it had open cannot be read")
    else:
        _copy_by_engine(engine, partial)
    found = _counted_there(partial)
    if expected is not None and found != expected:
        raise duckdb.IOException("the copy does not hold the rows that are open")


def _copy_bytes(file: OpenFile, target: Path) -> None:
    assert file.descriptor is not None
    size, done = os.fstat(file.descriptor).st_size, 0
    free = free_on(os.statvfs(target.parent))
    if free is not None and free < size + ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with target.open("xb") as copy:
        while done < size and (part := os.pread(file.descriptor, _PART, done)):
            copy.write(part)
            done += len(part)
        copy.flush()
        os.fsync(copy.fileno())
    log = file.log_content()
    if log:
        backup.log_of(target).write_bytes(log)


def _copy_by_engine(engine: Engine, target: Path) -> None:
    with engine.cursor() as cursor:
        source = one_value(cursor, "SELECT current_database()")
        cursor.execute(f"ATTACH {quoted(target)} AS rescued (STORAGE_VERSION '{STORAGE}')")
        try:
            cursor.execute(f'COPY FROM DATABASE "{source}" TO rescued')
        finally:
            cursor.execute("DETACH rescued")


def _counted_here(engine: Engine) -> dict[str, int] | None:
    """The rows that are open, by table; None when the engine is broken."""
    try:
        with engine.cursor() as cursor:
            return row_counts(cursor, one_value(cursor, "SELECT current_database()"))
    except (duckdb.Error, Unavailable):
        return None


def _counted_there(copy: Path) -> dict[str, int]:
    with duckdb.connect(str(copy)) as opened:
        opened.execute("CHECKPOINT")
        return row_counts(opened, one_value(opened, "SELECT current_database()"))
