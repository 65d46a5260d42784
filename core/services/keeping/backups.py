"""The backups of a desk: where they are, how old, which are kept; writing one while the desk is at work."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.domain import permissions, retention
from core.domain.errors import Unavailable
from core.domain.people import Person
from core.domain.permissions import Act
from core.services.keeping.reasons import KeepingFault
from core.store import backup, inspecting
from core.store.database import Store
from core.store.reasons import StoreFault

STAMP = "%Y%m%dT%H%M%SZ"
NIGHTLY, BY_HAND = "nightly", "backup"
LEASE = "backup"


@dataclass(frozen=True)
class Kept:
    """A backup in the folder, which had been checked when it got its name: of which moment, by night or by hand, how large."""

    path: Path
    at: datetime
    nightly: bool
    size: int


def kept(folder: Path, database: Path) -> list[Kept]:
    """The backups of this database in the folder, newest first."""
    return sorted(_found(folder, database), key=lambda one: one.at, reverse=True)


def newest(folder: Path, database: Path) -> Kept | None:
    """The newest backup of this database in the folder."""
    return next(iter(kept(folder, database)), None)


def batch_of(one: Kept) -> int:
    """Up to which batch the backup goes; 0 when it cannot be read any more."""
    found = inspecting.inspect(one.path)
    return found.good.batch if found.good else 0


def write(store: Store, folder: Path, now: datetime, *, person: Person) -> Kept:
    """A new backup in the folder, checked, which stays until somebody removes it. Raises Forbidden, or Unavailable when it cannot be written."""
    permissions.require(person, Act.BACKUP)
    return _written(store, folder, now, BY_HAND)


def write_to(store: Store, target: Path, *, person: Person) -> None:
    """A checked backup in a new file anywhere. Raises Forbidden, or Unavailable when it cannot be written, or another is being written."""
    permissions.require(person, Act.BACKUP)
    _write(store, target)


def write_nightly(store: Store, folder: Path, now: datetime) -> Kept:
    """The backup of a night, checked, which goes when later ones take its place. Raises Unavailable when it cannot be written."""
    return _written(store, folder, now, NIGHTLY)


def clean(folder: Path, database: Path) -> int:
    """Removes what a killed run left half written; how many files."""
    left = [file for file in _listed(folder) if file.name.startswith(f"{database.stem}-") and backup.PARTIAL in file.suffixes]
    for file in left:
        file.unlink(missing_ok=True)
    return len(left)


def thin_out(folder: Path, database: Path, now: datetime, zone: ZoneInfo) -> list[Kept]:
    """Removes the nightly backups that need not be kept any more, and returns them. Those written by hand stay."""
    nightly = [one for one in kept(folder, database) if one.nightly]
    stay = retention.kept((one.at for one in nightly), now, zone)
    gone = [one for one in nightly if one.at not in stay]
    for one in gone:
        backup.remove(one.path)
    return gone


def _written(store: Store, folder: Path, now: datetime, kind: str) -> Kept:
    if store.path is None:
        raise Unavailable(StoreFault.KEPT_BY_SERVER(server=store.server) if store.server else KeepingFault.IN_MEMORY())
    _require_folder(folder)
    clean(folder, store.path)
    target = folder / f"{store.path.stem}-{kind}-{now.astimezone(UTC):{STAMP}}.duckdb"
    _write(store, target)
    return Kept(target, now, kind == NIGHTLY, target.stat().st_size)


def _write(store: Store, target: Path) -> None:
    if not store.lease(LEASE):
        raise Unavailable(KeepingFault.BEING_WRITTEN())
    try:
        store.backup(target)
    finally:
        store.end_lease(LEASE)


def _found(folder: Path, database: Path) -> Iterator[Kept]:
    for file in _listed(folder):
        name, _, stamp = file.stem.rpartition("-")
        kind = name.removeprefix(f"{database.stem}-")
        if file.suffix == ".duckdb" and name != kind and kind in (NIGHTLY, BY_HAND):
            try:
                at = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
                yield Kept(file, at, kind == NIGHTLY, file.stat().st_size)
            except (ValueError, OSError):
                continue


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _require_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(KeepingFault.NO_FOLDER(folder=folder, why=error.strerror)) from error
