"""The import itself: planned without writing anything, or run in one transaction."""

import gc
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import numpy as np

from core.domain.carriers import Rules
from core.domain.errors import Refused
from core.domain.permissions import Act
from core.domain.reasons import Why, sentences
from core.domain.shipment import Item
from core.domain.verdicts import ImportVerdict
from core.files.countries import country_code
from core.files.memory import give_back
from core.files.read import Source, unlocked
from core.files.spool import Spool
from core.services.importing.columns import COLUMNS
from core.services.importing.deciding import Decision, ImportDesk
from core.services.importing.drafting import Drafted, Keeping, Progress, draft_file
from core.services.importing.drafts import Draft, Terms, shown
from core.services.importing.lines import as_lines
from core.services.importing.mapping import ColumnMapping, load_mapping
from core.services.importing.reading import read
from core.services.importing.reasons import ImportCount, Phase, TableFault
from core.services.importing.recognising import (
    FOR_UPLOAD,
    RecognisedFile,
    kept_mapping,
    parcels_before,
    recognise,
    with_content,
)
from core.services.importing.rows import Finding
from core.services.importing.shaping import digest_heads
from core.services.importing.translating import ShopHome
from core.services.importing.writing import Import, Writing
from core.services.shipments.changes import Request
from core.store import imports
from core.store import parcels as kept_parcels
from core.store.database import Connection, Store
from core.store.stopping import Stop

