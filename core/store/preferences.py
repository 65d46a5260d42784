"""What each person chose for themselves."""

from datetime import datetime

from core.store.database import Connection, Reader


def chosen(store: Reader, person: str) -> dict[str, str]:
    """What somebody chose last, by the name of the choice."""
    return {row["name"]: row["value"] for row in store.rows(_CHOSEN, {"person": person})}


def choose(connection: Connection, person: str, name: str, value: str, at: datetime) -> None:
    """Appends what somebody chose."""
    connection.execute(_CHOOSE, {"person": person, "name": name, "value": value, "at": at})


_CHOSEN = "SELECT name, value FROM preference WHERE person = $person ORDER BY set_at"
_CHOOSE = "INSERT INTO preference VALUES ($person, $name, $value, $at)"
