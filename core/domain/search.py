"""What is typed into the search box: under which key, and which values."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from unicodedata import normalize

from core.domain.fields import FIELDS
from core.domain.language import Vocabulary
from core.domain.shop_numbers import plain_number, search_form
from core.domain.texts import LINE_BREAKS, cleaned

MAX_SEARCH_VALUES = 1000
MOST_FOUND = 10_000
"""So many shipments are found under one value, those that came last."""
LONGEST_RUN = 12
"""In so many parts the longest number is printed on a label."""
_BETWEEN = re.compile(rf"[\t\x1c-\x1e,;\u3001\u060c{LINE_BREAKS}]")


class SearchKey(StrEnum):
    SHIPMENT_NO = "shipment_no"
    ORDER_NO = "order_no"
    INVOICE_NO = "invoice_no"
    PRODUCT_ID = "product_id"
    RECIPIENT = "recipient"


KEYS = Vocabulary(
    {
        SearchKey.SHIPMENT_NO: FIELDS.in_english["shipment_no"],
        SearchKey.ORDER_NO: FIELDS.in_english["order_no"],
        SearchKey.INVOICE_NO: FIELDS.in_english["invoice_no"],
        SearchKey.PRODUCT_ID: FIELDS.in_english["product_id"],
        SearchKey.RECIPIENT: FIELDS.in_english["recipient"],
    }
)


@dataclass(frozen=True)
class Search:
    """The values looked for under a key; without values nothing is looked for.

    `spellings` gives the forms in which an invoice number may be stored beside the one that was typed.
    """

    key: SearchKey = SearchKey.SHIPMENT_NO
    values: tuple[str, ...] = ()
    spellings: Callable[[str], Sequence[str]] = field(default=lambda value: (), compare=False, repr=False)


def search_values(text: str) -> tuple[str, ...]:
    """The values pasted into the search box, in order, without repeats: split at line breaks, tabs, commas and semicolons.

    What Excel puts around a text is taken off. A value with blanks inside is one number, or several: see `parted`.
    """
    pieces = (" ".join(plain_number(piece).split()) for piece in _BETWEEN.split(normalize("NFKC", cleaned(text))))
    return tuple(dict.fromkeys(value for value in pieces if search_form(value)))


def runs(value: str) -> list[str]:
    """The values that a value with blanks may be made of: all that stands together in it, up to `LONGEST_RUN` parts."""
    parts = value.split()[:MAX_SEARCH_VALUES]
    return [" ".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, min(i + LONGEST_RUN, len(parts)) + 1)]


def parted(value: str, known: Collection[str]) -> list[str]:
    """The value in parts: from the left the longest run that is `known`, and what stands between those; one by one without any."""
    parts, made = value.split()[:MAX_SEARCH_VALUES], list[str]()
    start = at = 0
    while at < len(parts):
        ends = range(min(at + LONGEST_RUN, len(parts)), at, -1)
        end = next((end for end in ends if " ".join(parts[at:end]) in known), 0)
        if end:
            made += [*_together(parts[start:at]), " ".join(parts[at:end])]
            start = end
        at = end or at + 1
    return [*made, *_together(parts[start:])] if made else parts


def _together(parts: Sequence[str]) -> list[str]:
    return [" ".join(parts)] if parts else []
