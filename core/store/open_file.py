"""The database file that the engine has open, beside what is found at its path now."""

import contextlib
import errno
import os
import stat
import struct
from dataclasses import dataclass
from pathlib import Path

from core.domain.reasons import Why
from core.store.backup import log_of
from core.store.blocks import HEAD, HEADS
from core.store.reasons import StoreFault

ROOM = 1024 * 1024
DESCRIPTORS = Path("/proc/self/fd")
_ITERATION = struct.Struct("<Q")


@dataclass(frozen=True)
class Identity:
    """Which file it is, whatever it is called."""

    device: int
    inode: int

    @classmethod
    def of(cls, found: os.stat_result) -> "Identity":
        return cls(found.st_dev, found.st_ino)


@dataclass(frozen=True)
class Rescued:
    """A new file that holds all that is open: where it was written, and which it is wherever it is moved."""

    path: Path
    identity: Identity


class OpenFile:
    """What the engine has open under `path`. It is made right after the engine opened it, and again when it is opened again.

    `rescued` is kept while nothing was written since. No descriptor of the database is ever opened and closed here: closing one
    would give up the engine's lock.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.log = log_of(self.path)
        self.identity = Identity.of(self.path.stat())
        self._number = self._found(os.path.realpath(self.path))
        self._head, self._iteration = self._headers()
        self._log_identity: Identity | None = None
        self.rescued: Rescued | None = None

    @property
    def descriptor(self) -> int | None:
        """The engine's own descriptor of it; None where the system does not tell, and when the engine has closed it."""
        return self._number if self._number is not None and _identity(self._number) == self.identity else None

    def misplaced(self) -> Why | None:
        """Why what is at the path is not the file that is open; None when it is. One look at the path: cheap before every commit."""
        try:
            found = self.path.stat()
        except OSError as error:
            return self._missing(error)
        if Identity.of(found) == self.identity:
            return None
        gone = StoreFault.DELETED if self.is_rescued_one_in_place() else StoreFault.REPLACED
        return self._elsewhere() or gone(path=self.path)

    def lost(self) -> Why | None:
        """Why what is written would not be found again: misplaced, or another's content."""
        return self.misplaced() or self.overwritten()

    def is_rescued_one_in_place(self) -> bool:
        """Whether the file at the path is the one that what is open was rescued into."""
        with contextlib.suppress(OSError):
            return self.rescued is not None and Identity.of(self.path.stat()) == self.rescued.identity
        return False

    def remove_old_log(self) -> None:
        """Removes the log of a database that is gone: it belongs to no other one that comes to its place."""
        with contextlib.suppress(OSError):
            if Identity.of(self.log.stat()) == self._log_identity:
                self.log.unlink()

    def unwritable(self) -> Why | None:
        """Why nothing should be written to it now: misplaced, overwritten, read-only, or no room on its disk."""
        try:
            problem = self.lost()
            if not problem:
                self._remember_log()
            return problem or self._not_allowed() or self._no_room()
        except OSError as error:
            return self._missing(error)

    def overwritten(self) -> Why | None:
        """Why the content is another's: the engine changes the first block never, and counts its checkpoints in the next two."""
        head, iteration = self._headers()
        if self.descriptor is None:
            return None
        if head == self._head and iteration >= self._iteration:
            self._iteration = iteration
            return None
        return StoreFault.OVERWRITTEN(path=self.path)

    def log_is_lost(self) -> bool:
        """Whether the engine's log was taken away alone: what is only in the log would not be there after a kill."""
        return not self.log.exists() and self.log_descriptor() is not None

    def log_descriptor(self) -> int | None:
        """The descriptor of the log that the engine writes, whether it can still be found by name or not."""
        number = self.descriptor
        names = {
            str(log_of(Path(name))) for name in (os.path.realpath(self.path), *([_named(number)] if number is not None else []))
        }
        for number, name in _descriptors():
            if name in names or (self._log_identity and _identity(number) == self._log_identity):
                return number
        return None

    def log_content(self) -> bytes:
        """What the engine's log holds, also when it was deleted, or when the engine broke and let go of it."""
        number = self.log_descriptor()
        if number is not None:
            return (DESCRIPTORS / str(number)).read_bytes()
        with contextlib.suppress(OSError):
            if not self.path.exists() or Identity.of(self.log.stat()) == self._log_identity:
                return self.log.read_bytes()
        return b""

    def free(self) -> int | None:
        """How many bytes are free on its disk; None when it does not tell."""
        number = self.descriptor
        with contextlib.suppress(OSError):
            return free_on(os.statvfs(self.path.parent if number is None else number))
        return None

    def _found(self, name: str) -> int | None:
        """The engine's descriptor; None where the system does not tell."""
        for number, link in _descriptors():
            if link == name and _identity(number) == self.identity:
                return number
        return None

    def _remember_log(self) -> None:
        with contextlib.suppress(OSError):
            self._log_identity = Identity.of(self.log.stat())

    def _missing(self, error: OSError) -> Why:
        if error.errno not in (errno.ENOENT, errno.ENOTDIR):
            return StoreFault.DISK_ERROR(path=self.path, why=error.strerror)
        return self._elsewhere() or StoreFault.DELETED(path=self.path)

    def _elsewhere(self) -> Why | None:
        """Where the open file is now, when it is no longer at its path but was not deleted."""
        number = self.descriptor
        if number is None or not os.fstat(number).st_nlink:
            return None
        found = _named(number)
        with contextlib.suppress(OSError):
            if Identity.of(Path(found).stat()) == self.identity:
                return StoreFault.MOVED(path=self.path, found=found)
        return StoreFault.DISK_GONE(path=self.path)

    def _headers(self) -> tuple[bytes, int]:
        number = self.descriptor
        if number is None:
            return b"", 0
        found = os.pread(number, HEAD * HEADS, 0)
        if len(found) < HEAD * HEADS:
            return b"", -1
        return found[:HEAD], max(_ITERATION.unpack_from(found, HEAD * part + 8)[0] for part in (1, 2))

    def _not_allowed(self) -> Why | None:
        if os.statvfs(self.path).f_flag & os.ST_RDONLY:
            return StoreFault.READ_ONLY("disk", path=self.path)
        if not (self.path.stat().st_mode & _ANY_WRITE and os.access(self.path, os.W_OK)):
            return StoreFault.READ_ONLY("file", path=self.path)
        if not (self.path.parent.stat().st_mode & _ANY_WRITE and os.access(self.path.parent, os.W_OK | os.X_OK)):
            return StoreFault.READ_ONLY("folder", path=self.path)
        return None

    def _no_room(self) -> Why | None:
        found = os.statvfs(self.path)
        free = free_on(found)
        if free is not None and free < ROOM:
            return StoreFault.DISK_FULL("space", path=self.path)
        if found.f_files and not found.f_favail and not self.log.exists():
            return StoreFault.DISK_FULL("files", path=self.path)
        return None


def free_on(disk: os.statvfs_result) -> int | None:
    """How many bytes are free on a disk; None when it does not tell."""
    return disk.f_bavail * disk.f_frsize if disk.f_blocks else None


_ANY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def _descriptors() -> list[tuple[int, str]]:
    """The open descriptors of this process with what they stand for; nothing where the system does not tell."""
    found: list[tuple[int, str]] = []
    with contextlib.suppress(OSError):
        for link in DESCRIPTORS.iterdir():
            with contextlib.suppress(OSError):
                found.append((int(link.name), _named(int(link.name))))
    return found


def _named(number: int) -> str:
    """What a descriptor was opened as, and where that is now, also when it was deleted there."""
    return str((DESCRIPTORS / str(number)).readlink()).removesuffix(" (deleted)")


def _identity(number: int) -> Identity | None:
    with contextlib.suppress(OSError):
        return Identity.of(os.fstat(number))
    return None
