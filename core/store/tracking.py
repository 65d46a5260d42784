"""The cache of carriers' answers: which numbers are watched, which are due, who is asking, what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from core.domain import refresh_policy
from core.domain.answer_doubts import AnswerDoubt
from core.domain.errors import Conflict
from core.domain.filters import search_form
from core.domain.history import ChangeSource
from core.domain.shipment import Checkpoint, Shipment, Stage
from core.store import tables
from core.store.database import Connection, Row, Store, insert, lent, select

NEWS = pa.schema(
    [
        ("invoice_id", pa.int64()),
        ("happened_at", tables.MOMENT),
        ("stage", pa.string()),
        ("code", pa.string()),
        ("place", pa.string()),
        ("text", pa.string()),
        ("zone_assumed", pa.bool_()),
        ("position", pa.int32()),
    ]
)
CACHED = pa.schema(
    [
        ("invoice_id", pa.int64()),
        ("service", pa.string()),
        ("stage", pa.string()),
        ("code", pa.string()),
        ("last_event_at", tables.MOMENT),
        ("estimated_on", pa.date32()),
        ("asked_at", tables.MOMENT),
        ("fetched_at", tables.MOMENT),
        ("next_due", tables.MOMENT),
        ("attempts", pa.int32()),
        ("unchanged", pa.int32()),
        ("last_error", pa.string()),
        ("warning", pa.string()),
        ("stopped_at", tables.MOMENT),
    ]
)
RUN = pa.schema(
    [
        ("ran_at", tables.MOMENT),
        ("carrier", pa.string()),
        ("service", pa.string()),
        ("asked", pa.int32()),
        ("failed", pa.int32()),
        ("news", pa.int32()),
        ("error", pa.string()),
    ]
)


@dataclass(frozen=True)
class Claim:
    """A number that this process is asking about, and nobody else until the claim ends."""

    invoice_id: int
    shipment_id: int
    shipment_no: str
    carrier: str
    invoice_no: str


def newest_registration(store: Store) -> int:
    """The id of the newest event of any invoice: when it rises, `watch` has something to do."""
    return int(store.rows("SELECT coalesce(max(event_id), 0) AS n FROM invoice")[0]["n"])


def watch(
    connection: Connection, *, after: int, at: datetime, carriers: Sequence[str], made_here_only: bool, pace: float = 1.0
) -> int:
    """Drops rows of numbers no longer in force, adds those of `carriers` that are missing; the newest event looked at.

    Only shipments with invoice events after `after` are looked at, all of them for 0. What was delivered more than a day ago
    is not watched. Numbers that were silent for too long are added as stopped. `made_here_only` leaves out what was imported.
    """
    newest = int(select(connection, "SELECT coalesce(max(event_id), 0) AS n FROM invoice")[0]["n"])
    connection.execute(_DROP_OLD, {"after": after})
    asked = {"after": after, "at": at, "carriers": list(carriers), "made_here": made_here_only, "day": timedelta(days=1)}
    connection.execute(_ADD + _OPEN_ONLY, asked | _limits(pace))
    return newest


def watch_these(connection: Connection, shipment_ids: Sequence[int], *, at: datetime, carriers: Sequence[str]) -> None:
    """Adds missing rows of these shipments, delivered long ago or not: someone wants to ask about them by hand."""
    values = {"after": 0, "at": at, "carriers": list(carriers), "made_here": False, "ids": list(shipment_ids)}
    connection.execute(_ADD + " AND s.shipment_id IN (SELECT unnest($ids::BIGINT[]))", values | _limits(1.0))


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
    return _claimed(connection, [row["invoice_id"] for row in found], by, until)


def claim_these(
    connection: Connection, shipment_ids: Sequence[int], *, by: str, at: datetime, until: datetime, not_since: datetime
) -> list[Claim]:
    """The numbers in force of these shipments that were not asked since and that nobody is asking; they are claimed."""
    found = select(connection, _FREE, {"ids": list(shipment_ids), "at": at, "since": not_since})
    return _claimed(connection, [row["invoice_id"] for row in found], by, until)


def release(connection: Connection, invoice_ids: Sequence[int], by: str) -> None:
    """Ends the claims on these numbers, and all others that `by` holds. The numbers stay as due as they were."""
    connection.execute(_RELEASE, {"by": by, "ids": list(invoice_ids)})


def release_all(connection: Connection) -> None:
    """Ends every claim: whoever held one is gone, since one process owns the file."""
    connection.execute("UPDATE tracking SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by IS NOT NULL")


def in_force(connection: Connection, invoice_ids: Sequence[int]) -> dict[int, Row]:
    """The rows of those numbers that are still in force, by invoice_id, with what the next check depends on."""
    return {row["invoice_id"]: row for row in select(connection, _IN_FORCE, {"ids": list(invoice_ids)})}


def news(connection: Connection, said: Iterable[tuple[int, Sequence[Checkpoint]]]) -> dict[int, list[Checkpoint]]:
    """What is new in the checkpoints said of each invoice_id, in the order they were said.

    A checkpoint is known when one of its moment has its stage (its code, where no stage is known); several of one moment and
    stage count as several only when the carrier says several at once. One without a stage, or an exception, is known by its
    text, too, when that came with a stage that says more. So the stages that are stored do not depend on who came first.
    """
    rows = [row for invoice_id, checkpoints in said for row in _said(invoice_id, checkpoints)]
    if not rows:
        return {}
    with lent(connection, "said", pa.Table.from_pylist(rows, schema=NEWS)):
        new = select(connection, _NEWS)
    found: dict[int, list[Checkpoint]] = {}
    for row in new:
        found.setdefault(row["invoice_id"], []).append(_checkpoint(row))
    return found


def refused_last(connection: Connection, invoice_ids: Sequence[int]) -> set[int]:
    """Those numbers of which the newest checkpoint says that the carrier does not accept them."""
    rows = select(connection, _REFUSED_LAST, {"ids": list(invoice_ids)})
    return {row["invoice_id"] for row in rows if row["stage"] == Stage.INVALID_NUMBER}


def save_quietly(connection: Connection, shipments: Sequence[Shipment]) -> None:
    """Writes the derived columns of shipments whose version stays: nothing changed in them that a person decides on.

    Raises Conflict when a stored version is another: then nothing may be committed.
    """
    new = tables.table_of((tables.row_of(shipment) for shipment in shipments), tables.SHIPMENT)
    values = ", ".join(f"{column} = new_state.{column}" for column in _QUIET)
    with lent(connection, "new_state", new.select(["shipment_id", "version", *_QUIET])):
        changed = connection.execute(
            f"UPDATE shipment SET {values} FROM new_state "
            "WHERE shipment.shipment_id = new_state.shipment_id AND shipment.version = new_state.version"
        ).fetchall()
    if int(changed[0][0]) != len(shipments):
        raise Conflict("Somebody else saved this shipment first. Nothing was changed.")


def cache(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Stores what became of the numbers asked, in the columns of `CACHED`, and ends their claims."""
    if not rows:
        return
    values = ", ".join(f"{name} = answered.{name}" for name in CACHED.names if name != "invoice_id")
    with lent(connection, "answered", pa.Table.from_pylist(list(rows), schema=CACHED)):
        connection.execute(
            f"UPDATE tracking SET {values}, claimed_by = NULL, claimed_until = NULL FROM answered "
            "WHERE tracking.invoice_id = answered.invoice_id"
        )


