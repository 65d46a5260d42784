"""What admins do about people: who there is, invite, another role, remove, end sessions; each change is a row with who and when."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.domain import permissions
from core.domain.errors import Conflict, NotFound, Refused
from core.domain.labels import ROLES
from core.domain.people import Person, PersonChange, Role
from core.domain.permissions import Act
from core.domain.reasons import Why
from core.domain.sign_in import SETTINGS, Grant, SignIn, email_of
from core.domain.texts import said
from core.services.people.reasons import PeopleFault
from core.services.people.sign_ins import SignIns
from core.services.shipments.changes import Request
from core.store import people
from core.store.database import Connection, Row, Store

MOST_EVENTS = 50


@dataclass(frozen=True)
class Member:
    """Somebody who has a role. `by_setting` is what the settings give them, `invited` what an admin gave, with when and by whom."""

    email: str
    by_setting: Grant | None = None
    invited: Role | None = None
    invited_at: datetime | None = None
    invited_by: str = ""
    last_seen: datetime | None = None
    sessions: int = 0

    @property
    def role(self) -> Role:
        """The stronger of both."""
        given = [role for role in (self.invited, self.by_setting and self.by_setting.role) if role]
        return max(given, key=lambda role: role.rank)


def everybody(store: Store, sign_ins: SignIns, *, person: Person) -> list[Member]:
    """Who has a role, by e-mail: those whom the settings name, those invited, and those of a named domain or group who were here."""
    permissions.require(person, Act.MANAGE_PEOPLE)
    rules, invited = sign_ins.rules, people.roles(store)
    seen, open_now = sign_ins.last_seen(), sign_ins.open_now()
    listed = {email for named in rules.named.values() for email in named.emails}
    members = []
    for email in sorted({*listed, *invited, *seen}):
        sessions = open_now.get(email, [])
        here = Member(email, _by_setting(rules, email, sessions), last_seen=seen.get(email), sessions=len(sessions))
        given = invited.get(email)
        members.append(replace(here, **_invitation(given)) if given else here)
    return [member for member in members if member.by_setting or member.invited]


def events(store: Store, *, person: Person) -> list[Row]:
    """What admins did about people, newest first: email, change, role_before, role, made_at, made_by."""
    permissions.require(person, Act.MANAGE_PEOPLE)
    return people.events(store, MOST_EVENTS)


def invite(store: Store, rules: SignIn, email: str, role: Role, *, request: Request) -> str:
    """Gives somebody a role, and returns their e-mail address as it is kept. Raises Refused."""
    request.require(Act.MANAGE_PEOPLE)
    kept = email_of(said(email))
    if not kept:
        raise Refused(PeopleFault.NO_EMAIL(text=said(email) or "This"), "email")
    by_setting = rules.grant(kept)
    if by_setting and by_setting.role.rank >= role.rank:
        raise Refused(_by_setting_already("already", kept, by_setting), "email")

    def decide(before: Role | None) -> tuple[PersonChange, Role | None]:
        if before:
            raise Refused(PeopleFault.THERE(email=kept, role=ROLES[before].lower()), "email")
        return PersonChange.INVITED, role

    _change(store, rules, kept, decide, request)
    return kept


def change_role(store: Store, rules: SignIn, email: str, roles: tuple[Role | None, Role], *, request: Request) -> None:
    """Gives somebody another role: `roles` are the one that was seen and the new one. Raises Refused, Conflict."""
    request.require(Act.MANAGE_PEOPLE)
    seen, role = roles
    by_setting = rules.grant(email)
    if by_setting and by_setting.role.rank > role.rank:
        raise Refused(_by_setting_already("lower", email, by_setting), "role")

    def decide(before: Role | None) -> tuple[PersonChange, Role | None]:
        if before is None and not by_setting:
            raise NotFound(PeopleFault.NOT_THERE(email=email))
        if before is not seen:
            raise Conflict(PeopleFault.ROLE_CHANGED_SINCE(email=email))
        return PersonChange.ROLE_CHANGED, role

    _change(store, rules, email, decide, request)


def remove(store: Store, rules: SignIn, email: str, *, request: Request) -> None:
    """Takes somebody's role away, and ends their sessions. Raises Refused, NotFound."""
    request.require(Act.MANAGE_PEOPLE)
    if by_setting := rules.grant(email):
        raise Refused(_by_setting_already("remove", email, by_setting), "email")

    def decide(before: Role | None) -> tuple[PersonChange, Role | None]:
        if before is None:
            raise NotFound(PeopleFault.NOT_THERE(email=email))
        return PersonChange.REMOVED, None

    _change(store, rules, email, decide, request)


def end_sessions(store: Store, email: str, *, request: Request) -> None:
    """Ends every session of somebody: whoever goes on signs in again."""
    request.require(Act.MANAGE_PEOPLE)

    def job(connection: Connection) -> None:
        role = people.role_of(connection, email)
        people.add_event(connection, email, PersonChange.SESSIONS_ENDED, (role, role), by=request.by.name, at=request.at)

    store.write(job)


def _change(
    store: Store,
    rules: SignIn,
    email: str,
    decide: Callable[[Role | None], tuple[PersonChange, Role | None]],
    request: Request,
) -> None:
    def job(connection: Connection) -> None:
        before = people.role_of(connection, email)
        change, after = decide(before)
        if after is before:
            return
        _keep_an_admin(connection, rules, email, after, request)
        people.add_event(connection, email, change, (before, after), by=request.by.name, at=request.at)

    store.write(job)


def _keep_an_admin(connection: Connection, rules: SignIn, email: str, after: Role | None, request: Request) -> None:
    """Refuses what takes the admin role from oneself, or from the last who has it, as the transaction sees it."""
    by_setting = rules.grant(email)
    if after is Role.ADMIN or (by_setting and by_setting.role is Role.ADMIN):
        return
    invited = people.admins(connection)
    if email == request.by.name and email in invited:
        raise Refused(PeopleFault.OWN_ROLE(), "role")
    by_settings = rules.named.get(Role.ADMIN)
    if invited == {email} and not (by_settings and by_settings.emails):
        raise Refused(PeopleFault.LAST_ADMIN(email=email), "role")


def _invitation(given: Row) -> dict[str, Any]:
    return {"invited": Role(given["role"]), "invited_at": given["made_at"], "invited_by": given["made_by"]}


def _by_setting(rules: SignIn, email: str, sessions: list[Row]) -> Grant | None:
    """What the settings give: by name or domain, else by the group that the last sign-in told of."""
    told = [Grant(Role(row["role"]), row["entry"]) for row in sessions if row["entry"]]
    found = [grant for grant in (rules.grant(email), *told) if grant]
    return max(found, key=lambda grant: grant.role.rank, default=None)


def _by_setting_already(form: str, email: str, grant: Grant) -> Why:
    return PeopleFault.BY_SETTING(
        form, email=email, role=ROLES[grant.role].lower(), setting=SETTINGS[grant.role], entry=grant.entry
    )
