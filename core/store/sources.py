"""The files that orders came in, the lines behind each shipment, and which numbers their sources were told."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import pyarrow as pa

from core.domain.order_sources import KnownParcel, Origin, SourceLine
from core.domain.parcels import FIRST_TURN, numbered
from core.domain.search import SearchKey
from core.domain.shipment import Shipment
from core.domain.shop_numbers import search_form
from core.store import imports, shipments
from core.store.database import Connection, Reader, Row, insert, next_id, register_table, schema_of, select, table_of

LINE = schema_of("shipment_id", "file_id", "line", "file_row", "said", "came_id", "item")
MOVE = schema_of("shipment_id", "item", "came_id")
"""Lines of a shipment that go elsewhere: all for one of its goods, or of what came in for one shipment."""
HANDED = schema_of("batch_id", "shipment_id", "layout", "carrier", "invoice_no", "canonical_no", "holder_id")


class LinesOf(NamedTuple):
    """The lines of a shipment that stand for one of its goods, None for none; of those only what came in for one shipment, if said."""

    shipment_id: int
    item: int | None
    came_id: int | None = None


MOST_PARCELS = 50
"""So many parcels of one order are known again."""


def remember(connection: Connection, origin: Origin) -> None:
    """Keeps the file's lines behind the shipments that are on the desk now, in place of those of older files; numbers that the file
    itself has count as told. Lines stay with the shipment that holds their goods."""
    ids = {number: shipment_id for number, (shipment_id, _) in imports.known(connection, list(origin.lines)).items()}
    if not ids:
        return
    file_id = next_id(connection, "source_file", "file_id")
    connection.execute(
        "INSERT INTO source_file VALUES ($file_id, $layout, $name, $content)",
        {"file_id": file_id, "layout": origin.layout, "name": origin.name, "content": origin.content},
    )
    kept = _Kept(connection, list(ids.values()))
    with register_table(connection, "remembered", pa.table({"shipment_id": pa.array(ids.values(), pa.int64())})):
        connection.execute(_FORGET_LINES)
        connection.execute(
            "DELETE FROM source_file WHERE NOT EXISTS (SELECT 1 FROM source_line l WHERE l.file_id = source_file.file_id) AND file_id <> $id",
            {"id": file_id},
        )
    rows = [
        {"file_id": file_id, "line": at, "file_row": line.row, "said": _json(line.said), **kept.holder(ids[number], line)}
        for number, lines in origin.lines.items()
        if number in ids
        for at, line in enumerate(lines, 1)
    ]
    insert(connection, "source_line", table_of(rows, LINE))
    _find_by_all_orders(connection, {ids[number]: lines for number, lines in origin.lines.items() if number in ids})
    told = [ids[number] for number, lines in origin.lines.items() if number in ids and any(line.told for line in lines)]
    connection.execute(_TOLD_BY_ITSELF, {"ids": told, "layout": origin.layout})


class _Kept:
    """Who holds the goods of lines that came before, of shipments that were split or put together since."""

    def __init__(self, connection: Connection, shipment_ids: Sequence[int]) -> None:
        self._regrouped = {row["asked_id"]: row for row in select(connection, _REGROUPED, {"ids": list(shipment_ids)})}
        lines = select(connection, _HELD_LINES, {"ids": list(self._regrouped)}) if self._regrouped else []
        self._lines: dict[tuple[int, str], list[Row]] = defaultdict(list)
        for row in lines:
            self._lines[row["asked_id"], row["said"]].append(row)

    def holder(self, shipment_id: int, line: SourceLine) -> Row:
        """`shipment_id`, `came_id` and `item` of a line of this shipment: as before, else of the shipment that it was put into, else its own."""
        if shipment_id not in self._regrouped:
            return {"shipment_id": shipment_id, "came_id": None, "item": line.item}
        before = self._lines.get((shipment_id, _json(line.said)))
        held = before.pop(0) if before else {**self._regrouped[shipment_id], "item": None}
        return {name: held[name] for name in ("shipment_id", "came_id", "item")}


def count_items(connection: Connection, shipment: Shipment) -> None:
    """Says of the lines of a shipment which of its goods each stands for, where an older Shipdesk did not and there are as many of both."""
    connection.execute(_COUNT_ITEMS, {"id": shipment.shipment_id, "items": len(shipment.items)})


def move_lines(connection: Connection, moves: Iterable[tuple[LinesOf, LinesOf]]) -> None:
    """Gives lines to the shipment that holds their goods now, all of them at once: those of the first to the second."""
    rows = [{**old._asdict(), "new_id": new.shipment_id, "new_item": new.item} for old, new in moves]
    if rows:
        schema = pa.schema([*MOVE, ("new_id", pa.int64()), ("new_item", pa.int32())])
        with register_table(connection, "moved", table_of(rows, schema)):
            connection.execute(_MOVE)


def _find_by_all_orders(connection: Connection, lines: Mapping[int, Sequence[SourceLine]]) -> None:
    """Has a shipment of several orders found by the number of each."""
    several = {number: orders for number, some in lines.items() if len(orders := {one.order_no for one in some}) > 1}
    rows = select(connection, _ORDER_KEYS, {"ids": list(several)}) if several else []
    there = {(row["shipment_id"], row["value"]) for row in rows}
    missing = [
        (number, order) for number, orders in several.items() for order in orders if (number, search_form(order)) not in there
    ]
    shipments.add_keys(connection, [(SearchKey.ORDER_NO, order, number) for number, order in missing])


def waiting(reader: Reader, layout: str, by_parcel: Sequence[str]) -> list[Row]:
    """The shipments whose number their source was not handed, oldest registration first: as they came in, with the number of the one
    that holds their goods now. A source of `by_parcel` is told of the boxes, too, that were split off without a line of their own.

    shipment_id, shipment_no, order_no, recipient, carrier, invoice_no, canonical_no, invoiced_at, layout, holder_id.
    """
    return reader.rows(_WAITING, {"layout": layout, "by_parcel": list(by_parcel)})


def waiting_now(connection: Connection, layout: str, by_parcel: Sequence[str]) -> list[Row]:
    """The same within a transaction."""
    return select(connection, _WAITING, {"layout": layout, "by_parcel": list(by_parcel)})


def counts(reader: Reader, by_parcel: Sequence[str]) -> list[Row]:
    """How many shipments wait, by source: layout, shipments, since_at."""
    return reader.rows(_COUNTS, {"by_parcel": list(by_parcel)})


def handed(reader: Reader, batch_id: int, by_parcel: Sequence[str]) -> list[Row]:
    """The shipments that a batch handed over, with the number as it was handed, in the columns of `waiting`."""
    return reader.rows(_HANDED, {"batch": batch_id, "by_parcel": list(by_parcel)})


def boxes_of(reader: Reader, rows: Iterable[Row]) -> list[Row]:
    """The boxes with a number that were split off these rows of `waiting` without a line of their own: shipment_no, invoice_no."""
    ids = {number for row in rows for number in (row["shipment_id"], row["holder_id"])}
    return reader.rows(_NUMBERED_BOXES, {"ids": sorted(ids)})


def last_batch(reader: Reader, layout: str) -> int | None:
    """The newest batch that handed numbers to this source and was not undone."""
    rows = reader.rows(_LAST, {"layout": layout})
    return int(rows[0]["batch_id"]) if rows and rows[0]["batch_id"] is not None else None


def last_handed(reader: Reader) -> list[Row]:
    """By source the newest batch that handed it numbers and was not undone: layout, shipments, made_at."""
    return reader.rows(_LAST_HANDED)


def lines_of(reader: Reader, rows: Iterable[Row]) -> dict[tuple[int, int], list[Row]]:
    """The source's lines behind these rows of `waiting`, by the shipment that they came in for and the one that holds their goods:
    file_id, file_row, and `said` as a dictionary."""
    found: dict[tuple[int, int], list[Row]] = {}
    for row in reader.rows(_LINES, {"ids": [row["holder_id"] for row in rows]}):
        found.setdefault((row["came_id"], row["shipment_id"]), []).append({**row, "said": json.loads(row["said"])})
    return found


def parcels(reader: Reader, numbers: Sequence[str], split: Sequence[str]) -> dict[str, list[KnownParcel]]:
    """The parcels that orders came in as, by the number of each, of those that came in as several, were split here, or are `split` now."""
    seconds = {numbered(number, FIRST_TURN): number for number in numbers}
    standing = reader.rows(_STANDING, {"numbers": list(numbers), "seconds": list(seconds)})
    several = {seconds.get(no, no) for row in standing for no in [str(row["shipment_no"])]} & {*numbers}
    asked = [
        (number, numbered(number, turn) if turn >= FIRST_TURN else number, turn)
        for number in sorted({*several, *split})
        for turn in range(1, MOST_PARCELS + 1)
    ]
    columns = dict(zip(("numbers", "names", "turns"), map(list, zip(*asked, strict=True)), strict=True)) if asked else None
    found: dict[str, list[KnownParcel]] = {}
    for row in reader.rows(_PARCELS, columns) if columns else ():
        lines = tuple(json.loads(said) for said in row["lines"] or ())
        made_here = row["split_no"] is not None
        parcel = KnownParcel(row["shipment_no"], row["recipient"] or "", row["address"] or "", lines, made_here)
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


_STANDING = """
SELECT shipment_no FROM shipment WHERE shipment_no IN (SELECT unnest($seconds::VARCHAR[]))
UNION SELECT shipment_no FROM shipment WHERE shipment_no IN (SELECT unnest($numbers::VARCHAR[])) AND regrouped_at IS NOT NULL
"""
_PARCELS = """
WITH named AS (
    SELECT unnest($numbers::VARCHAR[]) AS number, unnest($names::VARCHAR[]) AS shipment_no, unnest($turns::INTEGER[]) AS turn)
