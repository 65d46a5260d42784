"""What a list is asked for: tab, search, filters and order, as values that a link can carry."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.domain.figures import Cohort, Figure, Part
from core.domain.flags import Flag
from core.domain.shipment import Destination, Kind, Status, Tab

PAGE_SIZES = (25, 50, 100, 200)
MAX_SEARCH_VALUES = 1000


class SearchKey(StrEnum):
    SHIPMENT_NO = "shipment_no"
    ORDER_NO = "order_no"
    INVOICE_NO = "invoice_no"
    PRODUCT_ID = "product_id"


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
class Behind:
    """The shipments behind a figure: those it counts, is taken over, or leaves out, of the days `first` to `last`."""

    figure: Figure
    part: Part
    first: date
    last: date
    cohort: Cohort


@dataclass(frozen=True)
class ShipmentFilter:
    """One view of the list. Dates are whole days in the shop's zone, both ends included.

    `hours_from` (included) and `hours_until` (not) say for how long a shipment has been in its status. With `behind`, the places and ways to send it by are those of the figure's part of the shop.
    """

    destination: Destination = Destination.DOMESTIC
    tab: Tab = Tab.PREPARING
    key: SearchKey = SearchKey.SHIPMENT_NO
    values: tuple[str, ...] = ()
    ordered_from: date | None = None
    ordered_to: date | None = None
    kind: Kind | None = None
    warehouses: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    behind: Behind | None = None
    statuses: tuple[Status, ...] = ()
    hours_from: int | None = None
    hours_until: int | None = None


@dataclass(frozen=True)
class Order:
    """How the rows are ordered; newest orders first unless said otherwise."""

    sort: Sort = Sort.ORDERED
    descending: bool = True


def search_form(value: str) -> str:
    """The form in which numbers are searched: width and case folded; white space, invisible characters, hyphens gone."""
    if value.isascii() and value.isalnum():
        return value.upper()
    folded = unicodedata.normalize("NFKC", value).upper()
    return "".join(c for c in folded if unicodedata.category(c) not in _DROPPED)


_DROPPED = {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"}


def search_values(text: str) -> tuple[str, ...]:
    """The values pasted into the search box: split at white space, commas and semicolons, in order, without repeats."""
    folded = unicodedata.normalize("NFKC", text)
    for separator in ",;\t\r\n、":
        folded = folded.replace(separator, " ")
    return tuple(dict.fromkeys(value for value in folded.split() if search_form(value)))
