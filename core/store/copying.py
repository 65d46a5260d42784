"""A shop from one store into another, piece by piece: what is copied stays copied when the process is killed between two pieces."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from core.store import whole_shop
from core.store.database import Connection, Reader, Store, insert, select
from core.store.whole_shop import TABLES, Digest, Piece, ShopTable

COPIED = "shop_move_part"
"""The table that only a store has that is receiving: from which key on each table is still to be copied."""


@dataclass(frozen=True)
class Compared:
    """A table of both stores: how many rows, and what they come to."""

    table: str
    old: Digest
    new: Digest

    @property
    def same(self) -> bool:
        """Whether both hold the same rows."""
        return (self.old.rows, self.old.text) == (self.new.rows, self.new.text)


def is_empty(reader: Reader) -> bool:
    """Whether the store holds no shop."""
    return not any(reader.rows(f"SELECT 1 AS n FROM {table.name} LIMIT 1") for table in TABLES)


def clear(connection: Connection) -> None:
    """Takes every row of a shop away, and what was noted of copying."""
    connection.execute(f"CREATE TABLE IF NOT EXISTS {COPIED} (of_table VARCHAR NOT NULL, until BIGINT NOT NULL)")
    for name in (*(table.name for table in TABLES), COPIED):
        connection.execute(f"TRUNCATE {name}")


def settle(connection: Connection) -> None:
    """Nothing is noted of copying any more."""
    connection.execute(f"DROP TABLE IF EXISTS {COPIED}")


def copy(old: Store, new: Store, progress: Callable[[float], None]) -> None:
    """Copies what is not copied yet; what is there already is not looked at."""
    until = {row["of_table"]: row["until"] for row in new.rows(f"SELECT of_table, until FROM {COPIED}")}
    for turn, table in enumerate(TABLES):
        progress(turn / len(TABLES))
        if table.piece or table.name not in until:
            for piece in whole_shop.pieces(old, table, until.get(table.name)):
                new.write(partial(_put, table=table, piece=piece))


def compare(old: Store, new: Store, progress: Callable[[float], None]) -> Iterator[Compared]:
    """Every table of both, read anew."""
    with whole_shop.teller() as by:
        for turn, table in enumerate(TABLES):
            progress(turn / len(TABLES))
            yield Compared(table.name, whole_shop.digest(old, table, by), whole_shop.digest(new, table, by))


def _put(connection: Connection, *, table: ShopTable, piece: Piece) -> None:
    insert(connection, table.name, piece.rows)
    place = {"table": table.name, "until": piece.until or 0}
    if select(connection, f"SELECT until FROM {COPIED} WHERE of_table = $table", {"table": table.name}):
        connection.execute(f"UPDATE {COPIED} SET until = $until WHERE of_table = $table", place)
    else:
        connection.execute(f"INSERT INTO {COPIED} (of_table, until) VALUES ($table, $until)", place)
