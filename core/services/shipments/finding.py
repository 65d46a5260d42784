"""Finding a shipment by whatever somebody knows of it: any of its numbers, or who receives it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.domain import personal
from core.domain.recipients import SHORTEST_TAIL
from core.domain.search import Search, SearchKey, search_values
from core.domain.shop_numbers import search_form
from core.domain.texts import letters_of
from core.domain.visit import Visit
from core.store import lists
from core.store.database import Row, Store

MOST = 8
LONGEST = 200
_SHORTEST = 2
_KEYS = (SearchKey.SHIPMENT_NO, SearchKey.ORDER_NO, SearchKey.INVOICE_NO, SearchKey.RECIPIENT)


@dataclass(frozen=True)
class Find:
    """A shipment, the newest of its kind first: its row of the list, and by what it was found."""

    key: SearchKey
    row: Row


@dataclass(frozen=True)
class Finds:
    """What was found of a text as it was understood: a few shipments, and how many there are by each key; of those `cut` there are more."""

    text: str
    shipments: tuple[Find, ...] = ()
    counts: tuple[tuple[SearchKey, int], ...] = ()
    cut: frozenset[SearchKey] = frozenset()


def find(store: Store, text: str, *, visit: Visit, spellings: Callable[[str], Sequence[str]]) -> Finds:
    """The shipments with this number, or whose number begins so, and those of this recipient for who may see recipients.

    `spellings` gives the forms in which an invoice number may be stored. Raises Forbidden.
    """
    visit.require()
    value = next(iter(search_values(text[:LONGEST])), "")
    keys = [key for key in _KEYS if _says_enough(value, key) and (visit.sees_personal or key not in personal.KEYS)]
    with store.figures.one_moment() as view:
        hits = {key: lists.found(view.facts, Search(key, (value,), spellings)) for key in keys}
        found = {key: sorted(lists.numbers(of_key), reverse=True) for key, of_key in hits.items()}
        by_id = {number: key for key, ids in reversed(found.items()) for number in ids[:MOST]}
        wanted = list(dict.fromkeys(number for ids in found.values() for number in ids[:MOST]))[:MOST]
        clock = visit.clock
        rows = lists.rows_of(view.facts, wanted, zone=clock.zone, now=clock.now, personal=visit.sees_personal)
    shipments = tuple(Find(by_id[row["shipment_id"]], row) for row in rows)
    cut = frozenset(key for key, of_key in hits.items() if any(lists.cut_short(of_key).values()))
    return Finds(value, shipments, tuple((key, len(ids)) for key, ids in found.items() if ids), cut)


def _says_enough(value: str, key: SearchKey) -> bool:
    """Whether it is worth to look for: one letter or digit begins too many numbers, and three digits end too many phones."""
    if key is not SearchKey.RECIPIENT:
        return len(search_form(value)) >= _SHORTEST
    letters = letters_of(value)
    return len(letters) >= (SHORTEST_TAIL if letters.isdecimal() else _SHORTEST)
