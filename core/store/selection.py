"""A selection of shipments as SQL over the table `shipment`: the expression of each dimension, and the conditions of a selection."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.domain import flags
from core.domain.dimensions import AnyOf, DayRange, Days, Dimension, HourRange, Hours, OneOf
from core.domain.periods import day_after
from core.domain.selection import DIMENSIONS, Selection
from core.domain.shipment import STATUSES_OF, Tab
from core.store.local_time import midnight

FLAG = f"""CASE
    WHEN closed_at IS NOT NULL OR status = 'delivered' THEN NULL
    WHEN status = 'shipping_failed' AND word = 'cancellation' THEN 'returned'
    WHEN status = 'shipping_failed' THEN 'failed'
    WHEN word = 'release_failed' THEN 'invalid_number'
    WHEN status = 'preparing_to_ship' AND invoiced_at < $now - INTERVAL '{flags.NEVER_SCANNED_AFTER_HOURS} hours'
        THEN 'never_scanned'
    WHEN picked_up_at IS NULL AND ship_by < $today THEN 'dispatch_overdue'
    WHEN status IN ('released', 'in_delivery') AND last_scan_at < $now - INTERVAL '{flags.NO_SCAN_AFTER_HOURS} hours'
        THEN 'no_scan'
    WHEN promised_on < $today THEN 'past_promise'
    WHEN promised_on <= $today + {flags.AT_RISK_DAYS_BEFORE_PROMISE} AND stage IS DISTINCT FROM 'out_for_delivery'
        THEN 'at_risk'
END"""
"""`core.domain.flags.flag_of` in SQL, with the moment as `$now` and the shop's day as `$today`."""

FLAGGED_SINCE = f"""CASE WHEN {FLAG} IS NOT NULL THEN greatest(status_since, CASE {FLAG}
    WHEN 'never_scanned' THEN invoiced_at + INTERVAL '{flags.NEVER_SCANNED_AFTER_HOURS} hours'
    WHEN 'no_scan' THEN last_scan_at + INTERVAL '{flags.NO_SCAN_AFTER_HOURS} hours'
    WHEN 'dispatch_overdue' THEN $now - to_days(($today - ship_by - 1)::INTEGER)
    WHEN 'past_promise' THEN $now - to_days(($today - promised_on - 1)::INTEGER)
    WHEN 'at_risk' THEN $now - to_days(($today - promised_on + {flags.AT_RISK_DAYS_BEFORE_PROMISE})::INTEGER)
END) END"""
"""`core.domain.flags.flagged_since` in SQL, with the same parameters."""


def raised_by(at: str, on: str) -> str:
    """`core.domain.flags.raised_by` in SQL, of a shipment that has a flag: by the moment `at`, on the day `on`."""
    return f"""(status_since <= {at} AND CASE {FLAG}
        WHEN 'never_scanned' THEN invoiced_at + INTERVAL '{flags.NEVER_SCANNED_AFTER_HOURS} hours' <= {at}
        WHEN 'no_scan' THEN last_scan_at + INTERVAL '{flags.NO_SCAN_AFTER_HOURS} hours' <= {at}
        WHEN 'dispatch_overdue' THEN ship_by < {on}
        WHEN 'past_promise' THEN promised_on < {on}
        WHEN 'at_risk' THEN promised_on <= {on} + {flags.AT_RISK_DAYS_BEFORE_PROMISE}
        ELSE true END)"""


WORK = f"""CASE WHEN {FLAG} IS NULL THEN NULL
    WHEN done_flag IS NOT NULL AND done_flag = {FLAG} AND {raised_by("done_at", "done_on")} THEN 'done'
    WHEN snoozed_until > $today AND snoozed_version = version THEN 'snoozed'
    ELSE 'open' END"""
"""`core.domain.worklist.work_of` in SQL, with the parameters of `FLAG`."""

WAY_BACK = """CASE WHEN returning_at IS NULL THEN NULL WHEN returned_at >= returning_at THEN 'returned' ELSE 'returning' END"""
"""`core.domain.shipment.way_back` in SQL."""

_NEVER_NULL = ("destination", "kind", "status")
_EXPRESSIONS = {"flag": FLAG, "flagged": FLAGGED_SINCE, "way_back": WAY_BACK, "work": WORK}


@dataclass(frozen=True)
class Conditions:
    """What shipments must meet, joined by AND, with the values of their parameters."""

    texts: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    def __add__(self, other: "Conditions") -> "Conditions":
        return Conditions((*self.texts, *other.texts), {**self.values, **other.values})

    @property
    def where(self) -> str:
        """The WHERE of a query; empty without conditions."""
        return f"WHERE {' AND '.join(self.texts)}" if self.texts else ""

    def named(self, before: str) -> "Conditions":
        """The same under parameters of its own, for a query that asks several at once."""
        texts = tuple(_PARAMETER.sub(rf"${before}\1", text) for text in self.texts)
        return Conditions(texts, {f"{before}{name}": value for name, value in self.values.items()})


