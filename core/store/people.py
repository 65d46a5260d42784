"""What admins did about people, and the sign-ins that were seen."""

from datetime import datetime
from typing import Any

from core.domain.people import PersonChange, Role
from core.store.database import Connection, Reader, Row, Store, select


def roles(store: Store) -> dict[str, Row]:
    """The people whom an admin invited and did not remove: email, role, made_at, made_by of what gave the role."""
    return {row["email"]: row for row in store.rows(_ROLES) if row["role"]}


def role_of(connection: Connection, email: str) -> Role | None:
    """The role that an admin gave, as a transaction sees it."""
    found = [row["role"] for row in select(connection, _ROLES) if row["email"] == email]
    return Role(found[0]) if found and found[0] else None


def admins(connection: Connection) -> set[str]:
    """The people whom an admin made admins, as a transaction sees it."""
    return {row["email"] for row in select(connection, _ROLES) if row["role"] == Role.ADMIN}


def sessions_ended(store: Reader) -> dict[str, datetime]:
    """By e-mail, when all sign-ins of a person until then were ended."""
    return {row["email"]: row["ended_at"] for row in store.rows(_ENDED)}


def events(store: Store, limit: int) -> list[Row]:
    """What admins did, newest first: email, change, role_before, role, made_at, made_by."""
    return store.rows(_EVENTS, {"limit": limit})


def add_event(
    connection: Connection,
    email: str,
    change: PersonChange,
    roles: tuple[Role | None, Role | None],
    *,
    by: str,
    at: datetime,
) -> None:
    """Appends what an admin did; `roles` are those before and after."""
    values = {"email": email, "change": change, "before": roles[0], "after": roles[1], "at": at, "by": by}
    connection.execute(_ADD_EVENT, values)


def sign_ins(store: Store) -> list[Row]:
    """Every sign-in that is kept: all columns."""
    return store.rows("SELECT * FROM sign_in")


def see(connection: Connection, seen: dict[str, Any]) -> None:
    """Notes that a sign-in was seen: at `at` with its sign_in_key, email, role, entry and ends_at. `first_seen_at` stays."""
    known = select(connection, "SELECT 1 FROM sign_in WHERE sign_in_key = $sign_in_key", {"sign_in_key": seen["sign_in_key"]})
    connection.execute(_SEE_AGAIN if known else _SEE, seen)


def sign_out(connection: Connection, seen: dict[str, Any]) -> None:
    """Notes that a sign-in counts no more, also one that was never noted before."""
    see(connection, seen)
    connection.execute(
        "UPDATE sign_in SET signed_out_at = $at WHERE sign_in_key = $key", {"at": seen["at"], "key": seen["sign_in_key"]}
    )


def forget_sign_ins(connection: Connection, before: datetime) -> None:
    """Drops the sign-ins that had run out by then."""
    connection.execute("DELETE FROM sign_in WHERE ends_at < $before", {"before": before})


_ROLES = """
SELECT email, role, made_at, made_by FROM person_event e WHERE change <> 'sessions_ended' AND NOT EXISTS (
    SELECT 1 FROM person_event later WHERE later.email = e.email AND later.event_id > e.event_id AND later.change <> 'sessions_ended')
"""
_ENDED = "SELECT email, max(made_at) AS ended_at FROM person_event WHERE change IN ('removed', 'sessions_ended') GROUP BY email"
_EVENTS = """
SELECT email, change, role_before, role, made_at, made_by FROM person_event ORDER BY event_id DESC LIMIT $limit
"""
_ADD_EVENT = """
INSERT INTO person_event
SELECT coalesce(max(event_id), 0) + 1, $email, $change, $before, $after, $at, $by FROM person_event
"""
_SEE = """
INSERT INTO sign_in (sign_in_key, email, role, entry, first_seen_at, last_seen_at, ends_at)
VALUES ($sign_in_key, $email, $role, $entry, $at, $at, $ends_at)
"""
_SEE_AGAIN = """
UPDATE sign_in SET email = $email, role = $role, entry = $entry, last_seen_at = $at, ends_at = $ends_at
WHERE sign_in_key = $sign_in_key
"""
