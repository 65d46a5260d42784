"""Shipments as the figures see them: what counts in which figure, as columns over the table of shipments."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from core.domain import figures as words
from core.domain.figures import Cohort, Figure, Part, Segment
from core.domain.shipment import Destination, Kind
from core.domain.status import REUSED_BEFORE_ORDER
from core.store import journey_events
from core.store.database import Connection, Row, Store, select
from core.store.lists import FLAG
from core.store.local_time import DAY_US, local

T = TypeVar("T")
MICROSECOND = timedelta(microseconds=1)
HOUR_US = 3_600_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Question:
    """Shipments of a part of the shop whose cohort moment is `first` or later and before `until`; None: no bound.

    Those from `split` on are `current`, the earlier ones belong to the period before. Without a destination or a kind both are
    in. Empty lists mean all; `carriers` knows "" for shipments without an invoice; `ids` only these shipments.
    """

    zone: ZoneInfo
    now: datetime
    first: datetime | None = None
    until: datetime | None = None
    split: datetime | None = None
    cohort: Cohort = Cohort.ORDERED
    destination: Destination | None = None
    kind: Kind | None = None
    warehouses: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Rule:
    """How a figure counts, in the columns of `facts`: who is left out, by the first reason that fits, and who is the numerator.

    `span` is the duration of those taken, in microseconds; of those outside the numerator it is their present age.
    """

    counts: str
    without: tuple[tuple[str, str], ...]
    span: str | None = None

    @property
    def taken(self) -> str:
        """SQL for the denominator."""
        return f"NOT ({' OR '.join(condition for condition, _ in self.without)})"

    @property
    def why(self) -> str:
        """SQL for the reason of being left out, null in the denominator."""
        cases = " ".join(f"WHEN {condition} THEN '{reason}'" for condition, reason in self.without)
        return f"CASE {cases} END"

    def of(self, part: Part) -> str:
        """SQL for a part of the shipments."""
        match part:
            case Part.NUMERATOR:
                return f"{self.taken} AND ({self.counts})"
            case Part.DENOMINATOR:
                return self.taken
            case Part.REST:
                return f"{self.taken} AND NOT ({self.counts})"
            case Part.EXCLUDED:
                return f"NOT ({self.taken})"


_CANCELLED = ("cancelled", words.CANCELLED)
_NO_INVOICE = ("NOT invoiced", words.NOT_REGISTERED)
_NOT_SHIPPED = ("NOT picked_up", words.NOT_SHIPPED)
_SHIPPED_UNSEEN = ("NOT picked_up AND attempted", words.NO_FIRST_SCAN)
_NEVER_SHIPPED = ("NOT picked_up AND NOT moving", words.CLOSED)

RULES: dict[Figure, Rule] = {
    Figure.ON_TIME: Rule(
        "in_time", (_CANCELLED, ("NOT promised", words.NO_PROMISE), ("NOT attempted AND NOT past_promise", words.NOT_DUE))
    ),
    Figure.PROMISED: Rule("promised", (_CANCELLED,)),
    Figure.ORDER_TO_SHIP: Rule(
        "picked_up", (_CANCELLED, _SHIPPED_UNSEEN, _NEVER_SHIPPED), "coalesce(picked_us, present_us) - ordered_us"
    ),
    Figure.ORDER_TO_INVOICE: Rule(
        "invoiced",
        (
            _CANCELLED,
            ("NOT invoiced AND (picked_up OR attempted)", words.WITHOUT_INVOICE),
            ("NOT invoiced AND NOT moving", words.CLOSED),
        ),
        "coalesce(invoiced_us, present_us) - ordered_us",
    ),
    Figure.INVOICE_TO_PICK_UP: Rule(
        "picked_up", (_CANCELLED, _NO_INVOICE, _SHIPPED_UNSEEN, _NEVER_SHIPPED), "coalesce(picked_us, present_us) - invoiced_us"
    ),
    Figure.LATE_SHIPMENT: Rule(
        "shipped_late",
        (
            _CANCELLED,
            ("NOT to_ship_by", words.NO_SHIP_BY),
            _SHIPPED_UNSEEN,
            ("NOT picked_up AND NOT past_ship_by", words.NOT_DUE_TO_SHIP),
        ),
    ),
    Figure.TRANSIT: Rule(
        "delivered",
        (_CANCELLED, _NOT_SHIPPED, ("NOT delivered AND NOT moving", words.GIVEN_UP)),
        "coalesce(delivered_us, present_us) - picked_us",
    ),
    Figure.FIRST_ATTEMPT: Rule("delivered AND NOT befell_failure", (_CANCELLED, ("NOT attempted", words.NOT_ATTEMPTED))),
    Figure.FAILURE: Rule("befell_failure OR befell_return OR befell_loss", (_CANCELLED, _NOT_SHIPPED)),
    Figure.EXCEPTION: Rule("befell_exception", (_CANCELLED, _NOT_SHIPPED)),
    Figure.RETURN: Rule("befell_return", (_CANCELLED, _NOT_SHIPPED)),
    Figure.VALID_TRACKING: Rule("scanned", (_CANCELLED, _NO_INVOICE)),
    Figure.BACKLOG: Rule("open", (("NOT open", words.NOT_OPEN),), "present_us - since_us"),
    Figure.ORDERED: Rule("true", (_CANCELLED,)),
    Figure.SHIPPED: Rule("picked_up", (_CANCELLED,)),
    Figure.DELIVERED: Rule("delivered", (_CANCELLED,)),
    Figure.OPEN: Rule("open", (_CANCELLED,)),
}

# How long after its cohort's moment a shipment is attempted: what makes a cohort young or old.
RIPENING = "ripening"
SPANS: dict[str, Rule] = {
    **{figure: rule for figure, rule in RULES.items() if rule.span},
    RIPENING: Rule(
        "attempted",
        (_CANCELLED, ("NOT attempted AND NOT moving", words.NOT_ATTEMPTED)),
        "coalesce(attempted_us, present_us) - cohort_us",
    ),
}

# The hours of a shipment, cut where each step was done; a step that was not done yet lasts up to the end, the later ones nothing.
SEGMENTS: dict[Segment, tuple[str, str]] = {
    Segment.ORDER: ("ordered_us", "done_released"),
    Segment.RELEASE: ("done_released", "done_invoiced"),
    Segment.INVOICE: ("done_invoiced", "done_picked_up"),
    Segment.TRANSIT: ("done_picked_up", "done_attempted"),
    Segment.ATTEMPTS: ("done_attempted", "end_us"),
}


def ask(store: Store, question: Question, sql: str, **values: Any) -> list[Row]:
    """The rows of a query over `facts`, the shipments asked for."""
    return _asked(store, question, sql, values, lambda connection, text, used: select(connection, text, used))


def ask_table(store: Store, question: Question, sql: str, **values: Any) -> Any:
    """The same as an Arrow table; times UTC."""
    return _asked(
        store, question, sql, values, lambda connection, text, used: connection.sql(text, params=used).to_arrow_table()
    )


def facts_view(connection: Connection, *, zone: ZoneInfo, now: datetime, name: str = "shipment_facts") -> None:
    """Makes the view of all shipments that analysts ask, for this connection only: the columns of `core.domain.figures.FACTS`.

    Days are days in `zone`; ages and flags are those at `now`. No personal data is in it.
    """
    question = Question(zone, now)
    query = f"SELECT {columns()} FROM facts"
    text = f"{_with(connection, question, query)[0]} {query}"
    for name_of, value in _moments(question).items():
        text = re.sub(rf"\${name_of}\b", _literal(value), text)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {text}")


def columns() -> str:
    """SQL for the columns of `FACTS` over `facts`."""
    return ", ".join(f"{_COLUMNS.get(name, name)} AS {name}" for name in words.FACTS)


def _asked(
    store: Store, question: Question, sql: str, values: dict[str, Any], read: Callable[[Connection, str, dict[str, Any]], T]
) -> T:
    def job(connection: Connection) -> tuple[T, journey_events.KnownEvents | None]:
        facts, known = _with(connection, question, sql)
        text = f"{facts} {sql}"
        every = {**_given(question), **_moments(question), **values}
        named = set(re.findall(r"\$(\w+)", text))
        return read(connection, text, {name: value for name, value in every.items() if name in named}), known

    found, known = store.snapshot(job)
    if known:
        journey_events.settle_later(store, known)
    return found


def _with(connection: Connection, question: Question, sql: str) -> tuple[str, journey_events.KnownEvents | None]:
    """`facts` with the columns that the query needs, and what it is made from."""
    where, columns = _where(question), _facts(question)
    needed = _needed(columns, sql)
    listed = "".join(f", {columns[name]} AS {name}" for name in columns if name in needed)
    if not any(_BEFELL in name for name in needed):
        return f"WITH facts AS (SELECT shipment.*{listed} FROM shipment {where})", None
    bounds = f"SELECT coalesce(min(shipment_id), 0) AS low, coalesce(max(shipment_id), 0) AS high FROM shipment {where}"
    ids, known = select(connection, bounds, _given(question))[0], journey_events.known(connection)
    ctes = journey_events.sql(known, ids["low"], ids["high"])
    return f"WITH {ctes}, facts AS (SELECT shipment.*{listed} FROM shipment {_JOINED} {where})", known


def _needed(known: Mapping[str, str], sql: str) -> set[str]:
    """The names of columns in a query, and of those that they are made of. Fewer columns are planned in a fraction of the time."""
    needed: set[str] = set()
    unseen = known.keys() & _NAME.findall(sql)
    while unseen:
        needed |= unseen
        unseen = {word for name in unseen for word in _NAME.findall(known[name]) if word in known} - needed
    return needed


def _where(question: Question) -> str:
    column = _COHORT[question.cohort]
    clauses = [_CLAUSES[name].format(cohort=column) for name in _given(question)]
    return "WHERE " + " AND ".join(clauses) if clauses else ""


def _given(question: Question) -> dict[str, Any]:
    """The values of the clauses that the question needs, out of a closed set."""
    given = {
        "first": question.first,
        "until": question.until,
        "destination": question.destination,
        "kind": question.kind,
        "warehouses": list(question.warehouses) or None,
        "carriers": list(question.carriers) or None,
        "countries": list(question.countries) or None,
        "policies": list(question.policies) or None,
        "options": list(question.options) or None,
        "ids": None if question.ids is None else list(question.ids),
    }
    return {name: value for name, value in given.items() if value is not None}


def _moments(question: Question) -> dict[str, Any]:
    return {
        "split": question.split or question.first or EPOCH,
        "today": question.now.astimezone(question.zone).date(),
        "now": question.now,
        "present": (question.now - EPOCH) // MICROSECOND,
    }


def _literal(value: Any) -> str:
    if isinstance(value, int):
        return f"{value}::BIGINT"
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ '{value.astimezone(UTC).isoformat()}'"
    return f"DATE '{value.isoformat()}'"


def _facts(question: Question) -> dict[str, str]:
    """SQL of every column of `facts` beside those of the shipment, each after those it is made of.

    Every boolean is true or false, never null. Days are counted from 1970 in the shop's zone; a day lasts to its midnight there.
    """
    cohort = _COHORT[question.cohort]
    # Nothing happens long before an order; an order may be long before its pick-up.
    since = question.first - REUSED_BEFORE_ORDER if question.first and question.cohort is Cohort.ORDERED else EPOCH

    def clock(column: str) -> str:
        return local(column, question.zone, since, question.now)

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
    }


_COHORT = {Cohort.ORDERED: "ordered_at", Cohort.PICKED_UP: "picked_up_at"}
_CLAUSES = {
    "first": "{cohort} >= $first",
    "until": "{cohort} < $until",
    "destination": "destination = $destination",
    "kind": "kind = $kind",
    "warehouses": "list_contains($warehouses::VARCHAR[], warehouse)",
    "carriers": "list_contains($carriers::VARCHAR[], coalesce(carrier, ''))",
    "countries": "list_contains($countries::VARCHAR[], country)",
    "policies": "list_contains($policies::VARCHAR[], policy)",
    "options": "list_contains($options::VARCHAR[], option)",
    "ids": "shipment_id IN (SELECT unnest($ids::BIGINT[]))",
}

_NAME = re.compile(r"[a-z_]+")
_BEFELL = "befell_"
_AFTER_ORDER = f"ordered_us - {REUSED_BEFORE_ORDER // MICROSECOND}"


def _befell(what: str, before_delivery: bool) -> str:
    """As the fold sees it: nothing older than the order, and no failure or exception that is stamped after the delivery."""
    before = f" AND first_{what}_at <= coalesce(delivered_at, $now)" if before_delivery else ""
    return f"coalesce(epoch_us(last_{what}_at) >= {_AFTER_ORDER}{before}, false)"


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
    "scanned": "(picked_up_at IS NOT NULL OR last_scan_at IS NOT NULL)",
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
    "befell_failure": _befell("failed", before_delivery=True),
    "befell_exception": _befell("exception", before_delivery=True),
    "befell_return": _befell("returned", before_delivery=False),
    "befell_loss": _befell("lost", before_delivery=False),
}
_JOINED = "LEFT JOIN journey_event ON event_shipment = shipment_id AND event_invoice IS NOT DISTINCT FROM invoice_id"


def _day(number: str) -> str:
    return f"DATE '1970-01-01' + {number}"


def _where_taken(figure: Figure) -> str:
    return f"CASE WHEN {RULES[figure].taken} THEN {RULES[figure].counts} END"


# Where a column of the facts is no column of the shipment.
_COLUMNS: dict[str, str] = {
    "carrier": "coalesce(carrier, '')",
    "flag": FLAG,
    "ordered_on": _day("ordered_day"),
    "picked_up_on": _day("picked_up_day"),
    "first_attempt_on": _day("attempted_day"),
    "delivered_on": _day("delivered_day"),
    "days_late": "attempted_day - promised_day",
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
