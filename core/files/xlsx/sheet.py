"""What was read: the rows of one sheet with the three columns an invoice needs."""

from dataclasses import dataclass, field

FIELDS = ("shipment_no", "carrier", "invoice_no")
TITLES = {"shipment_no": "Shipment No.", "carrier": "Shipping company", "invoice_no": "Invoice No."}
MOST_ROWS = 1000


@dataclass(frozen=True)
class Cell:
    """The text a person sees in a cell; `fault` says why it cannot be trusted."""

    text: str = ""
    fault: str = ""


@dataclass(frozen=True)
class SheetRow:
    """One row with data under the number a person sees."""

    number: int
    shipment_no: Cell
    company: Cell
    invoice_no: Cell
    hidden: bool = False
    is_header: bool = False


@dataclass(frozen=True)
class Sheet:
    """The one sheet of a file with invoices. `columns` are the letters by field, `digest` is the SHA-256 of the file."""

    name: str
    title: str
    header_row: int
    columns: dict[str, str]
    rows: tuple[SheetRow, ...] = field(repr=False)
    digest: str = ""

    @property
    def hidden_rows(self) -> int:
        """How many of the rows are hidden in the workbook; they are read like the others."""
        return sum(row.hidden for row in self.rows)
