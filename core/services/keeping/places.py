"""Where a shop can be: what moving needs of a place, whatever holds the shop there."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from core.domain.errors import Refused, ShipdeskError, Unavailable
from core.services.keeping import checking
from core.services.keeping.reasons import MoveFault
from core.store import forgotten_list, moved, rebuilding
from core.store.database import Store
from core.store.moved import MoveMark, MovePart


class Place(Protocol):
    """A place for a shop; its text is its name. What it opens is the caller's alone until the block ends."""

    def shop(self) -> AbstractContextManager[Store]:
        """The shop that is there. Raises Unavailable when there is none, it is not whole, or a desk has it open."""
        ...

    def require_free(self, here: MoveMark | None) -> None:
        """Raises Refused when there is a shop, unless it is the very one that went from here, as the mark `here` of the other place says."""
        ...

    def receiving(self) -> AbstractContextManager[Store | None]:
        """What an earlier move left to be finished; None when there is nothing."""
        ...

    def receiver(self, source: "Place") -> AbstractContextManager[Store]:
        """What a shop is copied to, with what an earlier move from the same place left."""
        ...

    def put_forgotten(self, new: Store, entries: Sequence[str]) -> None:
        """Puts the list of what was forgotten where that of this place is, whose shop comes in the store `new`."""
        ...

    def take_up(self) -> None:
        """What was received is the shop of this place from now on."""
        ...


def comes_from(mark: MoveMark | None, source: Place) -> bool:
    """Whether it is the mark of a move from there that is not finished."""
    return mark is not None and mark.part in (MovePart.RECEIVING, MovePart.RECEIVED) and mark.other == str(source)


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

    def require_free(self, here: MoveMark | None) -> None:
        if self.path.exists() and not is_way_back(_mark_at(self.path), here):
            raise Refused(MoveFault.HOLDS(path=self))

    @contextmanager
    def receiving(self) -> Iterator[Store | None]:
        if not self._coming.exists():
            yield None
            return
        with _opened(self._coming) as store:
            yield store

    @contextmanager
    def receiver(self, source: Place) -> Iterator[Store]:
        if self._coming.exists() and not comes_from(_mark_at(self._coming), source):
            rebuilding.remove(self._coming)
        with _opened(self._coming) as store:
            yield store

    def put_forgotten(self, new: Store, entries: Sequence[str]) -> None:
        if list(entries) != forgotten_list.entries_beside(self.path):
            forgotten_list.put_beside(self.path, entries)

    def take_up(self) -> None:
        rebuilding.put(self._coming, self.path)

    @property
    def _coming(self) -> Path:
        return self.path.with_name(f"{self.path.stem}.moving{self.path.suffix}")


def _mark_at(path: Path) -> MoveMark | None:
    """The mark of a file; None where it has none or cannot be opened."""
    try:
        with _opened(path) as store:
            return store.snapshot(moved.mark_of)
    except ShipdeskError:
        return None


@contextmanager
def _opened(path: Path) -> Iterator[Store]:
    store = Store.open(path, moving=True)
    try:
        yield store
    finally:
        store.close()
