"""The cache of carriers' answers: which numbers are watched, which are due, who is asking, what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.domain import refresh_policy
from core.domain.answer_doubts import AnswerDoubt
from core.domain.shipment import Shipment, Stage
from core.store.database import (
    Connection,
    Reader,
    Row,
    Store,
    in_utc,
    register_table,
    rows_of_columns,
    schema_of,
    select,
    select_columns,
    table_of_columns,
)
from core.store.postgres.adapter import PgConnection

CACHED = schema_of(
    "invoice_id", "service", "stage", "code", "last_event_at", "estimated_on", "asked_at", "fetched_at", "next_due", "attempts",
    "unchanged", "last_error", "warning", "stopped_at",
)  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """A number that this process is asking about, in its canonical form, and nobody else until the claim ends."""

    invoice_id: int
    shipment_id: int
    shipment_no: str
    carrier: str
    invoice_no: str


Mark = int | str
"""Up to where the events of invoices were looked at: the newest one's id; on a server, what was visible then."""


def newest_registration(store: Store) -> Mark:
    """Up to where there are events of invoices: when it is another, `watch` has something to do."""
    return store.snapshot(_mark)


def watch(
    connection: Connection,
    *,
    after: Mark,
    at: datetime,
    patience: Mapping[str, timedelta],
    made_here_only: bool,
    pace: float = 1.0,
) -> Mark:
    """Drops rows of numbers no longer in force, adds those that are missing; up to where events were looked at.

    `patience` is how long each carrier that is asked is asked without news; numbers that were silent for longer are added as
    stopped. Only shipments with invoice events after `after` are looked at, all of them for 0. What was delivered more than a day
    ago is not watched. `made_here_only` leaves out what was imported.
    """
    newest, new = _mark(connection), _new(connection, after)
    since = {"after": after} if after else {}
    connection.execute(_DROP_OLD.format(new=new), since)
    asked = {**since, "at": at, "made_here": made_here_only, "day": timedelta(days=1)}
    connection.execute(_ADD.format(new=f"s.{new}" if after else new) + _OPEN_ONLY, asked | _limits(patience, pace))
    return newest


def watch_these(
    connection: Connection, shipment_ids: Sequence[int], *, at: datetime, patience: Mapping[str, timedelta]
) -> None:
    """Adds missing rows of these shipments, delivered long ago or not: someone wants to ask about them by hand."""
    values = {"at": at, "made_here": False, "ids": list(shipment_ids)}
    connection.execute(
        _ADD.format(new="true") + " AND s.shipment_id IN (SELECT unnest($ids::BIGINT[]))", values | _limits(patience, 1.0)
    )


def due_carriers(store: Store, at: datetime) -> dict[str, int]:
    """How many numbers of each carrier are due and not being asked about."""
    return {row["carrier"]: row["n"] for row in store.rows(_DUE_CARRIERS, {"at": at})}


def watched(store: Store) -> int:
    """How many numbers will be asked about again."""
    return int(store.rows("SELECT count(next_due) AS n FROM tracking")[0]["n"])


def claim(
    connection: Connection, carriers: Sequence[str], *, by: str, at: datetime, until: datetime, limit: int
) -> list[Claim]:
    """Up to `limit` due numbers of these carriers, a turn for each carrier, the longest due first; they are claimed."""
    found = select(connection, _DUE, {"carriers": list(carriers), "at": at, "limit": limit})
    return _claimed(connection, _free(connection, found), by, until)


def claim_these(
    connection: Connection, shipment_ids: Sequence[int], *, by: str, at: datetime, until: datetime, not_since: datetime
) -> list[Claim]:
    """The numbers in force of these shipments that were not asked since and that nobody is asking; they are claimed."""
    found = select(connection, _FREE, {"ids": list(shipment_ids), "at": at, "since": not_since})
    return _claimed(connection, _free(connection, found), by, until)


def release(connection: Connection, invoice_ids: Sequence[int], by: str) -> None:
    """Ends the claims on these numbers, and all others that `by` holds. The numbers stay as due as they were."""
    connection.execute(_RELEASE, {"by": by, "ids": list(invoice_ids)})


def release_all(connection: Connection) -> None:
    """Ends every claim: whoever held one is gone, since one process owns the file. On a server they run out."""
    if isinstance(connection, PgConnection):
        return
    connection.execute("UPDATE tracking SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by IS NOT NULL")


