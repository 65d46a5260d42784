"""What a file would do, row by row, before anything is written; and what became of each row after."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.domain.invoice_number import CheckedNumber
from core.domain.labels import VERDICTS
from core.domain.reasons import Names, Why, sentences
from core.domain.verdicts import RowVerdict
from core.files.xlsx.sheet import Sheet
from core.services.uploading.reasons import ResultSentence, Tally

WRITTEN = (RowVerdict.READY, RowVerdict.REPAIRED)
TO_MEND = (RowVerdict.REFUSED, RowVerdict.CONFIRM)


@dataclass(frozen=True)
class Line:
    """One row of the file, `row` as a person counts.

    `carrier` is the code, "" when the company is not known; `company` and `text` are the company and the invoice number as found;
    `invoice_no` is cleaned, "" when the cell cannot be trusted, `number` the same as it was checked. `reasons` say why it is not
    simply ready and what to do, `field` which column that is about, `repairs` what was changed, `notes` what else registering it
    does.
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
        hidden = self.sheet.hidden_rows
        parts = {
            Tally.TO_CONFIRM: self.counts[RowVerdict.CONFIRM],
            Tally.ARE_UNCHANGED: self.counts[RowVerdict.UNCHANGED],
            Tally.ARE_REFUSED: self.counts[RowVerdict.REFUSED],
        }
        found = _all({Tally.CAN_BE_REGISTERED: self.writable}, parts)
        return (Tally.NOTHING_YET(), found, *([Tally.HIDDEN(count=hidden)] if hidden else []))

    @property
    def message(self) -> str:
        """`Nothing has been written yet. 969 rows can be registered now, 6 need you to confirm, 11 are refused.`"""
        return sentences(self.tallies)


@dataclass(frozen=True)
class RowResult:
    """What became of one row: registered, unchanged, confirm or refused, and why."""

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
        """`969 shipments registered, 14 unchanged, 17 to mend.`"""
        unchanged = sum(row.verdict is RowVerdict.UNCHANGED for row in self.rows)
        rest = {Tally.UNCHANGED: unchanged, Tally.TO_MEND: len(self.rows) - self.registered - unchanged}
        return str(_all({Tally.REGISTERED: self.registered}, rest))


def _all(first: Mapping[Tally, int], rest: Mapping[Tally, int]) -> Why:
    """All counts in one sentence; of the rest only those that are not nothing."""
    counts = {**first, **{tally: count for tally, count in rest.items() if count}}
    return Tally.ALL(counts=Names(str(tally(count=count)) for tally, count in counts.items()))
