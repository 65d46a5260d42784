"""Registering what a preview found ready: one transaction, one batch, one answer per row."""

from collections.abc import Callable, Mapping
from datetime import datetime

from core.domain.invoice_number import Rules
from core.services import invoicing
from core.services.changing import Actor
from core.services.invoicing import Outcome
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

    `request_key` is the preview's own unless another is given: a repeated request writes nothing and names the same batch.
    `progress` is told the share that is done, from 0 to 1.
    """
    progress(0.0)
    key, entries = request_key or preview.request_key, preview.entries
    answered = store.snapshot(lambda connection: history.batch_of(connection, key))
    batch, outcomes = (
        (None, dict[str, Outcome]())
        if not entries
        else invoicing.register_many(
            store, rules, entries, modify=modify, by=by, at=at, note=preview.sheet.name, request_key=key
        )
    )
    progress(1.0)
    rows = tuple(_done(line, outcomes, answered is not None) for line in preview.lines)
    return Result(preview, batch, rows)


def _done(line: Line, outcomes: Mapping[str, Outcome], answered: bool) -> Done:
    outcome = outcomes.get(line.shipment_no)
    if line.verdict in WRITTEN and outcome and outcome.verdict == "ready":
        return Done(line.row, "refused", _ANSWERED) if answered else Done(line.row, "registered", line.repair)
    after = with_outcome(line, outcome) if outcome else line
    return Done(line.row, _WORDS.get(after.verdict, after.verdict), after.reason)


_WORDS = {Verdict.READY: "refused", Verdict.REPAIRED: "refused"}
