"""The rows of a file on their way: what registering them would do, registering them together, and what became of each."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.domain.carriers import Rules
from core.domain.invoice_number import CheckedNumber, check
from core.domain.labels import VERDICTS
from core.domain.language import tr
from core.domain.number_faults import NumberFault
from core.domain.permissions import Act
from core.domain.reasons import Names, Why, sentences
from core.domain.shipment_actions import Refusal
from core.domain.verdicts import RowVerdict
from core.files.xlsx.sheet import Sheet
from core.services.shipments import invoices
from core.services.shipments.changes import Request
from core.services.shipments.invoices import CheckedEntry, Foreseen, InvoiceReason
from core.services.shipments.lanes import CompanyReason
from core.services.uploading.reasons import MODIFY_SWITCH, ResultSentence, RowReason, Tally
from core.store import history
from core.store.database import Store

WRITTEN = (RowVerdict.READY, RowVerdict.REPAIRED)
TO_MEND = (RowVerdict.REFUSED, RowVerdict.CONFIRM)


@dataclass(frozen=True)
class Line:
    """One row of the file, `row` as a person counts.

    `carrier` is the code, "" when the company is not known; `company` and `text` are the company and the invoice number as found;
    `invoice_no` is cleaned, "" when the cell cannot be trusted, `number` the same as it was checked. `reasons` say why it is not
    simply ready and what to do, `field` which column that is about, `repairs` what was changed, `notes` what else registering it
    does. `doubts` are what speaks against a proposed company.
    """

    row: int
    shipment_no: str
    carrier: str
    company: str
    invoice_no: str
    text: str
    number: CheckedNumber | None = None
    verdict: RowVerdict = RowVerdict.READY
    field: str = ""
    reasons: tuple[Why, ...] = ()
    repairs: tuple[Why, ...] = ()
    notes: tuple[Why, ...] = ()
    doubts: tuple[Why, ...] = ()

    @property
    def proposed(self) -> Why | None:
        """Why the company was proposed, None where the row names it."""
        return next((why for why in self.repairs if why.reason is CompanyReason.PROPOSED), None)

    @property
    def reason(self) -> str:
        return sentences(self.reasons)

    @property
    def repair(self) -> str:
        return sentences(self.repairs)

    @property
    def note(self) -> str:
        return sentences(self.notes)

    def as_json(self) -> dict[str, object]:
        names = ("row", "shipment_no", "carrier", "invoice_no", "verdict", "field", "reason", "repair")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Preview:
    """Every row of a sheet with its verdict at the moment `at`."""

    sheet: Sheet
    lines: tuple[Line, ...] = field(repr=False)
    at: datetime
    modify: bool = False
    confirmed: frozenset[int] = frozenset()

    @property
    def counts(self) -> Mapping[RowVerdict, int]:
        """How many rows have each verdict."""
        return {verdict: sum(line.verdict is verdict for line in self.lines) for verdict in RowVerdict}

    @property
    def writable(self) -> int:
        """How many shipments [Register N shipments] writes."""
        return sum(line.verdict in WRITTEN for line in self.lines)

    @property
    def request_key(self) -> str:
        """The same for the same preview of the same file, so that a second click writes nothing."""
        parts = (self.sheet.digest, self.modify, sorted(self.confirmed), self.at.isoformat())
        return "upload-" + hashlib.sha256(repr(parts).encode()).hexdigest()[:40]

    @property
    def tallies(self) -> tuple[Why, ...]:
        """That nothing is written, how many rows are what, and how many of them are hidden, if any."""
        hidden, counts = self.sheet.hidden_rows, self.counts
        parts = {
            Tally.TO_CONFIRM: counts[RowVerdict.CONFIRM],
            Tally.ARE_UNCHANGED: counts[RowVerdict.UNCHANGED],
            Tally.ARE_REFUSED: counts[RowVerdict.REFUSED],
        }
        found = _with_left(_all({Tally.CAN_BE_REGISTERED: self.writable}, parts), self.lines)
        return (Tally.NOTHING_YET(), *found, *([Tally.HIDDEN(count=hidden)] if hidden else []))

    @property
    def message(self) -> str:
        """`Nothing has been written yet. 969 rows can be registered now, 6 need you to confirm, 11 are refused.`"""
        return sentences(self.tallies)


@dataclass(frozen=True)
class RowResult:
    """What became of one row: registered, unchanged, left, confirm or refused, and why."""

    row: int
    verdict: RowVerdict
    whys: tuple[Why, ...] = ()

    @property
    def message(self) -> str:
        return sentences(self.whys)

    @property
    def sentence(self) -> str:
        """As in the result column of the workbook."""
        kind = ResultSentence.WITH_REASONS if self.whys else ResultSentence.PLAIN
        if self.verdict is RowVerdict.CONFIRM:
            kind = ResultSentence.NOT_CONFIRMED
        return str(kind(verdict=VERDICTS[self.verdict], reasons=self.message))


@dataclass(frozen=True)
class UploadResult:
    """What became of every row, and the batch to undo; no batch when nothing was written.

    The lines of `preview` are as the registration judged them: what is still to mend can be asked of it.
    """

    preview: Preview
    batch_id: int | None
    rows: tuple[RowResult, ...] = field(repr=False)

    @property
    def registered(self) -> int:
        return sum(row.verdict is RowVerdict.REGISTERED for row in self.rows)

    @property
    def message(self) -> str:
        """`969 shipments registered, 14 unchanged, 17 to mend. 31 rows are left for later: nobody filled them in.`"""
        unchanged = sum(row.verdict is RowVerdict.UNCHANGED for row in self.rows)
        rest = {Tally.UNCHANGED: unchanged, Tally.TO_MEND: sum(row.verdict in TO_MEND for row in self.rows)}
        return sentences(_with_left(_all({Tally.REGISTERED: self.registered}, rest), self.rows))


def _all(first: Mapping[Tally, int], rest: Mapping[Tally, int]) -> Why:
    """All counts in one sentence; of the rest only those that are not nothing."""
    counts = {**first, **{tally: count for tally, count in rest.items() if count}}
    return Tally.ALL(counts=Names(str(tally(count=count)) for tally, count in counts.items()))


def _with_left(counts: Why, rows: Sequence[Line | RowResult]) -> tuple[Why, ...]:
    """The counts, and how many rows nobody filled in; where that is all of them, what to do."""
    left = sum(row.verdict is RowVerdict.LEFT for row in rows)
    if left and left == len(rows):
        return (Tally.NOBODY_FILLED_IN(count=left),)
    return (counts, Tally.ARE_LEFT(count=left)) if left else (counts,)


def entries_of(lines: Iterable[Line], confirmed: frozenset[int]) -> dict[str, CheckedEntry]:
    """What registering these lines puts where, by shipment number."""
    return {
        line.shipment_no: CheckedEntry(line.number, line.row in confirmed, line.doubts, line.proposed)
        for line in lines
        if line.number
    }


def with_outcome(line: Line, outcome: Foreseen | None) -> Line:
    """The line as the desk's own decision leaves it; what the file alone refuses or leaves for later stays so."""
    if outcome is None or line.verdict in (RowVerdict.REFUSED, RowVerdict.LEFT):
        return line
    if outcome.verdict is RowVerdict.READY:
        return replace(line, notes=outcome.whys) if line.verdict in WRITTEN else line
    field, whys = outcome.field or "shipment_no", tuple(map(in_a_row, outcome.whys))
    if outcome.verdict is RowVerdict.REFUSED:
        taken = any(why.reason is RowReason.REGISTERED for why in whys)
        return refused(line, "invoice_no" if taken else field, *whys)
    if line.verdict is RowVerdict.UNCHANGED:
        return line
    if outcome.verdict is RowVerdict.UNCHANGED:
        return replace(line, verdict=RowVerdict.UNCHANGED, field="", reasons=whys, repairs=())
    reasons = line.reasons if line.verdict is RowVerdict.CONFIRM else whys
    return replace(line, verdict=RowVerdict.CONFIRM, field="invoice_no", reasons=reasons)


def in_a_row(why: Why) -> Why:
    """The reason as a row says it: with the name of its column, and with the way to replace an invoice from here."""
    if why.reason is Refusal.ALREADY_REGISTERED:
        return RowReason.REGISTERED("file", invoice_no=why.values["invoice_no"], switch=tr(MODIFY_SWITCH))
    names_its_field = why.reason is NumberFault.EMPTY
    about_number = isinstance(why.reason, NumberFault) or why.reason is InvoiceReason.IN_USE
    return RowReason.NUMBER(fault=why) if about_number and not names_its_field else why


def refused(line: Line, field: str, *reasons: Why) -> Line:
    """The line refused for these reasons."""
    return replace(line, verdict=RowVerdict.REFUSED, field=field, reasons=reasons, repairs=())


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
    request.require(Act.UPLOAD)
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
