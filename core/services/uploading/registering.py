"""Registering what a preview found ready: one transaction, one batch, one answer per row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from core.domain.carriers import Rules
from core.domain.invoice_number import check
from core.domain.verdicts import RowVerdict
from core.services.shipments import invoices
from core.services.shipments.changes import Request
from core.services.shipments.invoices import CheckedEntry, Foreseen
from core.services.uploading.judging import entries_of, with_outcome
from core.services.uploading.preview import WRITTEN, Line, Preview, RowResult, UploadResult
from core.services.uploading.reasons import RowReason
from core.store import history
from core.store.database import Store


def register(
    store: Store,
    rules: Rules,
    preview: Preview,
    *,
    request: Request,
    modify: bool,
    progress: Callable[[float], None] = lambda share: None,
) -> UploadResult:
    """All ready rows are written together or not at all, judged again at this moment.

    `request_key` is the preview's own unless another is given: a repeated request writes nothing, names the same batch and
    gives the same answer. `progress` is told the share that is done, from 0 to 1.
    """
    progress(0.0)
    key, entries = request.request_key or preview.request_key, _checked_again(preview, rules)
    answered = store.snapshot(lambda connection: history.answered(connection, key))
    progress(0.1)
    batch, foreseen = (
        invoices.register_many(
            store,
            rules,
            entries,
            modify=modify,
            request=Request(request.by, request.at, request_key=key),
            note=preview.sheet.name,
        )
        if entries
        else (None, {})
    )
    progress(1.0)
    done = _Done(foreseen, answered)
    lines = tuple(map(done.line, preview.lines))
    rows = tuple(done.row(*pair) for pair in zip(preview.lines, lines, strict=True))
    return UploadResult(replace(preview, lines=lines), batch, rows)


def _checked_again(preview: Preview, rules: Rules) -> dict[str, CheckedEntry]:
    """What is to be written, by shipment number, under the rules of this moment."""
    written = [line for line in preview.lines if line.verdict in WRITTEN]
    checked = [replace(line, number=check(line.carrier, line.invoice_no, rules)) for line in written]
    return entries_of(checked, preview.confirmed)


@dataclass(frozen=True)
class _Done:
    """What the registration came to, and the shipments that the same request wrote when it was answered before."""

    foreseen: Mapping[str, Foreseen]
    answered: frozenset[str]

    def wrote(self, line: Line) -> bool:
        """Whether this request wrote the row, now or when it was answered before."""
        if line.verdict not in WRITTEN:
            return False
        match self.foreseen[line.shipment_no].verdict:
            case RowVerdict.READY:
                return not self.answered
            case RowVerdict.UNCHANGED:
                return line.shipment_no in self.answered
        return False

    def line(self, line: Line) -> Line:
        """The line as it was judged while registering."""
        if self.wrote(line):
            return line
        foreseen = self.foreseen.get(line.shipment_no)
        if line.verdict in WRITTEN and foreseen and foreseen.verdict is RowVerdict.READY:
            return replace(line, verdict=RowVerdict.REFUSED, reasons=(RowReason.ANSWERED_BEFORE(),), repairs=())
        return with_outcome(line, foreseen)

    def row(self, before: Line, after: Line) -> RowResult:
        if self.wrote(before):
            return RowResult(before.row, RowVerdict.REGISTERED, (*after.repairs, *after.notes))
        return RowResult(after.row, after.verdict, after.reasons)
