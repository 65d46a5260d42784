"""The columns of a shipment file: what each means and looks like, and how its cells are read."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.fields import FIELDS


class Form(StrEnum):
    """How the cells of a column are read."""

    NUMBER = "number"  # an identification: letters and digits, in one width
    INVOICE_NO = "invoice_no"
    TEXT = "text"
    LINES = "lines"  # a text that may have several lines
    MOMENT = "moment"
    DATE = "date"
    KIND = "kind"
    WEIGHT = "weight"
    MONEY = "money"
    CURRENCY = "currency"
    COUNTRY = "country"
    QUANTITY = "quantity"
    CARRIER = "carrier"


@dataclass(frozen=True)
class ImportColumn:
    """One of our columns; `meaning` and `looks` are what the documentation says."""

    name: str
    form: Form
    meaning: str
    looks: str
    required: bool = False
    longest: int = 200

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers that name something, never amounts."""
        return self.form in (Form.NUMBER, Form.INVOICE_NO)

    @property
    def title(self) -> str:
        """Its name on screen."""
        return FIELDS[self.name]


_MOMENT = "ISO 8601, with a zone or in the shop's zone; a date alone will do"
_DATE = "YYYY-MM-DD"
_TEXT = "text"

COLUMNS: dict[str, ImportColumn] = {
    column.name: column
    for column in (
        ImportColumn("shipment_no", Form.NUMBER, "the shop's own number of the shipment", _TEXT, True, longest=64),
        ImportColumn("order_no", Form.NUMBER, "the order it belongs to", _TEXT, True, longest=64),
        ImportColumn("kind", Form.KIND, "an ordinary order or an exchange", "`standard` or `exchange`"),
        ImportColumn("ordered_at", Form.MOMENT, "when the buyer ordered", _MOMENT, True),
        ImportColumn("released_at", Form.MOMENT, "when it was prepared for shipment", _MOMENT),
        ImportColumn("invoiced_at", Form.MOMENT, "when the invoice number was registered", _MOMENT),
        ImportColumn("picked_up_at", Form.MOMENT, "the carrier's first physical scan", _MOMENT),
        ImportColumn("first_attempt_at", Form.MOMENT, "the first attempt to deliver", _MOMENT),
        ImportColumn("delivered_at", Form.MOMENT, "the delivery", _MOMENT),
        ImportColumn("promised_on", Form.DATE, "the day the buyer was promised", _DATE),
        ImportColumn("ship_by", Form.DATE, "the day by which it was to be handed over", _DATE),
        ImportColumn("warehouse", Form.TEXT, "where it leaves from", _TEXT),
        ImportColumn("policy", Form.TEXT, "how it is sent", _TEXT),
        ImportColumn("option", Form.TEXT, "the finer choice within the policy", _TEXT),
        ImportColumn("weight_kg", Form.WEIGHT, "the weight", "kilograms, such as `1.25`"),
        ImportColumn("freight", Form.MONEY, "what the carriage costs", "a number, rounded to cents"),
        ImportColumn("currency", Form.CURRENCY, "the currency of the freight", "ISO 4217, such as `KRW`"),
        ImportColumn("request", Form.LINES, "what the buyer wrote at checkout", "text, lines", longest=2000),
        ImportColumn("recipient", Form.TEXT, "who receives it; needed for sending", _TEXT),
        ImportColumn("phone", Form.NUMBER, "the recipient's telephone", _TEXT, longest=40),
        ImportColumn("address", Form.LINES, "street and number; needed for sending", "text, lines", longest=500),
        ImportColumn("city", Form.TEXT, "city or town", _TEXT),
        ImportColumn("region", Form.TEXT, "state, province or prefecture", _TEXT),
        ImportColumn("postal_code", Form.NUMBER, "postal code", _TEXT, longest=20),
        ImportColumn("country", Form.COUNTRY, "where it goes", "ISO 3166 code of 2 or 3 letters, or a name", True),
        ImportColumn("product_id", Form.NUMBER, "the shop's number of the product on this line", _TEXT),
        ImportColumn("product_name", Form.TEXT, "its name; the Product ID stands in", _TEXT, longest=500),
        ImportColumn("product_option", Form.TEXT, "which of its variants; it follows the name", _TEXT, longest=300),
        ImportColumn("quantity", Form.QUANTITY, "how many; 1 when empty", "a whole number from 1"),
        ImportColumn(
            "carrier", Form.CARRIER, "who transports it", "its code or any of its names, such as `cj` or `CJ대한통운`"
        ),
        ImportColumn("invoice_no", Form.INVOICE_NO, "the carrier's tracking number", "text; checked as everywhere"),
    )
}

REQUIRED = tuple(name for name, column in COLUMNS.items() if column.required)
ITEM = ("product_id", "product_name", "product_option", "quantity")
TIMES = tuple(name for name, column in COLUMNS.items() if column.form is Form.MOMENT)
DATED = tuple(name for name, column in COLUMNS.items() if column.form in (Form.MOMENT, Form.DATE))
SUMMABLE = tuple(name for name, column in COLUMNS.items() if column.form in (Form.WEIGHT, Form.MONEY))


def title(name: str) -> str:
    """The column's name on screen."""
    return COLUMNS[name].title
