"""What an error of the engine means: read from its class and its message, here and nowhere else."""

import errno
import os
import re
from enum import StrEnum

import duckdb

from core.domain.errors import NO_SPACE


class EngineTrouble(StrEnum):
    """What kind of trouble an error of the engine is."""

    CONFLICT = "conflict"
    CONSTRAINT = "constraint"
    DISK_FULL = "disk_full"
    READ_ONLY = "read_only"
    DISK_ERROR = "disk_error"
    NO_TEMP_SPACE = "no_temp_space"
    NO_MEMORY = "no_memory"
    INTERRUPTED = "interrupted"
    FATAL = "fatal"
    SAVED_THEN_FATAL = "saved_then_fatal"
    OTHER = "other"


_NOT_ALLOWED = (errno.EROFS, errno.EACCES, errno.EPERM)
_SAID = {os.strerror(code): code for code in errno.errorcode}
# The engine ends its account of a file with the system's words, in quotes where it tells an earlier error.
_CAUSE = re.compile(r": (" + "|".join(map(re.escape, sorted(_SAID, key=len, reverse=True))) + r')"?\s*$', re.MULTILINE)
_OF_FILES = (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException, duckdb.PermissionException)
_OF_A_FILE = re.compile(
    r"(Could not|Cannot|Failed to) (write|read|open|truncate|sync|fsync|create|delete|seek|move)", re.IGNORECASE
)
_CONFLICT = re.compile(r"conflict|by a different transaction|constraint violat|duplicate key", re.IGNORECASE)
_SPILLED = re.compile(r"duckdb_temp_|max_temp_directory_size|failed to offload", re.IGNORECASE)


def trouble_of(error: duckdb.Error) -> EngineTrouble:
    """What kind of trouble this is. Only a CONFLICT can pass when the same is tried again at once."""
    text = str(error)
    if isinstance(error, duckdb.FatalException) or "database has been invalidated" in text:
        saved = "COMMIT succeeded and is durable" in text
        return EngineTrouble.SAVED_THEN_FATAL if saved else EngineTrouble.FATAL
    if isinstance(error, duckdb.OutOfMemoryException | duckdb.IOException) and _SPILLED.search(text):
        return EngineTrouble.NO_TEMP_SPACE
    if isinstance(error, duckdb.OutOfMemoryException):
        return EngineTrouble.NO_MEMORY
    if isinstance(error, duckdb.ConstraintException):
        return EngineTrouble.CONSTRAINT
    if isinstance(error, duckdb.InterruptException):
        return EngineTrouble.INTERRUPTED
    return _of_a_file(error, text) if isinstance(error, _OF_FILES) else EngineTrouble.OTHER


def cause_of(error: duckdb.Error) -> int:
    """The system's error number that the engine tells of; 0 when it tells of none."""
    found = _CAUSE.search(str(error))
    return _SAID[found[1]] if found else 0


def cause_in_words(error: duckdb.Error) -> str:
    """The system's own words for the cause, without the engine's."""
    code = cause_of(error)
    return os.strerror(code) if code else "no answer"


def _of_a_file(error: duckdb.Error, text: str) -> EngineTrouble:
    code = cause_of(error)
    if code in NO_SPACE or "write all bytes" in text:
        return EngineTrouble.DISK_FULL
    if code in _NOT_ALLOWED:
        return EngineTrouble.READ_ONLY
    if code or isinstance(error, duckdb.IOException) or _OF_A_FILE.search(text):
        return EngineTrouble.DISK_ERROR
    if isinstance(error, duckdb.TransactionException) and _CONFLICT.search(text):
        return EngineTrouble.CONFLICT
    return EngineTrouble.OTHER
