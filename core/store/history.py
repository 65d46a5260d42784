"""Batches and the history of every change: appended in the transaction of the change, never updated."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from core.domain.history import BESIDE, ON_WORKLIST, ChangeSource, HistoryAction
from core.domain.shipment import InvoiceAction
from core.store.database import MOMENT, Connection, Reader, Row, Store, insert, next_id, schema_of, select, table_of

EXPORTED = schema_of("batch_id", "shipments")
BATCH = schema_of("batch_id", "request_key", "made_at", "made_by", "source", "note", "undoes")
HISTORY = schema_of(
    "history_id", "shipment_id", "batch_id", "changed_at", "changed_by", "source", "action", "before", "after", "reason"
)  # fmt: skip


_PLAIN = r'^[^"\\\x00-\x1f]*$'
"""Texts that stand in JSON as they are."""


@dataclass(frozen=True)
class Change:
    """What happened to one shipment: the fields that changed, before and after, as JSON values."""

    shipment_id: int
    action: HistoryAction
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str = ""


@dataclass(frozen=True)
class Batch:
    """Who made the changes of a batch, when and from where."""

    batch_id: int
    by: str
    at: datetime
    source: ChangeSource


@dataclass(frozen=True)
class Opened:
    """What a batch is opened with."""

    made_by: str
    made_at: datetime
    source: ChangeSource
    note: str = ""
    request_key: str | None = None
    undoes: int | None = None


def open_batch(
    connection: Connection,
    *,
    by: str,
    at: datetime,
    source: ChangeSource,
    note: str = "",
    request_key: str | None = None,
    undoes: int | None = None,
) -> int:
    """The id of a new batch. A repeated `request_key` must be looked up with `batch_of` first."""
    (batch,) = open_batches(connection, [Opened(by, at, source, note, request_key, undoes)])
    return batch.batch_id


def add_export(connection: Connection, batch_id: int, shipments: int) -> None:
    """Says of a batch that it is a file with so many shipments and their personal data in it."""
    insert(connection, "export", table_of([{"batch_id": batch_id, "shipments": shipments}], EXPORTED))


def open_batches(connection: Connection, opened: Sequence[Opened]) -> list[Batch]:
    """The same for several requests, in their order."""
    first = next_id(connection, "batch", "batch_id", len(opened))
    insert(connection, "batch", table_of(({"batch_id": first + n, **vars(one)} for n, one in enumerate(opened)), BATCH))
    return [Batch(first + n, one.made_by, one.made_at, one.source) for n, one in enumerate(opened)]


def batch_of(connection: Connection, request_key: str | None) -> int | None:
    """The batch that a request already made, or None."""
    return batches_of(connection, [request_key]).get(request_key) if request_key is not None else None


def batches_of(connection: Connection, request_keys: Iterable[str | None]) -> dict[str | None, int]:
    """The batches that requests already made, by their keys; of others nothing."""
    keys = [key for key in request_keys if key is not None]
    found = select(connection, _OF_REQUESTS, {"keys": keys}) if keys else []
    return {row["request_key"]: int(row["batch_id"]) for row in found}


def newest_of_requests(connection: Connection, prefix: str) -> Row | None:
    """The newest batch whose request key begins like this: batch_id, made_at, how many shipments, `undone`; None without one."""
    rows = select(connection, _NEWEST_OF_REQUESTS, {"prefix": prefix})
    return rows[0] if rows else None


def answered(connection: Connection, request_key: str) -> frozenset[str]:
    """The numbers of the shipments that a request already changed; none when it was not made before."""
    return frozenset(row["shipment_no"] for row in select(connection, _ANSWERED, {"key": request_key}))


def append(
    connection: Connection, changes: Sequence[Change], *, batch_id: int, by: str, at: datetime, source: ChangeSource
) -> None:
    """One row of history per change."""
    batch = Batch(batch_id, by, at, source)
    append_each(connection, [(change, batch) for change in changes])


def append_each(connection: Connection, changes: Sequence[tuple[Change, Batch]]) -> None:
    """The same for changes of several batches."""
    first = next_id(connection, "history", "history_id", len(changes))
    rows = (
        {
            "history_id": first + n,
            "shipment_id": change.shipment_id,
            "batch_id": batch.batch_id,
            "changed_at": batch.at,
            "changed_by": batch.by,
            "source": batch.source,
            "action": change.action,
            "before": _json(change.before),
            "after": _json(change.after),
            "reason": change.reason,
        }
        for n, (change, batch) in enumerate(changes)
    )
    insert(connection, "history", table_of(rows, HISTORY))


def append_new(connection: Connection, new: pa.Table, batch: Batch) -> None:
    """One row of history for each shipment that an import added: `shipment_id`, `reason`, and the fields to keep, without empty ones."""
    count = new.num_rows
    first = next_id(connection, "history", "history_id", count)
    columns: dict[str, Any] = {
        "history_id": pa.array(range(first, first + count), pa.int64()),
        "batch_id": pa.repeat(batch.batch_id, count),
        "changed_at": pa.repeat(pa.scalar(batch.at, MOMENT), count),
        "changed_by": pa.repeat(batch.by, count),
        "source": pa.repeat(str(batch.source), count),
        "action": pa.repeat(str(HistoryAction.IMPORTED), count),
        "before": pa.repeat(_json({}), count),
        "after": _as_json(new.drop_columns(["shipment_id", "reason"])),
    }
    insert(connection, "history", pa.table([columns[n] if n in columns else new[n] for n in HISTORY.names], schema=HISTORY))


def _as_json(fields: pa.Table) -> pa.Array:
    """Each row as `_json` writes it without its empty fields."""
    written = [_pairs(name, fields[name].combine_chunks()) for name in fields.column_names]
    together = pc.binary_join_element_wise(*written, "", null_handling="skip")
    return pc.binary_join_element_wise("{", pc.utf8_slice_codeunits(together, 1), "}", "")


def _pairs(name: str, values: pa.Array) -> pa.Array:
    """What stands of each text in JSON behind a comma; null for nothing."""
    head, plain = f",{_json(name)}:", pc.match_substring_regex(values, _PLAIN)
    quoted = pc.binary_join_element_wise(f'{head}"', values, '"', "")
    odd = pc.fill_null(pc.invert(plain), False)
    if pc.any(odd).as_py():
        quoted = pc.replace_with_mask(
            quoted, odd, pa.array([head + _json(one) for one in values.filter(odd).to_pylist()], pa.string())
        )
    return pc.if_else(pc.equal(values, ""), None, quoted)


def of_shipment(store: Reader, shipment_id: int) -> list[Row]:
    """The changes of one shipment, newest first; `before` and `after` as dictionaries, times UTC."""
    rows = store.rows(_OF_SHIPMENT, {"id": shipment_id})
    return [decoded(row) for row in rows]


def changes_of(connection: Connection, shipment_id: int) -> list[Row]:
    """The same as a transaction sees them."""
    return [decoded(row) for row in select(connection, _OF_SHIPMENT, {"id": shipment_id})]


def latest(connection: Connection, shipment_id: int) -> Row | None:
    """The newest change of one shipment, but for what was done beside it."""
    rows = select(connection, _LATEST, {"id": shipment_id})
    return decoded(rows[0]) if rows else None


def of_batch(connection: Connection, batch_id: int, but: Sequence[int] = ()) -> list[Row]:
    """The changes of one batch, in the order they were made, each with `newest`: whether nothing came after it but what was taken back
    as a whole (numbers that were handed to a source, goods that were split or put together) and what was done beside the shipment; after
    such a thing nothing of its own kind.

    Those of the shipments `but` are left out.
    """
    return [decoded(row) for row in select(connection, _OF_BATCH, {"batch": batch_id, "but": list(but)})]


def batches(store: Store, limit: int = 100) -> list[Row]:
    """The newest batches: batch_id, made_at, made_by, source, note, undoes, shipments, undone (the batch that undid it)."""
    return store.rows(_BATCHES, {"limit": limit})


def batches_from(store: Store, source: ChangeSource, limit: int) -> list[Row]:
    """The newest batches from this source, each as `batches` gives it."""
    return store.rows(_BATCHES_FROM, {"source": source, "limit": limit})


def batch(connection: Connection, batch_id: int) -> Row | None:
    rows = select(connection, "SELECT * FROM batch WHERE batch_id = $batch", {"batch": batch_id})
    return rows[0] if rows else None


def has_demo(store: Reader) -> bool:
    """Whether the database holds the demo shop."""
    return bool(store.rows("SELECT 1 AS n FROM batch WHERE source = 'demo' LIMIT 1"))


def undone_by(connection: Connection, batch_id: int) -> Row | None:
    """The batch that undid this one, if any."""
    rows = select(connection, "SELECT * FROM batch WHERE undoes = $batch", {"batch": batch_id})
    return rows[0] if rows else None


def registered(store: Store, *, by: str, source: ChangeSource, since: datetime) -> list[datetime]:
    """When this person registered invoices from this source and did not undo them, oldest first."""
    return [row["made_at"] for row in store.rows(_REGISTERED, {"by": by, "source": source, "since": since})]


def one_by_one(store: Store, *, by: str, limit: int) -> list[Row]:
    """The newest invoices that this person registered singly, by scan or form, and those that they gave to another company where they
    scan, newest first.

    batch_id, made_at, shipment_no, after, invoice_no, reason, `undone`, and `newest`: whether nothing came after it.
    """
    rows = store.rows(_ONE_BY_ONE, {"by": by, "limit": limit})
    return [{**row, "after": json.loads(row["after"])} for row in rows]


def registrars(connection: Connection, shipment_ids: Sequence[int]) -> dict[int, str]:
    """Who registered the newest invoice of each shipment, by id; one that an import or the demo brought is missing."""
    return {row["shipment_id"]: row["made_by"] for row in select(connection, _REGISTRARS, {"ids": list(shipment_ids)})}


def _json(fields: Any) -> str:
    return json.dumps(fields, ensure_ascii=False, default=str, separators=(",", ":"))


def decoded(row: Row) -> Row:
    """The stored row with `before` and `after` as dictionaries."""
    return {**row, "before": json.loads(row["before"]), "after": json.loads(row["after"])}


def encoded(row: Row) -> Row:
    """The row as it is stored."""
    return {**row, "before": _json(row["before"]), "after": _json(row["after"])}


_OF_REQUESTS = "SELECT request_key, batch_id FROM batch WHERE request_key IN (SELECT unnest($keys::VARCHAR[]))"


def _listed(actions: Iterable[HistoryAction]) -> str:
    return ", ".join(f"'{action}'" for action in actions)


_BESIDE = _listed(BESIDE)
_LATEST = f"""
SELECT * FROM history WHERE shipment_id = $id AND action NOT IN ({_BESIDE}) ORDER BY history_id DESC LIMIT 1
"""
_OF_SHIPMENT = "SELECT * FROM history WHERE shipment_id = $id ORDER BY history_id DESC"
_OF_BATCH = f"""
WITH taken_back AS (
    SELECT unnest(ARRAY[b.batch_id, u.batch_id]) AS batch_id FROM batch b JOIN batch u ON u.undoes = b.batch_id
    WHERE b.source = '{ChangeSource.HANDBACK}' OR b.note IN ('{HistoryAction.SPLIT}', '{HistoryAction.JOINED}'))
