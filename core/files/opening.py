"""Files of the disk as they are opened here: only what is a file, and never more of it than is asked for."""

import os
import stat
import tempfile
from pathlib import Path
from typing import BinaryIO

from core.domain.errors import Refused
from core.files.reasons import FileReason
from core.files.refusals import ReadFault, Unreadable

_PIECE = 1 << 20


def opened(path: Path) -> BinaryIO:
    """The file, to be read. Raises Refused for what is not there, and for folders, pipes and devices, which may never end."""
    try:
        # Without O_NONBLOCK a pipe would hold us until somebody writes into it.
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Refused(FileReason.NOT_OPENED(file=path, why=error.strerror)) from error
    mode = os.fstat(number).st_mode
    if not stat.S_ISREG(mode):
        os.close(number)
        raise Refused(FileReason.NO_FILE("folder" if stat.S_ISDIR(mode) else "device", file=path))
    return os.fdopen(number, "rb")


def bytes_of(path: Path, most: int) -> bytes | None:
    """What the file holds; None when that is more than `most` bytes. Raises Refused like `opened`."""
    with opened(path) as file:
        try:
            data = file.read(most + 1)
        except OSError as error:
            raise Refused(FileReason.NOT_OPENED(file=path, why=error.strerror)) from error
    return data if len(data) <= most else None


def unnamed() -> BinaryIO:
    """A temporary file without a name. Raises Unreadable when there is no space for one."""
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise Unreadable(ReadFault.NO_SPACE) from error


def spooled(data: bytes) -> BinaryIO:
    """The bytes as a file of their own, of which no second copy was made in memory."""
    file = unnamed()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _PIECE):
            file.write(view[start : start + _PIECE])
        file.flush()
    except OSError as error:
        file.close()
        raise Unreadable(ReadFault.NO_SPACE) from error
    return file
