"""Why the system let nothing be written, in the reason that its error number stands for."""

import errno
from pathlib import Path

from core.domain.reasons import Why
from core.store.reasons import StoreFault

_FULL = {errno.ENOSPC: "space", errno.EDQUOT: "quota", errno.EFBIG: "limit"}


def full(path: Path | None, code: int) -> Why:
    """Why there is no room for more."""
    return StoreFault.DISK_FULL(_FULL.get(code, "space"), path=path)


def not_allowed(path: Path | None, code: int) -> Why:
    """Why writing is not allowed."""
    return StoreFault.READ_ONLY("disk" if code == errno.EROFS else "file", path=path)
