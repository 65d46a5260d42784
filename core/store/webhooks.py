"""Which webhooks were taken, by the digest of what they said."""

from datetime import datetime

from core.store.database import Connection, select


def seen(connection: Connection, service: str, digest: str) -> bool:
    """Whether this webhook was taken before."""
    return bool(select(connection, _SEEN, {"service": service, "digest": digest}))


def remember(connection: Connection, service: str, digest: str, at: datetime) -> None:
    """Stores that this webhook was taken."""
    connection.execute("INSERT INTO webhook_seen VALUES ($s, $d, $at)", {"s": service, "d": digest, "at": at})


def forget(connection: Connection, before: datetime) -> None:
    """Drops what came before that."""
    connection.execute("DELETE FROM webhook_seen WHERE received_at < $before", {"before": before})


_SEEN = "SELECT 1 AS n FROM webhook_seen WHERE service = $service AND digest = $digest LIMIT 1"
