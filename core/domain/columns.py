"""The columns of the list of shipments: which somebody shows, and in which order."""

from collections.abc import Iterable
from enum import StrEnum


class ListColumn(StrEnum):
    """Every column, in the order in which the list comes."""

    SHIPMENT_NO = "id"
    ORDER_NO = "order_no"
    ORDERED = "ordered"
    PRODUCTS = "products"
    RECIPIENT = "recipient"
    DESTINATION = "destination"
    WAREHOUSE = "warehouse"
    CARRIER = "carrier"
    INVOICE_NO = "invoice_no"
    STATUS = "status"
    AGE = "age"
    FLAG = "flag"
    ACTIONS = "can"


ALWAYS = ListColumn.SHIPMENT_NO
"""What opens a shipment stays."""


def shown(chosen: Iterable[str]) -> tuple[ListColumn, ...]:
    """The columns chosen, in their order; all of them where none is. What is no column is left out, `ALWAYS` comes first if it is missing."""
    known = [ListColumn(name) for name in dict.fromkeys(chosen) if name in set(ListColumn)]
    if not known:
        return tuple(ListColumn)
    return tuple(known) if ALWAYS in known else (ALWAYS, *known)
