"""Who may do what: the one table of acts and roles. Every service asks it before it reads or writes."""

from collections.abc import Mapping
from enum import StrEnum

from core.domain.errors import Forbidden
from core.domain.labels import ROLES
from core.domain.people import Person, Role
from core.domain.reasons import Reason, Why


class Act(StrEnum):
    """What people do with the desk. Personal data are a recipient's name, phone and address, the shipping request and notes.

    WORK is to work the worklist: assign, put aside, be done, take notes, tell the buyer.
    """

    SEE = "see"
    EXPORT = "export"
    QUERY = "query"
    SEE_PERSONAL = "see_personal"
    CHANGE = "change"
    UPLOAD = "upload"
    IMPORT = "import"
    REFRESH = "refresh"
    HAND_BACK = "hand_back"
    WORK = "work"
    SHARE_VIEWS = "share_views"
    UNDO_OWN = "undo_own"
    RETRY = "retry"
    UNDO_OTHERS = "undo_others"
    TAKE_BACK_NOTES = "take_back_notes"
    SET_CARRIERS = "set_carriers"
    PLAY_FAULTS = "play_faults"
    BACKUP = "backup"
    RESTORE = "restore"
    FORGET = "forget"
    BEGIN_OWN_SHOP = "begin_own_shop"
    CHANGE_TEAM_VIEWS = "change_team_views"
    MANAGE_PEOPLE = "manage_people"


LEAST_ROLE: Mapping[Act, Role] = {
    Act.SEE: Role.VIEWER,
    Act.EXPORT: Role.VIEWER,
    Act.QUERY: Role.VIEWER,
    Act.SEE_PERSONAL: Role.STAFF,
    Act.CHANGE: Role.STAFF,
    Act.UPLOAD: Role.STAFF,
    Act.IMPORT: Role.STAFF,
    Act.REFRESH: Role.STAFF,
    Act.HAND_BACK: Role.STAFF,
    Act.WORK: Role.STAFF,
    Act.SHARE_VIEWS: Role.STAFF,
    Act.UNDO_OWN: Role.STAFF,
    Act.RETRY: Role.STAFF,
    Act.UNDO_OTHERS: Role.ADMIN,
    Act.TAKE_BACK_NOTES: Role.ADMIN,
    Act.SET_CARRIERS: Role.ADMIN,
    Act.PLAY_FAULTS: Role.ADMIN,
    Act.BACKUP: Role.ADMIN,
    Act.RESTORE: Role.ADMIN,
    Act.FORGET: Role.ADMIN,
    Act.BEGIN_OWN_SHOP: Role.ADMIN,
    Act.CHANGE_TEAM_VIEWS: Role.ADMIN,
    Act.MANAGE_PEOPLE: Role.ADMIN,
}


_MAY = {act: frozenset(role for role in Role if role.rank >= least.rank) for act, least in LEAST_ROLE.items()}


class Denied(Reason):
    """Why somebody may not do something at all."""

    NOBODY = "nobody", "You are not signed in to this desk any more. Sign in again, or ask an admin of the shop for a role."
    ROLE_TOO_LOW = (
        "role_too_low",
        {
            "staff": "This is for staff and admins. You are here as {role}; an admin of the shop can give you another role.",
            "admin": "This is for admins. You are here as {role}; an admin of the shop can do it, or give you the role.",
        },
    )


def may(person: Person, act: Act) -> bool:
    """Whether the person's role permits the act."""
    return person.role in _MAY[act]


def denial(person: Person, act: Act) -> Why | None:
    """Why the person may not do this; None when it is permitted."""
    if may(person, act):
        return None
    return Denied.ROLE_TOO_LOW(LEAST_ROLE[act], role=ROLES[person.role].lower()) if person.role else Denied.NOBODY()


def require(person: Person, act: Act) -> None:
    """Raises Forbidden with the reason, unless the person's role permits the act."""
    if why := denial(person, act):
        raise Forbidden(why)
