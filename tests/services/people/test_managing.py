"""What admins do about people, and what it does to those who are signed in at that moment."""

from datetime import timedelta
from typing import Any

import pytest

from core.domain.errors import Conflict, Forbidden, NotFound, Refused
from core.domain.people import Person, PersonChange, Role
from core.domain.sign_in import NotLetIn, SignIn, named
from core.services.people import managing
from core.services.people.reasons import PeopleFault
from core.services.people.sign_ins import NOTED_EVERY, SignIns
from core.services.shipments.changes import Actor, Request
from core.store import people
from core.store.database import Store
from tests.builders import a_store, counted
from tests.desk import SetClock

ADA, KIM, HANA = "ada@shop.example", "kim@partner.example", "hana@shop.example"
RULES = SignIn(
    ("google",), named={Role.ADMIN: named(ADA), Role.STAFF: named("*@shop.example, group:pickers"), Role.VIEWER: named("")}
)
OWNERLESS = SignIn(("google",), named={Role.ADMIN: named("group:owners")})


class Office:
    """A desk where people sign in, with a clock that the test sets."""

    def __init__(self, store: Store, rules: SignIn = RULES) -> None:
        self.store, self.rules, self.clock = store, rules, SetClock()
        self.sign_ins = SignIns(store, rules, self.clock)

    def by(self, email: str = ADA, role: Role | None = Role.ADMIN) -> Request:
        return Request(Actor(Person(email, role)), self.clock())

    def invite(self, email: str, role: Role, by: str = ADA) -> str:
        return managing.invite(self.store, self.rules, email, role, request=self.by(by))

    def claims(self, email: str, **said: Any) -> dict[str, Any]:
        now = self.clock().timestamp()
        return {
            "is_logged_in": True,
            "provider": "google",
            "sub": email,
            "email": email,
            "email_verified": True,
            "iat": now,
            "exp": now + 3600,
        } | said

    def role(self, claims: dict[str, Any]) -> Role | None:
        return self.sign_ins.admission(claims).person.role

    def arrives(self, email: str, **said: Any) -> dict[str, Any]:
        """The claims of somebody who has signed in now and was seen, as it is stored."""
        claims = self.claims(email, **said)
        admitted = self.sign_ins.admission(claims)
        self.sign_ins.see(admitted)
        assert admitted.identity
        while admitted.identity.key not in {row["sign_in_key"] for row in people.sign_ins(self.store)}:
            pass
        return claims


@pytest.fixture
def office() -> Office:
    return Office(a_store())


def changes(office: Office) -> list[tuple[str, ...]]:
    """What was done, oldest first."""
    found = managing.events(office.store, person=office.by().by.person)
    return [(row["made_by"], row["change"], row["email"], row["role_before"], row["role"]) for row in reversed(found)]


def members(office: Office) -> dict[str, managing.Member]:
    return {one.email: one for one in managing.everybody(office.store, office.sign_ins, person=office.by().by.person)}


def test_whoever_is_invited_changed_and_removed_is_so_at_once_and_each_change_is_kept(office: Office) -> None:
    claims = office.claims(KIM)
    assert office.role(claims) is None
    assert office.invite("Kim@Partner.Example ", Role.VIEWER) == KIM
    assert office.role(claims) is Role.VIEWER
    managing.change_role(office.store, RULES, KIM, (Role.VIEWER, Role.STAFF), request=office.by())
    assert office.role(claims) is Role.STAFF
    managing.remove(office.store, RULES, KIM, request=office.by())
    assert office.role(claims) is None
    assert changes(office) == [
        (ADA, PersonChange.INVITED, KIM, None, "viewer"),
        (ADA, PersonChange.ROLE_CHANGED, KIM, "viewer", "staff"),
        (ADA, PersonChange.REMOVED, KIM, "staff", None),
    ]


@pytest.mark.parametrize(
    ("email", "role", "why"),
    [
        ("kim", Role.STAFF, PeopleFault.NO_EMAIL),
        ("", Role.STAFF, PeopleFault.NO_EMAIL),
        ("kіm@partner.example", Role.STAFF, PeopleFault.NO_EMAIL),
        (HANA, Role.STAFF, PeopleFault.BY_SETTING),
        (HANA, Role.VIEWER, PeopleFault.BY_SETTING),
        ("lee@partner.example", Role.ADMIN, PeopleFault.THERE),
    ],
)
def test_an_invitation_that_would_mean_nothing_is_refused(office: Office, email: str, role: Role, why: PeopleFault) -> None:
    office.invite("lee@partner.example", Role.VIEWER)
    with pytest.raises(Refused) as caught:
        office.invite(email, role)
    assert caught.value.reason is why


