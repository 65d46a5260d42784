"""The mark of a move: whether a shop is here, is still coming, or went somewhere else. One row, only where a shop ever moved."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import duckdb

from core.domain.errors import Unavailable
from core.store.engine import Connection
from core.store.reasons import StoreFault

MARK = "shop_move"


class MovePart(StrEnum):
    """What this place has to do with a move: it is receiving, has received and waits for the source to be closed, has the shop, or had it."""

    RECEIVING = "receiving"
    RECEIVED = "received"
    HERE = "here"
    WENT = "went"


@dataclass(frozen=True)
class MoveMark:
    """Which part in which move: both places have its `token`, and `other` is how each names the other one."""

    part: MovePart
    other: str
    token: str
    moved_at: datetime


def mark_of(connection: Connection) -> MoveMark | None:
    """The mark of this place; None where no shop ever moved."""
    if not connection.execute(_THERE, {"name": MARK}).fetchall():
        return None
    rows = connection.execute(f"SELECT part, other, token, moved_at FROM {MARK}").fetchall()
    return next((MoveMark(MovePart(part), other, token, at) for part, other, token, at in rows), None)


def require_here(connection: Connection, path: object) -> None:
    """Raises Unavailable with the place to go to, unless a shop can be opened here."""
    mark = mark_of(connection)
    if mark and mark.part is MovePart.WENT:
        raise Unavailable(StoreFault.WENT(path=path, other=mark.other, at=mark.moved_at))
    if mark and mark.part is not MovePart.HERE:
        raise Unavailable(StoreFault.RECEIVING(path=path, other=mark.other))


def require_here_at(path: Path) -> None:
    """The same of a whole database file that nobody has open."""
    with duckdb.connect(str(path), read_only=True) as connection:
        require_here(connection, path)


def set_mark(connection: Connection, mark: MoveMark) -> None:
    """Puts the mark in place of the one that was there."""
    connection.execute(f"CREATE TABLE IF NOT EXISTS {MARK} {_COLUMNS}")
    connection.execute(f"DELETE FROM {MARK}")
    row = {"part": str(mark.part), "other": mark.other, "token": mark.token, "moved_at": mark.moved_at}
    connection.execute(f"INSERT INTO {MARK} (part, other, token, moved_at) VALUES ($part, $other, $token, $moved_at)", row)


_COLUMNS = "(part VARCHAR NOT NULL, other VARCHAR NOT NULL, token VARCHAR NOT NULL, moved_at TIMESTAMPTZ NOT NULL)"
_THERE = "SELECT 1 AS n FROM information_schema.tables WHERE table_name = $name"
