"""Shipments of a file as lines in our own columns: what an import understood, as our own import file would have it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.reasons import Why
from core.domain.shop_numbers import as_text, plain_number
from core.files.read import Source
from core.services.importing.cells import clean, identification, one_line, quantity
from core.services.importing.columns import COLUMNS, ITEM
from core.services.importing.drafts import Draft
from core.services.importing.mapping import ColumnMapping

_READ: Mapping[str, Callable[[str], str | int | Why]] = {"product_id": identification, "quantity": quantity}


def as_lines(drafts: Sequence[Draft], source: Source, mapping: ColumnMapping, zone: ZoneInfo) -> tuple[dict[str, str], ...]:
    """One line a row of the file: column to text, those that are empty left out; moments in `zone`, with its offset."""
    wanted = {row for draft in drafts for row in draft.rows}
    places = {row: place for place, row in enumerate(source.rows) if row in wanted}
    columns = [(name, _columns_of(source, mapping, name)) for name in ITEM if name in mapping.mapped]
    return tuple(
        _shared(draft, zone)
        | {name: text for name, texts in columns if (text := _understood(name, _first(texts, places[row])))}
        for draft in drafts
        for row in draft.rows
    )


def _shared(draft: Draft, zone: ZoneInfo) -> dict[str, str]:
    given = {**draft.values, "shipment_no": draft.shipment_no}
    return {name: _text(name, given[name], zone) for name in COLUMNS if name not in ITEM and given.get(name) is not None}


def _text(name: str, value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    return f"{value / 1000:g}" if name == "weight_kg" else str(value)


def _columns_of(source: Source, mapping: ColumnMapping, name: str) -> list[Sequence[str]]:
    return [source.columns[source.headers.index(header)] for header in mapping.headers_of(name)]


def _understood(name: str, text: str) -> str:
    """The text of a product's cell as it is taken: numbers without what marks them as texts."""
    if not text or name not in _READ:
        return as_text(text)
    value = _READ[name](plain_number(text))
    return text if isinstance(value, Why) else str(value)


def _first(texts: Sequence[Sequence[str]], place: int) -> str:
    return next((text for column in texts if (text := one_line(clean(column[place])))), "")
