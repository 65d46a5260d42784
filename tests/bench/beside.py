"""The questions of the desk as SQLite is asked them, by hand-written SQL over good indexes."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.domain import flags
from core.domain.search import SearchKey
from core.domain.selection import Selection
from core.domain.shipment import STATUSES_OF, Status
from core.domain.sorting import Order, Sort
from core.store.lists import LIST_COLUMNS
from core.store.local_time import midnight
from tests.bench.shop import ZONE

Row = dict[str, Any]
HOUR = 3_600_000_000


class Sqlite:
    """One connection, with a cache that holds the whole file."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA cache_size = -4000000")
        self._connection.execute("PRAGMA synchronous = FULL")

    def close(self) -> None:
        self._connection.close()

    def page(self, wanted: Selection, order: Order, now: datetime, size: int, number: int) -> list[Row]:
        """The counts of the tabs and one page of rows, as `listing.page` gives them."""
        ids = self.found(wanted.search.key, wanted.search.values) if wanted.search.values else ()
        where, values = _where(wanted, ids, (), now)
        self._rows(f"SELECT status, count(*) AS n FROM shipment WHERE {where} GROUP BY status", values)
        where, values = _where(wanted, ids, STATUSES_OF[wanted.tab], now)
        direction = "DESC" if order.descending else "ASC"
        sql = f"SELECT {_COLUMNS}, {_FLAG} AS flag FROM shipment WHERE {where} ORDER BY {_SORT[order.sort].format(direction)}"
        return self._rows(f"{sql} LIMIT {size} OFFSET {(number - 1) * size}", values | _times(now))

    def whole(self, shipment_no: str) -> list[list[Row]]:
        """The shipment with its facts, its order's shipments and its history."""
        shipment = self._rows("SELECT * FROM shipment WHERE shipment_no = :no", {"no": shipment_no})
        of = {"id": shipment[0]["shipment_id"], "order_no": shipment[0]["order_no"]}
        facts = [self._rows(f"SELECT * FROM {table} WHERE shipment_id = :id", of) for table in _FACTS]
        return [shipment, *facts, self._rows("SELECT * FROM shipment WHERE order_no = :order_no", of)]

    def register(self, shipment_no: str, carrier: str, number: str, key: str, at: datetime) -> None:
        """Registers one invoice in one transaction, with the look-ups and rows that `invoicing.register` makes."""
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        run("SELECT batch_id FROM batch WHERE request_key = ?", [key]).fetchall()
        shipment = self.whole(shipment_no)[0][0]
        number_of, version, moment = shipment["shipment_id"], shipment["version"], int(at.timestamp() * 1e6)
        run("SELECT shipment_no, status FROM shipment WHERE invoice_no = ?", [number]).fetchall()
        batch = run("INSERT INTO batch VALUES (NULL, ?, ?, 'Hana', 'form', '', NULL)", [key, moment]).lastrowid
        fresh = run("SELECT max(event_id) + 1 FROM invoice").fetchall()[0][0]
        run(_UPDATE, [fresh, carrier, number, moment, moment, version + 1, moment, number_of, version])
        run(_EVENT, [fresh, number_of, fresh, carrier, number, moment, batch])
        run(_HISTORY, [number_of, batch, moment])
        run("COMMIT")

    def found(self, key: SearchKey, values: Sequence[str]) -> tuple[int, ...]:
        """Exactly the value, or, without one, all that begin with it."""
        table = "item" if key is SearchKey.PRODUCT_ID else "shipment"
        exact = f"SELECT DISTINCT shipment_id FROM {table} WHERE {key} = :value"
        begun = (
            f"SELECT DISTINCT shipment_id FROM {table} WHERE {key} >= :value AND {key} < :value || char(1114109) LIMIT 10000"
        )
        found: list[Row] = []
        for value in values:
            found += self._rows(exact, {"value": value}) or self._rows(begun, {"value": value})
        return tuple(row["shipment_id"] for row in found)

    def _rows(self, sql: str, values: Row) -> list[Row]:
        return [dict(row) for row in self._connection.execute(sql, values).fetchall()]


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
    return {"now": int(now.timestamp() * 1e6), "today": today.isoformat(), "soon": soon.isoformat()}


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
    WHEN promised_on <= :soon AND stage IS NOT 'out_for_delivery' THEN 'at_risk'
END"""
_SORT = {
    Sort.ORDERED: "ordered_at {0}, shipment_id {0}",
    Sort.RECIPIENT: "recipient {0}, shipment_id {0}",
    Sort.CARRIER: "carrier {0} NULLS LAST, shipment_id {0}",
    Sort.AGE: "-status_since {0}, shipment_id {0}",
}
_UPDATE = """
UPDATE shipment SET status = 'preparing_to_ship', invoice_id = ?, carrier = ?, invoice_no = ?, invoiced_at = ?,
    status_since = ?, version = ?, updated_at = ? WHERE shipment_id = ? AND version = ?
"""
_EVENT = "INSERT INTO invoice VALUES (?, ?, ?, 'registered', ?, ?, ?, ?)"
_HISTORY = "INSERT INTO history VALUES (NULL, ?, ?, ?, 'Hana', 'form', 'invoice_registered', '{}', '{}', '')"
