"""How carriers were asked: a row for each carrier of each go, and sums over them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.store.database import Connection, Row, Store, insert, schema_of, table_of

RUN = schema_of("ran_at", "carrier", "service", "asked", "failed", "news", "error")


def log(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Appends what was asked of each carrier, in the columns of `RUN`."""
    insert(connection, "tracking_run", table_of(rows, RUN))


def forget(connection: Connection, before: datetime) -> None:
    """Drops what is older than that."""
    connection.execute("DELETE FROM tracking_run WHERE ran_at < $before", {"before": before})


def by_carrier(store: Store, since: datetime) -> dict[str, Row]:
    """What was asked of each carrier from `since` on, by code: asked and failed (numbers), last_error ("" for none)."""
    return {row["carrier"]: row for row in store.rows(_BY_CARRIER, {"since": since})}


def sums(store: Store, *, before: datetime, since: datetime) -> list[Row]:
    """How many numbers were asked and failed, by carrier, of goes from `before` on; `recent` from `since` on."""
    return store.rows(_SUMS, {"before": before, "since": since})


def asked(store: Store, *, since: datetime) -> int:
    """How many numbers were asked about from `since` on."""
    return int(store.rows(_ASKED, {"since": since})[0]["n"])


_BY_CARRIER = """
SELECT carrier, sum(asked)::BIGINT AS asked, sum(failed)::BIGINT AS failed,
       coalesce((array_agg(error ORDER BY ran_at DESC) FILTER (WHERE error <> ''))[1], '') AS last_error
FROM tracking_run WHERE ran_at >= $since GROUP BY carrier
"""
_SUMS = """
SELECT carrier, ran_at >= $since AS recent, sum(asked)::BIGINT AS asked, sum(failed)::BIGINT AS failed
FROM tracking_run WHERE ran_at >= $before GROUP BY 1, 2
"""
_ASKED = "SELECT coalesce(sum(asked), 0)::BIGINT AS n FROM tracking_run WHERE ran_at >= $since"
