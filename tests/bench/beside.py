"""The questions of the desk as another database is asked them, by hand-written SQL over good indexes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from core.domain import flags
from core.domain.search import SearchKey
from core.domain.selection import Selection
from core.domain.shipment import STATUSES_OF, Status
from core.domain.sorting import Order, Sort
from core.store.lists import LIST_COLUMNS
from core.store.local_time import midnight
from tests.bench.engines import Engine, Row
from tests.bench.shop import ZONE

HOUR = 3_600_000_000


def counts(engine: Engine, wanted: Selection, now: datetime) -> dict[str, int]:
    """How many shipments of the selection there are by status."""
    where, values = _where(wanted, found(engine, wanted), (), now)
    rows = engine.rows(f"SELECT status, count(*) AS n FROM shipment WHERE {where} GROUP BY status", values)
    return {row["status"]: row["n"] for row in rows}


def page(engine: Engine, wanted: Selection, order: Order, now: datetime, size: int, number: int) -> list[Row]:
    """The counts of the tabs and one page of rows, as `listing.page` gives them."""
    ids = found(engine, wanted)
    where, values = _where(wanted, ids, (), now)
    engine.rows(f"SELECT status, count(*) AS n FROM shipment WHERE {where} GROUP BY status", values)
    where, values = _where(wanted, ids, STATUSES_OF[wanted.tab], now)
    direction = "DESC" if order.descending else "ASC"
    sql = f"SELECT {_COLUMNS}, {_FLAG} AS flag FROM shipment WHERE {where} ORDER BY {_SORT[order.sort].format(direction)}"
    return engine.rows(f"{sql} LIMIT {size} OFFSET {(number - 1) * size}", values | _times(now))


def whole(engine: Engine, shipment_no: str) -> list[list[Row]]:
    """The shipment with its facts, its order's shipments and its history."""
    shipment = engine.rows("SELECT * FROM shipment WHERE shipment_no = :no", {"no": shipment_no})
    of = {"id": shipment[0]["shipment_id"], "order_no": shipment[0]["order_no"]}
    facts = [engine.rows(f"SELECT * FROM {table} WHERE shipment_id = :id", of) for table in _FACTS]
    return [shipment, *facts, engine.rows("SELECT * FROM shipment WHERE order_no = :order_no", of)]


def register(engine: Engine, shipment_no: str, carrier: str, number: str, key: str, at: datetime) -> None:
    """Registers one invoice in one transaction, with the look-ups and rows that `invoicing.register` makes."""
    engine.rows("BEGIN", {})
    shipment, moment = whole(engine, shipment_no)[0][0], int(at.timestamp() * 1e6)
    said: Row = {"key": key, "at": moment, "carrier": carrier, "number": number}
    said |= {"id": shipment["shipment_id"], "version": shipment["version"]}
    engine.rows("SELECT batch_id FROM batch WHERE request_key = :key", said)
    engine.rows("SELECT shipment_no, status FROM shipment WHERE invoice_no = :number", said)
    for table, column in (("batch", "batch_id"), ("invoice", "event_id"), ("history", "history_id")):
        said[f"new_{table}"] = engine.rows(f"SELECT max({column}) + 1 AS n FROM {table}", {})[0]["n"]
    for statement in _REGISTER:
        engine.rows(statement, said)
    engine.rows("COMMIT", {})


def found(engine: Engine, wanted: Selection) -> tuple[int, ...]:
    """The shipments of exactly the searched values, or, without one, of all that begin with it."""
    key, rows = wanted.search.key, list[Row]()
    table = "item" if key is SearchKey.PRODUCT_ID else "shipment"
    for value in wanted.search.values:
        said = {"value": value, "beyond": value + chr(1114109)}
        rows += engine.rows(f"SELECT DISTINCT shipment_id FROM {table} WHERE {key} = :value", said) or engine.rows(
            f"SELECT DISTINCT shipment_id FROM {table} WHERE {key} >= :value AND {key} < :beyond LIMIT 10000", said
        )
    return tuple(row["shipment_id"] for row in rows)


