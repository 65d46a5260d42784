"""The import itself: planned without writing anything, or run in one transaction."""

import gc
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.carriers import Rules
from core.domain.errors import Refused
from core.domain.history import HistoryAction
from core.domain.permissions import Act
from core.domain.reasons import Why, sentences
from core.domain.shipment import Item
from core.domain.verdicts import ImportVerdict
from core.files.memory import give_back
from core.files.read import Source
from core.services.importing.adding import additions
from core.services.importing.columns import COLUMNS
from core.services.importing.deciding import Decision, ImportDesk, decide, taken
from core.services.importing.drafts import Draft, Drafted, Progress, draft, shown
from core.services.importing.mapping import Mapping, load_mapping, own_columns
from core.services.importing.reading import read
from core.services.importing.reasons import ImportCount, Phase
from core.services.importing.rows import Finding
from core.services.shipments import changes as changing
from core.services.shipments.changes import Actor, Request
from core.store import history, imports, shipments
from core.store.database import Connection, Store

IMPORTED, REFUSED = ImportVerdict.IMPORTED, ImportVerdict.REFUSED
PREVIEWED = 50
_OPENED, _READ = 0.2, 0.6
_SORT_KEYS_FROM = 1000
_AT_A_TIME = 50_000
"""New shipments that are laid out in memory together."""
_FIRST_STATE = ["shipment_id", "order_no", "status", "carrier", "invoice_no"]


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

    def as_json(self) -> dict[str, Any]:
        """The report as values for JSON."""
        lists = {name: [f.as_json() for f in getattr(self, name)] for name in ("refused", "left_empty", "warnings")}
        counts = {name: getattr(self, name) for name in ("rows", "shipments", "new", "changed", "unchanged")}
        return {"verdict": self.verdict, "message": self.message, **counts, **lists}


@dataclass(frozen=True)
class ImportPlan(ImportReport):
    """A report of which nothing is written yet, with the first shipments as they would be: text by our column name."""

    preview: tuple[dict[str, str], ...] = ()


@_no_garbage_collection()
def plan(
    store: Store,
    rules: Rules,
    source: Source,
    mapping: Mapping,
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
    store: Store, rules: Rules, source: Source, mapping: Mapping, desk: ImportDesk, progress: Progress | None
) -> ImportPlan:
    try:
        drafted = draft(source, rules, mapping, zone=desk.zone, at=desk.at, progress=_part(progress, 0, 0.8))
    except Refused as refusal:
        return ImportPlan(REFUSED, str(refusal), rows=len(source))
    decision = store.snapshot(lambda connection: decide(connection, drafted, desk))
    _tell(progress, 1, Phase.CHECKED)
    report = _report(drafted, decision, written=False)
    return ImportPlan(**{**vars(report), "preview": _preview(drafted.drafts[:PREVIEWED], desk.zone)})


@_no_garbage_collection()
def run(
    store: Store,
    rules: Rules,
    source: Source,
    mapping: Mapping,
    *,
    request: Request,
    zone: ZoneInfo,
    home: str,
    progress: Progress | None = None,
) -> ImportReport:
    """Imports what can be imported, in one transaction and one batch; the rest is in the report.

    Everything is checked again against the database in that transaction. An error leaves nothing written, and a request that was
    answered before writes nothing again. Raises Forbidden.
    """
    request.require(Act.IMPORT)
    desk = ImportDesk(zone, home, request.at)
    try:
        drafted = draft(source, rules, mapping, zone=zone, at=request.at, progress=_part(progress, 0, _READ))
    except Refused as refusal:
        return ImportReport(REFUSED, str(refusal), rows=len(source))
    return _written(store, drafted, desk, request, source.name, progress)


def _written(
    store: Store, drafted: Drafted, desk: ImportDesk, request: Request, note: str, progress: Progress | None
) -> ImportReport:
    _tell(progress, _READ, Phase.WRITING)
    ended = threading.Event()
    try:
        decision = store.write(lambda connection: _write(connection, drafted, desk, request, note, ended))
    except KeyboardInterrupt:
        ended.set()
        raise
    _tell(progress, 1, Phase.IMPORTED)
    return _report(drafted, decision, written=True)


