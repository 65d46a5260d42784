"""While nothing can be saved: why, and how to take what is open to a new file."""

from dataclasses import dataclass

from core.domain import permissions
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.reasons import Why
from core.store.database import Store


@dataclass(frozen=True)
class Pause:
    """Why nothing can be saved now. `rescuable` is whether what is open would be lost when the desk stops, `rescued` where it is kept."""

    why: Why
    rescuable: bool
    rescued: Why | None


def pause(store: Store) -> Pause | None:
    """The pause of writing; None while everything can be saved."""
    why = store.paused
    return Pause(why, store.is_rescuable, store.rescued) if why else None


def rescue(store: Store, *, person: Person) -> Why:
    """Writes all that is open to a new file and checks it; says which. Raises Forbidden, or Unavailable when it could not be written anywhere."""
    permissions.require(person, Act.BACKUP)
    return store.rescue()