SELECT h.*, NOT EXISTS (
    SELECT 1 FROM history later WHERE later.shipment_id = h.shipment_id AND later.history_id > h.history_id
        AND later.batch_id NOT IN (SELECT batch_id FROM taken_back)
        AND CASE WHEN h.action IN ({_listed(ON_WORKLIST)}) THEN later.action IN ({_listed(ON_WORKLIST)})
            WHEN h.action IN ({_BESIDE}) THEN later.action = h.action AND h.action = '{HistoryAction.ASSIGNED}'
            ELSE later.action NOT IN ({_BESIDE}) END) AS newest
FROM history h
WHERE batch_id = $batch AND shipment_id NOT IN (SELECT unnest($but::BIGINT[])) ORDER BY history_id
"""
_BATCHES = """
WITH sizes AS (
    SELECT batch_id, count(DISTINCT shipment_id) AS shipments FROM history GROUP BY batch_id
    UNION ALL SELECT batch_id, shipments FROM export
    UNION ALL SELECT batch_id, 0 FROM batch WHERE source = 'own_shop')
SELECT b.batch_id, b.made_at, b.made_by, b.source, b.note, b.undoes, s.shipments,
       (SELECT min(u.batch_id) FROM batch u WHERE u.undoes = b.batch_id) AS undone
