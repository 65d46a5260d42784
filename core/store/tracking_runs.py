"""How carriers were asked: sums over what was asked in each go."""

from datetime import datetime

from core.store.database import Row, Store


def sums(store: Store, *, before: datetime, since: datetime) -> list[Row]:
    """How many numbers were asked and failed, by carrier, of goes from `before` on; `recent` from `since` on."""
    return store.rows(_SUMS, {"before": before, "since": since})


def asked(store: Store, *, since: datetime) -> int:
    """How many numbers were asked about from `since` on."""
    return int(
        store.rows("SELECT coalesce(sum(asked), 0)::BIGINT AS n FROM tracking_run WHERE ran_at >= $t", {"t": since})[0]["n"]
    )


_SUMS = """
SELECT carrier, ran_at >= $since AS recent, sum(asked)::BIGINT AS asked, sum(failed)::BIGINT AS failed
FROM tracking_run WHERE ran_at >= $before GROUP BY ALL
"""