def import_file(
    store: Store,
    rules: Rules,
    path: Path,
    columns: Path | None,
    *,
    request: Request,
    dry_run: bool,
    zone: ZoneInfo,
    home: str,
    progress: Progress | None = None,
) -> ImportReport:
    """A file and, where it is not written in our columns, its mapping, from the command line. Raises Forbidden; what is refused is in the report."""
    request.require(Act.IMPORT)
    try:
        mapping = load_mapping(columns) if columns else None
        _tell(progress, 0, Phase.OPENING)
        source = read(path, progress=_part(progress, 0, _OPENED))
    except Refused as refusal:
        return ImportReport(REFUSED, str(refusal))
    mapping, progress = mapping or own_columns(source.headers), _part(progress, _OPENED, 1)
    if dry_run:
        return plan(store, rules, source, mapping, request=request, zone=zone, home=home, progress=progress)
    return run(store, rules, source, mapping, request=request, zone=zone, home=home, progress=progress)


def _write(
    connection: Connection, drafted: Drafted, desk: ImportDesk, request: Request, note: str, ended: threading.Event
) -> Decision:
    by, key, decision = request.by, request.request_key, decide(connection, drafted, desk)
    _go_on(ended)
    if history.batch_of(connection, key) is not None:
        return replace(decision, new=[], changed=[])
    if decision.repeats:
        imports.remember(connection, decision.repeats)
    if not decision.new and not decision.changed:
        return decision
    batch = history.open_batch(connection, by=by.name, at=desk.at, source=by.source, note=note, request_key=key)
    _write_changed(connection, decision, batch, by, desk.at)
    new = sorted(decision.new, key=lambda made: made.values["ordered_at"])
    for start in range(0, len(new), _AT_A_TIME):
        _go_on(ended)
        _write_new(connection, new[start : start + _AT_A_TIME], batch, by, desk)
    _go_on(ended)
    if len(decision.new) >= _SORT_KEYS_FROM:
        shipments.sort_keys(connection)
    _go_on(ended)
    return decision


def _write_changed(connection: Connection, decision: Decision, batch: int, by: Actor, at: datetime) -> None:
    if not decision.changed:
        return
    changing.write(connection, [revision.step for revision in decision.changed], batch_id=batch, request=Request(by, at))
    ids = {revision.step.before.shipment_id: revision for revision in decision.changed}
    imports.remember(connection, {n: r.digest for n, r in ids.items() if not r.step.before.forgotten_at})
    items = {number: revision.items for number, revision in ids.items() if revision.items is not None}
    if items:
        imports.replace_items(connection, items)
    imports.add_order_keys(
        connection,
        {n: r.step.changes["order_no"] for n, r in ids.items() if r.step.changes and "order_no" in r.step.changes},
    )


def _write_new(connection: Connection, drafts: Sequence[Draft], batch: int, by: Actor, desk: ImportDesk) -> None:
    """Appends new shipments in the order of their times."""
    new = additions(
        drafts,
        desk,
        first_id=shipments.next_shipment_id(connection),
        first_invoice_id=shipments.next_invoice_id(connection),
    )
    imports.add(connection, new, batch)
    changes = [
        history.Change(
            row["shipment_id"],
            HistoryAction.IMPORTED,
            {},
            _filled(row),
            sentences(taken(new.doubts.get(row["shipment_id"], ""))),
        )
        for row in new.shipments.select(_FIRST_STATE).to_pylist()
    ]
    history.append(connection, changes, batch_id=batch, by=by.name, at=desk.at, source=by.source)


class _Ended(Exception):
    pass


def _go_on(ended: threading.Event) -> None:
    """Takes everything back when the person who began it has ended it."""
    if ended.is_set():
        raise _Ended


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value and name != "shipment_id"}


def _report(drafted: Drafted, decision: Decision, *, written: bool) -> ImportReport:
    refused = tuple(sorted((*drafted.refused, *decision.refused), key=attrgetter("place")))
    counts = {"new": len(decision.new), "changed": len(decision.changed), "unchanged": decision.unchanged}
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
        **counts,
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
