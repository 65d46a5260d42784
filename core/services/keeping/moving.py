"""A shop moved from one place to another, and back: copied in pieces, compared table by table, then closed where it was.

Killed at any moment it goes on when it is called again. The shop is where it was until both places are the same; then the old place
is closed before the new one is opened, so there are never two.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from core.domain import permissions
from core.domain.errors import Refused, Unavailable
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.reasons import Names, Reason, Why
from core.services.keeping.places import Place, comes_from
from core.services.keeping.reasons import MoveFault, MoveText
from core.store import copying, forgotten_list, moved
from core.store.copying import Compared
from core.store.database import Connection, Store
from core.store.moved import MoveMark, MovePart
from core.store.reasons import StoreFault

Progress = Callable[[Reason, float], None]


@dataclass(frozen=True)
class MoveOrder:
    """From where to where."""

    source: Place
    target: Place


@dataclass(frozen=True)
class Moved:
    """What was compared, and what is said of all of it."""

    tables: tuple[Compared, ...]
    message: Why

    def as_lines(self) -> list[str]:
        """As `python -m core move` prints it."""
        compared = (MoveText.TABLE(table=one.table, rows=one.new.rows, digest=one.new.text) for one in self.tables)
        return [*map(str, compared), str(self.message)]


def move(order: MoveOrder, now: datetime, progress: Progress, *, person: Person) -> Moved:
    """Moves the shop, or finishes a move that was killed.

    Raises Forbidden; Refused when the target holds a shop; Unavailable when a place is in use, or both are not the same in the end.
    """
    permissions.require(person, Act.RESTORE)
    if str(order.source) == str(order.target):
        raise Refused(MoveFault.SAME(path=order.source))
    with order.source.shop() as old:
        mark = old.snapshot(moved.mark_of)
        if mark and mark.part is MovePart.WENT:
            return _finished(order, mark)
        if mark and mark.part is not MovePart.HERE:
            raise Unavailable(StoreFault.RECEIVING(path=order.source, other=mark.other))
        with order.target.receiver(order.source, mark) as new:
            tables = _same(order, old, new, now, progress)
            _hand_over(order, old, new, now)
    order.target.take_up()
    rows = sum(one.new.rows for one in tables)
    return Moved(tables, MoveText.DONE(path=order.target, other=order.source, rows=rows))


def _same(order: MoveOrder, old: Store, new: Store, now: datetime, progress: Progress) -> tuple[Compared, ...]:
    """Both places compared, once the new one has everything. What a killed move left is taken along, unless the shop changed since."""
    resumed = comes_from(new.snapshot(moved.mark_of), order.source)
    if not resumed:
        _begin(order, new, now)
    tables = _copied(old, new, progress)
    if resumed and _others(tables):
        _begin(order, new, now)
        tables = _copied(old, new, progress)
    if others := _others(tables):
        raise Unavailable(MoveFault.DIFFERS(count=len(others), tables=Names(others), path=order.target, other=order.source))
    return tables


def _begin(order: MoveOrder, new: Store, now: datetime) -> None:
    mark = MoveMark(MovePart.RECEIVING, str(order.source), uuid4().hex, now)

    def emptied(connection: Connection) -> None:
        copying.clear(connection)
        moved.set_mark(connection, mark)

    new.write(emptied)


def _copied(old: Store, new: Store, progress: Progress) -> tuple[Compared, ...]:
    copying.copy(old, new, lambda share: progress(MoveText.COPYING, share))
    return tuple(copying.compare(old, new, lambda share: progress(MoveText.COMPARING, share)))


def _others(tables: tuple[Compared, ...]) -> list[str]:
    return [one.table for one in tables if not one.same]


def _hand_over(order: MoveOrder, old: Store, new: Store, now: datetime) -> None:
    """Closes the old place, then opens the new one: each knows of the other whenever this is killed."""
    mark = new.snapshot(moved.mark_of)
    assert mark
    order.target.complete(new, forgotten_list.entries_of(old))
    new.write(lambda connection: moved.set_mark(connection, replace(mark, part=MovePart.RECEIVED)))
    went = MoveMark(MovePart.WENT, str(order.target), mark.token, now)
    old.write(lambda connection: moved.set_mark(connection, went))
    _open(new, mark)


def _open(new: Store, mark: MoveMark) -> None:
    new.write(copying.settle)
    new.write(lambda connection: moved.set_mark(connection, replace(mark, part=MovePart.HERE)))


def _finished(order: MoveOrder, went: MoveMark) -> Moved:
    """A move that was killed after the old place was closed. Raises Unavailable when there is none left to finish."""
    with order.target.receiving() as new:
        mark = new.snapshot(moved.mark_of) if new else None
        if new is None or mark is None or mark.token != went.token:
            raise Unavailable(StoreFault.WENT(path=order.source, other=went.other, at=went.moved_at))
        _open(new, mark)
    order.target.take_up()
    return Moved((), MoveText.FINISHED(path=order.target, other=order.source))
