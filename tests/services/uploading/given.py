"""Uploads of small workbooks to a small desk, for the tests of uploads."""

from typing import Any

from core.domain.invoice_number import complete
from core.domain.reasons import Reason
from core.services import uploading
from core.services.shipments.changes import Actor, Request
from core.services.uploading import Line, Preview, UploadResult
from core.services.uploading.reasons import RowReason
from core.store.database import Store
from tests.builders import HANA, NOW, RULES, a_shipment, a_store, add, staff
from tests.files.given import sheet_of
from tests.workbook_builders import a_row, a_workbook, head, raw

SOOYEON = Actor(staff("Sooyeon"), "upload")
FEDEX, LOGEN, LOGEN_DOUBTFUL = complete(RULES.carriers["fedex"], "77490021771"), "95825729134", "95825729135"
DHL, WIDE = complete(RULES.carriers["dhl"], "571033826"), {48 + n: chr(0xFF10 + n) for n in range(10)}
YAMATO = complete(RULES.carriers["yamato"], "03928174655")


def judged(data: bytes, store: Store | None = None, **said: Any) -> Preview:
    return uploading.judge_sheet(sheet_of(data), RULES, store, **{"modify": False, "request": Request(HANA, NOW), **said})


def lines(*rows: tuple[Any, ...], store: Store | None = None, **said: Any) -> tuple[Line, ...]:
    return judged(a_workbook(*rows), store, **said).lines


def the_line(invoice: str, company: str = "Other", **made: Any) -> Line:
    """The verdict on a workbook whose one row has this third cell, given as XML."""
    return judged(raw(head(), a_row(2, "S-1", company, invoice), **made)).lines[0]


def reasons(line: Line) -> list[Reason]:
    """Why the row is not simply ready; of its number, what is wrong with that."""
    return [why.values["fault"].reason if why.reason is RowReason.NUMBER else why.reason for why in line.reasons]


def register(store: Store, preview: Preview, **said: Any) -> UploadResult:
    return uploading.register(store, RULES, preview, **{"modify": preview.modify, "request": Request(SOOYEON, NOW), **said})


def waiting(count: int) -> Store:
    """A desk where so many shipments wait."""
    return a_store(*(a_shipment(f"S-{n}") for n in range(1, count + 1)))


def with_shipments(store: Store, count: int) -> None:
    add(store, *(a_shipment(f"S-{n}") for n in range(1, count + 1)))
