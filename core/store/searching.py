"""The searched numbers of shipments: which have exactly one of them, and which have one that begins so."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from core.domain.once import once
from core.domain.search import SearchKey
from core.store.database import Reader, Row
from core.store.selection import Conditions

MOST_BEGUN = 10_000
"""So many keys are looked at that begin with what was searched."""


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
    """Which have one that begins like this."""
    if len(forms) <= _APART:
        rows = [row for form in forms for row in store.rows(_BEGUN, {"kind": key, "form": form})]
    else:
        rows = store.rows(_ANY_BEGUN, {"kind": key, "forms": list(forms)})
    return _by_form(_in_force(store, key, rows[:MOST_BEGUN]))


def _in_force(store: Reader, key: SearchKey, found: list[Row]) -> list[Row]:
    """Without the keys of invoice numbers that were modified or deleted: a key is never taken away."""
    if key is not SearchKey.INVOICE_NO or not found:
        return found
    now = store.rows(_NOW, {"ids": list({row["shipment_id"] for row in found})})
    numbers = {row["shipment_id"]: (row["entered"], row["canonical_no"]) for row in now}
    return [row for row in found if row["value"] in numbers.get(row["shipment_id"], ())]


def _by_form(rows: Iterable[Row]) -> Found:
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
_BEGUN = f"""
SELECT $form AS form, value, shipment_id FROM search_key
WHERE kind = $kind AND value >= $form AND value < $form || chr(1114109) LIMIT {MOST_BEGUN}
"""
_ANY_BEGUN = f"""
SELECT f.form, k.value, k.shipment_id
FROM (SELECT unnest($forms::VARCHAR[]) AS form) f
JOIN search_key k ON k.kind = $kind AND k.value >= f.form AND k.value < f.form || chr(1114109)
LIMIT {MOST_BEGUN}
"""
_NOW = """
SELECT shipment_id, canonical_no, regexp_replace(invoice_no, '[^A-Z0-9]', '', 'g') AS entered FROM shipment
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[]))
"""
