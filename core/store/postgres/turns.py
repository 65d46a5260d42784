"""One rate for each tracking service, and one rest, among all app servers of a shop: a row for each service."""

from datetime import datetime, timedelta

from core.store.database import Connection, Row, Store, select


class SharedTurns:
    """When the next call to a service may go, whoever makes it. Raises Unavailable while the server is gone."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, service: str, every: timedelta) -> tuple[timedelta, datetime | None]:
        """How long the caller waits for its turn, when turns are so far apart; until when the service is left alone.

        Turns of a second that nobody took may be taken together.
        """
        row = self._store.apart(lambda connection: _taken(connection, service, every))
        return max(row["wait"], timedelta(0)), row["held_until"]

    def hold(self, service: str, until: datetime | None) -> None:
        """Leaves the service alone until then, or no longer."""
        self._store.apart(lambda connection: connection.execute(_HOLD, {"service": service, "until": until}))


def _taken(connection: Connection, service: str, every: timedelta) -> Row:
    return select(connection, _TAKE, {"service": service, "every": every})[0]


_TAKE = """
INSERT INTO service_state AS known (service, next_turn) VALUES ($service, clock_timestamp() - INTERVAL '1 second' + $every)
ON CONFLICT (service) DO UPDATE
SET next_turn = greatest(known.next_turn, clock_timestamp() - INTERVAL '1 second') + $every
RETURNING next_turn - $every - clock_timestamp() AS wait, held_until
"""
_HOLD = """
INSERT INTO service_state (service, held_until) VALUES ($service, $until)
ON CONFLICT (service) DO UPDATE SET held_until = excluded.held_until
"""