FROM batch b JOIN sizes s USING (batch_id) ORDER BY b.made_at DESC, b.batch_id DESC LIMIT $limit
"""
_BATCHES_FROM = """
WITH newest AS (SELECT * FROM batch WHERE source = $source ORDER BY made_at DESC, batch_id DESC LIMIT $limit),
sizes AS (
    SELECT batch_id, count(DISTINCT shipment_id) AS shipments FROM history
    WHERE batch_id IN (SELECT batch_id FROM newest) GROUP BY batch_id)
SELECT n.batch_id, n.made_at, n.made_by, n.source, n.note, n.undoes, s.shipments,
       (SELECT min(u.batch_id) FROM batch u WHERE u.undoes = n.batch_id) AS undone
FROM newest n JOIN sizes s USING (batch_id) ORDER BY n.made_at DESC, n.batch_id DESC
"""
_REGISTERED = f"""
SELECT b.made_at FROM batch b
WHERE b.source = $source AND b.made_by = $by AND b.made_at >= $since AND b.note = '{HistoryAction.INVOICE_REGISTERED}'
  AND NOT EXISTS (SELECT 1 FROM batch u WHERE u.undoes = b.batch_id)
ORDER BY b.made_at
"""
_ANSWERED = """
SELECT s.shipment_no FROM shipment s
WHERE s.shipment_id IN (SELECT h.shipment_id FROM history h JOIN batch b USING (batch_id) WHERE b.request_key = $key)
"""
_NEWEST_OF_REQUESTS = """
SELECT b.batch_id, b.made_at, count(DISTINCT h.shipment_id) AS shipments,
       EXISTS (SELECT 1 FROM batch u WHERE u.undoes = b.batch_id) AS undone
