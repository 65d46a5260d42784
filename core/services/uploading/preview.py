"""What a file would do, row by row, before anything is written; and what became of each row after."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.files.xlsx.sheet import Sheet
from core.services.shipments.invoices import Entry


class Verdict(StrEnum):
    """What registering a row would come to."""

    READY = "ready"
    REPAIRED = "repaired"
    CONFIRM = "confirm"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


WRITTEN = (Verdict.READY, Verdict.REPAIRED)
TO_MEND = (Verdict.REFUSED, Verdict.CONFIRM)


@dataclass(frozen=True)
class Line:
    """One row of the file, `row` as a person counts.

    `carrier` is the code, "" when the company is not known; `company` and `text` are the company and the invoice number as found;
    `invoice_no` is cleaned, "" when the cell cannot be trusted. `reason` says why it is not simply ready and what to do, `field`
    which column that is about, `repair` what was changed, `note` what else registering it does.
    """

    row: int
    shipment_no: str
    carrier: str
    company: str
    invoice_no: str
    text: str
    verdict: Verdict = Verdict.READY
    field: str = ""
    reason: str = ""
    repair: str = ""
    note: str = ""

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
    def counts(self) -> Mapping[Verdict, int]:
        """How many rows have each verdict."""
        return {verdict: sum(line.verdict is verdict for line in self.lines) for verdict in Verdict}

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
    def entries(self) -> dict[str, Entry]:
        """What is to be written, by shipment number."""
        return entries_of([line for line in self.lines if line.verdict in WRITTEN], self.confirmed)

    @property
    def message(self) -> str:
        """`Nothing has been written yet. 969 rows can be registered now, 6 need you to confirm, 11 are refused.`"""
        counts = self.counts
        parts = [f"{self.writable:,} {_rows(self.writable)} can be registered now"]
        parts += [f"{n:,} {_need(n)} you to confirm" for n in [counts[Verdict.CONFIRM]] if n]
        parts += [f"{n:,} {_are(n)} unchanged" for n in [counts[Verdict.UNCHANGED]] if n]
        parts += [f"{n:,} {_are(n)} refused" for n in [counts[Verdict.REFUSED]] if n]
        hidden = self.sheet.hidden_rows
        also = f" {hidden:,} of the rows {_are(hidden)} hidden in the workbook and {_was(hidden)} read too." if hidden else ""
        return f"Nothing has been written yet. {', '.join(parts)}.{also}"


@dataclass(frozen=True)
class Done:
    """What became of one row: registered, unchanged, confirm or refused, with the sentence."""

    row: int
    outcome: str
    message: str = ""

    @property
    def sentence(self) -> str:
        """As in the result column of the workbook."""
        word = {"confirm": "To confirm, not registered"}.get(self.outcome, self.outcome.capitalize())
        return f"{word}: {self.message}" if self.message else f"{word}."


@dataclass(frozen=True)
class Result:
    """What became of every row, and the batch to undo; no batch when nothing was written.

    The lines of `preview` are as the registration judged them: what is still to mend can be asked of it.
    """

    preview: Preview
    batch_id: int | None
    rows: tuple[Done, ...] = field(repr=False)

    @property
    def registered(self) -> int:
        return sum(row.outcome == "registered" for row in self.rows)

    @property
    def message(self) -> str:
        """`969 shipments registered, 14 unchanged, 17 to mend.`"""
        unchanged = sum(row.outcome == "unchanged" for row in self.rows)
        rest = len(self.rows) - self.registered - unchanged
        parts = [f"{self.registered:,} {'shipment' if self.registered == 1 else 'shipments'} registered"]
        parts += [f"{unchanged:,} unchanged"] if unchanged else []
        parts += [f"{rest:,} to mend"] if rest else []
        return f"{', '.join(parts)}."


def entries_of(lines: list[Line], confirmed: frozenset[int]) -> dict[str, Entry]:
    return {line.shipment_no: Entry(line.carrier, line.invoice_no, line.row in confirmed) for line in lines}


def _rows(count: int) -> str:
    return "row" if count == 1 else "rows"


def _need(count: int) -> str:
    return "needs" if count == 1 else "need"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
