"""In which order the list shows its rows, and how many a page."""

from dataclasses import dataclass
from enum import StrEnum

PAGE_SIZES = (25, 50, 100, 200)


class Sort(StrEnum):
    SHIPMENT_NO = "shipment_no"
    ORDER_NO = "order_no"
    ORDERED = "ordered_at"
    RECIPIENT = "recipient"
    DESTINATION = "destination"
    WAREHOUSE = "warehouse"
    CARRIER = "carrier"
    INVOICE_NO = "invoice_no"
    STATUS = "status"
    AGE = "in_status"


@dataclass(frozen=True)
class Order:
    """How the rows are ordered; newest orders first unless said otherwise."""

    sort: Sort = Sort.ORDERED
    descending: bool = True
