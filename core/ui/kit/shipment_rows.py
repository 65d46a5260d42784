"""From a row of the list to what the table draws."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.domain import shipment, shipment_actions
from core.domain.carriers import Rules
from core.domain.shipment import Status, StatusDetail
from core.domain.shipment_actions import Action
from core.ui.kit import chips, formats

Row = Mapping[str, Any]


def table_row(row: Row, rules: Rules, zone: ZoneInfo, now: datetime, locked: str | None = None) -> dict[str, Any]:
    """The row as `core.ui.kit.table.shipment_table` takes it; times in `zone`. `locked` is why whoever looks may change nothing."""
    return {
        "id": row["shipment_no"],
        "request": row["request"] or None,
        "order_no": row["order_no"],
        "ordered": formats.short_moment(row["ordered_at"], zone, now),
        "products": row["product"] or "–",
        "more": max(0, row["items"] - 1),
        "recipient": row["recipient"] or "–",
        "destination": formats.place(row["city"], row["country"]),
        "warehouse": row["warehouse"] or "–",
        "carrier": carrier_name(row["carrier"], rules),
        "invoice_no": row["invoice_no"] or "",
        "status": status(row),
        "reason": row["reason"] or row["exception"],
        "age": formats.duration(now - row["status_since"]),
        "flag": flag(row, now) or way_back(row),
        "can": _can(row),
        "locked": locked,
    }


def carrier_name(code: str | None, rules: Rules) -> str:
    if not code:
        return ""
    return rules.carriers[code].name if code in rules.carriers else code


def status(row: Row) -> chips.Chip:
    """The chip of the row's status; a closed shipment says so."""
    return chips.status_chip(row["status"], row["word"], closed=row["closed_at"] is not None)


def flag(row: Row, now: datetime) -> chips.Chip | None:
    """The flag's chip; "No scan" says for how many days."""
    silent = now - row["last_scan_at"] if row["last_scan_at"] else None
    return chips.flag_chip(row["flag"], silent.days if silent else None)


def way_back(row: Row) -> chips.Chip | None:
    """The mark of what was delivered and goes back, or is back; what was given up says so by its flag."""
    found = shipment.way_back(row["returning_at"], row["returned_at"])
    return chips.WAYS_BACK[found] if found and row["status"] == Status.DELIVERED else None


def permitted(row: Row) -> frozenset[Action]:
    """What may be done with the row's shipment."""
    word = StatusDetail(row["word"]) if row["word"] else None
    return shipment_actions.allowed(Status(row["status"]), word, row["invoice_no"] is not None, row["closed_at"] is not None)


def _can(row: Row) -> list[str]:
    actions = permitted(row)
    offered = [action for action in _OFFERED if action in actions]
    return [*offered, "history"] + (["view"] if row["invoice_no"] else [])


_OFFERED = (Action.REGISTER, Action.MODIFY, Action.DELETE)
