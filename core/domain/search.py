"""What is typed into the search box: under which key, which values, and the form in which numbers are compared."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from core.domain.texts import cleaned

MAX_SEARCH_VALUES = 1000


class SearchKey(StrEnum):
    SHIPMENT_NO = "shipment_no"
    ORDER_NO = "order_no"
    INVOICE_NO = "invoice_no"
    PRODUCT_ID = "product_id"


KEYS = {
    SearchKey.SHIPMENT_NO: "Shipment No.",
    SearchKey.ORDER_NO: "Order No.",
    SearchKey.INVOICE_NO: "Invoice No.",
    SearchKey.PRODUCT_ID: "Product ID",
}


@dataclass(frozen=True)
class Search:
    """The values looked for under a key; without values nothing is looked for.

    `spellings` gives the forms in which an invoice number may be stored beside the one that was typed.
    """

    key: SearchKey = SearchKey.SHIPMENT_NO
    values: tuple[str, ...] = ()
    spellings: Callable[[str], Sequence[str]] = field(default=lambda value: (), compare=False, repr=False)


def search_form(value: str) -> str:
    """The form in which numbers are searched: width and case folded; white space, invisible characters, hyphens gone."""
    if value.isascii() and value.isalnum():
        return value.upper()
    folded = unicodedata.normalize("NFKC", value).upper()
    return "".join(c for c in folded if unicodedata.category(c) not in _DROPPED)


_DROPPED = {"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Pd"}


def search_values(text: str) -> tuple[str, ...]:
    """The values pasted into the search box: split at white space, commas and semicolons, in order, without repeats."""
    folded = unicodedata.normalize("NFKC", cleaned(text))
    for separator in ",;\t\r\n、":
        folded = folded.replace(separator, " ")
    return tuple(dict.fromkeys(value for value in folded.split() if search_form(value)))