def test_what_settings_give_can_be_raised_but_neither_lowered_nor_removed(office: Office) -> None:
    office.invite(HANA, Role.ADMIN)
    managing.change_role(office.store, RULES, HANA, (Role.ADMIN, Role.STAFF), request=office.by())
    for act in (
        lambda: managing.change_role(office.store, RULES, HANA, (Role.STAFF, Role.VIEWER), request=office.by()),
        lambda: managing.remove(office.store, RULES, HANA, request=office.by()),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.reason is PeopleFault.BY_SETTING


def test_nobody_takes_away_their_own_admin_role_or_the_last_one() -> None:
    office = Office(a_store(), OWNERLESS)
    office.invite(KIM, Role.ADMIN, by="owner@shop.example")
    for by, why in ((KIM, PeopleFault.OWN_ROLE), ("owner@shop.example", PeopleFault.LAST_ADMIN)):
        for act in (
            lambda by=by: managing.change_role(office.store, OWNERLESS, KIM, (Role.ADMIN, Role.STAFF), request=office.by(by)),
            lambda by=by: managing.remove(office.store, OWNERLESS, KIM, request=office.by(by)),
        ):
            with pytest.raises(Refused) as caught:
                act()
            assert caught.value.reason is why
    office.invite(HANA, Role.ADMIN, by=KIM)
    managing.remove(office.store, OWNERLESS, KIM, request=office.by(HANA))
    with pytest.raises(Refused) as caught:
        managing.remove(office.store, OWNERLESS, HANA, request=office.by(KIM))
    assert caught.value.reason is PeopleFault.LAST_ADMIN


def test_two_admins_on_one_person_the_second_is_told(office: Office) -> None:
    office.invite(KIM, Role.VIEWER)
    managing.change_role(office.store, RULES, KIM, (Role.VIEWER, Role.STAFF), request=office.by())
    with pytest.raises(Conflict):
        managing.change_role(office.store, RULES, KIM, (Role.VIEWER, Role.ADMIN), request=office.by())
    with pytest.raises(NotFound):
        managing.remove(office.store, RULES, "nobody@partner.example", request=office.by())


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.STAFF])
def test_people_are_for_admins(office: Office, role: Role | None) -> None:
    request = office.by(HANA, role)
    for act in (
        lambda: managing.everybody(office.store, office.sign_ins, person=request.by.person),
        lambda: managing.events(office.store, person=request.by.person),
        lambda: managing.invite(office.store, RULES, KIM, Role.ADMIN, request=request),
        lambda: managing.change_role(office.store, RULES, HANA, (None, Role.ADMIN), request=request),
        lambda: managing.remove(office.store, RULES, KIM, request=request),
        lambda: managing.end_sessions(office.store, ADA, request=request),
    ):
        with pytest.raises(Forbidden):
            act()


def test_ended_sessions_count_no_more_and_a_sign_in_after_that_does(office: Office) -> None:
    before = office.arrives(HANA)
    office.clock.forward(minutes=5)
    managing.end_sessions(office.store, HANA, request=office.by())
    found = office.sign_ins.admission(before)
    assert found.person.role is None
    assert found.why and found.why.reason is NotLetIn.ENDED
    assert members(office)[HANA].sessions == 0
    office.clock.forward(seconds=1)
    assert office.role(office.claims(HANA)) is Role.STAFF


def test_a_provider_whose_clock_runs_ahead_does_not_save_a_session_from_its_end(office: Office) -> None:
    ahead = office.arrives(HANA, iat=office.clock().timestamp() + 100)
    office.clock.forward(seconds=30)
    managing.end_sessions(office.store, HANA, request=office.by())
    assert office.role(ahead) is None
    assert SignIns(office.store, RULES, office.clock).admission(ahead).person.role is None, "after a restart, too"


def test_a_sign_out_holds_for_every_copy_of_the_cookie_and_after_a_restart(office: Office) -> None:
    mine, elsewhere = office.arrives(HANA), office.arrives(HANA, nonce="other")
    identity = office.sign_ins.admission(mine).identity
    assert identity
    office.sign_ins.sign_out(identity)
    for sign_ins in (office.sign_ins, SignIns(office.store, RULES, office.clock)):
        assert sign_ins.admission(mine).person.role is None
        assert sign_ins.admission(elsewhere).person.role is Role.STAFF


def test_whoever_is_removed_and_invited_again_has_to_sign_in_again(office: Office) -> None:
    office.invite(KIM, Role.STAFF)
    claims = office.arrives(KIM)
    office.clock.forward(minutes=1)
    managing.remove(office.store, RULES, KIM, request=office.by())
    office.invite(KIM, Role.STAFF)
    assert office.role(claims) is None


def test_the_list_says_who_was_here_with_which_role_from_where(office: Office) -> None:
    office.invite(KIM, Role.ADMIN)
    office.arrives(HANA)
    office.arrives(HANA, nonce="other")
    office.arrives("jun@partner.example", groups=["pickers"])
    office.clock.forward(minutes=3)
    found = members(office)
    assert {email: (one.role, one.sessions) for email, one in found.items()} == {
        ADA: (Role.ADMIN, 0),
        HANA: (Role.STAFF, 2),
        "jun@partner.example": (Role.STAFF, 1),
        KIM: (Role.ADMIN, 0),
    }
    by_group = found["jun@partner.example"].by_setting
    assert by_group and by_group.entry == "group:pickers"
    assert (found[KIM].invited_by, found[KIM].by_setting) == (ADA, None)
    assert found[HANA].last_seen == office.clock() - timedelta(minutes=3)


def test_looking_on_costs_no_write_until_it_is_time_to_note_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = office.arrives(HANA)
    noted = counted(monkeypatch, people, "see")
    office.clock.forward(minutes=5)
    office.sign_ins.see(office.sign_ins.admission(claims))
    assert members(office)[HANA].last_seen == office.clock()
    office.clock.forward(seconds=NOTED_EVERY.total_seconds())
    office.sign_ins.see(office.sign_ins.admission(claims))
    while people.sign_ins(office.store)[0]["last_seen_at"] != office.clock():
        pass
    assert noted == ["see"]
