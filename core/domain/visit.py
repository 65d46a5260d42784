"""Who looks at the desk, and when: what every reading service is told."""

from dataclasses import dataclass

from core.domain import permissions
from core.domain.clock import Clock
from core.domain.people import Person
from core.domain.permissions import Act


@dataclass(frozen=True)
class Visit:
    """Somebody who looks at the desk at one moment, whose days are days of the shop."""

    person: Person
    clock: Clock

    def require(self, act: Act = Act.SEE) -> None:
        """Raises Forbidden unless the person may do this."""
        permissions.require(self.person, act)

    @property
    def sees_personal(self) -> bool:
        """Whether the person may see who receives a parcel, and where."""
        return permissions.may(self.person, Act.SEE_PERSONAL)
