"""The two timelines of a shipment: its way with the time spent in each state, and everything that was changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.invoice_number import Rules
from core.domain.shipment import Checkpoint, Shipment, Stage, State, Status
from core.domain.status import REUSED_BEFORE_ORDER, course, fold
from core.services.shipments.queries import Whole
from core.ui.kit import chips, formats
from core.ui.kit.chips import Chip
from core.ui.kit.shipment_rows import carrier_name
from core.ui.kit.timeline import Moment

STAGES: dict[Stage, tuple[str, str]] = {
    Stage.INFO_RECEIVED: ("Processed: the carrier has the data", "tag"),
    Stage.INVALID_NUMBER: ("Number not accepted", "triangle"),
    Stage.PICKED_UP: ("Picked up", "dispatch"),
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

ZONE_ASSUMED = "The carrier named no time zone. Its own is assumed."
UNKNOWN = "Recorded as it came. Nobody knows this code, so it changes nothing."
OLDER = "Before the order: an earlier use of the number. It does not count."
CHANGES_NOTHING = "Recorded, but it changes nothing: the shipment was already further."


@dataclass(frozen=True)
class _Point:
    """A moment of the way; `counts` says whether it begins a stretch of time, `moved` which status it led to."""

    at: datetime
    title: str
    text: str
    icon: str
    moved: Chip | None = None
    counts: bool = True
    zone_assumed: bool = False


_STATUSES = {
    "preparing_to_release": "Preparing",
    "preparing_to_ship": "Processed",
    "released": "Dispatched",
    "in_delivery": "Shipping",
    "shipping_failed": "Shipping failed",
    "delivered": "Delivered",
}


def tracking(whole: Whole, zone: ZoneInfo, now: datetime, shop: ZoneInfo, estimated_on: date | None = None) -> list[Moment]:
    """Newest first: the promise and the carrier's estimate if still open, each checkpoint of the number in force, the
    registration, the preparation.

    Moments are in the viewer's `zone`; whether the promised day is over is a question to the shop's calendar.
    """
    points = _points(whole.shipment)
    counting = [point for point in points if point.counts]
    following = dict(zip(map(id, counting), counting[1:], strict=False))
    items = [_moment(point, following.get(id(point)), zone, now, whole.shipment.live) for point in points]
    if whole.shipment.live and whole.row["flag"]:
        items[points.index(counting[-1])]["hue"] = "orange"
    return _ahead(whole.shipment, estimated_on, now.astimezone(shop).date()) + items[::-1]


def times(shipment: Shipment, now: datetime) -> list[tuple[str, timedelta, bool]]:
    """How long the shipment has been in each state, in the order it came to them; True where it still is."""
    spent: dict[str, timedelta] = {}
    states = list(_states(shipment))
    for (word, since), (_, until) in zip(states, [*states[1:], ("", now)], strict=True):
        spent[word] = spent.get(word, timedelta(0)) + max(until - since, timedelta(0))
    last = states[-1][0]
    if not shipment.live:
        spent.pop(last)
    return [(word, span, word == last) for word, span in spent.items()]


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


def _points(shipment: Shipment) -> list[_Point]:
    """Oldest first: the order, the preparation, the registration, and what the carrier said of the number in force."""
    points = [_Point(shipment.ordered_at, "Ordered", "", "calendar")]
    if shipment.released_at:
        words = f"Warehouse {shipment.warehouse}" if shipment.warehouse else ""
        points.append(_Point(shipment.released_at, "Prepared for shipment", words, "box"))
    if shipment.invoice:
        words = f"Invoice No. {shipment.invoice.invoice_no}"
        points.append(_Point(shipment.invoice.changed_at, "Processed: invoice registered", words, "tag"))
    points += _scans(shipment)
    return sorted(points, key=lambda point: point.at)


def _scans(shipment: Shipment) -> list[_Point]:
    states = _states_by_checkpoint(shipment)
    return [_point(c, states.get(c), shipment) for c in sorted(shipment.journey, key=_progress)]


def _states_by_checkpoint(shipment: Shipment) -> dict[Checkpoint, tuple[State, State]]:
    """The state before and after each checkpoint that was looked at."""
    found = {}
    before = _at_first(shipment)
    for checkpoint, after in course(shipment):
        found[checkpoint] = before, after
        before = after
    return found


def _at_first(shipment: Shipment) -> State:
    return fold(shipment.ordered_at, shipment.released_at, shipment.invoices, ())


def _point(checkpoint: Checkpoint, states: tuple[State, State] | None, shipment: Shipment) -> _Point:
    title, icon = STAGES[checkpoint.stage] if checkpoint.stage else (f"Unknown code {checkpoint.code}", "question")
    words = [checkpoint.text, checkpoint.place] if checkpoint.place not in checkpoint.text else [checkpoint.text]
    why = _why_not(checkpoint, states, shipment)
    said = ". ".join(part for part in (", ".join(word for word in words if word), why) if part)
    moved = None if states is None or _word(states[0]) == _word(states[1]) else _chip(states[1])
    return _Point(checkpoint.happened_at, title, said, icon, moved, not why, checkpoint.zone_assumed)


def _why_not(checkpoint: Checkpoint, states: tuple[State, State] | None, shipment: Shipment) -> str:
    """Why the checkpoint counts for nothing, "" when it counts."""
    if checkpoint.happened_at < shipment.ordered_at - REUSED_BEFORE_ORDER:
        return OLDER
    if checkpoint.stage is None:
        return UNKNOWN
    return CHANGES_NOTHING if states and states[0] is states[1] else ""


def _states(shipment: Shipment) -> Iterator[tuple[str, datetime]]:
    """The states the shipment came to, in order, each with its word and since when."""
    yield chips.status_chip(Status.PREPARING_TO_RELEASE)["word"], shipment.released_at or shipment.ordered_at
    state = _at_first(shipment)
    if shipment.invoice:
        yield _word(state), shipment.invoice.changed_at
    for checkpoint, after in course(shipment):
        if _word(after) != _word(state):
            yield _word(after), checkpoint.happened_at
        state = after


def _chip(state: State) -> Chip:
    return chips.status_chip(state.status, state.word)


def _word(state: State) -> str:
    return _chip(state)["word"]


def _moment(point: _Point, following: _Point | None, zone: ZoneInfo, now: datetime, live: bool) -> Moment:
    return {
        "at": formats.moment(point.at, zone, now),
        "assumed": ZONE_ASSUMED if point.zone_assumed else "",
        "title": point.title,
        "moved": point.moved,
        "faint": not point.counts,
        "text": point.text,
        "icon": point.icon,
        "hue": None,
        "right": _spent(point, following, now, live) if point.counts else "",
    }


def _spent(point: _Point, following: _Point | None, now: datetime, live: bool) -> str:
    if following:
        return formats.closely(following.at - point.at)
    return f"{formats.duration(now - point.at)}, and counting" if live else ""


def _ahead(shipment: Shipment, estimated_on: date | None, today: date) -> list[Moment]:
    """The days that are still to come, or should have been: the latest first."""
    promised = shipment.promised_on
    days: list[tuple[date, str, str]] = []
    if promised:
        late = (today - promised).days
        days.append((promised, "Promised date", f"{late} d past the promise" if late > 0 else ""))
    if estimated_on:
        late = (estimated_on - promised).days if promised else 0
        days.append((estimated_on, "Expected by the carrier", f"{late} d after the promise" if late > 0 else ""))
    if not shipment.live:
        return []
    return [
        {"at": formats.day(day, today), "title": title, "text": text, "icon": "calendar", "hue": None, "right": ""}
        for day, title, text in sorted(days, key=lambda one: one[0], reverse=True)
    ]


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
