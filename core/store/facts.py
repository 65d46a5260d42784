"""Shipments as the figures see them: what counts in which figure, as columns over the table of shipments."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pyarrow as pa

from core.domain import figures as words
from core.domain.clock import EPOCH, MICROSECOND
from core.domain.figures import Cohort, Figure
from core.domain.periods import Period
from core.domain.selection import DIMENSIONS, Selection
from core.domain.status import REUSED_BEFORE_ORDER
from core.store import same_age, selection
from core.store.analyst_sql_child import VIEW
from core.store.database import Connection, Row, Snapshot, Store
from core.store.figure_rules import HOUR_US, RULES
from core.store.local_time import DAY_US, local, midnight
from core.store.selection import Conditions

T = TypeVar("T")


@dataclass(frozen=True)
class Population:
    """The shipments that figures are taken over: those of `where`, of one kind, or without it of the whole shop.

    Of a period they are those whose day of its cohort lies in it, and, as not `current`, those of the period `before` it: as they
    are known now, or as they stood at the moment `then`. `ids`: only these shipments.
    """

    zone: ZoneInfo
    now: datetime
    where: Selection | None = None
    period: Period | None = None
    before: Period | None = None
    then: datetime | None = None
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Facts:
    """`facts` for a WITH, and the values of its parameters."""

    text: str
    values: Mapping[str, Any]


def ask(store: Store, population: Population, sql: str, **values: Any) -> list[Row]:
    """The rows of a query over `facts`, the shipments of the population."""
    return _asked(store, population, sql, values, Snapshot.rows)


def ask_flagged(store: Store, population: Population, sql: str, **values: Any) -> list[Row]:
    """The rows of a query over `flagged`, the open ones of the shipments, in which the flag of each is worked out only once."""
    where = population.where or Selection()
    by_flag = selection.conditions(where, zone=population.zone, now=population.now, only=_OF_FLAGS)
    others = where.but(**{name: DIMENSIONS[name].nothing for name in _OF_FLAGS})
    asked = f"flagged AS (SELECT * FROM opened {by_flag.where}) {sql}".replace(selection.FLAG, "raised")
    opened = f"opened AS MATERIALIZED (SELECT *, {selection.FLAG} AS raised FROM facts WHERE open)"
    text = f"SELECT * FROM (WITH {opened}, {asked})"
    return ask(store, replace(population, where=others), text, **{**by_flag.values, **values})


def ask_table(store: Store, population: Population, sql: str, **values: Any) -> pa.Table:
    """The same as an Arrow table; times UTC."""
    return _asked(store, population, sql, values, Snapshot.read)


def facts_of(population: Population, sql: str) -> Facts:
    """`facts` with the columns that a query over it, or a part of one, needs beside those of the shipment."""
    chosen, columns = _conditions(population), _facts(population)
    needed, shipments = _needed(columns, sql), _shipments(population)
    listed = "".join(f", {columns[name]} AS {name}" for name in columns if name in needed)
    values = {**chosen.values, **_moments(population)}
    return Facts(f"facts AS (SELECT shipment.*{listed} FROM {shipments} {chosen.where})", values)


def facts_view(connection: Connection, *, zone: ZoneInfo, now: datetime, name: str = VIEW) -> None:
    """Makes the view of all shipments that analysts ask, for this connection only: the columns of `core.domain.figures.FACTS`.

    Days are days in `zone`; ages and flags are those at `now`. No personal data is in it.
    """
    query = f"SELECT {columns()} FROM facts"
    facts = facts_of(Population(zone, now), query)
    text = f"WITH {facts.text} {query}"
    for name_of, value in facts.values.items():
        text = re.sub(rf"\${name_of}\b", _literal(value), text)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {text}")


def columns() -> str:
    """SQL for the columns of `FACTS` over `facts`."""
    return ", ".join(f"{_COLUMNS.get(name, name)} AS {name}" for name in words.FACTS)


def _asked(
    store: Store,
    population: Population,
    sql: str,
    values: Mapping[str, Any],
    read: Callable[[Snapshot, str, dict[str, Any]], T],
) -> T:
    with store.figures.one_moment() as view:
        facts = facts_of(population, sql)
        text = f"WITH {facts.text} {sql}"
        return read(view, text, selection.used(text, {**facts.values, **values}))


def _conditions(population: Population) -> Conditions:
    """Which rows of the table of shipments are of the population; those that were put into others never are."""
    within, where = _within(population) + selection.BY_ITSELF, population.where
    if where is None:
        return within
    return within + selection.conditions(where.of_figures, zone=population.zone, now=population.now)


def _within(population: Population) -> Conditions:
    """Which rows are of its days, or have its ids."""
    found, first = Conditions(), _first(population)
    if population.period and first:
        column, until = _COHORT[population.period.cohort], midnight(population.period.after, population.zone)
        found += Conditions((f"{column} >= $first", f"{column} < $until"), {"first": first, "until": until})
        if population.then and population.before:
            end = midnight(population.before.after, population.zone)
            found += Conditions((f"({column} >= $split OR ({column} < $end AND {column} <= $then))",), {"end": end})
    return found if population.ids is None else found + selection.ids(population.ids)


def _shipments(population: Population) -> str:
    """The table of shipments, those of the period before as they stood `then`."""
    if population.then is None or population.period is None:
        return "shipment"
    return same_age.shipments(f"{_COHORT[population.period.cohort]} >= $split", _within(population).where)


def _first(population: Population) -> datetime | None:
    """When the days of the population begin, those before the period among them."""
    period = population.before or population.period
    return midnight(period.first, population.zone) if period else None


def _needed(known: Mapping[str, str], sql: str) -> set[str]:
    """The names of columns in a query, and of those that they are made of. Fewer columns are planned in a fraction of the time."""
    needed: set[str] = set()
    unseen = known.keys() & _NAME.findall(sql)
    while unseen:
        needed |= unseen
        unseen = {word for name in unseen for word in _NAME.findall(known[name]) if word in known} - needed
    return needed


def _moments(population: Population) -> dict[str, Any]:
    zone, now, period = population.zone, population.now, population.period
    return {
        "split": midnight(period.first, zone) if period else EPOCH,
        "present": (now - EPOCH) // MICROSECOND,
        **selection.moment(zone, now),
        **(_moments_then(population.then, zone) if population.then else {}),
    }


def _moments_then(then: datetime, zone: ZoneInfo) -> dict[str, Any]:
    return {"then": then, "present_then": (then - EPOCH) // MICROSECOND, "today_then": then.astimezone(zone).date()}


def _literal(value: Any) -> str:
    if isinstance(value, int):
        return f"{value}::BIGINT"
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ '{value.astimezone(UTC).isoformat()}'"
    return f"DATE '{value.isoformat()}'"


def _facts(population: Population) -> dict[str, str]:
    """SQL of every column of `facts` beside those of the shipment, each after those it is made of.

    Every boolean is true or false, never null. Days are counted from 1970 in the shop's zone; a day lasts to its midnight there.
    """
    by, first = population.period.cohort if population.period else Cohort.ORDERED, _first(population)
    cohort = _COHORT[by]
    # Nothing happens long before an order; an order may be long before its pick-up.
    since = first - REUSED_BEFORE_ORDER if first and by is Cohort.ORDERED else EPOCH

    def clock(column: str) -> str:
        return local(column, population.zone, since, population.now)

    def day(column: str) -> str:
        return f"({clock(column)} // {DAY_US})::INTEGER"

    return {
        "current": f"coalesce({cohort} >= $split, false)",
        "cohort_us": f"epoch_us({cohort})",
        "day": day(cohort),
        "ordered_day": day("ordered_at"),
        "picked_up_day": day("picked_up_at"),
        "attempted_day": day("first_attempt_at"),
        "delivered_day": day("delivered_at"),
        "promised_day": "(promised_on - DATE '1970-01-01')",
        "in_time": f"coalesce({clock('first_attempt_at')} < (promised_day + 1) * {DAY_US}, false)",
        "shipped_late": f"coalesce({clock('picked_up_at')} >= (ship_by - DATE '1970-01-01' + 1) * {DAY_US}, true)",
        **_STEADY,
        **(_THEN if population.then else {}),
    }


_COHORT = {Cohort.ORDERED: "ordered_at", Cohort.PICKED_UP: "picked_up_at"}

_NAME = re.compile(r"[a-z_]+")

_OF_FLAGS = ("flag", "flagged", "work")
"""The dimensions that are made of flags."""

# A step that is not done yet lasts up to `end_us`, which for one that is still moving is now.
_STEADY = {
    "cancelled": "(coalesce(stage = 'cancelled', false)"
    " OR (closed_at IS NOT NULL AND picked_up_at IS NULL AND first_attempt_at IS NULL))",
    "promised": "promised_on IS NOT NULL",
    "past_promise": "coalesce(promised_on < $today, false)",
    "attempted": "first_attempt_at IS NOT NULL",
    "to_ship_by": "ship_by IS NOT NULL",
    "past_ship_by": "coalesce(ship_by < $today, false)",
    "picked_up": "picked_up_at IS NOT NULL",
    "delivered": "delivered_at IS NOT NULL",
    "invoiced": "invoice_id IS NOT NULL",
    "open": "(delivered_at IS NULL AND closed_at IS NULL)",
    "moving": "(delivered_at IS NULL AND closed_at IS NULL AND word IS DISTINCT FROM 'cancellation')",
    "ordered_us": "epoch_us(ordered_at)",
    "released_us": "epoch_us(released_at)",
    "invoiced_us": "epoch_us(invoiced_at)",
    "picked_us": "epoch_us(picked_up_at)",
    "attempted_us": "epoch_us(first_attempt_at)",
    "delivered_us": "epoch_us(delivered_at)",
    "since_us": "epoch_us(status_since)",
    "present_us": "$present::BIGINT",
    "end_us": "CASE WHEN moving THEN present_us ELSE coalesce(delivered_us, epoch_us(closed_at), since_us) END",
    "gapless": "(released_at IS NOT NULL OR NOT (invoiced OR picked_up OR attempted))"
    " AND (invoiced OR NOT (picked_up OR attempted)) AND (picked_up OR NOT attempted)",
    "done_released": "least(greatest(coalesce(released_us, end_us), ordered_us), end_us)",
    "done_invoiced": "least(greatest(coalesce(invoiced_us, end_us), done_released), end_us)",
    "done_picked_up": "least(greatest(coalesce(picked_us, end_us), done_invoiced), end_us)",
    "done_attempted": "least(greatest(coalesce(attempted_us, end_us), done_picked_up), end_us)",
    "befell_failure": "first_failed_at IS NOT NULL",
    "befell_exception": "first_exception_at IS NOT NULL",
    "befell_return": "returned_at IS NOT NULL",
    # What a buyer sends back after the delivery is no failure of it.
    "befell_refusal": "(returned_at IS NOT NULL AND coalesce(returned_at < delivered_at, true))",
    "befell_loss": "lost_at IS NOT NULL",
    "scanned": "(picked_up_at IS NOT NULL OR last_scan_at IS NOT NULL)",
}
# The same of a period before at the moment `then`.
_THEN = {
    "present_us": "CASE WHEN current THEN $present::BIGINT ELSE $present_then::BIGINT END",
    "past_promise": "coalesce(promised_on < CASE WHEN current THEN $today ELSE $today_then END, false)",
    "past_ship_by": "coalesce(ship_by < CASE WHEN current THEN $today ELSE $today_then END, false)",
    # The newest scan may be later, and the one before it an exception or an attempt.
    "scanned": "(picked_up_at IS NOT NULL OR first_attempt_at IS NOT NULL OR last_scan_at IS NOT NULL OR befell_exception)",
}


def _day(number: str) -> str:
    return f"DATE '1970-01-01' + {number}"


def _where_taken(figure: Figure) -> str:
    return f"CASE WHEN {RULES[figure].taken} THEN {RULES[figure].counts} END"


DAYS_LATE = "CASE WHEN attempted THEN attempted_day - promised_day WHEN past_promise AND moving THEN $today - promised_on END"
"""SQL for the days from the promise to the first attempt, or to today of those still on their way."""

# Where a column of the facts is no column of the shipment.
_COLUMNS: dict[str, str] = {
    "carrier": "coalesce(carrier, '')",
    "flag": selection.FLAG,
    "ordered_on": _day("ordered_day"),
    "picked_up_on": _day("picked_up_day"),
    "first_attempt_on": _day("attempted_day"),
    "delivered_on": _day("delivered_day"),
    "days_late": DAYS_LATE,
    **{
        f"{figure}_hours": f"CASE WHEN {rule.taken} THEN ({rule.span}) / {HOUR_US} END"
        for figure, rule in RULES.items()
        if rule.span
    },
    "on_time": _where_taken(Figure.ON_TIME),
    "shipped_late": _where_taken(Figure.LATE_SHIPMENT),
    "first_attempt_success": _where_taken(Figure.FIRST_ATTEMPT),
    "failed": _where_taken(Figure.FAILURE),
    "met_exception": _where_taken(Figure.EXCEPTION),
    "returned": _where_taken(Figure.RETURN),
    "valid_tracking": _where_taken(Figure.VALID_TRACKING),
}
