"""Why the engine let nothing be written, in the reason that its error stands for."""

import errno
from pathlib import Path

import duckdb

from core.domain.errors import NO_SPACE
from core.domain.reasons import Why
from core.store.engine_errors import EngineTrouble, cause_in_words, cause_of, trouble_of
from core.store.reasons import StoreFault

PAUSING = frozenset({StoreFault.DISK_FULL, StoreFault.READ_ONLY, StoreFault.DISK_ERROR})
"""The reasons for which nothing else can be saved either."""
_FORMS = {errno.EDQUOT: "quota", errno.EFBIG: "limit"}


def refusal(path: Path | None, error: duckdb.Error) -> Why | None:
    """Why nothing was saved, where that is not the fault of what was to be saved."""
    code = cause_of(error)
    match trouble_of(error):
        case EngineTrouble.DISK_FULL:
            return StoreFault.DISK_FULL(_FORMS.get(code, "space"), path=path)
        case EngineTrouble.READ_ONLY:
            return StoreFault.READ_ONLY("disk" if code == errno.EROFS else "file", path=path)
        case EngineTrouble.DISK_ERROR:
            return StoreFault.DISK_ERROR(path=path, why=cause_in_words(error))
        case EngineTrouble.NO_TEMP_SPACE:
            return StoreFault.NO_TEMP_SPACE()
        case EngineTrouble.NO_MEMORY:
            return StoreFault.NO_MEMORY()
        case EngineTrouble.FATAL:
            return StoreFault.REOPENING("writing")
    return None


def is_full(error: duckdb.Error | OSError) -> bool:
    """Whether a disk had no room for what was written to it."""
    return error.errno in NO_SPACE if isinstance(error, OSError) else trouble_of(error) is EngineTrouble.DISK_FULL
