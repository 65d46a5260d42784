"""A backup put in the place of the desk's database, or the desk's own damaged file put in order; what was there stays beside it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.domain import permissions
from core.domain.errors import Refused, Unavailable
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.reasons import Why
from core.services.keeping import checking
from core.services.keeping.backups import STAMP
from core.services.keeping.checking import Report
from core.services.keeping.reasons import KeepingFault, RestoreText
from core.store import acknowledged, backup, inspecting, moved, rebuilding
from core.store.apart import GoodPart
from core.store.inspecting import FileState

_PARTLY = (FileState.DAMAGED, FileState.SHORT)


@dataclass(frozen=True)
class RestoreOrder:
    """What is to be restored where: `partly`, what is still good of a file that is not whole; `folder` has the backups."""

    file: Path
    database: Path
    folder: Path
    zone: ZoneInfo
    partly: bool = False


def restore(order: RestoreOrder, now: datetime, confirmed: Callable[[Why], bool], *, person: Person) -> Why | None:
    """What was restored, and where the file is that was there; None when the person did not confirm what will be said to `confirmed`.

    Raises Forbidden, Refused when the file is not good enough, Unavailable when a running desk has the database open or the disk refuses.
    """
    permissions.require(person, Act.RESTORE)
    database = order.database
    there = _is_there(database)
    good = _good(order)
    if not confirmed(_question(order, good, there=there)):
        return None
    safety = _safety(database, now)
    new = database.with_name(f"{database.stem}.restoring{database.suffix}")
    try:
        rebuilding.rebuild(order.file, new, good.found.good.part if good.found.good else GoodPart())
        if not inspecting.is_whole(new):
            raise Unavailable(KeepingFault.NOT_GOOD(path=order.file))
        # A desk may have been started while the person was asked and the new file was made.
        there = _is_there(database)
        if there:
            _keep(database, safety)
        rebuilding.put(new, database)
    except OSError as error:
        raise Unavailable(KeepingFault.NOT_PUT_BACK(path=order.file, why=error.strerror)) from error
    finally:
        rebuilding.remove(new)
    said = {"path": database, "file": order.file, "safety": safety}
    return RestoreText.DONE("kept" if there else "none", **said)


def _good(order: RestoreOrder) -> Report:
    """What was found in the file, which is good enough."""
    report = checking.check(order.file, order.folder, order.zone)
    if report.ok and _is_same(order.file, order.database):
        raise Refused(KeepingFault.NOTHING_TO_KEEP(path=order.file))
    good = report.found.good
    if report.ok or (order.partly and report.found.state in _PARTLY and good and not good.unreadable):
        return report
    raise Refused((KeepingFault.NOT_GOOD(path=order.file), *report.whys, *report.missing))


def _is_there(database: Path) -> bool:
    """Whether there is a file to keep. Raises Unavailable when a running desk has it open, or its shop was moved away."""
    state = inspecting.inspect(database).state
    if state is FileState.IN_USE:
        raise Unavailable(KeepingFault.SERVED(path=database))
    if state is FileState.WHOLE:
        moved.require_here_at(database)
    return state not in (FileState.NONE, FileState.GONE)


def _question(order: RestoreOrder, good: Report, *, there: bool) -> Why:
    until = good.good_until.astimezone(order.zone) if good.good_until else None
    form = "new" if not there else "over" if until else "over_unknown"
    return RestoreText.QUESTION(form, path=order.database, file=order.file, at=until or "")


def _is_same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _safety(database: Path, now: datetime) -> Path:
    """Where the file goes that is there: a name that no earlier restore used."""
    stem, turn = f"{database.stem}.before-restore-{now.astimezone(UTC):{STAMP}}", 1
    while (safety := database.with_name(f"{stem}{f'-{turn}' if turn > 1 else ''}{database.suffix}")).exists():
        turn += 1
    return safety


def _keep(database: Path, safety: Path) -> None:
    """A whole copy of what is there, its log and its note under the names that go with it; the file last."""
    for file, copy in (
        *zip(backup.logs_of(database), backup.logs_of(safety), strict=True),
        (acknowledged.beside(database), acknowledged.beside(safety)),
    ):
        if file.exists():
            shutil.copy2(file, copy)
    partial = safety.with_name(safety.name + backup.PARTIAL)
    shutil.copy2(database, partial)
    partial.rename(safety)
    backup.settle(safety)
