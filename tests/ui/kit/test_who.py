"""Who is asked for where a file is made beside the page, in a thread that knows no tab."""

from threading import Thread
from typing import Any

import pytest

from core.config import Settings
from core.domain.people import Person, Role
from core.domain.sign_in import SignIn, named
from core.runtime import Runtime
from core.services.people import managing
from core.services.shipments.changes import Actor, Request
from core.ui.kit import who
from tests.builders import RULES, a_store
from tests.desk import SetClock

HANA = "hana@partner.example"
SIGN_IN = SignIn(("google",), named={Role.ADMIN: named("ada@shop.example")})


def elsewhere(make: Any) -> Any:
    made: list[Any] = []
    thread = Thread(target=lambda: made.append(make()))
    thread.start()
    thread.join()
    return made[0]


def test_a_file_is_made_for_the_tab_that_asked_with_the_role_of_that_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SetClock()
    desk = Runtime(Settings(sign_in=SIGN_IN), a_store(), RULES, clock)
    by = Request(Actor(Person("ada@shop.example", Role.ADMIN)), clock())
    managing.invite(desk.store, SIGN_IN, HANA, Role.STAFF, request=by)
    now = clock().timestamp()
    claims = {"is_logged_in": True, "provider": "google", "email": HANA, "email_verified": True, "iat": now, "exp": now + 60}
    monkeypatch.setattr(who, "_claims_of_tab", lambda: claims)
    make = who.for_this_tab(lambda: who.person(desk))
    monkeypatch.setattr(who, "_claims_of_tab", dict)
    assert elsewhere(lambda: who.person(desk)) == Person("")
    assert elsewhere(make) == Person(HANA, Role.STAFF)
    managing.remove(desk.store, SIGN_IN, HANA, request=by)
    assert elsewhere(make) == Person(HANA)
