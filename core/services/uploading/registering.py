"""Registering what a preview found ready: one transaction, one batch, one answer per row."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from core.domain.invoice_number import Rules
from core.services.shipments import invoices
from core.services.shipments.changes import Actor
from core.services.shipments.invoices import Outcome
from core.services.uploading.judging import with_outcome
from core.services.uploading.preview import WRITTEN, Done, Line, Preview, Result, Verdict
from core.store import history
from core.store.database import Store

_ANSWERED = "This upload was answered before and its batch was undone or changed since. Choose the file again to register it."


def register(
    store: Store,
    rules: Rules,
    preview: Preview,
    *,
    modify: bool,
    by: Actor,
    at: datetime,
    request_key: str | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Result:
    """All ready rows are written together or not at all, judged again at this moment.

    `request_key` is the preview's own unless another is given: a repeated request writes nothing, names the same batch and
    gives the same answer. `progress` is told the share that is done, from 0 to 1.
    """
    progress(0.0)
    key, entries = request_key or preview.request_key, preview.entries
    answered = store.snapshot(lambda connection: history.answered(connection, key))
    progress(0.1)
    batch, outcomes = (
        (None, dict[str, Outcome]())
        if not entries
        else invoices.register_many(
            store, rules, entries, modify=modify, by=by, at=at, note=preview.sheet.name, request_key=key
        )
    )
    progress(1.0)
    judged = [(line, _registered(line, outcomes, answered)) for line in preview.lines]
    lines = tuple(line if registered else _after(line, outcomes, answered) for line, registered in judged)
    rows = tuple(_done(line, registered) for line, (_, registered) in zip(lines, judged, strict=True))
    return Result(replace(preview, lines=lines), batch, rows)


def _registered(line: Line, outcomes: Mapping[str, Outcome], answered: frozenset[str]) -> bool:
    """Whether this request wrote the row, now or when it was answered before."""
    verdict = outcomes[line.shipment_no].verdict if line.shipment_no in outcomes else ""
    wrote = verdict == "unchanged" and line.shipment_no in answered
    return line.verdict in WRITTEN and (wrote or (verdict == "ready" and not answered))


def _after(line: Line, outcomes: Mapping[str, Outcome], answered: frozenset[str]) -> Line:
    outcome = outcomes.get(line.shipment_no)
    if line.verdict in WRITTEN and outcome and outcome.verdict == "ready" and answered:
        return replace(line, verdict=Verdict.REFUSED, reason=_ANSWERED, repair="")
    return with_outcome(line, outcome)


def _done(line: Line, registered: bool) -> Done:
    if registered:
        return Done(line.row, "registered", " ".join(said for said in (line.repair, line.note) if said))
    return Done(line.row, line.verdict, line.reason)