def log_run(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Appends what was asked of each carrier, in the columns of `RUN`."""
    insert(connection, "tracking_run", pa.Table.from_pylist(list(rows), schema=RUN))


def forget(connection: Connection, *, runs_before: datetime, webhooks_before: datetime) -> None:
    """Drops what is older than that."""
    connection.execute("DELETE FROM tracking_run WHERE ran_at < $before", {"before": runs_before})
    connection.execute("DELETE FROM webhook_seen WHERE received_at < $before", {"before": webhooks_before})


def resume(connection: Connection, shipment_ids: Sequence[int], at: datetime) -> int:
    """Watches again what was given up, from now on; how many numbers that were."""
    changed = connection.execute(_RESUME, {"ids": list(shipment_ids), "at": at}).fetchall()
    return int(changed[0][0])


def make_due(connection: Connection, invoice_ids: Sequence[int], at: datetime) -> None:
    """Puts the numbers at the front of the queue."""
    connection.execute(
        "UPDATE tracking SET next_due = $at WHERE invoice_id IN (SELECT unnest($ids::BIGINT[]))",
        {"ids": list(invoice_ids), "at": at},
    )


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


def shipments_numbered(store: Store, shipment_nos: Sequence[str]) -> dict[str, Row]:
    """What bears these Shipment Nos., by number: shipment_id, carrier (None without an invoice), imported."""
    wanted = set(shipment_nos)
    rows = store.rows(_NAMED, {"forms": [search_form(no) for no in wanted]})
    return {row["shipment_no"]: row for row in rows if row["shipment_no"] in wanted}


def numbered(connection: Connection, numbers: Sequence[tuple[str, str]]) -> list[Row]:
    """The rows that bear one of these (carrier, invoice_no), or only the number where the carrier is "": with the carrier."""
    rows = select(connection, _NUMBERED, {"numbers": list({number for _, number in numbers})})
    wanted = set(numbers)
    return [row for row in rows if {(row["carrier"], row["invoice_no"]), ("", row["invoice_no"])} & wanted]


def of_shipment(store: Store, shipment_no: str) -> Row | None:
    """The cached answer of a shipment's number in force; None when none is watched. Columns of the table, times UTC."""
    rows = store.rows(_OF_SHIPMENT, {"no": shipment_no})
    return rows[0] if rows else None


def seen(connection: Connection, service: str, digest: str) -> bool:
    """Whether this webhook was taken before."""
    return bool(select(connection, _SEEN, {"service": service, "digest": digest}))


def remember(connection: Connection, service: str, digest: str, at: datetime) -> None:
    """Stores that this webhook was taken."""
    connection.execute("INSERT INTO webhook_seen VALUES ($s, $d, $at)", {"s": service, "d": digest, "at": at})


def health(store: Store, *, at: datetime, since: datetime) -> dict[str, Row]:
    """How each carrier with watched numbers is doing, by code.

    watched and due (numbers), oldest (last answer of the one that waits longest, or when its first is due) and oldest_no (its
    shipment), last_success, stopped and warned (numbers), asked and failed since `since`, last_error.
    """
    return {row["carrier"]: row for row in store.rows(_HEALTH, {"at": at, "since": since})}


def settings(store: Store) -> dict[str, Row]:
    """What admins decided, by carrier: service, check_digit (None: as shipped), updated_at, updated_by."""
    return {row["carrier"]: row for row in store.rows(_SETTINGS)}


def set_setting(connection: Connection, carrier: str, changes: Mapping[str, str | None], *, by: str, at: datetime) -> None:
    """Appends what an admin decided: `service`, `check_digit`, or both; the other stays as it was."""
    before = select(connection, _SETTINGS + " AND carrier = $carrier", {"carrier": carrier})
    last = before[0] if before else {}
    number = select(connection, "SELECT coalesce(max(setting_id), 0) + 1 AS n FROM carrier_setting")[0]["n"]
    row = {name: changes[name] if name in changes else last.get(name) for name in ("service", "check_digit")}
    connection.execute(
        "INSERT INTO carrier_setting VALUES ($number, $carrier, $service, $check_digit, $at, $by)",
        {**row, "number": number, "carrier": carrier, "at": at, "by": by},
    )


def clock(store: Store) -> list[Row]:
    """The speeds of the sandbox's journeys: started_at, since, speed, in the order they were set."""
    return store.rows("SELECT * FROM sandbox_clock ORDER BY started_at, since")


def set_clock(connection: Connection, at: datetime, speeds: Sequence[tuple[datetime, float]]) -> None:
    """Sets the speeds from each of these moments on, in place of those set before for later moments."""
    for since, speed in speeds:
        connection.execute("INSERT INTO sandbox_clock VALUES ($at, $since, $speed)", {"at": at, "since": since, "speed": speed})


def parcels(store: Store, numbers: Sequence[str]) -> list[Row]:
    """Who bears these numbers, in force or before, and was made here, not imported: what a journey depends on.

    shipment_id, carrier, invoice_no, registered_at, warehouse, country, city.
    """
    return store.rows(_PARCELS, {"numbers": list(numbers), "forms": [search_form(number) for number in numbers]})


def has_demo(store: Store) -> bool:
    """Whether the database holds the demo shop."""
    return bool(store.rows("SELECT 1 AS n FROM batch WHERE source = $demo LIMIT 1", {"demo": ChangeSource.DEMO}))


def schema_version(store: Store) -> int:
    """The version of the schema: reading it shows that the database answers."""
    return int(store.rows("SELECT max(version) AS n FROM schema_version")[0]["n"])


def _claimed(connection: Connection, invoice_ids: list[int], by: str, until: datetime) -> list[Claim]:
    if not invoice_ids:
        return []
    connection.execute(_CLAIM, {"ids": invoice_ids, "by": by, "until": until})
    return [Claim(**row) for row in select(connection, _CLAIMS, {"ids": invoice_ids})]


def _limits(pace: float) -> dict[str, Any]:
    return {
        "post": sorted(refresh_policy.POST),
        "silence": refresh_policy.STOP_AFTER,
        "post_silence": refresh_policy.STOP_POST_AFTER,
        "fresh": refresh_policy.FRESH / pace,
        "last": refresh_policy.AFTER_DELIVERY / pace,
    }


def _said(invoice_id: int, checkpoints: Sequence[Checkpoint]) -> list[dict[str, Any]]:
    """Each thing said once: its moment, stage or code, and text."""
    once = {(c.happened_at, c.stage or c.code, c.text): c for c in reversed(checkpoints)}
    return [
        {
            "invoice_id": invoice_id,
            "happened_at": c.happened_at,
            "stage": c.stage,
            "code": c.code,
            "place": c.place,
            "text": c.text,
            "zone_assumed": c.zone_assumed,
            "position": position,
        }
        for position, c in enumerate(reversed(once.values()))
    ]


def _checkpoint(row: Row) -> Checkpoint:
    return Checkpoint(
        happened_at=row["happened_at"],
        stage=Stage(row["stage"]) if row["stage"] else None,
        invoice_id=row["invoice_id"],
        code=row["code"],
        place=row["place"],
        text=row["text"],
        zone_assumed=row["zone_assumed"],
    )


_QUIET = tuple(column for column in tables.DERIVED if column != "version")

_DROP_OLD = """
DELETE FROM tracking
WHERE ($after = 0 OR shipment_id IN (SELECT shipment_id FROM invoice WHERE event_id > $after))
  AND NOT EXISTS (FROM shipment s WHERE s.shipment_id = tracking.shipment_id AND s.invoice_id = tracking.invoice_id)
"""
_ADD = """
INSERT INTO tracking BY NAME
SELECT s.invoice_id, s.shipment_id, s.carrier, s.invoice_no, s.stage, s.last_scan_at AS last_event_at,
       CASE WHEN s.status = 'delivered' THEN CASE WHEN s.delivered_at + $last > $at THEN s.delivered_at + $last END WHEN NOT s.silent THEN s.invoiced_at + $fresh END AS next_due,
       CASE WHEN s.status <> 'delivered' AND s.silent THEN $at END AS stopped_at
FROM (SELECT *, greatest(invoiced_at, coalesce(last_scan_at, invoiced_at))
                < $at - CASE WHEN list_contains($post, carrier) THEN $post_silence ELSE $silence END AS silent FROM shipment) s
WHERE s.invoice_id IS NOT NULL AND s.closed_at IS NULL AND list_contains($carriers::VARCHAR[], s.carrier)
  AND NOT EXISTS (FROM tracking t WHERE t.invoice_id = s.invoice_id)
  AND ($after = 0 OR s.shipment_id IN (SELECT shipment_id FROM invoice WHERE event_id > $after))
  AND (NOT $made_here OR s.source_hash IS NULL)
"""
_OPEN_ONLY = " AND (s.status <> 'delivered' OR s.delivered_at > $at - $day)"
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
_CLAIM = """
UPDATE tracking SET claimed_by = $by, claimed_until = $until WHERE invoice_id IN (SELECT unnest($ids::BIGINT[]))
"""
_CLAIMS = """
SELECT t.invoice_id, t.shipment_id, s.shipment_no, t.carrier, t.invoice_no
FROM tracking t JOIN shipment s USING (shipment_id) WHERE t.invoice_id IN (SELECT unnest($ids::BIGINT[]))
"""
_RELEASE = """
UPDATE tracking SET claimed_by = NULL, claimed_until = NULL
WHERE claimed_by IS NOT NULL AND (claimed_by = $by OR list_contains($ids::BIGINT[], invoice_id))
"""
_IN_FORCE = """
SELECT t.*, s.shipment_no, s.status, s.word, s.stage AS shipment_stage, s.invoiced_at, s.promised_on, s.delivered_at,
       s.closed_at, s.country, s.ordered_at
FROM tracking t JOIN shipment s ON s.shipment_id = t.shipment_id AND s.invoice_id = t.invoice_id
WHERE t.invoice_id IN (SELECT unnest($ids::BIGINT[]))
"""
_SAYS_MORE = ", ".join(f"'{stage}'" for stage in Stage if stage.progress > Stage.EXCEPTION.progress)
_NEWS = f"""
WITH marked AS (
    SELECT *, coalesce(stage, code) AS mark,
           count(*) OVER (PARTITION BY invoice_id, happened_at, coalesce(stage, code)) AS together
    FROM said),
stored AS (
    SELECT c.invoice_id, c.happened_at, c.stage, coalesce(c.stage, c.code) AS mark, c.text
    FROM checkpoint c SEMI JOIN said ON c.invoice_id = said.invoice_id AND c.happened_at = said.happened_at),
known AS (SELECT invoice_id, happened_at, mark, count(DISTINCT text) AS n FROM stored GROUP BY ALL),
fresh AS (
    SELECT m.*, coalesce(k.n, 0) AS known,
           row_number() OVER (PARTITION BY m.invoice_id, m.happened_at, m.mark ORDER BY m.position) AS turn
    FROM marked m LEFT JOIN known k USING (invoice_id, happened_at, mark)
    WHERE NOT EXISTS (
        FROM stored s WHERE s.invoice_id = m.invoice_id AND s.happened_at = m.happened_at AND s.text = m.text
          AND (s.mark = m.mark
               OR (s.text <> '' AND (m.stage IS NULL OR (m.stage = 'exception' AND s.stage IN ({_SAYS_MORE})))))))
SELECT * FROM fresh WHERE turn <= together - known ORDER BY invoice_id, position
"""
_REFUSED_LAST = """
SELECT invoice_id, arg_max(stage, happened_at) AS stage FROM checkpoint
WHERE invoice_id IN (SELECT unnest($ids::BIGINT[])) GROUP BY invoice_id
"""
_RESUME = """
UPDATE tracking SET stopped_at = NULL, resumed_at = $at, next_due = $at, unchanged = 0, attempts = 0
WHERE stopped_at IS NOT NULL AND shipment_id IN (SELECT unnest($ids::BIGINT[]))
"""
_NAMED = """
SELECT shipment_id, shipment_no, carrier, source_hash IS NOT NULL AS imported FROM shipment WHERE shipment_id IN (
    SELECT shipment_id FROM search_key WHERE kind = 'shipment_no' AND value IN (SELECT unnest($forms::VARCHAR[])))
"""
_NUMBERED = """
SELECT t.invoice_id, t.shipment_id, t.carrier, t.invoice_no
FROM tracking t JOIN shipment s ON s.shipment_id = t.shipment_id AND s.invoice_id = t.invoice_id
WHERE t.invoice_no IN (SELECT unnest($numbers::VARCHAR[]))
"""
_OF_SHIPMENT = """
SELECT t.* FROM shipment s JOIN tracking t ON t.shipment_id = s.shipment_id AND t.invoice_id = s.invoice_id
WHERE s.shipment_no = $no LIMIT 1
"""
_SEEN = "SELECT 1 AS n FROM webhook_seen WHERE service = $service AND digest = $digest LIMIT 1"
# The underscore of LIKE matches any character: an earlier Shipdesk stored the sentence, which says "used before".
_HEALTH = f"""
WITH numbers AS (
    SELECT carrier, count(*) FILTER (next_due IS NOT NULL) AS watched, count(*) FILTER (next_due <= $at) AS due,
           min(coalesce(fetched_at, next_due)) FILTER (next_due IS NOT NULL) AS oldest,
           arg_min(shipment_id, coalesce(fetched_at, next_due)) FILTER (next_due IS NOT NULL) AS oldest_id,
           max(fetched_at) AS last_success,
           count(*) FILTER (stopped_at IS NOT NULL) AS stopped,
           count(*) FILTER (warning LIKE '%{AnswerDoubt.USED_BEFORE}%') AS warned
    FROM tracking GROUP BY carrier),
runs AS (
    SELECT carrier, sum(asked)::BIGINT AS asked, sum(failed)::BIGINT AS failed,
           arg_max(error, ran_at) FILTER (error <> '') AS last_error
    FROM tracking_run WHERE ran_at >= $since GROUP BY carrier)
SELECT n.* EXCLUDE (oldest_id), s.shipment_no AS oldest_no, coalesce(r.asked, 0) AS asked, coalesce(r.failed, 0) AS failed,
       coalesce(r.last_error, '') AS last_error
FROM numbers n LEFT JOIN runs r USING (carrier) LEFT JOIN shipment s ON s.shipment_id = n.oldest_id
"""
_SETTINGS = """
SELECT carrier, service, check_digit, updated_at, updated_by FROM carrier_setting s
WHERE NOT EXISTS (FROM carrier_setting later WHERE later.carrier = s.carrier AND later.setting_id > s.setting_id)
"""
_PARCELS = """
WITH keyed AS (
    SELECT DISTINCT shipment_id FROM search_key
    WHERE kind = 'invoice_no' AND value IN (SELECT unnest($forms::VARCHAR[])))
SELECT s.shipment_id, i.carrier, i.invoice_no, max(i.changed_at) AS registered_at, s.warehouse, s.country, s.city
FROM invoice i JOIN shipment s USING (shipment_id)
WHERE i.shipment_id IN (SELECT shipment_id FROM keyed) AND i.action = 'registered'
  AND i.invoice_no IN (SELECT unnest($numbers::VARCHAR[])) AND s.source_hash IS NULL
GROUP BY ALL ORDER BY i.invoice_no, s.shipment_id
"""
