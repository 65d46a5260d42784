"""What is good of a damaged file, set apart under another name to be read there: the file itself is only ever read."""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from core.store import backup
from core.store.blocks import HEAD, LOG_HEAD
from core.store.engine import STORAGE

LOOKED_IN = ".shipdesk-look-"
LEFT_AFTER = 3600.0
"""Seconds after which nobody looks into such a folder any more."""


@dataclass(frozen=True)
class GoodPart:
    """What of a file is to be read: it with so many bytes of its log; with its head `mended`."""

    log_bytes: int = 0
    mended: bool = False


@contextlib.contextmanager
def beside(path: Path, part: GoodPart) -> Iterator[Path]:
    """The part of the file under another name; gone afterwards. It is not copied where it need not be."""
    folder = _folder_for(path)
    try:
        other = folder / "looked.duckdb"
        _placed(path, other, copied=part.mended)
        if part.mended:
            _mend(other)
        if part.log_bytes > LOG_HEAD:
            _with_log(path, other, part.log_bytes)
        yield other
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def can_be_mended(path: Path, damaged: tuple[int, ...]) -> bool:
    """Whether nothing but the head is damaged, and the parts of it that are can be made anew without a doubt.

    The first part is the same in every file. The other two take turns, and only the older one, which nobody reads, may be replaced.
    """
    if not damaged or not set(damaged) <= {0, HEAD, 2 * HEAD} or {HEAD, 2 * HEAD} <= set(damaged):
        return False
    turns = [at for at in damaged if at]
    return not turns or _turn(path, turns[0]) + 1 == _turn(path, 3 * HEAD - turns[0])


def remove_left(folder: Path) -> None:
    """Removes what a look that was killed left in the folder."""
    for left in folder.glob(f"{LOOKED_IN}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > LEFT_AFTER:
                shutil.rmtree(left, ignore_errors=True)


def _placed(path: Path, other: Path, *, copied: bool) -> None:
    if not copied:
        with contextlib.suppress(OSError):
            os.link(path, other)
            return
    shutil.copyfile(path, other)


def _with_log(path: Path, other: Path, log_bytes: int) -> None:
    with backup.log_of(path).open("rb") as kept:
        backup.log_of(other).write_bytes(kept.read(log_bytes))
    for one, copy in zip(backup.logs_of(path)[1:], backup.logs_of(other)[1:], strict=True):
        if one.exists():
            shutil.copyfile(one, copy)


def _mend(copy: Path) -> None:
    fresh = copy.with_name("fresh.duckdb")
    duckdb.connect(str(fresh), config={"storage_compatibility_version": STORAGE}).close()
    newer = max((HEAD, 2 * HEAD), key=lambda at: _turn(copy, at))
    with copy.open("r+b") as file:
        file.write(fresh.read_bytes()[:HEAD])
        file.seek(newer)
        head = file.read(HEAD)
        file.seek(3 * HEAD - newer)
        file.write(head)


def _turn(path: Path, at: int) -> int:
    """How often this part of the head was written, and the other one: the larger is in force."""
    with path.open("rb") as file:
        file.seek(at + 8)
        return int.from_bytes(file.read(8), "little")


def _folder_for(path: Path) -> Path:
    """A new folder on the same disk where that is possible, so that the file need not be copied."""
    with contextlib.suppress(OSError):
        return Path(tempfile.mkdtemp(prefix=LOOKED_IN, dir=path.parent))
    return Path(tempfile.mkdtemp(prefix=LOOKED_IN))