SELECT n.number, n.turn, s.shipment_no, s.recipient, s.address, s.split_no,
    array_agg(l.said ORDER BY l.line) FILTER (WHERE l.said IS NOT NULL) AS lines
FROM named n JOIN shipment s USING (shipment_no) LEFT JOIN source_line l USING (shipment_id)
GROUP BY n.number, n.turn, s.shipment_no, s.recipient, s.address, s.split_no ORDER BY n.number, n.turn
"""
_ORDER_KEYS = (
    "SELECT shipment_id, value FROM search_key WHERE kind = 'order_no' AND shipment_id IN (SELECT unnest($ids::BIGINT[]))"
)
_BOX = """(
    SELECT b.shipment_id AS holder_id, r.shipment_id AS root_id, b.shipment_no, b.invoice_no, b.status
    FROM shipment b JOIN shipment r ON r.shipment_no = b.split_no
    WHERE b.split_no IS NOT NULL AND b.invoice_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM source_line own WHERE own.shipment_id = b.shipment_id))"""
_BOX_LINES = f"""
SELECT coalesce(l.came_id, l.shipment_id) AS came_id, b.holder_id, l.file_id, l.file_row, l.said, l.line
FROM {_BOX} b JOIN source_line l ON l.shipment_id = b.root_id
UNION ALL SELECT l.came_id, b.holder_id, l.file_id, l.file_row, l.said, l.line
FROM {_BOX} b JOIN source_line l ON l.came_id = b.root_id WHERE l.shipment_id <> b.root_id
"""
_NUMBERED_BOXES = f"""
SELECT DISTINCT b.shipment_no, b.invoice_no FROM {_BOX} b
WHERE b.root_id IN (SELECT unnest($ids::BIGINT[])) AND b.status <> 'preparing_to_release' ORDER BY b.shipment_no
"""
_CAME = f"""(
    SELECT DISTINCT coalesce(came_id, shipment_id) AS came_id, shipment_id AS holder_id, file_id FROM source_line
    UNION SELECT box.came_id, box.holder_id, box.file_id FROM ({_BOX_LINES}) box JOIN source_file f USING (file_id)
    WHERE f.layout IN (SELECT unnest($by_parcel::VARCHAR[])))"""
_UNTOLD = f"""
FROM {_CAME} l JOIN source_file f USING (file_id) JOIN shipment s ON s.shipment_id = l.came_id
JOIN shipment c ON c.shipment_id = l.holder_id
WHERE c.invoice_id IS NOT NULL AND c.status <> 'preparing_to_release' AND NOT EXISTS (
    SELECT 1 FROM handed_over h WHERE h.shipment_id = s.shipment_id AND h.layout = f.layout AND h.carrier = c.carrier
        AND h.canonical_no = c.canonical_no AND NOT EXISTS (SELECT 1 FROM batch u WHERE u.undoes = h.batch_id))