Beforehand = Callable[[Mapping[str, int]], None]
"""Hears how many of the shipments that can be imported go to each country, before anything is written."""
Report = TypeVar("Report", bound="ImportReport")
IMPORTED, REFUSED = ImportVerdict.IMPORTED, ImportVerdict.REFUSED
PREVIEWED = 50
_OPENED, _READ, _SAVED = 0.2, 0.6, 0.99


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """A million values that live until the end make every collection slow and find nothing: it took half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        give_back()


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do. `shipments` counts all that the file names, refused ones too."""

    verdict: ImportVerdict
    message: str
    rows: int = 0
    shipments: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: tuple[Finding, ...] = ()
    left_empty: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    layout: str = ""
    unused: tuple[str, ...] = ()
    left_out: tuple[Finding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The report as values for JSON."""
        lists = {name: [f.as_json() for f in getattr(self, name)] for name in ("refused", "left_empty", "warnings")}
        counts = {name: getattr(self, name) for name in ("rows", "shipments", "new", "changed", "unchanged")}
        known = {"layout": self.layout or None, "unused": list(self.unused)}
        left_out = [{"row": finding.row, "reason": finding.reason} for finding in self.left_out]
        return {"verdict": self.verdict, "message": self.message, **counts, **lists, **known, "left_out": left_out}


@dataclass(frozen=True)
class ImportPlan(ImportReport):
    """A report of which nothing is written yet, with the first shipments as they would be: text by our column name, one of each in
    `preview`, every line of them in `read`; `countries` are how many that can be imported go to each."""

    preview: tuple[Mapping[str, str], ...] = ()
    read: tuple[Mapping[str, str], ...] = ()
    countries: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {**super().as_json(), "read": list(self.read)}


@_no_garbage_collection()
def plan(
    store: Store,
    rules: Rules,
    source: Source,
    mapping: ColumnMapping,
    *,
    request: Request,
    zone: ZoneInfo,
    home: str,
    progress: Progress | None = None,
) -> ImportPlan:
    """What `run` would do now: everything checked, nothing written. Raises Forbidden."""
    request.require(Act.IMPORT)
    return _planned(store, rules, source, mapping, ImportDesk(zone, home, request.at), progress)


def _planned(
    store: Store, rules: Rules, source: Source, mapping: ColumnMapping, desk: ImportDesk, progress: Progress | None
) -> ImportPlan:
    terms = Terms(mapping, rules, desk.zone, desk.at, partial(kept_parcels.put_elsewhere, store))
    try:
        drafted = draft_file(source, terms, progress=_part(progress, 0, 0.9))
    except Refused as refusal:
        return ImportPlan(REFUSED, str(refusal), rows=len(source))
    decision = store.snapshot(lambda connection: Import(connection, drafted, desk, _part(progress, 0.9, 1)).look())
    _tell(progress, 1, Phase.CHECKED)
    report = _report(drafted, decision, written=False)
    first = drafted.first(PREVIEWED)
    read = as_lines(first, source, mapping, desk.zone)
    return ImportPlan(**{**vars(report), "preview": _preview(first, desk.zone), "read": read, "countries": drafted.countries})


@_no_garbage_collection()
def run(
    store: Store,
    rules: Rules,
    source: Source,
    mapping: ColumnMapping,
    *,
    request: Request,
    zone: ZoneInfo,
    home: str,
    progress: Progress | None = None,
    stop: Stop | None = None,
    beforehand: Beforehand | None = None,
) -> ImportReport:
    """Imports what can be imported, in one transaction and one batch; the rest is in the report.

    Everything is checked again against the database in that transaction. An error leaves nothing written, one that `progress` raises
    before the share is 1, too; `stop` ends it in the middle of a statement, which raises Stopped. A request that was answered before
    writes nothing again. Raises Forbidden.
    """
    request.require(Act.IMPORT)
    told = _Told(progress, stop or Stop())
    desk = ImportDesk(zone, home, request.at)
    terms = Terms(mapping, rules, zone, request.at, partial(kept_parcels.put_elsewhere, store))
    with closing(Spool()) as spool:
        keeping = Keeping(spool, np.unique(digest_heads(store.snapshot(imports.digests))))
        try:
            drafted = draft_file(source, terms, keeping, _part(told, 0, _READ))
        except Refused as refusal:
            return ImportReport(REFUSED, str(refusal), rows=len(source))
        if beforehand:
            beforehand(drafted.countries)
        return _written(store, drafted, desk, Writing(request, source, spool), told)


@dataclass(frozen=True)
class _Told:
    """Who is told how far an import is, and what ends it."""

    progress: Progress | None
    stop: Stop

    def __call__(self, share: float, phase: str) -> None:
        self.stop.check()
        if self.progress:
            self.progress(share, phase)


def _written(store: Store, drafted: Drafted, desk: ImportDesk, writing: Writing, told: _Told) -> ImportReport:
    try:
        with _told_again(_part(told, _READ, _SAVED)) as tell:

            def write(connection: Connection) -> Decision:
                with told.stop.within(connection):
                    return Import(connection, drafted, desk, tell).write(writing)

            tell(0, str(Phase.WRITING()))
            decision = store.write(write)
    except KeyboardInterrupt:
        told.stop.press()
        raise
    _tell(told, 1, Phase.IMPORTED)
    return _report(drafted, decision, written=True)


@dataclass(frozen=True)
class FileOrder:
    """A file to import from the command line: its mapping where it is not written in known columns, and what else a person says of it.

    `layout` overrules what the file is taken for, `country` is where parcels go that say none, `password` opens a locked workbook.
    """

    path: Path
    columns: Path | None = None
    layout: str | None = None
    country: str = ""
    password: str | None = field(default=None, repr=False)

    def content(self) -> bytes:
        """Its bytes, as one without a password. Raises Refused like `core.files.read.unlocked`."""
        return unlocked(self.path, self.password or "")


def import_file(
    store: Store,
    rules: Rules,
    order: FileOrder,
    *,
    request: Request,
    shop: ShopHome,
    dry_run: bool,
    progress: Progress | None = None,
    beforehand: Beforehand | None = None,
) -> ImportReport:
    """A file of orders or shipments, whatever its layout, from the command line. Raises Forbidden; what is refused is in the report."""
    request.require(Act.IMPORT)
    refused = ImportPlan if dry_run else ImportReport
    try:
        mapping = load_mapping(order.columns) if order.columns else None
        _tell(progress, 0, Phase.OPENING)
        source = read(order.path, password=order.password, progress=_part(progress, 0, _OPENED))
        mapping = mapping or kept_mapping(store, source, person=request.by.person)
        if order.country and country_code(order.country) is None:
            raise Refused(TableFault.NO_COUNTRY(text=order.country))
        home = replace(shop, country=country_code(order.country) or shop.country)
        parcels = parcels_before(store, person=request.by.person)
        found = recognise(source, rules, home, kept=mapping, layout=order.layout, parcels=parcels)
        recognised = with_content(found, order.content)
    except Refused as refusal:
        return refused(REFUSED, str(refusal))
    if recognised.kind in FOR_UPLOAD:
        return refused(REFUSED, str(TableFault.FOR_UPLOAD(what=recognised.what)), rows=len(source))
    file, progress = recognised.file, _part(progress, _OPENED, 1)
    work = plan if dry_run else partial(run, beforehand=beforehand)
    report: ImportReport = work(
        store, rules, file.source, file.mapping, request=request, zone=shop.zone, home=shop.country, progress=progress
    )
    if beforehand and isinstance(report, ImportPlan) and report.verdict is not REFUSED:
        beforehand(report.countries)
    return told(report, recognised)


def told(report: Report, recognised: RecognisedFile) -> Report:
    """The report with what the file was taken for, and what of it was not used."""
    file = recognised.file
    warnings = tuple(sorted((*report.warnings, *file.notes), key=attrgetter("place")))
    return replace(report, layout=recognised.layout, unused=file.unused, left_out=file.left_out, warnings=warnings)


@contextmanager
def _told_again(progress: Progress) -> Iterator[Progress]:
    """What is told goes to `progress`, and again every second, as long as the engine is busy with one statement."""
    last = [(0.0, str(Phase.WRITING()))]
    telling, over = threading.Lock(), threading.Event()

    def tell(done: float, phase: str) -> None:
        with telling:
            last[:] = [(done, phase)]
            progress(done, phase)

    def repeat() -> None:
        while not over.wait(1):
            # What ends the import is raised where it works.
            with telling, suppress(BaseException):
                progress(*last[0])

    thread = threading.Thread(target=repeat, name="import-progress", daemon=True)
    thread.start()
    try:
        yield tell
    finally:
        over.set()
        thread.join()


def _report(drafted: Drafted, decision: Decision, *, written: bool) -> ImportReport:
    refused = tuple(sorted((*drafted.refused, *decision.refused), key=attrgetter("place")))
    counts = {"new": decision.new, "changed": decision.changed, "unchanged": decision.unchanged}
    left_empty = drafted.left_empty
    warnings = tuple(sorted((*drafted.warnings, *decision.warnings), key=attrgetter("place")))
    odd = {
        ImportCount.REFUSED: len({finding.row for finding in refused}),
        ImportCount.LEFT_EMPTY: len(left_empty),
        ImportCount.WARNINGS: len(warnings),
    }
    said = [
        *([] if written else [ImportCount.NOTHING_YET()]),
        _found(drafted, counts),
        *(tally(count=count) for tally, count in odd.items() if count),
    ]
    return ImportReport(
        IMPORTED,
        sentences(said),
        rows=drafted.rows,
        shipments=drafted.shipments,
        new=counts["new"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        refused=refused,
        left_empty=left_empty,
        warnings=warnings,
    )


def _found(drafted: Drafted, counts: dict[str, int]) -> Why:
    rows, some = ("one" if count == 1 else "other" for count in (drafted.rows, drafted.shipments))
    return ImportCount.FOUND(f"{rows}_{some}", rows=drafted.rows, shipments=drafted.shipments, **counts)


def _preview(drafts: Sequence[Draft], zone: ZoneInfo) -> tuple[dict[str, str], ...]:
    return tuple(_previewed(made, zone) for made in drafts)


def _previewed(made: Draft, zone: ZoneInfo) -> dict[str, str]:
    given = {"shipment_no": made.shipment_no, **made.values}
    texts = {name: _text(name, given[name], zone) for name in COLUMNS if given.get(name) is not None}
    return texts | ({"product_name": _products(made.items)} if made.items else {})


def _products(items: Sequence[Item]) -> str:
    first, *others = items
    return str(ImportCount.MORE_PRODUCTS(name=first.name, count=len(others))) if others else first.name


def _text(name: str, value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if name == "weight_kg":
        return f"{value / 1000:g}"
    return value if isinstance(value, str) else shown(value, zone)


def _part(progress: Progress | None, start: float, end: float) -> Progress:
    def tell(done: float, word: str) -> None:
        if progress:
            progress(start + (end - start) * done, word)

    return tell


def _tell(progress: Progress | None, done: float, phase: Phase) -> None:
    if progress:
        progress(done, str(phase()))
