"""The saved views, and what became of them."""

from collections.abc import Sequence
from typing import Any

from core.store.database import Connection, Reader, Row, select

COLUMNS = ("view_id", "owner", "name", "page", "link", "shared")


def all_views(store: Reader) -> list[Row]:
    """The views that there are, the oldest first: the columns of `COLUMNS`."""
    return store.rows(_ALL)


def views_of(connection: Connection) -> list[Row]:
    """The same as a transaction sees it."""
    return select(connection, _ALL)


def add(connection: Connection, view: dict[str, Any]) -> int:
    """Appends how a view is from now on: `COLUMNS`, removed, made_at, made_by. Without a view_id it is a new one; returns the id."""
    [found] = select(connection, "SELECT coalesce(max(event_id), 0) + 1 AS event_id FROM saved_view")
    event_id = int(found["event_id"])
    known = view["view_id"] or event_id
    connection.execute(_ADD, {**view, "view_id": known, "event_id": event_id})
    return int(known)


def names_of(connection: Connection) -> list[Row]:
    """Every name that a view has or had: event_id, name."""
    return select(connection, "SELECT event_id, name FROM saved_view WHERE name <> ''")


def drop_names(connection: Connection, event_ids: Sequence[int]) -> None:
    """Takes these names away; the views stay."""
    if event_ids:
        connection.execute(
            "UPDATE saved_view SET name = '' WHERE event_id IN (SELECT unnest($ids::BIGINT[]))", {"ids": list(event_ids)}
        )


_ALL = f"""
SELECT {", ".join(COLUMNS)} FROM saved_view v WHERE NOT removed AND NOT EXISTS (
    SELECT 1 FROM saved_view later WHERE later.view_id = v.view_id AND later.event_id > v.event_id)
ORDER BY view_id
"""
_ADD = """
INSERT INTO saved_view VALUES
    ($event_id, $view_id, $owner, $name, $page, $link, $shared, $removed, $made_at, $made_by)
"""
