"""The list of shipments: tab counts, pages of rows, searched numbers, and all rows of a filter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from core.domain import flags
from core.domain.filters import Order, SearchKey, Sort, search_form
from core.domain.shipment import STATUSES_OF, Destination, Kind, Status, Tab
from core.store.database import Reader, Row

LENT = "shipments_lent"
MOST_PREFIX_HITS = 10_000


@dataclass(frozen=True)
class Question:
    """A filter with its dates as moments: `ordered_from` included, `ordered_until` not. `ids` None means no search.

    `since_after` (not included) and `since_until` bound when a shipment came into its status. With `lent` only the shipments of
    the table LENT count, which is lent to the moment that is asked.
    """

    destination: Destination | None
    now: datetime
    today: date
    ids: tuple[int, ...] | None = None
    ordered_from: datetime | None = None
    ordered_until: datetime | None = None
    kind: Kind | None = None
    warehouses: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    since_after: datetime | None = None
    since_until: datetime | None = None
    lent: bool = False


def counts(store: Reader, question: Question) -> dict[Tab, int]:
    """How many shipments each tab holds under the question."""
    where, values = _where(question)
    rows = store.rows(f"SELECT status, count(*) AS n FROM shipment {where} GROUP BY status", values)
    found = {row["status"]: row["n"] for row in rows}
    return {tab: sum(found.get(status, 0) for status in statuses) for tab, statuses in STATUSES_OF.items()}


def page(store: Reader, question: Question, tab: Tab | None, order: Order, limit: int, offset: int) -> list[Row]:
    """The rows of one page: the columns of `LIST_COLUMNS` and `flag`; times UTC."""
    where, values = _where(question, tab)
    direction = "DESC" if order.descending else "ASC"
    ids = store.rows(
        f"SELECT shipment_id FROM shipment {where} ORDER BY {_SORT[order.sort].format(direction)} "
        f"LIMIT {int(limit)} OFFSET {int(offset)}",
        values,
    )
    wanted = [row["shipment_id"] for row in ids]
    if not wanted:
        return []
    rows = store.rows(_ROWS, {"ids": wanted, **_flag_values(question)})
    place = {shipment_id: position for position, shipment_id in enumerate(wanted)}
    return sorted(rows, key=lambda row: place[row["shipment_id"]])


def ids(store: Reader, question: Question, tab: Tab | None) -> set[int]:
    """The ids of all shipments of the tab under the question."""
    where, values = _where(question, tab)
    return {row["shipment_id"] for row in store.rows(f"SELECT shipment_id FROM shipment {where}", values)}


def all_rows(store: Reader, question: Question, tab: Tab | None, order: Order) -> pa.Table:
    """Every row of the filter in order, as an Arrow table with the columns of a page."""
    where, values = _where(question, tab)
    direction = "DESC" if order.descending else "ASC"
    return store.read(
        f"SELECT {_LIST_COLUMNS}, {FLAG} AS flag FROM shipment {where} ORDER BY {_SORT[order.sort].format(direction)}",
        {**values, **_flag_values(question)},
    )


def search(store: Reader, key: SearchKey, texts: Sequence[str]) -> dict[str, list[int]]:
    """The shipment ids under each text: those with exactly this value, or, without one, those that begin with it."""
    forms = {text: search_form(text) for text in texts}
    exact = _hits(store, _EXACT, key, list(forms.values()))
    missing = [form for form in forms.values() if form not in exact]
    begun = _hits(store, _PREFIX, key, missing) if missing else {}
    return {text: exact.get(form) or begun.get(form) or [] for text, form in forms.items()}


def whereabouts(store: Reader, ids: Sequence[int]) -> dict[int, Row]:
    """Where shipments are, by id: shipment_no, status, destination."""
    rows = store.rows(_WHEREABOUTS, {"ids": list(ids)})
    return {row["shipment_id"]: row for row in rows}


def choices(store: Reader) -> dict[str, list[str]]:
    """What the filters offer: the warehouses, policies, options, carriers and countries in use, each sorted."""
    rows = store.rows(_CHOICES)
    return {
        column: sorted(row[column] for row in rows if row[column])
        for column in ("warehouse", "policy", "option", "carrier", "country")
    }


def total(store: Reader) -> int:
    """How many shipments there are at all."""
    return int(store.rows("SELECT count(*) AS n FROM shipment")[0]["n"])


def _hits(store: Reader, sql: str, key: SearchKey, forms: list[str]) -> dict[str, list[int]]:
    # A number that came back, or a product on two lines, has its key twice.
    found: dict[str, dict[int, None]] = {}
    for row in store.rows(sql, {"kind": key, "forms": forms, "invoice": key is SearchKey.INVOICE_NO}):
        found.setdefault(row["form"], {})[row["shipment_id"]] = None
    return {form: list(ids) for form, ids in found.items()}


def _where(question: Question, tab: Tab | None = None) -> tuple[str, dict[str, Any]]:
    """The clauses that the question needs, out of a closed set, and their values."""
    given = {
        "destination": question.destination,
        "ids": None if question.ids is None else list(question.ids),
        "ordered_from": question.ordered_from,
        "ordered_until": question.ordered_until,
        "kind": question.kind,
        "warehouses": list(question.warehouses) or None,
        "policies": list(question.policies) or None,
        "options": list(question.options) or None,
        "carriers": list(question.carriers) or None,
        "countries": list(question.countries) or None,
        "flags": list(question.flags) or None,
        "only": list(question.statuses) or None,
        "since_after": question.since_after,
        "since_until": question.since_until,
        "statuses": list(STATUSES_OF[tab]) if tab and tab is not Tab.ALL else None,
    }
    values = {name: value for name, value in given.items() if value is not None}
    clauses = [_CLAUSES[name] for name in values]
    if question.lent:
        clauses.append(f"shipment_id IN (SELECT shipment_id FROM {LENT})")
    if question.flags:
        values |= _flag_values(question)
    return ("WHERE " + " AND ".join(clauses) if clauses else ""), values


def _flag_values(question: Question) -> dict[str, Any]:
    return {"now": question.now, "today": question.today}


FLAG = f"""CASE
    WHEN closed_at IS NOT NULL OR status = 'delivered' THEN NULL
    WHEN status = 'shipping_failed' AND word = 'cancellation' THEN 'returned'
    WHEN status = 'shipping_failed' THEN 'failed'
    WHEN word = 'release_failed' THEN 'invalid_number'
    WHEN status = 'preparing_to_ship' AND invoiced_at < $now - INTERVAL {flags.NEVER_SCANNED_AFTER_HOURS} HOUR
        THEN 'never_scanned'
    WHEN picked_up_at IS NULL AND ship_by < $today THEN 'dispatch_overdue'
    WHEN status IN ('released', 'in_delivery') AND last_scan_at < $now - INTERVAL {flags.NO_SCAN_AFTER_HOURS} HOUR
        THEN 'no_scan'
    WHEN promised_on < $today THEN 'past_promise'
    WHEN promised_on <= $today + {flags.AT_RISK_DAYS_BEFORE_PROMISE} AND stage IS DISTINCT FROM 'out_for_delivery'
        THEN 'at_risk'
