"""A whole shop as one text file: every fact in one order, so that two shops can be compared byte by byte, whatever they are stored in."""

import contextlib
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.domain import permissions
from core.domain.errors import Unavailable
from core.domain.people import Person
from core.domain.permissions import Act
from core.services.keeping.reasons import KeepingFault
from core.store import backup, forgotten_list, whole_shop
from core.store.database import Store
from core.store.reasons import StoreFault


@dataclass(frozen=True)
class Exported:
    """The file with its size and its SHA-256."""

    path: Path
    size: int
    digest: str


def export(store: Store, target: Path, *, person: Person) -> Exported:
    """The shop as it is at one moment, in a new file; personal data are in it.

    Raises Forbidden, or Unavailable when the file exists or cannot be written.
    """
    permissions.require(person, Act.BACKUP)
    if target.exists():
        raise Unavailable(StoreFault.EXISTS(path=target))
    partial = target.with_name(target.name + backup.PARTIAL)
    try:
        with store.one_moment() as view:
            size, digest = _written(partial, whole_shop.text(view, forgotten_list.entries_of(store)))
        partial.rename(target)
        backup.settle(target)
    except OSError as error:
        raise Unavailable(KeepingFault.NO_EXPORT(path=target, why=error.strerror)) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return Exported(target, size, digest)


def _written(file: Path, lines: Iterable[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        for part in lines:
            stream.write(part)
            digest.update(part)
            size += len(part)
        stream.flush()
        os.fsync(stream.fileno())
    return size, digest.hexdigest()
