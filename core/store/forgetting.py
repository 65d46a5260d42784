"""Taking personal data out of everything that is stored of shipments, and out of the bytes of the file."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.domain.personal import PERSONAL_FIELDS, WORDS, forgotten_change
from core.domain.shipment import Shipment
from core.store import forgotten_list, history
from core.store.database import Connection, Reader, Row, Store, register_table, schema_of, select, table_of
from core.store.forgotten_list import Listed

_FILLER = "overwritten"
_ROW = 125_000
_BLOCKS_MORE = 8
_CHANGED = schema_of("history_id", "before", "after", "reason")
_CODE = schema_of("shipment_id", "code")


def over_before(store: Reader, before: datetime, limit: int) -> list[int]:
    """The next shipments that are known and were over before that: delivered, returned or closed, and quiet since."""
    return [row["shipment_id"] for row in store.rows(_OVER, {"before": before, "limit": limit})]


def listed(store: Store) -> list[int]:
    """The shipments that the list beside the database says were forgotten, and which are known here: a backup was restored."""
    found = forgotten_list.read(store)
    if found.mark == mark(store):
        return []
    rows = store.rows(_LISTED, {"digests": list(found.digests), "prefix": forgotten_list.PREFIX})
    return [row["shipment_id"] for row in rows]


def mark(store: Reader) -> str:
    """Up to which state of the list this database has forgotten."""
    rows = store.rows("SELECT mark FROM forgotten_list")
    return str(rows[0]["mark"]) if rows else ""


def keep_mark(connection: Connection, found: Listed) -> None:
    """Notes that all the list says was forgotten here."""
    connection.execute("DELETE FROM forgotten_list")
    connection.execute("INSERT INTO forgotten_list VALUES ($mark)", {"mark": found.mark})


def blank(connection: Connection, shipments: Sequence[Shipment], at: datetime) -> None:
    """Takes what is personal out of these shipments, their tracking, and all that the history says of them. Makes a new version."""
    values: Mapping[str, Any] = {"ids": [shipment.shipment_id for shipment in shipments]}
    connection.execute(_BLANK, {**values, "at": at})
    connection.execute(
        "UPDATE checkpoint SET text = '', place = '', told_as = '' WHERE shipment_id IN (SELECT unnest($ids::BIGINT[]))", values
    )
    connection.execute("UPDATE tracking SET last_error = '' WHERE shipment_id IN (SELECT unnest($ids::BIGINT[]))", values)
    after = [(row, forgotten_change(row)) for row in changes_of(connection, values["ids"])]
    changed = [history.encoded(new) for old, new in after if new != old]
    if changed:
        with register_table(connection, "blanked", table_of(changed, _CHANGED)):
            connection.execute(_REWRITE)


def changes_of(connection: Connection, shipment_ids: Sequence[int]) -> list[Row]:
    """The rows of history of these shipments: history_id, shipment_id, before, after, reason."""
    return [history.decoded(row) for row in select(connection, _HISTORY, {"ids": list(shipment_ids)})]


def codes_of(connection: Connection, shipment_ids: Sequence[int]) -> list[Row]:
    """The codes under which carriers told of these shipments: shipment_id, code."""
    return select(connection, _CODES, {"ids": list(shipment_ids)})


def drop_codes(connection: Connection, codes: Sequence[Row]) -> None:
    """Takes these codes from these shipments."""
    if not codes:
        return
    with register_table(connection, "told", table_of(codes, _CODE)):
        for table in ("checkpoint", "tracking"):
            connection.execute(
                f"UPDATE {table} SET code = '' FROM told "
                f"WHERE {table}.shipment_id = told.shipment_id AND {table}.code = told.code"
            )


def notes_of(connection: Connection, shipment_ids: Sequence[int]) -> list[Row]:
    """What people noted of the batches of these shipments, such as a file's name: batch_id, shipment_id, note."""
    return select(connection, _NOTES, {"ids": list(shipment_ids)})


def drop_notes(connection: Connection, batch_ids: Sequence[int]) -> None:
    """Takes their notes from these batches."""
    if batch_ids:
        connection.execute(
            "UPDATE batch SET note = '' WHERE batch_id IN (SELECT unnest($ids::BIGINT[]))", {"ids": list(batch_ids)}
        )


def scrub(store: Store) -> None:
    """Writes over the free blocks of the file, in which the engine leaves what was deleted until it needs the room.

    What stays for longer is what stood in a block together with something else, and the first letters of the largest and the
    smallest text of a column: they go when the file is written anew, as `core.store.database.Store.rewrite` does.
    """
    if store.path:
        store.apart(_scrubbed)


def _scrubbed(connection: Connection) -> None:
    connection.execute(f"DROP TABLE IF EXISTS {_FILLER}")
    connection.execute("FORCE CHECKPOINT")
    # What a checkpoint frees can be written over after the next one.
    connection.execute("FORCE CHECKPOINT")
    free = connection.execute("SELECT free_blocks FROM pragma_database_size()").fetchall()[0][0]
    rows = 2 * (free + _BLOCKS_MORE)
    connection.execute(
        f"CREATE TABLE {_FILLER} AS SELECT left(repeat(md5(random()::VARCHAR), {_ROW // 32 + 1}), {_ROW}) AS text FROM range({rows})"
    )
    connection.execute("FORCE CHECKPOINT")
    connection.execute(f"DROP TABLE {_FILLER}")
    connection.execute("FORCE CHECKPOINT")


_BLANK = f"""
UPDATE shipment SET {", ".join(f"{name} = ''" for name in PERSONAL_FIELDS)}, {", ".join(f"{name} = NULL" for name in WORDS)},
    recipient_key = ' ', source_hash = CASE WHEN source_hash IS NOT NULL THEN '' END,
    forgotten_at = $at, updated_at = $at, version = version + 1
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[]))
"""
_HISTORY = """
SELECT history_id, shipment_id, before, after, reason FROM history WHERE shipment_id IN (SELECT unnest($ids::BIGINT[]))
"""
_CODES = """
SELECT shipment_id, code FROM checkpoint WHERE code <> '' AND shipment_id IN (SELECT unnest($ids::BIGINT[]))
UNION SELECT shipment_id, code FROM tracking WHERE code <> '' AND shipment_id IN (SELECT unnest($ids::BIGINT[]))
"""
_REWRITE = """
UPDATE history SET before = blanked.before, after = blanked.after, reason = blanked.reason FROM blanked
WHERE history.history_id = blanked.history_id
"""
_NOTES = """
SELECT DISTINCT b.batch_id, h.shipment_id, b.note FROM history h JOIN batch b USING (batch_id)
WHERE h.shipment_id IN (SELECT unnest($ids::BIGINT[])) AND b.note <> ''
"""
_OVER = """
SELECT shipment_id FROM shipment
WHERE forgotten_at IS NULL AND (status = 'delivered' OR closed_at IS NOT NULL OR returned_at >= returning_at)
  AND greatest(ordered_at, status_since, last_scan_at, delivered_at, returning_at, returned_at, closed_at) < $before
ORDER BY shipment_id LIMIT $limit
"""
_LISTED = """
SELECT shipment_id FROM shipment
WHERE forgotten_at IS NULL AND sha256($prefix || shipment_no) IN (SELECT unnest($digests::VARCHAR[]))
"""
