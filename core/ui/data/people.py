"""Who has a role and from where, [Invite], and for the chosen one: another role, remove, end the sessions."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain import labels
from core.domain.language import tr
from core.domain.people import PersonChange, Role
from core.domain.permissions import Act
from core.domain.reasons import Why
from core.domain.sign_in import LONGEST_EMAIL, SETTINGS, SignIn
from core.runtime import Runtime
from core.services.people import managing
from core.services.people.managing import Member
from core.services.shipments.changes import Request
from core.ui.data.sentences import PeopleText
from core.ui.kit import formats, messages, notes, who
from core.ui.kit.table import TableColumn, TableEvent, TableView, table

CHOSEN: Final = "people:chosen"
ANSWER: Final = "people:answer"

_COLUMNS = (
    TableColumn("id", "E-mail", 220, "shipment", min=180, grow=3, narrow=225),
    TableColumn("role", "Role", 80, narrow=140),
    TableColumn("source", "Role comes from", 260, "muted", min=200, grow=4, under="id"),
    TableColumn("seen", "Last seen", 120, "muted", under="role"),
    TableColumn("sessions", "Sessions", 90, align="right", under="role"),
)
_EVENTS = (
    TableColumn("when", "When", 120, "muted"),
    TableColumn("who", "Who", 200, min=150, grow=2, under="when"),
    TableColumn("what", "What", 130),
    TableColumn("email", "Whom", 220, min=160, grow=2),
    TableColumn("roles", "Role", 160, "muted", under="what"),
)


def section(runtime: Runtime, zone: ZoneInfo, now: datetime) -> None:
    """The whole page, for admins; others are told."""
    if who.refused(runtime, Act.MANAGE_PEOPLE, tr("People")):
        return
    rules = runtime.settings.sign_in
    if rules is None:
        st.info(str(PeopleText.NO_SIGN_IN()), icon=":material/computer:")
        return
    members = managing.everybody(runtime.store, runtime.sign_ins, person=who.person(runtime))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(tr("People"), anchor=False, width="content")
        st.caption(str(PeopleText.COUNT(count=len(members))), width="content")
    _answer()
    halves = st.columns([5, 3], gap="medium")
    with halves[0]:
        _list(members, zone, now)
        st.caption(str(PeopleText.SETTINGS_STAND()))
    with halves[1]:
        chosen = next((member for member in members if member.email == st.session_state.get(CHOSEN)), None)
        if chosen:
            _one(runtime, rules, chosen)
        _invite(runtime, rules)
    _events(runtime, zone, now)


def source(member: Member, zone: ZoneInfo) -> str:
    """Where the role comes from: the setting with its entry, who invited, or both."""
    given, parts = member.by_setting, []
    if given:
        parts.append(str(PeopleText.BY_SETTING(setting=SETTINGS[given.role], entry=given.entry)))
    if member.invited_at:
        day = member.invited_at.astimezone(zone).date()
        parts.append(str(PeopleText.INVITED(who=member.invited_by, day=formats.day(day, day))))
    return formats.facts(*parts)


def _list(members: Sequence[Member], zone: ZoneInfo, now: datetime) -> None:
    rows = [
        {
            "id": member.email,
            "role": labels.ROLES[member.role],
            "source": source(member, zone),
            "seen": formats.moment(member.last_seen, zone, now),
            "sessions": formats.count(member.sessions) if member.sessions else "–",
        }
        for member in members
    ]
    table(
        _COLUMNS, rows, key="people", caption=tr("People and their roles"), view=TableView(height="content"), on_event=_choose
    )


def _choose(event: TableEvent) -> None:
    if event.name == "open":
        st.session_state[CHOSEN] = event.id
        st.session_state.pop(ANSWER, None)


def _one(runtime: Runtime, rules: SignIn, member: Member) -> None:
    """What can be done about the chosen one."""
    store, email = runtime.store, member.email
    floor = member.by_setting.role if member.by_setting else Role.VIEWER
    own = email == who.person(runtime).name
    with st.container(border=True, gap="small", key="person"):
        st.markdown(f"`{email}`")
        if own:
            st.caption(str(PeopleText.OWN()))
        roles = list(Role)[floor.rank :]
        with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
            role = st.selectbox(
                tr("Role"),
                roles,
                index=roles.index(member.role),
                format_func=labels.ROLES.__getitem__,
                key=f"role:{email}",
                width=140,
                disabled=own,
            )
            st.button(
                tr("Change role"),
                key="change-role",
                disabled=own or role is member.role,
                on_click=_do,
                args=(
                    runtime,
                    lambda request: managing.change_role(store, rules, email, (member.invited, role), request=request),
                    PeopleText.CHANGED_DONE(role=labels.ROLES[role].lower()),
                ),
            )
        _end_sessions(runtime, member)
        _remove(runtime, rules, member, own)


def _end_sessions(runtime: Runtime, member: Member) -> None:
    email = member.email
    with st.popover(tr("End sessions"), icon=":material/logout:", disabled=not member.sessions, width="stretch"):
        st.markdown(str(PeopleText.ENDING()))
        st.button(
            tr("End all sessions"),
            key="end-sessions",
            on_click=_do,
            args=(
                runtime,
                lambda request: managing.end_sessions(runtime.store, email, request=request),
                PeopleText.ENDED_DONE(),
            ),
        )


def _remove(runtime: Runtime, rules: SignIn, member: Member, own: bool) -> None:
    email = member.email
    held = own or member.by_setting is not None
    with st.popover(tr("Remove"), icon=":material/person_remove:", disabled=held, width="stretch"):
        st.markdown(str(PeopleText.REMOVING()))
        st.button(
            tr(":red[Remove]"),
            key="danger:remove",
            on_click=_do,
            args=(
                runtime,
                lambda request: managing.remove(runtime.store, rules, email, request=request),
                PeopleText.REMOVED_DONE(),
            ),
        )


def _invite(runtime: Runtime, rules: SignIn) -> None:
    with st.form("invite", border=True, clear_on_submit=False):
        st.markdown(tr("**Invite somebody**"))
        st.text_input(tr("E-mail"), key="invite:email", placeholder="ada@shop.example", max_chars=LONGEST_EMAIL)
        st.segmented_control(
            tr("Role"),
            list(Role),
            default=Role.STAFF,
            required=True,
            key="invite:role",
            format_func=labels.ROLES.__getitem__,
        )
        st.form_submit_button(
            tr("Invite"), type="primary", icon=":material/person_add:", on_click=_invited, args=(runtime, rules)
        )


def _invited(runtime: Runtime, rules: SignIn) -> None:
    email, role = st.session_state["invite:email"] or "", Role(st.session_state["invite:role"])
    done = PeopleText.INVITED_DONE(role=labels.ROLES[role].lower())
    _do(runtime, lambda request: managing.invite(runtime.store, rules, email, role, request=request), done)
    if ANSWER not in st.session_state:
        st.session_state["invite:email"] = ""


def _do(runtime: Runtime, act: Callable[[Request], object], done: Why) -> None:
    """Does it in the name of whoever is here now; what came of it is said by the next run."""
    try:
        act(Request(who.actor(runtime), runtime.now()))
    except Exception as error:
        st.session_state[ANSWER] = messages.why(error)
        return
    st.session_state.pop(ANSWER, None)
    notes.done(str(done))


def _answer() -> None:
    if fault := st.session_state.get(ANSWER):
        st.error(formats.plain(fault), icon=":material/block:")


def _events(runtime: Runtime, zone: ZoneInfo, now: datetime) -> None:
    found = managing.events(runtime.store, person=who.person(runtime))
    if not found:
        return
    st.subheader(tr("What was changed"), anchor=False)
    rows = [_event(row, number, zone, now) for number, row in enumerate(found)]
    table(_EVENTS, rows, key="people:events", caption=tr("Changes of people, newest first"), view=TableView(height=360))


def _event(row: Mapping[str, Any], number: int, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    before, after = (labels.ROLES[Role(role)] if role else "–" for role in (row["role_before"], row["role"]))
    changed = before != after
    return {
        "id": str(number),
        "when": formats.moment(row["made_at"], zone, now),
        "who": row["made_by"],
        "what": labels.PERSON_CHANGES[PersonChange(row["change"])],
        "email": row["email"],
        "roles": str(PeopleText.FROM_TO(before=before, after=after)) if changed else "–",
    }