def in_force(connection: Connection, invoice_ids: Sequence[int]) -> dict[int, Row]:
    """The rows of those numbers that are still in force, by invoice_id, with what the next check depends on."""
    found = select_columns(connection, _IN_FORCE, {"ids": list(invoice_ids)}, (*_ANSWERED_MOMENTS, *_SHIPPED_MOMENTS))
    return {row["invoice_id"]: row for row in rows_of_columns(found)}


def refused_last(connection: Connection, invoice_ids: Sequence[int]) -> set[int]:
    """Those numbers of which the newest checkpoint says that the carrier does not accept them."""
    rows = select(connection, _REFUSED_LAST, {"ids": list(invoice_ids)})
    return {row["invoice_id"] for row in rows if row["stage"] == Stage.INVALID_NUMBER}


def cache(connection: Connection, rows: Sequence[Mapping[str, Any]], known: Mapping[int, Row]) -> None:
    """Stores what became of the numbers asked, in those columns of `CACHED` in which any differs from what is `known`, as `in_force`
    gave it, and ends their claims.
    """
    if not rows:
        return
    before = [known[row["invoice_id"]] for row in rows]
    columns = {name: [row[name] for row in rows] for name in CACHED.names}
    differ = [name for name, values in columns.items() if values != [row[name] for row in before]]
    values = [f"{name} = answered.{name}" for name in differ]
    if any(row["claimed_until"] for row in before):
        values += ["claimed_by = NULL", "claimed_until = NULL"]
    if values:
        changed = table_of_columns({name: columns[name] for name in ("invoice_id", *differ)}, CACHED)
        with register_table(connection, "answered", changed):
            connection.execute(
                f"UPDATE tracking SET {', '.join(values)} FROM answered WHERE tracking.invoice_id = answered.invoice_id"
            )


def resume(connection: Connection, shipment_ids: Sequence[int], at: datetime) -> int:
    """Watches again what was given up, from now on; how many numbers that were."""
    changed = connection.execute(_RESUME, {"ids": list(shipment_ids), "at": at}).fetchall()
    return int(changed[0][0])


def ask_again(connection: Connection, invoice_ids: Sequence[int], *, at: datetime, at_most_every: timedelta) -> None:
    """Makes the numbers due, each not before `at_most_every` is over since it was asked last; one being asked when its claim ends."""
    connection.execute(_ASK_AGAIN, {"ids": list(invoice_ids), "at": at, "every": at_most_every})


def make_failed_due(connection: Connection, carriers: Sequence[str], at: datetime) -> None:
    """Puts the numbers of these carriers whose last try failed at the front of the queue."""
    connection.execute(
        "UPDATE tracking SET next_due = $at WHERE attempts > 0 AND next_due > $at AND list_contains($carriers::VARCHAR[], carrier)",
        {"carriers": list(carriers), "at": at},
    )


def make_all_due(connection: Connection, *, at: datetime, not_since: datetime) -> None:
    """Makes every watched number due that was not asked since."""
    connection.execute(
        "UPDATE tracking SET next_due = $at WHERE next_due > $at AND (asked_at IS NULL OR asked_at <= $since)",
        {"at": at, "since": not_since},
    )


def numbered(connection: Connection, numbers: Iterable[str]) -> list[Row]:
    """The rows in force that bear one of these canonical numbers: invoice_id, shipment_id, carrier, canonical_no."""
    return select(connection, _NUMBERED, {"numbers": list(set(numbers))})


def by_carrier(store: Store, at: datetime) -> dict[str, Row]:
    """How the watched numbers of each carrier are doing, by code: watched and due (numbers), oldest (last answer of the one that waits
    longest, or when its first is due) and oldest_no (its shipment), last_success, stopped and warned (numbers).
    """
    return {row["carrier"]: row for row in store.rows(_BY_CARRIER, {"at": at})}


def of_shipment(store: Reader, shipment: Shipment) -> Row | None:
    """The cached answer of a shipment's number in force; None when none is watched. Columns of the table, times UTC."""
    if shipment.invoice is None:
        return None
    rows = store.rows(_OF_SHIPMENT, {"id": shipment.shipment_id, "invoice": shipment.invoice.invoice_id})
    return rows[0] if rows else None


