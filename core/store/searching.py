"""The searched numbers of shipments: which have exactly one of them, and which have one that begins so."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from core.domain.search import MOST_FOUND, SearchKey
from core.domain.values import once
from core.store.database import Reader, Row
from core.store.selection import Conditions


class LastOnes(list[int]):
    """The shipments that came last of more than are found under one value; none where it was not looked for at all."""


class OfProduct(Sequence[int]):
    """The shipments with a product, which may be thousands: their ids are only asked for where they are needed one by one."""

    def __init__(self, store: Reader, form: str) -> None:
        self._store, self.form = store, form

    @once
    def _ids(self) -> list[int]:
        # As a column they come in a tenth of the time.
        found = self._store.read(_OF_PRODUCT, {"kind": SearchKey.PRODUCT_ID, "form": self.form})["shipment_id"]
        ids: list[int] = found.unique().to_pylist()
        return ids

    def __getitem__(self, place: Any) -> Any:
        return self._ids[place]

    def __iter__(self) -> Iterator[int]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._ids == list(other)


Found = Mapping[str, Sequence[int]]
"""The ids of shipments by the form that was looked for; of invoice numbers those that have it now."""


def conditions(hits: Iterable[Sequence[int]], reader: Reader) -> Conditions | None:
    """Only the shipments with one of these products, where nothing else was found and `reader` knows the numbers itself."""
    hits = list(hits)
    forms = [ids.form for ids in hits if isinstance(ids, OfProduct) and ids._store is reader]
    return Conditions((_WITH_PRODUCT,), {"products": forms}) if forms and len(forms) == len(hits) else None


def exactly(store: Reader, key: SearchKey, forms: Sequence[str]) -> Found:
    """Which shipments have a number of exactly this form."""
    if key is SearchKey.PRODUCT_ID and len(forms) == 1:
        known = store.rows(f"{_OF_PRODUCT} LIMIT 1", {"kind": key, "form": forms[0]})
        return {forms[0]: OfProduct(store, forms[0])} if known else {}
    return _by_form(_in_force(store, key, store.rows(_EXACTLY, {"kind": key, "forms": list(forms)})))


def begun(store: Reader, key: SearchKey, forms: Sequence[str]) -> Found:
    """Which have one that begins like this; of many that came last."""
    if len(forms) <= _APART:
        most = MOST_FOUND
        rows = [row for form in forms for row in store.rows(_BEGUN, {"kind": key, "form": form, "most": most + 1})]
    else:
        most = MOST_FOUND * _APART // len(forms)
        rows = store.rows(_ANY_BEGUN, {"kind": key, "forms": list(forms), "most": most + 1})
    cut = {form for form, count in Counter(row["form"] for row in rows).items() if count > most}
    found = _by_form(_in_force(store, key, rows))
    return {form: LastOnes(ids[:most]) if form in cut else ids for form, ids in found.items()}


def joined(some: Sequence[Sequence[int]]) -> list[int]:
    """All of them, each once."""
    ids = dict.fromkeys(chain(*some))
    return LastOnes(ids) if any(isinstance(one, LastOnes) for one in some) else list(ids)


def _in_force(store: Reader, key: SearchKey, found: list[Row]) -> list[Row]:
    """Without the keys of invoice numbers that were modified or deleted: a key is never taken away."""
    if key is not SearchKey.INVOICE_NO or not found:
        return found
    now = store.rows(_NOW, {"ids": list({row["shipment_id"] for row in found})})
    numbers = {row["shipment_id"]: (row["entered"], row["canonical_no"]) for row in now}
    return [row for row in found if row["value"] in numbers.get(row["shipment_id"], ())]


def _by_form(rows: Iterable[Row]) -> dict[str, list[int]]:
    """Each shipment once: a number that came back, or a product on two lines, has its key twice."""
    found: dict[str, dict[int, None]] = defaultdict(dict)
    for row in rows:
        found[row["form"]][row["shipment_id"]] = None
    return {form: list(ids) for form, ids in found.items()}


_APART = 8
# Never joined to the shipments, which would all be read for it.
_EXACTLY = """
SELECT value AS form, value, shipment_id FROM search_key WHERE kind = $kind AND value IN (SELECT unnest($forms::VARCHAR[]))
"""
_OF_PRODUCT = "SELECT shipment_id FROM search_key WHERE kind = $kind AND value = $form"
_WITH_PRODUCT = """shipment_id IN (
    SELECT shipment_id FROM search_key WHERE kind = 'product_id' AND value IN (SELECT unnest($products::VARCHAR[])))"""
_BEGUN = """
SELECT $form AS form, value, shipment_id FROM search_key
WHERE kind = $kind AND value >= $form AND value < $form || chr(1114109) ORDER BY shipment_id DESC LIMIT $most
"""
_ANY_BEGUN = """
SELECT form, value, shipment_id FROM (
    SELECT f.form, k.value, k.shipment_id, row_number() OVER (PARTITION BY f.form ORDER BY k.shipment_id DESC) AS place
    FROM (SELECT unnest($forms::VARCHAR[]) AS form) f
    JOIN search_key k ON k.kind = $kind AND k.value >= f.form AND k.value < f.form || chr(1114109)) found
WHERE place <= $most
"""
_NOW = """
SELECT shipment_id, canonical_no, regexp_replace(invoice_no, '[^A-Z0-9]', '', 'g') AS entered FROM shipment
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[]))
"""