def _where(wanted: Selection, ids: Sequence[int], statuses: Sequence[Status], now: datetime) -> tuple[str, Row]:
    lists = {
        "status": statuses,
        "shipment_id": ids,
        "warehouse": wanted["warehouse"],
        "carrier": wanted["carrier"],
        _FLAG: wanted["flag"],
    }
    clauses, values = ["destination = :destination"], {"destination": str(wanted.destination)} | _times(now)
    for position, (column, some) in enumerate(lists.items()):
        if some and column == "shipment_id":
            clauses.append(f"shipment_id IN ({', '.join(map(str, some))})")
        elif some:
            clauses.append(f"{column} IN ({', '.join(f':v{position}_{n}' for n in range(len(some)))})")
            values |= {f"v{position}_{n}": str(one) for n, one in enumerate(some)}
    until = wanted.ordered.last + timedelta(days=1) if wanted.ordered.last else None
    for name, sign, day in (("since", ">=", wanted.ordered.first), ("until", "<", until)):
        if day:
            clauses.append(f"ordered_at {sign} :{name}")
            values[name] = int(midnight(day, ZONE).timestamp() * 1e6)
    return " AND ".join(clauses), values


def _times(now: datetime) -> Row:
    today = now.astimezone(ZONE).date()
    soon = today + timedelta(days=flags.AT_RISK_DAYS_BEFORE_PROMISE)
    return {"now": int(now.timestamp() * 1e6), "today": _day(today), "soon": _day(soon)}


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days


_FACTS = ("item", "invoice", "checkpoint", "history")
_COLUMNS = ", ".join(LIST_COLUMNS)
_FLAG = f"""CASE
    WHEN closed_at IS NOT NULL OR status = 'delivered' THEN NULL
    WHEN status = 'shipping_failed' AND word = 'cancellation' THEN 'returned'
    WHEN status = 'shipping_failed' THEN 'failed'
    WHEN word = 'release_failed' THEN 'invalid_number'
    WHEN status = 'preparing_to_ship' AND invoiced_at < :now - {flags.NEVER_SCANNED_AFTER_HOURS * HOUR} THEN 'never_scanned'
    WHEN picked_up_at IS NULL AND ship_by < :today THEN 'dispatch_overdue'
    WHEN status IN ('released', 'in_delivery') AND last_scan_at < :now - {flags.NO_SCAN_AFTER_HOURS * HOUR} THEN 'no_scan'
    WHEN promised_on < :today THEN 'past_promise'
    WHEN promised_on <= :soon AND stage IS DISTINCT FROM 'out_for_delivery' THEN 'at_risk'
END"""
_RANKS = " ".join(f"WHEN '{status}' THEN {rank}" for rank, status in enumerate(Status))
_SORT = {
    Sort.SHIPMENT_NO: "shipment_no {0}",
    Sort.ORDER_NO: "order_no {0}, shipment_id {0}",
    Sort.ORDERED: "ordered_at {0}, shipment_id {0}",
    Sort.RECIPIENT: "recipient {0}, shipment_id {0}",
    Sort.DESTINATION: "country {0}, city {0}, shipment_id {0}",
    Sort.WAREHOUSE: "warehouse {0}, shipment_id {0}",
    Sort.CARRIER: "carrier {0} NULLS LAST, shipment_id {0}",
    Sort.INVOICE_NO: "invoice_no {0} NULLS LAST, shipment_id {0}",
    Sort.STATUS: f"CASE status {_RANKS} END {{0}}, word {{0}} NULLS LAST, shipment_id {{0}}",
    Sort.AGE: "-status_since {0}, shipment_id {0}",
}
_REGISTER = (
    "INSERT INTO batch (batch_id, request_key, made_at, made_by, source, note) VALUES (:new_batch, :key, :at, 'Hana', 'form', '')",
    """UPDATE shipment SET status = 'preparing_to_ship', invoice_id = :new_invoice, carrier = :carrier, invoice_no = :number,
        invoiced_at = :at, status_since = :at, version = :version + 1, updated_at = :at
    WHERE shipment_id = :id AND version = :version""",
    """INSERT INTO invoice (event_id, shipment_id, invoice_id, action, carrier, invoice_no, changed_at, batch_id)
    VALUES (:new_invoice, :id, :new_invoice, 'registered', :carrier, :number, :at, :new_batch)""",
    """INSERT INTO history (history_id, shipment_id, batch_id, changed_at, changed_by, source, action, before, after, reason)
    VALUES (:new_history, :id, :new_batch, :at, 'Hana', 'form', 'invoice_registered', '{}', '{}', '')""",
)