def _mark(connection: Connection) -> Mark:
    on_server = isinstance(connection, PgConnection)
    sql = (
        "SELECT pg_current_snapshot()::TEXT AS mark" if on_server else "SELECT coalesce(max(event_id), 0) AS mark FROM invoice"
    )
    mark: Mark = select(connection, sql)[0]["mark"]
    return mark


def _new(connection: Connection, after: Mark) -> str:
    """SQL for the shipments with events of invoices after that. On a server an event may come after one with a higher id."""
    if not after:
        return "true"
    on_server = isinstance(connection, PgConnection)
    new = "tx >= pg_snapshot_xmin($after::pg_snapshot)" if on_server else "event_id > $after"
    return f"shipment_id IN (SELECT shipment_id FROM invoice WHERE {new})"


def _free(connection: Connection, found: Sequence[Row]) -> list[int]:
    """Those of the numbers that nobody else is just claiming."""
    ids = [row["invoice_id"] for row in found]
    if isinstance(connection, PgConnection) and ids:
        ids = [row["invoice_id"] for row in select(connection, _NOT_LOCKED, {"ids": ids})]
    return ids


def _claimed(connection: Connection, invoice_ids: list[int], by: str, until: datetime) -> list[Claim]:
    if not invoice_ids:
        return []
    connection.execute(_CLAIM, {"ids": invoice_ids, "by": by, "until": until})
    return [Claim(**row) for row in select(connection, _CLAIMS, {"ids": invoice_ids})]


def _limits(patience: Mapping[str, timedelta], pace: float) -> dict[str, Any]:
    return {
        "carriers": list(patience),
        "patience": list(patience.values()),
        "fresh": refresh_policy.FRESH / pace,
        "last": refresh_policy.AFTER_DELIVERY / pace,
    }


