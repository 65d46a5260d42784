"""The searched numbers of shipments: which have exactly one of them, and which have one that begins so."""

from collections.abc import Sequence

from core.domain.search import SearchKey
from core.store.database import Reader, Row

MOST_BEGUN = 10_000
"""So many keys are looked at that begin with what was searched."""


def exactly(store: Reader, key: SearchKey, forms: Sequence[str]) -> list[Row]:
    """Each shipment with a number of this form, as `form` and `shipment_id`; of invoice numbers the one in force."""
    return _in_force(store, key, store.rows(_EXACTLY, {"kind": key, "forms": list(forms)}))


def begun(store: Reader, key: SearchKey, forms: Sequence[str]) -> list[Row]:
    """The same of numbers that begin like this."""
    found = [row for form in forms for row in store.rows(_BEGUN, {"kind": key, "form": form})] if len(forms) <= _APART else None
    if found is None:
        found = store.rows(_ANY_BEGUN, {"kind": key, "forms": list(forms)})
    return _in_force(store, key, found[:MOST_BEGUN])


def _in_force(store: Reader, key: SearchKey, found: list[Row]) -> list[Row]:
    """Without the keys of invoice numbers that were modified or deleted: a key is never taken away."""
    if key is not SearchKey.INVOICE_NO or not found:
        return found
    now = store.rows(_NOW, {"ids": list({row["shipment_id"] for row in found})})
    numbers = {row["shipment_id"]: (row["entered"], row["canonical_no"]) for row in now}
    return [row for row in found if row["value"] in numbers.get(row["shipment_id"], ())]


_APART = 8
# Never joined to the shipments, which would all be read for it.
_EXACTLY = """
SELECT value AS form, value, shipment_id FROM search_key WHERE kind = $kind AND value IN (SELECT unnest($forms::VARCHAR[]))
"""
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
