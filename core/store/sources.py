"""The files that orders came in, the lines behind each shipment, and which numbers their sources were told."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from core.domain.order_sources import KnownParcel, Origin, SourceLine
from core.domain.search import SearchKey, search_form
from core.store import imports, shipments
from core.store.database import Connection, Reader, Row, insert, next_id, register_table, schema_of, select, table_of

LINE = schema_of("shipment_id", "file_id", "line", "file_row", "said")
HANDED = schema_of("batch_id", "shipment_id", "layout", "carrier", "invoice_no", "canonical_no")

MOST_PARCELS = 50
"""So many parcels of one order are known again."""


def remember(connection: Connection, origin: Origin) -> None:
    """Keeps the file's lines behind the shipments that are on the desk now, in place of those of older files; numbers that the file
    itself has count as told."""
    ids = {number: shipment_id for number, (shipment_id, _) in imports.known(connection, list(origin.lines)).items()}
    if not ids:
        return
    file_id = next_id(connection, "source_file", "file_id")
    connection.execute(
        "INSERT INTO source_file VALUES ($file_id, $layout, $name, $content)",
        {"file_id": file_id, "layout": origin.layout, "name": origin.name, "content": origin.content},
    )
    with register_table(connection, "remembered", pa.table({"shipment_id": pa.array(ids.values(), pa.int64())})):
        connection.execute("DELETE FROM source_line USING remembered WHERE source_line.shipment_id = remembered.shipment_id")
        connection.execute(
            "DELETE FROM source_file WHERE NOT EXISTS (SELECT 1 FROM source_line l WHERE l.file_id = source_file.file_id) AND file_id <> $id",
            {"id": file_id},
        )
    rows = [
        {"shipment_id": ids[number], "file_id": file_id, "line": at, "file_row": line.row, "said": _json(line.said)}
        for number, lines in origin.lines.items()
        if number in ids
        for at, line in enumerate(lines, 1)
    ]
    insert(connection, "source_line", table_of(rows, LINE))
    _find_by_all_orders(connection, {ids[number]: lines for number, lines in origin.lines.items() if number in ids})
    told = [ids[number] for number, lines in origin.lines.items() if number in ids and any(line.told for line in lines)]
    connection.execute(_TOLD_BY_ITSELF, {"ids": told, "layout": origin.layout})


def _find_by_all_orders(connection: Connection, lines: Mapping[int, Sequence[SourceLine]]) -> None:
    """Has a shipment of several orders found by the number of each."""
    several = {number: orders for number, some in lines.items() if len(orders := {one.order_no for one in some}) > 1}
    rows = select(connection, _ORDER_KEYS, {"ids": list(several)}) if several else []
    there = {(row["shipment_id"], row["value"]) for row in rows}
    missing = [
        (number, order) for number, orders in several.items() for order in orders if (number, search_form(order)) not in there
    ]
    shipments.add_keys(connection, [(SearchKey.ORDER_NO, order, number) for number, order in missing])


def waiting(reader: Reader, layout: str = "") -> list[Row]:
    """The shipments whose number their source was not handed, oldest registration first.

    shipment_id, shipment_no, order_no, recipient, carrier, invoice_no, canonical_no, invoiced_at, layout.
    """
    return reader.rows(_WAITING, {"layout": layout})


def waiting_now(connection: Connection, layout: str) -> list[Row]:
    """The same within a transaction."""
    return select(connection, _WAITING, {"layout": layout})


def counts(reader: Reader) -> list[Row]:
    """How many shipments wait, by source: layout, shipments, since_at."""
    return reader.rows(_COUNTS)


def handed(reader: Reader, batch_id: int) -> list[Row]:
    """The shipments that a batch handed over, with the number as it was handed, in the columns of `waiting`."""
    return reader.rows(_HANDED, {"batch": batch_id})


def last_batch(reader: Reader, layout: str) -> int | None:
    """The newest batch that handed numbers to this source and was not undone."""
    rows = reader.rows(_LAST, {"layout": layout})
    return int(rows[0]["batch_id"]) if rows and rows[0]["batch_id"] is not None else None


def last_handed(reader: Reader) -> list[Row]:
    """By source the newest batch that handed it numbers and was not undone: layout, shipments, made_at."""
    return reader.rows(_LAST_HANDED)


def lines_of(reader: Reader, shipment_ids: Sequence[int]) -> dict[int, list[Row]]:
    """The source's lines of these shipments by id: file_id, file_row, and `said` as a dictionary."""
    found: dict[int, list[Row]] = {}
    for row in reader.rows(_LINES, {"ids": list(shipment_ids)}):
        found.setdefault(row["shipment_id"], []).append({**row, "said": json.loads(row["said"])})
    return found