_DROP_OLD = """
DELETE FROM tracking
WHERE {new}
  AND NOT EXISTS (SELECT 1 FROM shipment s WHERE s.shipment_id = tracking.shipment_id AND s.invoice_id = tracking.invoice_id)
"""
_ADD = """
INSERT INTO tracking (invoice_id, shipment_id, carrier, invoice_no, canonical_no, stage, last_event_at, next_due, stopped_at)
SELECT s.invoice_id, s.shipment_id, s.carrier, s.invoice_no, s.canonical_no, s.stage, s.last_scan_at AS last_event_at,
       CASE WHEN s.done THEN CASE WHEN s.ended_at + $last > $at THEN s.ended_at + $last END WHEN NOT s.silent THEN s.invoiced_at + $fresh END AS next_due,
       CASE WHEN NOT s.done AND s.silent THEN $at END AS stopped_at
FROM (SELECT *, greatest(delivered_at, returned_at) AS ended_at,
             status = 'delivered' AND coalesce(returned_at >= returning_at, returning_at IS NULL) AS done, greatest(invoiced_at, coalesce(last_scan_at, invoiced_at))
                < $at - ($patience::INTERVAL[])[array_position($carriers::VARCHAR[], carrier)] AS silent FROM shipment) s
WHERE s.invoice_id IS NOT NULL AND s.closed_at IS NULL AND list_contains($carriers::VARCHAR[], s.carrier)
  AND NOT EXISTS (SELECT 1 FROM tracking t WHERE t.invoice_id = s.invoice_id)
  AND {new}
  AND (NOT $made_here OR s.source_hash IS NULL)
"""
_OPEN_ONLY = " AND (NOT s.done OR s.ended_at > $at - $day)"
_DUE_CARRIERS = """
SELECT carrier, count(*) AS n FROM tracking
WHERE next_due <= $at AND (claimed_until IS NULL OR claimed_until <= $at) GROUP BY carrier
"""
_DUE = """
SELECT invoice_id FROM tracking
WHERE next_due <= $at AND list_contains($carriers::VARCHAR[], carrier) AND (claimed_until IS NULL OR claimed_until <= $at)
ORDER BY row_number() OVER (PARTITION BY carrier ORDER BY next_due, invoice_id), next_due, invoice_id LIMIT $limit
"""
_FREE = """
SELECT t.invoice_id FROM tracking t JOIN shipment s ON s.shipment_id = t.shipment_id AND s.invoice_id = t.invoice_id
WHERE t.shipment_id IN (SELECT unnest($ids::BIGINT[])) AND (t.asked_at IS NULL OR t.asked_at <= $since)
  AND (t.claimed_until IS NULL OR t.claimed_until <= $at)
"""
_NOT_LOCKED = """
SELECT invoice_id FROM tracking WHERE invoice_id IN (SELECT unnest($ids::BIGINT[])) FOR UPDATE SKIP LOCKED
"""
_CLAIM = """
UPDATE tracking SET claimed_by = $by, claimed_until = $until WHERE invoice_id IN (SELECT unnest($ids::BIGINT[]))
"""
_CLAIMS = """
SELECT t.invoice_id, t.shipment_id, s.shipment_no, t.carrier, t.canonical_no AS invoice_no
FROM tracking t JOIN shipment s USING (shipment_id) WHERE t.invoice_id IN (SELECT unnest($ids::BIGINT[]))
"""
_RELEASE = """
UPDATE tracking SET claimed_by = NULL, claimed_until = NULL
WHERE claimed_by IS NOT NULL AND (claimed_by = $by OR list_contains($ids::BIGINT[], invoice_id))
"""
_ANSWERED_MOMENTS = ("last_event_at", "asked_at", "fetched_at", "next_due", "stopped_at", "claimed_until", "resumed_at")
_SHIPPED_MOMENTS = ("invoiced_at", "delivered_at", "returning_at", "returned_at", "closed_at", "forgotten_at")
_IN_FORCE = f"""
SELECT t.invoice_id, t.shipment_id, t.carrier, t.service, t.stage, t.code, t.estimated_on, t.attempts, t.unchanged, t.last_error,
       t.warning, {in_utc(_ANSWERED_MOMENTS, "t")}, s.shipment_no, s.status, s.word, s.stage AS shipment_stage, s.promised_on,
       s.country, {in_utc(_SHIPPED_MOMENTS, "s")}
FROM tracking t JOIN shipment s ON s.shipment_id = t.shipment_id AND s.invoice_id = t.invoice_id
WHERE t.invoice_id IN (SELECT unnest($ids::BIGINT[]))
"""
_REFUSED_LAST = """
SELECT DISTINCT ON (invoice_id) invoice_id, stage FROM checkpoint
WHERE invoice_id IN (SELECT unnest($ids::BIGINT[])) AND stage IS NOT NULL ORDER BY invoice_id, happened_at DESC
"""
_RESUME = """
UPDATE tracking SET stopped_at = NULL, resumed_at = $at, next_due = $at, unchanged = 0, attempts = 0
WHERE stopped_at IS NOT NULL AND shipment_id IN (SELECT unnest($ids::BIGINT[]))
"""
_ASK_AGAIN = """
UPDATE tracking
SET next_due = CASE WHEN claimed_until > $at THEN claimed_until ELSE least(next_due, greatest($at, asked_at + $every)) END
WHERE invoice_id IN (SELECT unnest($ids::BIGINT[]))
"""
_NUMBERED = """
SELECT t.invoice_id, t.shipment_id, t.carrier, t.canonical_no
FROM tracking t JOIN shipment s ON s.shipment_id = t.shipment_id AND s.invoice_id = t.invoice_id
WHERE t.canonical_no IN (SELECT unnest($numbers::VARCHAR[]))
"""
_OF_SHIPMENT = "SELECT * FROM tracking WHERE shipment_id = $id AND invoice_id = $invoice LIMIT 1"
# The underscore of LIKE matches any character: an earlier Shipdesk stored the sentence, which says "used before".
_BY_CARRIER = f"""
WITH numbers AS (
    SELECT carrier, count(*) FILTER (WHERE next_due IS NOT NULL) AS watched, count(*) FILTER (WHERE next_due <= $at) AS due,
           min(coalesce(fetched_at, next_due)) FILTER (WHERE next_due IS NOT NULL) AS oldest,
           (array_agg(shipment_id ORDER BY coalesce(fetched_at, next_due)) FILTER (WHERE next_due IS NOT NULL))[1] AS oldest_id,
           max(fetched_at) AS last_success,
           count(*) FILTER (WHERE stopped_at IS NOT NULL) AS stopped,
           count(*) FILTER (WHERE warning LIKE '%{AnswerDoubt.USED_BEFORE}%') AS warned
    FROM tracking GROUP BY carrier)
SELECT n.carrier, n.watched, n.due, n.oldest, n.last_success, n.stopped, n.warned, s.shipment_no AS oldest_no
FROM numbers n LEFT JOIN shipment s ON s.shipment_id = n.oldest_id
"""
