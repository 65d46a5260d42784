"""Who works with the desk, and in which role."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the shop; each may do all that those before it may."""

    VIEWER = "viewer"
    STAFF = "staff"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Its place among the roles: the higher, the more it may."""
        return list(Role).index(self)


class PersonChange(StrEnum):
    """What admins do about people."""

    INVITED = "invited"
    ROLE_CHANGED = "role_changed"
    REMOVED = "removed"
    SESSIONS_ENDED = "sessions_ended"


@dataclass(frozen=True)
class Person:
    """Somebody at the desk: `name` is unique and stands in the history; without a role nothing is permitted."""

    name: str
    role: Role | None = None


DESK = Person("Shipdesk", Role.ADMIN)
"""The desk itself, for what it does by itself and what its machine is told of it."""