END"""

# Short lists are compared with, not joined to: half the time over a million rows.
_CLAUSES = {
    "destination": "destination = $destination",
    "statuses": "list_contains($statuses::VARCHAR[], status)",
    "ids": "shipment_id IN (SELECT unnest($ids::BIGINT[]))",
    "ordered_from": "ordered_at >= $ordered_from",
    "ordered_until": "ordered_at < $ordered_until",
    "kind": "kind = $kind",
    "warehouses": "list_contains($warehouses::VARCHAR[], warehouse)",
    "policies": "list_contains($policies::VARCHAR[], policy)",
    "options": "list_contains($options::VARCHAR[], option)",
    "countries": "list_contains($countries::VARCHAR[], country)",
    "carriers": "list_contains($carriers::VARCHAR[], coalesce(carrier, ''))",
    "only": "list_contains($only::VARCHAR[], status)",
    "since_after": "status_since > $since_after",
    "since_until": "status_since <= $since_until",
    "flags": f"list_contains($flags::VARCHAR[], {FLAG})",
}

_STATUS_RANK = "CASE status " + " ".join(f"WHEN '{s}' THEN {n}" for n, s in enumerate(Status)) + " END"
_SORT = {
    Sort.SHIPMENT_NO: "shipment_no {0}",
    Sort.ORDER_NO: "order_no {0}, shipment_id {0}",
    Sort.ORDERED: "ordered_at {0}, shipment_id {0}",
    Sort.RECIPIENT: "recipient {0}, shipment_id {0}",
    Sort.DESTINATION: "country {0}, city {0}, shipment_id {0}",
    Sort.WAREHOUSE: "warehouse {0}, shipment_id {0}",
    Sort.CARRIER: "carrier {0} NULLS LAST, shipment_id {0}",
    Sort.INVOICE_NO: "invoice_no {0} NULLS LAST, shipment_id {0}",
    Sort.STATUS: _STATUS_RANK + " {0}, word {0} NULLS LAST, shipment_id {0}",
    # The longest in its status first when descending: the oldest moment.
    Sort.AGE: "-epoch_us(status_since) {0}, shipment_id {0}",
}

LIST_COLUMNS = (
    "shipment_id", "shipment_no", "request", "order_no", "ordered_at", "product", "items", "recipient", "city", "country",
    "warehouse", "policy", "option", "kind", "destination", "carrier", "invoice_no", "status", "word", "reason", "exception",
    "status_since", "promised_on", "ship_by", "last_scan_at", "delivered_at", "closed_at", "version",
)  # fmt: skip
_LIST_COLUMNS = ", ".join(LIST_COLUMNS)

# By row and not by id: the rows would be fetched one by one through the index of the key, which costs several times as much.
_ROWS = f"""
SELECT {_LIST_COLUMNS}, {FLAG} AS flag FROM shipment
WHERE rowid IN (SELECT rowid FROM shipment WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])))
"""
_EXACT = """
SELECT k.value AS form, k.shipment_id FROM search_key k JOIN shipment s USING (shipment_id)
WHERE k.kind = $kind AND k.value IN (SELECT unnest($forms::VARCHAR[]))
  AND (NOT $invoice OR regexp_replace(s.invoice_no, '[^A-Z0-9]', '', 'g') = k.value)
"""
_PREFIX = f"""
SELECT f.form, k.shipment_id
FROM (SELECT unnest($forms::VARCHAR[]) AS form) f
JOIN search_key k ON k.kind = $kind AND k.value >= f.form AND k.value < f.form || chr(1114109)
JOIN shipment s ON s.shipment_id = k.shipment_id
WHERE NOT $invoice OR starts_with(regexp_replace(s.invoice_no, '[^A-Z0-9]', '', 'g'), f.form)
LIMIT {MOST_PREFIX_HITS}
"""
_CHOICES = """
SELECT warehouse, policy, option, carrier, country FROM shipment
GROUP BY GROUPING SETS ((warehouse), (policy), (option), (carrier), (country))
"""
_WHEREABOUTS = """
SELECT shipment_id, shipment_no, status, destination FROM shipment WHERE shipment_id IN (SELECT unnest($ids::BIGINT[]))
"""
