"""What was read: the rows of one sheet with the three columns an invoice needs."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.domain.language import Vocabulary
from core.files.headers import head_in_english

INVOICE_FIELDS = ("shipment_no", "carrier", "invoice_no")
TITLES = Vocabulary({name: head_in_english(name) for name in INVOICE_FIELDS})


@dataclass(frozen=True)
class SheetCell:
    """The text a person sees in a cell; `fault` says why it cannot be trusted."""

    text: str = ""
    fault: str = ""


@dataclass(frozen=True)
class SheetRow:
    """One row with data under the number a person sees."""

    number: int
    shipment_no: SheetCell
    company: SheetCell
    invoice_no: SheetCell
    hidden: bool = False
    is_header: bool = False


@dataclass(frozen=True)
class Sheet:
    """The one sheet of a file with invoices.

    `columns` are the letters by field, `digest` is the SHA-256 of the file; `hidden_rows` says how many of the rows are hidden in
    the workbook: they are read like the others.
    """

    name: str
    title: str
    header_row: int
    columns: Mapping[str, str]
    rows: tuple[SheetRow, ...] = field(repr=False)
    digest: str = ""
    hidden_rows: int = 0


def typed_sheet(name: str, typed: Sequence[tuple[int, str, str, str]]) -> Sheet:
    """Rows typed at the desk as if they stood in a file: row number, Shipment No., shipping company, Invoice No."""
    rows = tuple(
        SheetRow(row, SheetCell(shipment_no), SheetCell(company), SheetCell(number))
        for row, shipment_no, company, number in typed
    )
    return Sheet(name, "", 0, {}, rows, hashlib.sha256(repr(typed).encode()).hexdigest())