def parcels(reader: Reader, numbers: Sequence[str], split: Sequence[str]) -> dict[str, list[KnownParcel]]:
    """The parcels that orders came in as, by the number of each, of those that came in as several or are `split` now."""
    seconds = {f"{number}-2": number for number in numbers}
    before = [seconds[row["shipment_no"]] for row in reader.rows(_STANDING, {"numbers": list(seconds)})]
    found: dict[str, list[KnownParcel]] = {}
    for row in reader.rows(_PARCELS, {"numbers": list({*before, *split}), "most": MOST_PARCELS}):
        lines = tuple(json.loads(said) for said in row["lines"] or ())
        parcel = KnownParcel(row["shipment_no"], row["recipient"] or "", row["address"] or "", lines)
        found.setdefault(row["number"], []).append(parcel)
    return found


def file_of(reader: Reader, file_id: int) -> Row | None:
    """A file that came: name, layout, content."""
    rows = reader.rows("SELECT name, layout, content FROM source_file WHERE file_id = $id", {"id": file_id})
    return rows[0] if rows else None


def hand_over(connection: Connection, rows: Iterable[Mapping[str, Any]], batch_id: int) -> None:
    """Notes that the source has the numbers of these rows of `waiting`."""
    named = [{**{name: row[name] for name in HANDED.names if name != "batch_id"}, "batch_id": batch_id} for row in rows]
    insert(connection, "handed_over", table_of(named, HANDED))


def handed_since(connection: Connection, batch_id: int) -> dict[int, Row]:
    """By shipment of this batch the last time since then that a source was handed its number, where that was not undone: layout, made_at."""
    return {row["shipment_id"]: row for row in select(connection, _HANDED_SINCE, {"batch": batch_id})}


def workbooks_of(connection: Connection, shipment_ids: Sequence[int]) -> list[Row]:
    """The workbooks that are kept, with the rows of these shipments in them: file_id, layout, content, file_rows."""
    return select(connection, _WORKBOOKS, {"ids": list(shipment_ids)})


def replace_workbook(connection: Connection, file_id: int, content: bytes | None) -> None:
    """Puts another workbook in the place of one that is kept."""
    connection.execute("UPDATE source_file SET content = $content WHERE file_id = $id", {"id": file_id, "content": content})


def mapping_of(reader: Reader, heads: Iterable[str]) -> str:
    """The newest mapping that was kept for a file with these heads, "" for none."""
    rows = reader.rows(_MAPPING, {"heads": _heads(heads)})
    return str(rows[0]["mapping"]) if rows else ""


def keep_mapping(connection: Connection, heads: Iterable[str], mapping: str, *, by: str, at: datetime) -> None:
    """Keeps the mapping for files with these heads."""
    connection.execute(
        "INSERT INTO kept_mapping VALUES ($heads, $mapping, $at, $by)",
        {"heads": _heads(heads), "mapping": mapping, "at": at, "by": by},
    )


def _heads(heads: Iterable[str]) -> str:
    return "\n".join(sorted(heads))


def _json(said: Mapping[str, str]) -> str:
    return json.dumps(dict(said), ensure_ascii=False, separators=(",", ":"))


