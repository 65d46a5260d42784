"""The demo shop inside a shop: which shipments are invented, and taking them out of every table with all that was said of them.

Invented is what the demo's own batches brought, and what was re-shipped or split from it since.
"""

from typing import Final

import pyarrow as pa

from core.store.database import Connection, Reader, Row, insert, next_id, register_table, schema_of, select, table_of
from core.store.engine import one_value

OF_SHIPMENTS: Final = (
    "shipment", "item", "search_key", "invoice", "checkpoint", "tracking", "history", "to_fold", "source_line", "handed_over",
)  # fmt: skip
"""The tables whose rows are each about one shipment."""
OF_BATCHES: Final = ("history", "invoice", "checkpoint", "handed_over")
"""Those of them whose rows were written in a batch."""
ABOUT_ALL: Final = ("tracking_run", "sandbox_clock")
"""How carriers answered for invented parcels, and how fast those travel."""
IDS: Final = (
    ("shipment", "shipment_id", "history"), ("invoice", "invoice_id", ""), ("invoice", "event_id", ""), ("batch", "batch_id", ""),
    ("history", "history_id", ""), ("source_file", "file_id", ""),
)  # fmt: skip
"""The ids that are never given again: of which table and column, and which other table keeps them, too."""

SPENT = schema_of("of_table", "of_column", "last_id")


def counts(reader: Reader) -> Row:
    """How many shipments are `invented`, and how many `own`."""
    [found] = reader.rows(_COUNTS)
    return {"invented": found["invented"], "own": found["shipments"] - found["invented"]}


def shipments(connection: Connection) -> int:
    """How many shipments there are."""
    return int(one_value(connection, "SELECT count(*) FROM shipment"))


def invented(connection: Connection) -> pa.Table:
    """The ids of the invented shipments, as `shipment_id`."""
    return connection.sql(_INVENTED).to_arrow_table()


def put_together(connection: Connection, ids: pa.Table) -> list[Row]:
    """Of these shipments and all others those that were put into one parcel: `own_no` and `invented_no`."""
    with register_table(connection, "taken_out", ids):
        return select(connection, _PUT_TOGETHER)


def take_out(connection: Connection, ids: pa.Table) -> None:
    """Takes these shipments out of every table, with the batches in which nothing else was written, and all that is the demo's alone.

    Their ids are never given again. A batch that undoes one that stays, stays with it.
    """
    _spend_ids(connection)
    with register_table(connection, "taken_out", ids):
        files, batches = (connection.sql(sql).to_arrow_table() for sql in (_THEIR_FILES, _THEIR_BATCHES))
        for table in OF_SHIPMENTS:
            connection.execute(f"DELETE FROM {table} USING taken_out WHERE {table}.shipment_id = taken_out.shipment_id")
    with register_table(connection, "their_file", files):
        connection.execute(_DROP_FILES)
    with register_table(connection, "their_batch", batches):
        emptied = connection.sql(_EMPTIED).to_arrow_table()
    with register_table(connection, "emptied", emptied):
        connection.execute(_DROP_BATCHES)
    connection.execute(_DROP_EXPORTS)
    connection.execute("DELETE FROM export WHERE NOT EXISTS (SELECT 1 FROM batch b WHERE b.batch_id = export.batch_id)")
    for table in ABOUT_ALL:
        connection.execute(f"DELETE FROM {table}")


def _spend_ids(connection: Connection) -> None:
    """Notes up to which id each column went."""
    spent = [
        {"of_table": table, "of_column": column, "last_id": next_id(connection, table, column, kept_in=kept_in) - 1}
        for table, column, kept_in in IDS
    ]
    connection.execute("DELETE FROM spent_id")
    insert(connection, "spent_id", table_of(spent, SPENT))


_OF_DEMO = """
WITH RECURSIVE made_up AS (
    SELECT s.shipment_id, s.shipment_no FROM shipment s WHERE s.shipment_id IN (
        SELECT h.shipment_id FROM history h JOIN batch b USING (batch_id) WHERE b.source = 'demo')
    UNION
    SELECT s.shipment_id, s.shipment_no FROM shipment s JOIN made_up m ON m.shipment_no = coalesce(s.split_no, s.origin_no))
"""
_INVENTED = f"{_OF_DEMO} SELECT shipment_id FROM made_up ORDER BY shipment_id"
_COUNTS = f"""
{_OF_DEMO} SELECT (SELECT count(*) FROM made_up) AS invented, (SELECT count(*) FROM shipment) AS shipments
"""
_PUT_TOGETHER = """
WITH joined AS (
    SELECT s.shipment_no AS inside, h.shipment_no AS holder, s.shipment_id IN (SELECT shipment_id FROM taken_out) AS inside_goes,
        h.shipment_id IN (SELECT shipment_id FROM taken_out) AS holder_goes
    FROM shipment s JOIN shipment h ON h.shipment_no = s.joined_no)
SELECT CASE WHEN inside_goes THEN holder ELSE inside END AS own_no, CASE WHEN inside_goes THEN inside ELSE holder END AS invented_no
FROM joined WHERE inside_goes <> holder_goes ORDER BY own_no, invented_no
"""
_THEIR_FILES = "SELECT DISTINCT file_id FROM source_line WHERE shipment_id IN (SELECT shipment_id FROM taken_out)"
_THEIR_BATCHES = " UNION ".join(
    f"SELECT batch_id FROM {table} WHERE batch_id IS NOT NULL AND shipment_id IN (SELECT shipment_id FROM taken_out)"
    for table in OF_BATCHES
)
_DROP_FILES = """
DELETE FROM source_file USING their_file WHERE source_file.file_id = their_file.file_id
  AND NOT EXISTS (SELECT 1 FROM source_line l WHERE l.file_id = source_file.file_id)
"""
_EMPTIED = f"""
SELECT t.batch_id FROM their_batch t
WHERE {" AND ".join(f"NOT EXISTS (SELECT 1 FROM {table} x WHERE x.batch_id = t.batch_id)" for table in OF_BATCHES)}
"""
_DROP_BATCHES = """
DELETE FROM batch USING emptied WHERE batch.batch_id = emptied.batch_id
  AND (batch.undoes IS NULL OR batch.undoes IN (SELECT batch_id FROM emptied))
"""
# What was taken as a file before anything of the shop's own was written held invented shipments only.
_DROP_EXPORTS = """
DELETE FROM batch WHERE source = 'export' AND batch_id < coalesce((SELECT min(batch_id) FROM history), batch_id + 1)
"""
