"""Shipments that a mistyped number can only mean: the same letters and digits, or a zero that is missing."""

import re
from collections.abc import Sequence

from core.domain.search import SearchKey, search_form
from core.store import lists
from core.store.database import Store

MOST_LOOKED_UP = 25
MOST_ZEROS = 3

_RUNNING = re.compile(r"(\d+)(?=\D*$)")


def nearby(store: Store, numbers: Sequence[str]) -> dict[str, str]:
    """By number, the one shipment it can only mean; for the first few numbers, as the search is not free."""
    forms = {number: _forms(number) for number in numbers[:MOST_LOOKED_UP]}
    found = lists.search(store, SearchKey.SHIPMENT_NO, [form for some in forms.values() for form in some]) if forms else {}
    places = lists.whereabouts(store, [shipment_id for ids in found.values() for shipment_id in ids])
    names = {search_form(row["shipment_no"]): row["shipment_no"] for row in places.values()}
    meant = {number: {names[form] for form in some if form in names} for number, some in forms.items()}
    return {number: next(iter(some)) for number, some in meant.items() if len(some) == 1}


def _forms(number: str) -> list[str]:
    padded = [_RUNNING.sub("0" * zeros + r"\g<1>", number, count=1) for zeros in range(1, MOST_ZEROS + 1)]
    return list(dict.fromkeys(search_form(text) for text in (number, *padded)))
