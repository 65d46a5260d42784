"""Whether a database file is whole; if not, what is wrong, what is still good, what is missing, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.errors import Unavailable
from core.domain.reasons import Names, Why, sentences
from core.services.keeping import backups
from core.services.keeping.reasons import Disagreement, FileText, MissingText
from core.store import acknowledged, inspecting, opening
from core.store.damage import FILE, LOG, PARTS, REST, tables_in
from core.store.inspecting import FileState, Inspection
from core.store.reasons import StoreFault

_BATCHES = "batch"
_LESS = (FileState.DAMAGED, FileState.SHORT, FileState.GONE)
"""What holds less than was saved, or may."""
_NOT_OURS = {FileState.NO_DATABASE: FileText.NO_DATABASE, FileState.OTHER: FileText.OTHER, FileState.IN_USE: FileText.IN_USE}


@dataclass(frozen=True)
class Report:
    """What is said of a file: `whys` is the message, `missing` what is not there, `good_until` the moment of its last good batch."""

    found: Inspection
    whys: tuple[Why, ...]
    missing: tuple[Why, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the file is whole."""
        return self.found.state is FileState.WHOLE

    @property
    def message(self) -> str:
        """What was found, in whole sentences."""
        return sentences(self.whys)

    @property
    def good_until(self) -> datetime | None:
        """Of which moment the last batch is that can be read; of a copy, when it was made."""
        return self.found.copied_at or (self.found.good.at if self.found.good else None)

    def as_json(self) -> dict[str, Any]:
        """As `python -m core check FILE --json` prints it."""
        until = self.good_until.isoformat() if self.good_until else None
        return {"ok": self.ok, "message": self.message, "good_until": until, "missing": [str(why) for why in self.missing]}


def check(path: Path, folder: Path, zone: ZoneInfo, *, wholly: bool = True) -> Report:
    """What the file is, which nothing changes. `folder` has the backups that a damaged one is compared with."""
    found = inspecting.inspect(path, wholly=wholly)
    whys = list(_said(found, zone))
    if found.state in _LESS:
        whys += _what_to_do(found, folder, zone)
    return Report(found, tuple(whys), tuple(_missing(found, zone)))


def require_sound(path: Path, folder: Path, zone: ZoneInfo) -> Report:
    """What was found on a quick look at the database before it is opened: whole, or none yet.

    Raises Unavailable with everything that is to be said of it otherwise.
    """
    report = check(path, folder, zone, wholly=False)
    if report.found.state is FileState.IN_USE:
        raise Unavailable(StoreFault.OPEN_ELSEWHERE(path=path))
    if report.found.state not in (FileState.WHOLE, FileState.NONE):
        raise Unavailable((*report.whys, *report.missing))
    return report


def _said(found: Inspection, zone: ZoneInfo) -> Iterator[Why]:
    path, note = found.path, found.note
    match found.state:
        case FileState.WHOLE:
            yield _whole(found, zone)
            if not found.knows:
                yield FileText.CANNOT_KNOW()
        case FileState.NONE:
            yield FileText.NONE(path=path)
        case FileState.GONE:
            yield StoreFault.GONE(path=path, batch=note.batch if note else 0, note=acknowledged.beside(path))
        case FileState.NEWER:
            yield StoreFault.NEWER(path=path, version=found.version, known=opening.newest_version())
        case FileState.DAMAGED | FileState.SHORT:
            yield from _wrong(found)
            yield from _still_good(found, zone)
        case state:
            yield _NOT_OURS[state](path=path)


def _whole(found: Inspection, zone: ZoneInfo) -> Why:
    batch, at = (found.good.batch, found.good.at) if found.good else (0, None)
    if found.copied_at:
        return FileText.WHOLE("copy", path=found.path, batch=batch, at=found.copied_at.astimezone(zone))
    if at is None:
        return FileText.WHOLE("new", path=found.path)
    return FileText.WHOLE("batches", path=found.path, batch=batch, at=at.astimezone(zone))


def _wrong(found: Inspection) -> Iterator[Why]:
    path, damaged = found.path, dict(found.damaged or {})
    tables = tables_in(damaged)
    if found.state is FileState.SHORT:
        yield FileText.SHORT(path=path)
    if FILE in damaged:
        yield FileText.CANNOT_BE_OPENED(path=path)
    if PARTS in damaged:
        yield FileText.PARTS(path=path, count=damaged[PARTS])
    if REST in damaged:
        yield FileText.REST(path=path)
    if LOG in damaged:
        yield FileText.LOG(path=path, byte=damaged[LOG])
    if tables:
        yield FileText.TABLES(path=path, count=len(tables), names=Names(tables))
    yield from (odd(count=damaged[odd]) for odd in Disagreement if odd in damaged)


def _still_good(found: Inspection, zone: ZoneInfo) -> Iterator[Why]:
    if found.good is None:
        yield FileText.NOTHING_GOOD()
    elif _BATCHES in found.good.unreadable:
        yield FileText.GOOD("tables")
    elif found.good.at is None:
        yield FileText.GOOD("new")
    else:
        form = "but" if found.good.unreadable else "batches"
        yield FileText.GOOD(form, batch=found.good.batch, at=found.good.at.astimezone(zone))


def _what_to_do(found: Inspection, folder: Path, zone: ZoneInfo) -> Iterator[Why]:
    if found.good and not found.good.unreadable:
        yield FileText.GO_ON(path=found.path)
    newest = backups.newest(folder, found.path)
    if newest is None:
        yield FileText.NO_BACKUP(folder=folder)
        return
    last = max(found.note.batch if found.note else 0, found.good.batch if found.good else 0)
    named = {"backup": newest.path, "at": newest.at.astimezone(zone), "last": last}
    held = backups.batch_of(newest)
    yield FileText.BACKUP("" if held < last else "all", count=last - held, **named)


def _missing(found: Inspection, zone: ZoneInfo) -> Iterator[Why]:
    if found.state not in _LESS:
        return
    if found.good is None:
        yield MissingText.EVERYTHING()
    elif _BATCHES in found.good.unreadable:
        yield MissingText.TABLE(name=_BATCHES)
        return
    elif found.missing and found.note:
        first, last = found.note.batch - found.missing + 1, found.note.batch
        yield MissingText.BATCHES(count=found.missing, first=first, last=last, at=found.note.at.astimezone(zone))
    elif found.state is FileState.SHORT:
        yield MissingText.LATEST()
    yield from (MissingText.TABLE(name=name) for name in (found.good.unreadable if found.good else ()))
    if found.good and found.state is FileState.DAMAGED and not found.note:
        yield MissingText.UNKNOWN()
