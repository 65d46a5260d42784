"""One flag per open shipment, worst first: what is wrong with it and what to do next."""

from dataclasses import dataclass
from enum import StrEnum


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


@dataclass(frozen=True)
class FlagRule:
    name: str
    rule: str
    next_action: str


RULES: dict[Flag, FlagRule] = {
    Flag.RETURNED: FlagRule("Returned", "The carrier returned, cancelled or lost it", "Refund or re-ship"),
    Flag.FAILED: FlagRule("Failed", "A delivery attempt failed", "Ask the buyer for a new date or address"),
    Flag.INVALID_NUMBER: FlagRule("Invalid number", "The carrier does not accept the number", "Modify the invoice"),
    Flag.NEVER_SCANNED: FlagRule(
        "Never scanned", f"No scan {NEVER_SCANNED_AFTER_HOURS} h after registration", "Find the parcel in the warehouse"
    ),
    Flag.DISPATCH_OVERDUE: FlagRule(
        "Dispatch overdue", "Not picked up after the ship-by date", "Hand over to the carrier today"
    ),
    Flag.NO_SCAN: FlagRule("No scan", f"No new scan for {NO_SCAN_AFTER_HOURS} h", "Open a trace with the carrier"),
    Flag.PAST_PROMISE: FlagRule("Past promise", "Still moving after the promised date", "Tell the buyer a new date"),
    Flag.AT_RISK: FlagRule("At risk", "Promised by tomorrow and not out for delivery", "Watch; nothing to do yet"),
}
