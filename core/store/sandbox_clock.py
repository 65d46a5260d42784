"""How fast journeys of the sandbox go, and since when."""

from collections.abc import Sequence
from datetime import datetime

from core.store.database import Connection, Row, Store


def speeds(store: Store) -> list[Row]:
    """The speeds of the sandbox's journeys: started_at, since, speed, in the order they were set."""
    return store.rows("SELECT * FROM sandbox_clock ORDER BY started_at, since")


def set_speeds(connection: Connection, at: datetime, speeds: Sequence[tuple[datetime, float]]) -> None:
    """Sets the speeds from each of these moments on, in place of those set before for later moments."""
    for since, speed in speeds:
        connection.execute("INSERT INTO sandbox_clock VALUES ($at, $since, $speed)", {"at": at, "since": since, "speed": speed})
