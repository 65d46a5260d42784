"""What batches note of files with personal data and of the demo shop that went: a code with its values, said in the reader's language."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from core.domain.history import ChangeSource
from core.domain.reasons import Reason, Why


class DeskNote(StrEnum):
    """What batches of carriers and of the demo shop note, as it is stored."""

    TRACKING = "tracking refreshed"
    ORDERS = "orders of a day"
    FORM = "invoices registered by form"
    SCANNED = "invoices scanned"
    MORNING = "morning upload"
    EVENING = "evening upload"


class FileNote(Reason):
    """Which shipments a file or a packing list holds: never what was searched for, which may name somebody."""

    LISTED = (
        "listed",
        {
            "all": "File with personal data: all shipments",
            "view": "File with personal data: {link}",
            "all_searched": "File with personal data: all shipments, {count} searched",
            "view_searched": "File with personal data: {link}, {count} searched",
        },
    )
    SELECTED = "selected", "File with personal data: {count} selected"
    PACKED = (
        "packed",
        {
            "one": "Packing list with the recipient of {count} shipment",
            "other": "Packing list with the recipients of {count:,} shipments",
        },
    )


class ShopNote(Reason):
    """What became of the shop as a whole."""

    BEGUN = (
        "begun",
        {
            "one": "The demo shop was taken out: {count} invented shipment",
            "other": "The demo shop was taken out: {count:,} invented shipments",
        },
    )


_NOTES: dict[str, Reason] = {note.value: note for note in (*FileNote, *ShopNote)}
_SOURCES = (ChangeSource.EXPORT, ChangeSource.OWN_SHOP)


def kept(why: Why) -> str:
    """The note as a batch stores it."""
    return json.dumps({"code": why.reason, "form": why.form, "values": why.values}, ensure_ascii=False)


def told(batch: Mapping[str, Any]) -> str | None:
    """The sentence of a batch's note; None for a note of another kind, and for the sentences that earlier versions stored."""
    if batch["source"] not in _SOURCES or not batch["note"].startswith("{"):
        return None
    try:
        stored = json.loads(batch["note"])
        return str(_NOTES[stored["code"]](stored["form"], **stored["values"]))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None