_STANDING = "SELECT shipment_no FROM shipment WHERE shipment_no IN (SELECT unnest($numbers::VARCHAR[]))"
_PARCELS = """
WITH asked AS (SELECT unnest($numbers::VARCHAR[]) AS number),
named AS (
    SELECT number, number AS shipment_no, 1 AS turn FROM asked
    UNION ALL SELECT number, number || '-' || turn, turn FROM asked, generate_series(2, $most) AS later(turn))
SELECT n.number, n.turn, s.shipment_no, s.recipient, s.address, array_agg(l.said ORDER BY l.line) FILTER (WHERE l.said IS NOT NULL) AS lines
FROM named n JOIN shipment s USING (shipment_no) LEFT JOIN source_line l USING (shipment_id)
GROUP BY n.number, n.turn, s.shipment_no, s.recipient, s.address ORDER BY n.number, n.turn
"""
_ORDER_KEYS = (
    "SELECT shipment_id, value FROM search_key WHERE kind = 'order_no' AND shipment_id IN (SELECT unnest($ids::BIGINT[]))"
)
_UNTOLD = """
FROM (SELECT DISTINCT shipment_id, file_id FROM source_line) l JOIN source_file f USING (file_id) JOIN shipment s USING (shipment_id)
WHERE s.invoice_id IS NOT NULL AND s.status <> 'preparing_to_release' AND NOT EXISTS (
    SELECT 1 FROM handed_over h WHERE h.shipment_id = s.shipment_id AND h.layout = f.layout AND h.carrier = s.carrier
        AND h.canonical_no = s.canonical_no AND NOT EXISTS (SELECT 1 FROM batch u WHERE u.undoes = h.batch_id))
"""
_COLUMNS = "s.shipment_id, s.shipment_no, s.order_no, s.recipient, s.invoiced_at, f.layout"
_WAITING = f"""
SELECT {_COLUMNS}, s.carrier, s.invoice_no, s.canonical_no {_UNTOLD} AND ($layout = '' OR f.layout = $layout)
ORDER BY s.invoiced_at, s.shipment_id
"""
_COUNTS = (
    f"SELECT f.layout, count(*)::INTEGER AS shipments, min(s.invoiced_at) AS since_at {_UNTOLD} GROUP BY f.layout ORDER BY 1"
)
_HANDED = f"""
SELECT {_COLUMNS}, h.carrier, h.invoice_no, h.canonical_no
FROM handed_over h JOIN shipment s USING (shipment_id)
JOIN (SELECT DISTINCT shipment_id, file_id FROM source_line) l USING (shipment_id) JOIN source_file f USING (file_id)
WHERE h.batch_id = $batch ORDER BY s.invoiced_at, s.shipment_id
"""
_HANDED_SINCE = """
SELECT h.shipment_id, h.layout, b.made_at FROM handed_over h JOIN batch b USING (batch_id)
WHERE b.batch_id > $batch AND h.shipment_id IN (SELECT shipment_id FROM history WHERE batch_id = $batch)
    AND NOT EXISTS (SELECT 1 FROM batch u WHERE u.undoes = b.batch_id)
ORDER BY b.batch_id
"""
_LAST = """
SELECT max(batch_id) AS batch_id FROM handed_over h
WHERE layout = $layout AND NOT EXISTS (SELECT 1 FROM batch u WHERE u.undoes = h.batch_id)
"""
_LAST_HANDED = """
SELECT h.layout, count(*)::INTEGER AS shipments, b.made_at FROM handed_over h JOIN batch b USING (batch_id)
WHERE h.batch_id = (SELECT max(batch_id) FROM handed_over l WHERE l.layout = h.layout
    AND NOT EXISTS (SELECT 1 FROM batch u WHERE u.undoes = l.batch_id))
GROUP BY h.layout, b.made_at ORDER BY h.layout
"""
_LINES = """
SELECT shipment_id, file_id, file_row, said FROM source_line
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) ORDER BY shipment_id, line
"""
_TOLD_BY_ITSELF = """
INSERT INTO handed_over SELECT NULL, shipment_id, $layout, carrier, invoice_no, canonical_no FROM shipment s
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) AND invoice_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM handed_over h WHERE h.batch_id IS NULL AND h.shipment_id = s.shipment_id AND h.layout = $layout
        AND h.carrier = s.carrier AND h.canonical_no = s.canonical_no)
"""
_WORKBOOKS = """
SELECT f.file_id, f.layout, f.content, array_agg(l.file_row) AS file_rows FROM source_line l JOIN source_file f USING (file_id)
WHERE f.content IS NOT NULL AND l.shipment_id IN (SELECT unnest($ids::BIGINT[])) GROUP BY f.file_id, f.layout, f.content
"""
_MAPPING = "SELECT mapping FROM kept_mapping WHERE heads = $heads ORDER BY saved_at DESC LIMIT 1"