FROM batch b JOIN history h USING (batch_id)
WHERE starts_with(b.request_key, $prefix) GROUP BY b.batch_id, b.made_at ORDER BY b.batch_id DESC LIMIT 1
"""
_REGISTRARS = f"""
SELECT shipment_id, made_by FROM (
    SELECT DISTINCT ON (i.shipment_id) i.shipment_id, b.made_by, b.source FROM invoice i JOIN batch b USING (batch_id)
    WHERE i.shipment_id IN (SELECT unnest($ids::BIGINT[])) AND i.action = '{InvoiceAction.REGISTERED}'
    ORDER BY i.shipment_id, i.event_id DESC) newest
WHERE source NOT IN ('{ChangeSource.IMPORT}', '{ChangeSource.DEMO}')
"""
_ONE_BY_ONE = f"""
WITH asked AS MATERIALIZED (
    SELECT batch_id, made_at FROM batch
    WHERE made_by = $by AND (source IN ('{ChangeSource.SCAN}', '{ChangeSource.FORM}') AND note = '{HistoryAction.INVOICE_REGISTERED}'
        OR source = '{ChangeSource.SCAN}' AND note = '{HistoryAction.INVOICE_MODIFIED}')
    ORDER BY batch_id DESC LIMIT $limit),
made AS MATERIALIZED (
    SELECT a.batch_id, a.made_at, h.history_id, h.shipment_id, h.after, h.reason FROM asked a JOIN history h USING (batch_id)),
latest AS (
    SELECT shipment_id, max(history_id) AS history_id FROM history
    WHERE shipment_id IN (SELECT shipment_id FROM made) AND action NOT IN ({_BESIDE}) GROUP BY shipment_id),
numbers AS (
    SELECT batch_id, shipment_id, max(invoice_no) AS invoice_no FROM invoice
    WHERE shipment_id IN (SELECT shipment_id FROM made) AND batch_id IN (SELECT batch_id FROM asked) GROUP BY batch_id, shipment_id)
SELECT m.batch_id, m.made_at, s.shipment_no, m.after, m.reason, n.invoice_no,
       EXISTS (SELECT 1 FROM batch u WHERE u.undoes = m.batch_id) AS undone,
       coalesce(l.history_id <= m.history_id, true) AS newest
FROM made m JOIN shipment s USING (shipment_id)
LEFT JOIN latest l USING (shipment_id) LEFT JOIN numbers n ON n.batch_id = m.batch_id AND n.shipment_id = m.shipment_id
ORDER BY m.batch_id DESC, m.history_id DESC
"""
