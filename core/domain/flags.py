"""One flag per open shipment, worst first: what is wrong with it and what to do next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.domain.language import Vocabulary, in_english, worded
from core.domain.shipment import Shipment, Stage, Status, StatusDetail


class Flag(StrEnum):
    """In order of urgency; the values are what filters and links carry."""

    RETURNED = "returned"
    FAILED = "failed"
    INVALID_NUMBER = "invalid_number"
    NEVER_SCANNED = "never_scanned"
    DISPATCH_OVERDUE = "dispatch_overdue"
    NO_SCAN = "no_scan"
    PAST_PROMISE = "past_promise"
    AT_RISK = "at_risk"


NEVER_SCANNED_AFTER_HOURS = 48
NO_SCAN_AFTER_HOURS = 72
AT_RISK_DAYS_BEFORE_PROMISE = 1
OLD_AFTER_DAYS = 30
"""From then on a flag is no work of today any more."""


@worded("name", "rule", "next_action")
@dataclass(frozen=True)
class FlagRule:
    """A flag's name, when it is raised, and what to do next."""

    name: str
    rule: str
    next_action: str


RULES: dict[Flag, FlagRule] = {
    Flag.RETURNED: FlagRule("Returned", "The carrier returned, cancelled or lost it", "Refund or re-ship"),
    Flag.FAILED: FlagRule("Failed", "A delivery attempt failed", "Ask the buyer for a new date or address"),
    Flag.INVALID_NUMBER: FlagRule("Invalid number", "The carrier does not accept the number", "Modify the invoice"),
    Flag.NEVER_SCANNED: FlagRule("Never scanned", "No scan 48 h after registration", "Find the parcel in the warehouse"),
    Flag.DISPATCH_OVERDUE: FlagRule(
        "Dispatch overdue", "Not picked up after the ship-by date", "Hand over to the carrier today"
    ),
    Flag.NO_SCAN: FlagRule("No scan", "No new scan for 72 h", "Open a trace with the carrier"),
    Flag.PAST_PROMISE: FlagRule("Past promise", "Still moving after the promised date", "Tell the buyer a new date"),
    Flag.AT_RISK: FlagRule("At risk", "Promised by tomorrow and not out for delivery", "Watch; nothing to do yet"),
}

NAMES: Vocabulary[Flag] = Vocabulary({flag: in_english(rule, "name") for flag, rule in RULES.items()})


def flag_of(shipment: Shipment, *, zone: ZoneInfo, now: datetime) -> Flag | None:
    """The worst thing about an open shipment at that moment, after `RULES`; None when nothing is wrong with it.

    Promised and ship-by dates are over at midnight in the shop's `zone`. `core.store.selection` says the same in SQL.
    """
    state, today = shipment.state, now.astimezone(zone).date()
    if shipment.closed_at or state.status is Status.DELIVERED:
        return None
    registered_at = shipment.invoice.changed_at if shipment.invoice else None
    soon = today + timedelta(days=AT_RISK_DAYS_BEFORE_PROMISE)
    waits, moves = state.status is Status.PREPARING_TO_SHIP, state.status in (Status.RELEASED, Status.IN_DELIVERY)
    raised = {
        Flag.RETURNED: state.status is Status.SHIPPING_FAILED and state.word is StatusDetail.CANCELLATION,
        Flag.FAILED: state.status is Status.SHIPPING_FAILED,
        Flag.INVALID_NUMBER: state.word is StatusDetail.RELEASE_FAILED,
        Flag.NEVER_SCANNED: waits and _over(registered_at, NEVER_SCANNED_AFTER_HOURS, now),
        Flag.DISPATCH_OVERDUE: state.picked_up_at is None and _before(shipment.ship_by, today),
        Flag.NO_SCAN: moves and _over(state.last_scan_at, NO_SCAN_AFTER_HOURS, now),
        Flag.PAST_PROMISE: _before(shipment.promised_on, today),
        Flag.AT_RISK: _before(shipment.promised_on, soon + timedelta(days=1)) and state.stage is not Stage.OUT_FOR_DELIVERY,
    }
    return next((flag for flag in Flag if raised[flag]), None)


def flagged_since(shipment: Shipment, *, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Since when the shipment has the flag of `flag_of` and is in its status; None without one. Days count whole ones back from now.

    `core.store.selection` says the same in SQL.
    """
    flag, state, today = flag_of(shipment, zone=zone, now=now), shipment.state, now.astimezone(zone).date()
    if flag is None:
        return None
    raised = state.since
    if flag is Flag.NEVER_SCANNED and shipment.invoice:
        raised = shipment.invoice.changed_at + timedelta(hours=NEVER_SCANNED_AFTER_HOURS)
    elif flag is Flag.NO_SCAN and state.last_scan_at:
        raised = state.last_scan_at + timedelta(hours=NO_SCAN_AFTER_HOURS)
    elif flag is Flag.DISPATCH_OVERDUE and shipment.ship_by:
        raised = now - (today - shipment.ship_by - timedelta(days=1))
    elif flag is Flag.PAST_PROMISE and shipment.promised_on:
        raised = now - (today - shipment.promised_on - timedelta(days=1))
    elif flag is Flag.AT_RISK and shipment.promised_on:
        raised = now - (today - shipment.promised_on + timedelta(days=AT_RISK_DAYS_BEFORE_PROMISE))
    return max(state.since, raised)


def raised_by(shipment: Shipment, flag: Flag, at: datetime, on: date) -> bool:
    """Whether the flag that the shipment has was raised by that moment, on that day of the shop, and stayed ever since.

    `core.store.selection` says the same in SQL.
    """
    state = shipment.state
    if state.since > at:
        return False
    match flag:
        case Flag.NEVER_SCANNED:
            registered_at = shipment.invoice.changed_at if shipment.invoice else None
            return registered_at is not None and registered_at + timedelta(hours=NEVER_SCANNED_AFTER_HOURS) <= at
        case Flag.NO_SCAN:
            return state.last_scan_at is not None and state.last_scan_at + timedelta(hours=NO_SCAN_AFTER_HOURS) <= at
        case Flag.DISPATCH_OVERDUE:
            return _before(shipment.ship_by, on)
        case Flag.PAST_PROMISE:
            return _before(shipment.promised_on, on)
        case Flag.AT_RISK:
            return _before(shipment.promised_on, on + timedelta(days=AT_RISK_DAYS_BEFORE_PROMISE + 1))
    return True


def _over(since: datetime | None, hours: int, now: datetime) -> bool:
    return since is not None and now - since > timedelta(hours=hours)


def _before(day: date | None, other: date) -> bool:
    return day is not None and day < other
