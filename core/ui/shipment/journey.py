"""The two timelines of a shipment: its way with the time spent in each state, and everything that was changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.domain import labels
from core.domain.carriers import Rules
from core.domain.flags import NAMES as FLAG_NAMES
from core.domain.history import ChangeSource, HistoryAction
from core.domain.reasons import Names
from core.domain.shipment import Checkpoint, Shipment, Stage, State, Status, WayBack
from core.domain.status import Counting, Course, Told, course_of
from core.files.order_layouts import layouts
from core.services.shipments.queries import WholeShipment
from core.ui.kit import chips, formats
from core.ui.kit.chips import Chip
from core.ui.kit.languages import NAMES as LANGUAGES
from core.ui.kit.shipment_rows import carrier_name
from core.ui.kit.timeline import TimelineItem
from core.ui.shipment.sentences import JourneyText, PanelText

STAGE_ICONS: dict[Stage, str] = {
    Stage.INFO_RECEIVED: "tag",
    Stage.INVALID_NUMBER: "triangle",
    Stage.PICKED_UP: "dispatch",
    Stage.IN_TRANSIT: "truck",
    Stage.EXCEPTION: "triangle",
    Stage.OUT_FOR_DELIVERY: "truck",
    Stage.AVAILABLE_FOR_PICKUP: "place",
    Stage.ATTEMPT_FAILED: "redo",
    Stage.RETURNING: "back",
    Stage.CANCELLED: "cross",
    Stage.LOST: "question",
    Stage.DELIVERED: "check",
    Stage.RETURNED: "back",
}
ACTION_ICONS: dict[HistoryAction, str] = {
    HistoryAction.CREATED: "box",
    HistoryAction.IMPORTED: "box",
    HistoryAction.INVOICE_REGISTERED: "tag",
    HistoryAction.INVOICE_MODIFIED: "pencil",
    HistoryAction.INVOICE_DELETED: "bin",
    HistoryAction.ADDRESS_EDITED: "place",
    HistoryAction.MARKED_DELIVERED: "check",
    HistoryAction.SETTLED: "check",
    HistoryAction.CLOSED: "cross",
    HistoryAction.RESHIPPED: "redo",
    HistoryAction.SPLIT: "box",
    HistoryAction.JOINED: "box",
    HistoryAction.STATUS_CHANGED: "truck",
    HistoryAction.UNDONE: "back",
    HistoryAction.REMOVED: "bin",
    HistoryAction.FORGOTTEN: "bin",
    HistoryAction.HANDED_OVER: "redo",
    HistoryAction.ASSIGNED: "person",
    HistoryAction.SNOOZED: "clock",
    HistoryAction.DONE: "check",
    HistoryAction.REOPENED: "back",
    HistoryAction.NOTED: "bubble",
    HistoryAction.NOTE_TAKEN_BACK: "bin",
    HistoryAction.BUYER_TOLD: "bubble",
}
_SAID = {
    HistoryAction.INVOICE_REGISTERED: JourneyText.REGISTERED,
    HistoryAction.INVOICE_MODIFIED: JourneyText.MODIFIED,
    HistoryAction.INVOICE_DELETED: JourneyText.DELETED,
    HistoryAction.RESHIPPED: JourneyText.RESHIPPED,
    HistoryAction.SPLIT: JourneyText.SPLIT,
    HistoryAction.STATUS_CHANGED: JourneyText.STATUS_CHANGED,
    HistoryAction.SNOOZED: JourneyText.SNOOZED,
    HistoryAction.DONE: JourneyText.DONE,
}
"""What was done, with what it names; of the others their label."""

_MAKERS = (ChangeSource.CARRIER, ChangeSource.DEMO)
"""The sources that are their own makers: they are said once."""
_WAYS_BACK = {"returned_at": WayBack.RETURNED, "returning_at": WayBack.RETURNING}
_AS_IT_LOOKS = (Counting.COUNTS, Counting.WAY_BACK)


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


def tracking(whole: WholeShipment, zone: ZoneInfo, now: datetime, shop: ZoneInfo) -> list[TimelineItem]:
    """Newest first: the promise and the carrier's estimate if still open, each checkpoint of the number in force, the
    registration, the preparation.

    Moments are in the viewer's `zone`; whether the promised day is over is a question to the shop's calendar.
    """
    estimated_on = whole.tracking["estimated_on"] if whole.tracking else None
    return _ahead(whole.shipment, estimated_on, now.astimezone(shop).date()) + _way(whole, zone, now)[::-1]


def latest(whole: WholeShipment, zone: ZoneInfo, now: datetime) -> list[TimelineItem]:
    """The last moment of the way that counts, alone; that of the registration without the number, which stands above it."""
    last = [item for item in _way(whole, zone, now) if not item["faint"]][-1:]
    return [{**item, "text": ""} if item["title"] == str(JourneyText.PROCESSED()) else item for item in last]


def times(shipment: Shipment, now: datetime) -> list[tuple[str, timedelta, bool]]:
    """How long the shipment has been in each state, in the order it came to them; True where it still is."""
    spent: dict[str, timedelta] = {}
    found = course_of(shipment)
    states = list(_states(shipment, found))
    for (word, since), (_, until) in zip(states, [*states[1:], ("", now)], strict=True):
        spent[word] = spent.get(word, timedelta(0)) + max(until - since, timedelta(0))
    last = states[-1][0]
    if not shipment.live and found.state.way_back is not WayBack.RETURNING:
        spent.pop(last)
    return [(word, span, word == last) for word, span in spent.items()]


def history(whole: WholeShipment, rules: Rules, zone: ZoneInfo, now: datetime) -> list[TimelineItem]:
    """Every change, newest first: what, who, from where, why; among them what the carriers said of numbers that were replaced."""
    changes = [(change["changed_at"], _change(change, rules, zone, now)) for change in whole.history]
    told = sorted(changes + _told_before(whole.shipment, rules, zone, now), key=lambda one: one[0], reverse=True)
    return [item for _, item in told]


def who_saved(change: Mapping[str, Any] | None, rules: Rules, zone: ZoneInfo, now: datetime) -> str:
    """ "Hana Seo at 18:41: Invoice 4829103755 → 4829103775." """
    if change is None:
        return str(JourneyText.SAVED("unnamed"))
    who, when = (
        formats.plain(_maker(change, rules)),
        formats.moment(change["changed_at"], zone, now),
    )
    return str(JourneyText.SAVED("named", who=who, when=when, what=formats.plain(_title(change)[0])))


def _way(whole: WholeShipment, zone: ZoneInfo, now: datetime) -> list[TimelineItem]:
    """What has happened so far, oldest first."""
    points = _points(whole.shipment)
    counting = [point for point in points if point.counts]
    following = dict(zip(map(id, counting), counting[1:], strict=False))
    items = [_moment(point, following.get(id(point)), zone, now, whole.shipment.live) for point in points]
    if whole.shipment.live and whole.row["flag"]:
        items[points.index(counting[-1])]["hue"] = "orange"
    return items


def _points(shipment: Shipment) -> list[_Point]:
    """Oldest first: the order, the preparation, the registration, and what the carrier said of the number in force."""
    points = [_Point(shipment.ordered_at, str(JourneyText.ORDERED()), "", "calendar")]
    if shipment.released_at:
        words = str(JourneyText.WAREHOUSE(warehouse=shipment.warehouse)) if shipment.warehouse else ""
        points.append(_Point(shipment.released_at, str(JourneyText.PREPARED()), words, "box"))
    if shipment.invoice:
        words = str(JourneyText.INVOICE(invoice_no=shipment.invoice.invoice_no))
        points.append(_Point(shipment.invoice.changed_at, str(JourneyText.PROCESSED()), words, "tag"))
    points += _scans(shipment)
    return sorted(points, key=lambda point: point.at)


def _scans(shipment: Shipment) -> list[_Point]:
    found = course_of(shipment)
    befores = [found.before, *(told.state for told in found.events)]
    return [_point(told, before) for told, before in zip(found.events, befores, strict=False)]


def _point(told: Told, before: State) -> _Point:
    checkpoint = told.checkpoint
    title, icon = (
        (str(JourneyText.HANDED_OVER()), "question")
        if told.counting is Counting.IN_DOUBT
        else _stage(told.stage, checkpoint.code)
    )
    words = [checkpoint.text, checkpoint.place] if checkpoint.place not in checkpoint.text else [checkpoint.text]
    why = "" if told.counting in _AS_IT_LOOKS else str(told.counting())
    text = ". ".join(part for part in (", ".join(word for word in words if word), why) if part)
    moved = None if _word(before) == _word(told.state) else _chip(told.state)
    return _Point(checkpoint.happened_at, title, text, icon, moved, told.counting.counts, checkpoint.zone_assumed)


def _stage(stage: Stage | None, code: str) -> tuple[str, str]:
    return (labels.STAGES[stage], STAGE_ICONS[stage]) if stage else (str(JourneyText.UNKNOWN_CODE(code=code)), "question")


def _states(shipment: Shipment, found: Course) -> Iterator[tuple[str, datetime]]:
    """The states the shipment came to, in order, each with its word and since when."""
    yield labels.status(Status.PREPARING_TO_RELEASE), shipment.released_at or shipment.ordered_at
    state = found.before
    if shipment.invoice:
        yield _word(state), shipment.invoice.changed_at
    for told in found.events:
        if _word(told.state) != _word(state):
            yield _word(told.state), told.checkpoint.happened_at
        state = told.state


def _chip(state: State) -> Chip:
    way_back = _after_delivery(state)
    return chips.WAYS_BACK[way_back] if way_back else chips.status_chip(state.status, state.word)


def _word(state: State) -> str:
    way_back = _after_delivery(state)
    return labels.WAYS_BACK[way_back] if way_back else labels.status(state.status, state.word)


def _after_delivery(state: State) -> WayBack | None:
    """The way back of what was delivered; what was given up says so by its status."""
    return state.way_back if state.status is Status.DELIVERED else None


def _moment(point: _Point, following: _Point | None, zone: ZoneInfo, now: datetime, live: bool) -> TimelineItem:
    return {
        "at": formats.moment(point.at, zone, now),
        "assumed": str(JourneyText.ZONE_ASSUMED()) if point.zone_assumed else "",
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
    return str(JourneyText.COUNTING(span=formats.duration(now - point.at))) if live else ""


def _ahead(shipment: Shipment, estimated_on: date | None, today: date) -> list[TimelineItem]:
    """The days that are still to come, or should have been: the latest first."""
    promised = shipment.promised_on
    days: list[tuple[date, str, str]] = []
    if promised:
        late = (today - promised).days
        days.append((promised, str(JourneyText.PROMISED()), str(JourneyText.PAST_PROMISE(days=late)) if late > 0 else ""))
    if estimated_on:
        late = (estimated_on - promised).days if promised else 0
        days.append((estimated_on, str(JourneyText.EXPECTED()), str(JourneyText.AFTER_PROMISE(days=late)) if late > 0 else ""))
    if not shipment.live:
        return []
    return [
        {"at": formats.day(day, today), "title": title, "text": text, "icon": "calendar", "hue": None, "right": ""}
        for day, title, text in sorted(days, key=lambda one: one[0], reverse=True)
    ]


def _told_before(shipment: Shipment, rules: Rules, zone: ZoneInfo, now: datetime) -> list[tuple[datetime, TimelineItem]]:
    """The checkpoints of numbers that are not in force any more, each with its moment."""
    numbers = {event.invoice_id: f"{carrier_name(event.carrier, rules)} {event.invoice_no}" for event in shipment.invoices}
    in_force = set(shipment.journey)
    return [
        (checkpoint.happened_at, _earlier(checkpoint, numbers[checkpoint.invoice_id], zone, now))
        for checkpoint in shipment.checkpoints
        if checkpoint.invoice_id in numbers and checkpoint not in in_force
    ]


def _earlier(checkpoint: Checkpoint, number: str, zone: ZoneInfo, now: datetime) -> TimelineItem:
    title, icon = _stage(checkpoint.stage, checkpoint.code)
    return {
        "at": formats.moment(checkpoint.happened_at, zone, now),
        "assumed": str(JourneyText.ZONE_ASSUMED()) if checkpoint.zone_assumed else "",
        "title": title,
        "faint": True,
        "text": formats.facts(number, checkpoint.text, checkpoint.place),
        "icon": icon,
        "hue": None,
        "right": "",
    }


def _change(change: Mapping[str, Any], rules: Rules, zone: ZoneInfo, now: datetime) -> TimelineItem:
    title, icon = _title(change)
    carrier = carrier_name(change["after"].get("carrier"), rules)
    by = _maker(change, rules)
    source = "" if change["source"] in _MAKERS else labels.named(labels.SOURCES, change["source"])
    told = change["after"].get("layout", "")
    words = [
        carrier,
        layouts()[told].title if told in layouts() else told,
        by,
        source,
        str(JourneyText.BATCH(batch=change["batch_id"])),
        change["reason"],
    ]
    if change["action"] == HistoryAction.BUYER_TOLD:
        words.append(_told(change["after"], change["changed_at"]))
    words += [_goods(line) for line in change["after"].get("lines") or ()]
    if change["action"] == HistoryAction.ADDRESS_EDITED:
        words += [_became(change["before"][name], value) for name, value in change["after"].items()]
    return {
        "at": formats.moment(change["changed_at"], zone, now),
        "title": title,
        "text": formats.facts(*words),
        "icon": icon,
        "hue": None,
        "right": _moved(change),
    }


def _maker(change: Mapping[str, Any], rules: Rules) -> str:
    """Who changed it: a person, a company, which is stored by its English name, or what makes changes without being either."""
    by: str = change["changed_by"]
    companies = rules.carriers.values() if change["source"] == ChangeSource.CARRIER else ()
    return next((one.name for one in companies if one.english == by), labels.named(labels.MAKERS, by))


def _goods(line: Sequence[Any]) -> str:
    """One of the goods that went into another parcel, as the history keeps it."""
    product_id, name, quantity = line
    return str(PanelText.ITEM(name=name or product_id, quantity=quantity))


def _became(before: str | None, after: str | None) -> str:
    return str(JourneyText.BECAME(before=before or "–", after=after or "–"))


def _title(change: Mapping[str, Any]) -> tuple[str, str]:
    before, after, action = change["before"], change["after"], change["action"]
    values = {
        "invoice_no": after.get("invoice_no") or "",
        "before_no": before.get("invoice_no") or "",
        "successor_no": after.get("successor_no") or "",
        "parcel_no": after.get("parcel_no") or "",
        "split_no": after.get("split_no") or "",
        "joined_no": after.get("joined_no") or "",
        "parts": Names(after.get("parts") or ()),
        "before_status": _state_word(before),
        "status": _state_word(after),
        "name": after.get("assigned_to") or "",
        "day": _day_of(after.get("snoozed_until"), change["changed_at"]),
        "flag": labels.named(FLAG_NAMES, after.get("done_flag") or ""),
    }
    if action == HistoryAction.JOINED:
        return str(JourneyText.JOINED("holds" if "parts" in after else "into", **values)), ACTION_ICONS[HistoryAction.JOINED]
    text = _text_of(action, after)
    return str(text(**values)) if text else _label(action, after), ACTION_ICONS.get(action, "history")


def _day_of(text: str | None, at: datetime) -> str:
    return formats.day(date.fromisoformat(text), at.date()) if text else ""


def _told(after: Mapping[str, Any], at: datetime) -> str:
    """In which language the buyer was told, and by when the parcel was said to come."""
    language = labels.named({str(one): name for one, name in LANGUAGES.items()}, after["language"])
    day = _day_of(after.get("expected_on"), at)
    return formats.facts(language, JourneyText.SAID_DAY(day=day) if day else None)


def _text_of(action: str, after: Mapping[str, Any]) -> JourneyText | None:
    """What is said of a change; None where its label says it."""
    if action == HistoryAction.ASSIGNED:
        return JourneyText.ASSIGNED if after.get("assigned_to") else JourneyText.UNASSIGNED
    if action == HistoryAction.CREATED and "split_no" in after:
        return JourneyText.SPLIT_OFF
    if action == HistoryAction.INVOICE_MODIFIED and "invoice_no" not in after:
        return JourneyText.SAME_NUMBER
    if action == HistoryAction.STATUS_CHANGED and "status" not in after:
        return None if _way_back(after) else JourneyText.MARKED
    return next((text for known, text in _SAID.items() if known == action), None)


def _label(action: str, after: Mapping[str, Any]) -> str:
    way_back = _way_back(after) if action == HistoryAction.STATUS_CHANGED else None
    return labels.WAYS_BACK[way_back] if way_back else labels.named(labels.ACTIONS, action)


def _way_back(after: Mapping[str, Any]) -> WayBack | None:
    return next((way for name, way in _WAYS_BACK.items() if after.get(name)), None)


def _state_word(fields: Mapping[str, Any]) -> str:
    """The finer word where the change has one, else the status; "" where it has neither."""
    if word := fields.get("word"):
        return labels.named(labels.DETAILS, word)
    return labels.status(fields["status"]) if fields.get("status") else ""


def _moved(change: Mapping[str, Any]) -> str:
    """The status the change led to, where it did and the title does not say it."""
    if change["action"] == HistoryAction.STATUS_CHANGED or "status" not in change["after"]:
        return ""
    return f"→ {labels.status(change['after']['status'])}"