"""
_COLUMNS = "s.shipment_id, s.shipment_no, s.order_no, s.recipient, c.invoiced_at, f.layout, c.shipment_id AS holder_id"
_WAITING = f"""
SELECT DISTINCT {_COLUMNS}, c.carrier, c.invoice_no, c.canonical_no {_UNTOLD} AND ($layout = '' OR f.layout = $layout)
ORDER BY invoiced_at, shipment_id, holder_id
"""
_COUNTS = (
    f"SELECT f.layout, count(DISTINCT (s.shipment_id, c.shipment_id))::INTEGER AS shipments, min(c.invoiced_at) AS since_at "
    f"{_UNTOLD} GROUP BY f.layout ORDER BY 1"
)
_HANDED = f"""
SELECT DISTINCT {_COLUMNS}, h.carrier, h.invoice_no, h.canonical_no
FROM handed_over h JOIN shipment s USING (shipment_id)
JOIN {_CAME} l ON l.came_id = s.shipment_id AND l.holder_id = coalesce(h.holder_id, h.shipment_id)
JOIN source_file f ON f.file_id = l.file_id AND f.layout = h.layout JOIN shipment c ON c.shipment_id = l.holder_id
WHERE h.batch_id = $batch ORDER BY invoiced_at, shipment_id, holder_id
"""
_HANDED_SINCE = """
SELECT coalesce(h.holder_id, h.shipment_id) AS shipment_id, h.layout, b.made_at FROM handed_over h JOIN batch b USING (batch_id)
WHERE b.batch_id > $batch AND coalesce(h.holder_id, h.shipment_id) IN (SELECT shipment_id FROM history WHERE batch_id = $batch)
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
_LINES = f"""
SELECT shipment_id, came_id, file_id, file_row, said FROM (
    SELECT shipment_id, coalesce(came_id, shipment_id) AS came_id, file_id, file_row, said, line FROM source_line
    UNION ALL SELECT holder_id, came_id, file_id, file_row, said, line FROM ({_BOX_LINES}) box) l
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) ORDER BY shipment_id, file_id, line
"""
_REGROUPED = """
SELECT s.shipment_id AS asked_id, coalesce(c.shipment_id, s.shipment_id) AS shipment_id,
    CASE WHEN c.shipment_id IS NOT NULL THEN s.shipment_id ELSE r.shipment_id END AS came_id
FROM shipment s LEFT JOIN shipment c ON c.shipment_no = s.joined_no LEFT JOIN shipment r ON r.shipment_no = s.split_no
WHERE s.shipment_id IN (SELECT unnest($ids::BIGINT[])) AND (s.joined_no IS NOT NULL OR s.regrouped_at IS NOT NULL)
"""
_HELD_LINES = """
SELECT a.asked_id, l.shipment_id, l.came_id, l.item, l.said FROM (SELECT unnest($ids::BIGINT[]) AS asked_id) a
JOIN source_line l ON l.came_id = a.asked_id OR l.shipment_id = a.asked_id
ORDER BY l.file_id, l.line
"""
# Of a shipment that was split off all that it holds, of one that was put elsewhere all that came for it, else what came for it and is there.
_FORGET_LINES = """
DELETE FROM source_line USING (
    SELECT shipment_id, split_no IS NOT NULL AS made_here, joined_no IS NOT NULL AS put_elsewhere
    FROM shipment WHERE shipment_id IN (SELECT shipment_id FROM remembered)) r
WHERE (source_line.shipment_id = r.shipment_id AND (source_line.came_id IS NULL OR r.made_here))
    OR (source_line.came_id = r.shipment_id AND r.put_elsewhere)
"""
_COUNT_ITEMS = """
UPDATE source_line SET item = counted.item FROM (
    SELECT file_id, line, (row_number() OVER (ORDER BY line))::INTEGER AS item FROM source_line WHERE shipment_id = $id) counted
WHERE source_line.shipment_id = $id AND source_line.file_id = counted.file_id AND source_line.line = counted.line
  AND (SELECT count(*) = $items::BIGINT AND count(item) = 0 AND count(came_id) = 0 FROM source_line WHERE shipment_id = $id)
"""
_MOVE = """
UPDATE source_line SET shipment_id = moved.new_id, item = moved.new_item,
    came_id = CASE WHEN coalesce(source_line.came_id, source_line.shipment_id) <> moved.new_id
        THEN coalesce(source_line.came_id, source_line.shipment_id) END
FROM moved WHERE source_line.shipment_id = moved.shipment_id AND source_line.item IS NOT DISTINCT FROM moved.item
  AND (moved.came_id IS NULL OR coalesce(source_line.came_id, source_line.shipment_id) = moved.came_id)
"""
_TOLD_BY_ITSELF = """
INSERT INTO handed_over (batch_id, shipment_id, layout, carrier, invoice_no, canonical_no)
SELECT NULL, shipment_id, $layout, carrier, invoice_no, canonical_no FROM shipment s
WHERE shipment_id IN (SELECT unnest($ids::BIGINT[])) AND invoice_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM handed_over h WHERE h.batch_id IS NULL AND h.shipment_id = s.shipment_id AND h.layout = $layout
        AND h.carrier = s.carrier AND h.canonical_no = s.canonical_no)
"""
_WORKBOOKS = """
SELECT f.file_id, f.layout, f.content, array_agg(l.file_row) AS file_rows FROM source_line l JOIN source_file f USING (file_id)
WHERE f.content IS NOT NULL
  AND (l.shipment_id IN (SELECT unnest($ids::BIGINT[])) OR l.came_id IN (SELECT unnest($ids::BIGINT[]))) GROUP BY f.file_id, f.layout, f.content
"""
_MAPPING = "SELECT mapping FROM kept_mapping WHERE heads = $heads ORDER BY saved_at DESC LIMIT 1"
