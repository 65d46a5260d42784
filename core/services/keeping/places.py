"""Where a shop can be: what moving needs of a place, whatever holds the shop there."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from core.domain.errors import Refused, ShipdeskError, Unavailable
from core.domain.servers import Server
from core.services.keeping import checking
from core.services.keeping.reasons import MoveFault
from core.store import copying, forgotten_list, moved, rebuilding
from core.store.database import Store
from core.store.moved import MoveMark, MovePart
from core.store.stores import open_store, settle_sequences


class Place(Protocol):
    """A place for a shop; its text is its name. What it opens is the caller's alone until the block ends."""

    def shop(self) -> AbstractContextManager[Store]:
        """The shop that is there. Raises Unavailable when there is none, it is not whole, or a desk has it open."""
        ...

    def receiver(self, source: "Place", here: MoveMark | None) -> AbstractContextManager[Store]:
        """What a shop is copied to, with what an earlier move from the same place left.

        Raises Refused when there is a shop already, unless it is the very one that went from here, as `here` at the source says.
        """
        ...

    def receiving(self) -> AbstractContextManager[Store | None]:
        """What an earlier move left to be opened; None when there is nothing."""
        ...

    def complete(self, new: Store, forgotten: Sequence[str]) -> None:
        """Puts what is no row of a shop where it is here: the list of what was forgotten, and where new ids begin."""
        ...

    def take_up(self) -> None:
        """What was received is the shop of this place from now on."""
        ...


_COMING = (MovePart.RECEIVING, MovePart.RECEIVED)


def comes_from(mark: MoveMark | None, source: Place) -> bool:
    """Whether it is the mark of a move from there that is not finished."""
    return mark is not None and mark.part in _COMING and mark.other == str(source)


def is_way_back(there: MoveMark | None, here: MoveMark | None) -> bool:
    """Whether what is there went by the very move that brought it here."""
    parts = there is not None and here is not None and (there.part, here.part) == (MovePart.WENT, MovePart.HERE)
    return parts and there is not None and here is not None and there.token == here.token


@dataclass(frozen=True)
class FilePlace:
    """A database file at an absolute path. `folder` has its backups, `zone` is the shop's.

    A shop that comes is copied to a file beside it, which gets the name once all of it is there.
    """

    path: Path
    folder: Path
    zone: ZoneInfo

    def __str__(self) -> str:
        return str(self.path)

    @contextmanager
    def shop(self) -> Iterator[Store]:
        if not self.path.exists():
            raise Unavailable(MoveFault.NO_SHOP(path=self))
        checking.require_sound(self.path, self.folder, self.zone)
        with _opened(self.path) as store:
            yield store

    @contextmanager
    def receiving(self) -> Iterator[Store | None]:
        if not self._coming.exists():
            yield None
            return
        with _opened(self._coming) as store:
            yield store

    @contextmanager
    def receiver(self, source: Place, here: MoveMark | None) -> Iterator[Store]:
        if self.path.exists() and not is_way_back(_mark_at(self.path), here):
            raise Refused(MoveFault.HOLDS(path=self))
        if self._coming.exists() and not comes_from(_mark_at(self._coming), source):
            rebuilding.remove(self._coming)
        with _opened(self._coming) as store:
            yield store

    def complete(self, new: Store, forgotten: Sequence[str]) -> None:
        if list(forgotten) != forgotten_list.entries_beside(self.path):
            forgotten_list.put_beside(self.path, forgotten)

    def take_up(self) -> None:
        rebuilding.put(self._coming, self.path)

    @property
    def _coming(self) -> Path:
        return self.path.with_name(f"{self.path.stem}.moving{self.path.suffix}")


@dataclass(frozen=True)
class ServerPlace:
    """A database on a PostgreSQL server. What comes is not opened by any desk before all of it is there."""

    server: Server

    def __str__(self) -> str:
        return str(self.server)

    @contextmanager
    def shop(self) -> Iterator[Store]:
        with _opened(self.server) as store:
            if store.snapshot(moved.mark_of) is None and copying.is_empty(store):
                raise Unavailable(MoveFault.NO_SHOP(path=self))
            yield store

    @contextmanager
    def receiver(self, source: Place, here: MoveMark | None) -> Iterator[Store]:
        with _opened(self.server) as store:
            mark = store.snapshot(moved.mark_of)
            if mark and mark.part in _COMING and mark.other != str(source):
                raise Refused(MoveFault.MOVING(path=self, other=mark.other))
            if not (comes_from(mark, source) or is_way_back(mark, here) or (mark is None and copying.is_empty(store))):
                raise Refused(MoveFault.HOLDS(path=self))
            yield store

    @contextmanager
    def receiving(self) -> Iterator[Store | None]:
        try:
            store = open_store(self.server, moving=True)
        except ShipdeskError:
            yield None
            return
        try:
            mark = store.snapshot(moved.mark_of)
            yield store if mark and mark.part in _COMING else None
        finally:
            store.close()

    def complete(self, new: Store, forgotten: Sequence[str]) -> None:
        new.write(lambda connection: forgotten_list.put_on_server(connection, forgotten))
        new.write(settle_sequences)

    def take_up(self) -> None:
        """It has the shop with the last mark."""


def _mark_at(path: Path) -> MoveMark | None:
    """The mark of a file; None where it has none or cannot be opened."""
    try:
        with _opened(path) as store:
            return store.snapshot(moved.mark_of)
    except ShipdeskError:
        return None


@contextmanager
def _opened(place: Path | Server) -> Iterator[Store]:
    store = open_store(place, moving=True)
    try:
        yield store
    finally:
        store.close()
