"""The two timelines of a shipment: its way with the time spent in each state, and everything that was changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.invoice_number import Rules
from core.domain.shipment import Checkpoint, Stage
from core.services.listing import Whole
from core.ui import formats
from core.ui.rows import carrier_name
from core.ui.timeline import Moment

STAGES: dict[Stage, tuple[str, str]] = {
    Stage.INFO_RECEIVED: ("Processed: the carrier has the data", "tag"),
    Stage.INVALID_NUMBER: ("Release failed: number not accepted", "triangle"),
    Stage.PICKED_UP: ("Dispatched: picked up", "dispatch"),
    Stage.IN_TRANSIT: ("In transit", "truck"),
    Stage.EXCEPTION: ("Exception", "triangle"),
    Stage.OUT_FOR_DELIVERY: ("Out for delivery", "truck"),
    Stage.AVAILABLE_FOR_PICKUP: ("Waiting for pick-up by the recipient", "place"),
    Stage.ATTEMPT_FAILED: ("Delivery attempt failed", "redo"),
    Stage.CANCELLED: ("Cancelled", "cross"),
    Stage.LOST: ("Lost", "question"),
    Stage.DELIVERED: ("Delivered", "check"),
    Stage.RETURNED: ("Returned", "back"),
}

ACTIONS = {
    "created": ("Shipment received", "box"),
    "imported": ("Shipment imported", "box"),
    "invoice_registered": ("Invoice {invoice_no} registered", "tag"),
    "invoice_modified": ("Invoice {before_no} → {invoice_no}", "pencil"),
    "invoice_deleted": ("Invoice {before_no} deleted", "bin"),
    "address_edited": ("Address edited", "place"),
    "marked_delivered": ("Marked as delivered", "check"),
    "closed": ("Closed", "cross"),
    "reshipped": ("Re-shipped as {successor_no}", "redo"),
    "status_changed": ("Status {before_status} → {status}", "truck"),
    "undone": ("Change undone", "back"),
}

Point = tuple[datetime, str, str, str]
"""When, the title, further words, the icon."""

_STATUSES = {
    "preparing_to_release": "Preparing",
    "preparing_to_ship": "Processed",
    "released": "Dispatched",
    "in_delivery": "Shipping",
    "shipping_failed": "Shipping failed",
    "delivered": "Delivered",
}


def tracking(whole: Whole, zone: ZoneInfo, now: datetime, shop: ZoneInfo) -> list[Moment]:
    """Newest first: the promise if it is still open, each checkpoint in force, the registration, the preparation.

    Moments are in the viewer's `zone`; whether the promised day is over is a question to the shop's calendar.
    """
    shipment = whole.shipment
    points: list[Point] = [(shipment.ordered_at, "Ordered", "", "calendar")]
    if shipment.released_at:
        words = f"Warehouse {shipment.warehouse}" if shipment.warehouse else ""
        points.append((shipment.released_at, "Prepared for shipment", words, "box"))
    if shipment.invoice:
        words = f"Invoice No. {shipment.invoice.invoice_no}"
        points.append((shipment.invoice.changed_at, "Processed: invoice registered", words, "tag"))
    points += [_point(c) for c in sorted(shipment.journey, key=_progress)]
    points.sort(key=lambda point: point[0])
    open_now = shipment.live
    items: list[Moment] = [
        {
            "at": formats.moment(at, zone, now),
            "title": title,
            "text": text,
            "icon": icon,
            "hue": None,
            "right": _spent(points, place, now, open_now),
        }
        for place, (at, title, text, icon) in enumerate(points)
    ]
    if open_now and whole.row["flag"]:
        items[-1]["hue"] = "orange"
    return _promise(whole, shop, now) + items[::-1]


def history(whole: Whole, rules: Rules, zone: ZoneInfo, now: datetime) -> list[Moment]:
    """Every change, newest first: what, who, from where, why."""
    return [_change(change, rules, zone, now) for change in whole.history]


def who_saved(change: Mapping[str, Any] | None, zone: ZoneInfo, now: datetime) -> str:
    """ "Hana Seo at 18:41: Invoice 4829103755 → 4829103775." """
    if change is None:
        return "It has changed since you opened it."
    title, _ = _title(change)
    return (
        f"{formats.plain(change['changed_by'])} at {formats.moment(change['changed_at'], zone, now)}: {formats.plain(title)}."
    )


def _progress(checkpoint: Checkpoint) -> int:
    """How far the parcel is: the order of scans of one moment."""
    return checkpoint.stage.progress if checkpoint.stage else -1


def _point(checkpoint: Checkpoint) -> Point:
    title, icon = STAGES[checkpoint.stage] if checkpoint.stage else (f"Unknown code {checkpoint.code}", "question")
    words = [checkpoint.text, checkpoint.place] if checkpoint.place not in checkpoint.text else [checkpoint.text]
    return checkpoint.happened_at, title, ", ".join(word for word in words if word), icon


def _spent(points: Sequence[Point], place: int, now: datetime, open_now: bool) -> str:
    if place + 1 < len(points):
        return formats.closely(points[place + 1][0] - points[place][0])
    return f"{formats.duration(now - points[place][0])}, and counting" if open_now else ""


def _promise(whole: Whole, shop: ZoneInfo, now: datetime) -> list[Moment]:
    shipment = whole.shipment
    if not shipment.live or shipment.promised_on is None:
        return []
    today = now.astimezone(shop).date()
    late = (today - shipment.promised_on).days
    text = f"{late} d past the promise" if late > 0 else ""
    at = formats.day(shipment.promised_on, today)
    return [{"at": at, "title": "Promised date", "text": text, "icon": "calendar", "hue": None, "right": ""}]


def _change(change: Mapping[str, Any], rules: Rules, zone: ZoneInfo, now: datetime) -> Moment:
    title, icon = _title(change)
    carrier = carrier_name(change["after"].get("carrier"), rules)
    words = [carrier, change["changed_by"], change["source"], f"batch B-{change['batch_id']}", change["reason"]]
    if change["action"] == "address_edited":
        words.append(" · ".join(f"{change['before'][name] or '–'} → {value or '–'}" for name, value in change["after"].items()))
    return {
        "at": formats.moment(change["changed_at"], zone, now),
        "title": title,
        "text": " · ".join(word for word in words if word),
        "icon": icon,
        "hue": None,
        "right": _moved(change),
    }


def _title(change: Mapping[str, Any]) -> tuple[str, str]:
    before, after = change["before"], change["after"]
    title, icon = ACTIONS.get(change["action"], (change["action"].replace("_", " ").capitalize(), "history"))
    if change["action"] == "invoice_modified" and "invoice_no" not in after:
        title = "Shipping company changed, same number"
    said = {
        "invoice_no": after.get("invoice_no") or "",
        "before_no": before.get("invoice_no") or "",
        "successor_no": after.get("successor_no") or "",
        "before_status": _state_word(before),
        "status": _state_word(after),
    }
    return title.format(**said), icon


def _state_word(fields: Mapping[str, Any]) -> str:
    """The finer word where the change has one, else the status."""
    word = (fields.get("word") or "").replace("_", " ").capitalize()
    return word or _STATUSES.get(fields.get("status") or "", "")


def _moved(change: Mapping[str, Any]) -> str:
    """The status the change led to, where it did and the title does not say it."""
    if change["action"] == "status_changed" or "status" not in change["after"]:
        return ""
    return f"→ {_STATUSES.get(change['after']['status'], '')}"
