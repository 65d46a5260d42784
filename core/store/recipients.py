"""Who receives: shipments by the recipient's name, whole or in part, or by the last digits of the phone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.domain.recipients import phone_tail
from core.domain.search import MOST_FOUND
from core.domain.texts import letters_of
from core.store.database import Reader
from core.store.searching import LastOnes, joined

MOST_IN_PARTS = 8
"""So many names are looked for within names, one scan each; of more, only whole ones are found."""


def found(store: Reader, texts: Sequence[str]) -> dict[str, list[int]]:
    """The shipment ids under each text: those to whom this name or phone belongs, or, without one, those whose name holds it.

    Width, case, kana, blanks and punctuation do not matter; the words of a name may stand in another order.
    """
    exact = called_exactly(store, texts)
    held = {text: _holding(store, text) for text in [text for text in texts if text not in exact][:MOST_IN_PARTS]}
    return {text: exact.get(text) or held.get(text, LastOnes()) for text in texts}


def called_exactly(store: Reader, texts: Iterable[str]) -> dict[str, list[int]]:
    """The ids of the texts that are the whole name of a recipient, or the end of a phone number; others are missing."""
    names = {text: form for text in texts if (form := letters_of(text))}
    tails = {text: tail for text in names if (tail := phone_tail(text))}
    by_name = _ids(store, _NAMED, set(names.values()))
    by_tail = _ids(store, _PHONED, set(tails.values())) if tails else {}
    ids = {text: joined([by_name.get(form, []), by_tail.get(tails.get(text, ""), [])]) for text, form in names.items()}
    return {text: of_text for text, of_text in ids.items() if of_text}


def _holding(store: Reader, text: str) -> list[int]:
    """The ids of the names with the text in them, or else with all its words."""
    form, words = letters_of(text), [word for part in text.split() if (word := letters_of(part))]
    if not form or form.isdecimal():
        return []
    return _with_all(store, [form]) or (_with_all(store, words) if len(words) > 1 else [])


def _with_all(store: Reader, words: Sequence[str]) -> list[int]:
    values = {f"word_{n}": word for n, word in enumerate(words)}
    conditions = " AND ".join(f"contains(recipient_key, ${name})" for name in values)
    sql = f"SELECT shipment_id FROM shipment WHERE {conditions} ORDER BY shipment_id DESC LIMIT {MOST_FOUND + 1}"
    rows = store.rows(sql, values)
    return _last_ones([row["shipment_id"] for row in rows])


def _ids(store: Reader, sql: str, forms: Iterable[str]) -> Mapping[str, list[int]]:
    values: dict[str, Any] = {"forms": list(forms), "most": MOST_FOUND + 1}
    ids: dict[str, list[int]] = defaultdict(list)
    for row in store.rows(sql, values):
        ids[row["form"]].append(row["shipment_id"])
    return {form: _last_ones(of_form) for form, of_form in ids.items()}


def _last_ones(ids: list[int]) -> list[int]:
    return LastOnes(ids[:MOST_FOUND]) if len(ids) > MOST_FOUND else ids


_NEWEST = """
SELECT form, shipment_id FROM (
    SELECT f.form, s.shipment_id, row_number() OVER (PARTITION BY f.form ORDER BY s.shipment_id DESC) AS place
    FROM (SELECT unnest($forms::VARCHAR[]) AS form) f JOIN shipment s ON {rule}) found
WHERE place <= $most ORDER BY place
"""
_NAMED = _NEWEST.format(rule="split_part(s.recipient_key, ' ', 1) = f.form")
_PHONED = _NEWEST.format(rule="right(s.recipient_key, 4) = right(f.form, 4) AND ends_with(s.recipient_key, f.form)")
