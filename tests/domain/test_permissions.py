"""Who may do what, by role: each may what those below it may, and nobody without one anything."""

import pytest

from core.domain.errors import Forbidden
from core.domain.people import Person, Role
from core.domain.permissions import LEAST_ROLE, Act, Denied, may, require

NOBODY = Person("mallory@elsewhere.example")
VIEWER, STAFF, ADMIN = (Person("Ada", role) for role in Role)


def test_every_act_stands_in_the_table() -> None:
    assert LEAST_ROLE.keys() == set(Act)


@pytest.mark.parametrize("act", Act)
def test_a_role_may_all_that_those_before_it_may_and_without_one_nothing(act: Act) -> None:
    assert not may(NOBODY, act)
    allowed = [may(person, act) for person in (VIEWER, STAFF, ADMIN)]
    assert allowed == sorted(allowed)
    assert allowed[-1]


@pytest.mark.parametrize("act", [Act.CHANGE, Act.UPLOAD, Act.IMPORT, Act.REFRESH, Act.UNDO_OWN, Act.SEE_PERSONAL])
def test_a_viewer_changes_nothing_and_sees_no_personal_data(act: Act) -> None:
    assert not may(VIEWER, act)
    assert may(STAFF, act)


@pytest.mark.parametrize(
    "act",
    [Act.UNDO_OTHERS, Act.SET_CARRIERS, Act.BACKUP, Act.RESTORE, Act.FORGET, Act.BEGIN_OWN_SHOP, Act.MANAGE_PEOPLE],
)
def test_what_concerns_the_whole_shop_is_for_admins(act: Act) -> None:
    assert not may(STAFF, act)
    assert may(ADMIN, act)


@pytest.mark.parametrize(("person", "why"), [(NOBODY, Denied.NOBODY), (VIEWER, Denied.ROLE_TOO_LOW)])
def test_a_denial_says_why(person: Person, why: Denied) -> None:
    with pytest.raises(Forbidden) as caught:
        require(person, Act.IMPORT)
    assert caught.value.reason is why