NO_CONDITIONS = Conditions()
BY_ITSELF = Conditions(("joined_no IS NULL",))
"""Only the shipments that go out by themselves: one that was put into another one counts no more."""


def expression(dimension: OneOf | AnyOf) -> str:
    """SQL for the value of a shipment; null or "" is none."""
    column = getattr(dimension, "column", "") or dimension.name
    text = _EXPRESSIONS.get(dimension.name, column)
    if isinstance(dimension, AnyOf) and dimension.filled:
        other, by = dimension.filled
        cases = " ".join(f"WHEN '{value}' THEN '{filled}'" for value, filled in by.items())
        text = f"coalesce({text}, CASE {other} {cases} END)"
    return text


def never_null(dimension: OneOf | AnyOf) -> str:
    """The same with "" alone for none."""
    text = expression(dimension)
    return text if dimension.name in _NEVER_NULL else f"coalesce({text}, '')"


def conditions(selection: Selection, *, zone: ZoneInfo, now: datetime, only: Collection[str] = DIMENSIONS.keys()) -> Conditions:
    """What the selection, or `only` these dimensions of it, asks of a shipment; its days become moments, its hours end `now`.

    Not in it: what is searched, which is asked by `ids`, and the shipments behind a figure, which are asked of `core.store.facts`.
    """
    found = Conditions(values=moment(zone, now))
    for name, dimension in DIMENSIONS.items():
        if name in only:
            found += _condition(dimension, selection[name], zone, now)
    return found


def among(name: str, expression: str, values: Sequence[str]) -> Conditions:
    """Only the shipments for which the expression is one of the values; of no values, all. `name` is the parameter's."""
    if not values:
        return Conditions()
    # Short lists are compared with, not joined to: half the time over a million rows.
    return Conditions((f"list_contains(${name}::VARCHAR[], {expression})",), {name: list(values)})


def one_of(expression: str, values: Iterable[str]) -> Conditions:
    """Only the shipments for which the expression is one of these values, which the domain knows: never of what somebody typed."""
    return Conditions((f"{expression} IN ({', '.join(repr(str(value)) for value in values)})",))


def outermost(column: str, ends: Mapping[str, datetime], width: timedelta, last: bool) -> Conditions:
    """Only the shipments whose moment lies that near to the `last` of all, or to the `first`."""
    if last:
        return Conditions((f"{column} >= $outermost",), {"outermost": ends["last"] - width})
    return Conditions((f"{column} <= $outermost",), {"outermost": ends["first"] + width})


def ids(numbers: Sequence[int]) -> Conditions:
    """Only the shipments with these ids."""
    return Conditions(("shipment_id IN (SELECT unnest($ids::BIGINT[]))",), {"ids": list(numbers)})


def moment(zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """The values that `FLAG` needs."""
    return {"now": now, "today": now.astimezone(zone).date()}


def used(sql: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that a query names: the engine takes no others."""
    named = set(_PARAMETER.findall(sql))
    return {name: value for name, value in values.items() if name in named}


def _condition(dimension: Dimension, value: Any, zone: ZoneInfo, now: datetime) -> Conditions:
    name = dimension.name
    match dimension:
        case OneOf(name="tab"):
            return Conditions() if value is Tab.ALL else one_of("status", STATUSES_OF[value])
        case OneOf():
            return one_of(name, [value]) if value else Conditions()
        case AnyOf() if value and dimension.values:
            return one_of(never_null(dimension) if "" in value else expression(dimension), value)
        case AnyOf():
            return among(name, never_null(dimension) if "" in value else expression(dimension), value)
        case DayRange():
            return _between(name, dimension.column, value, zone)
        case HourRange():
            return _since(name, _EXPRESSIONS.get(name, dimension.column), value, now)
    return Conditions()


def _between(name: str, column: str, days: Days, zone: ZoneInfo) -> Conditions:
    found = Conditions()
    if days.first:
        found += Conditions((f"{column} >= ${name}_from",), {f"{name}_from": midnight(days.first, zone)})
    if days.last:
        found += Conditions((f"{column} < ${name}_until",), {f"{name}_until": midnight(day_after(days.last), zone)})
    return found


def _since(name: str, column: str, hours: Hours, now: datetime) -> Conditions:
    found = Conditions()
    if hours.low is not None:
        found += Conditions((f"{column} <= ${name}_low",), {f"{name}_low": now - timedelta(hours=hours.low)})
    if hours.high is not None:
        found += Conditions((f"{column} > ${name}_high",), {f"{name}_high": now - timedelta(hours=hours.high)})
    return found


_PARAMETER = re.compile(r"\$(\w+)")
