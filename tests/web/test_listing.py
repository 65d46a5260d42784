"""The rows that the table asks itself: who gets them, what of them, and what is no question."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from core.domain.personal import MASK
from core.web.listing import LARGEST
from tests.signing_in import ADMIN, STAFF, STRANGER, VIEWER, a_cookie

SETTINGS = {"SHIPDESK_HOSTS": "desk.example", "SHIPDESK_STAFF": STAFF, "SHIPDESK_VIEWERS": VIEWER}
EVERY = {"tab": ["all"]}
Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(server: str) -> Ask:
    def asked(who: str = "", link: Any = None, *, ends: float = 3600, headers: Any = None, **said: Any) -> httpx.Response:
        cookie = a_cookie("https://desk.example", who, ends=ends) if who else None
        question = {"link": EVERY if link is None else link, "zone": "Asia/Seoul", **said}
        return httpx.post(
            f"{server}/list", json=question, headers=headers, cookies={cookie["name"]: cookie["value"]} if cookie else None
        )

    return asked


@pytest.mark.parametrize(("who", "ends"), [("", 0), (STRANGER, 3600), (STAFF, -3600)])
def test_who_is_not_let_in_gets_a_sentence_and_no_rows(ask: Ask, who: str, ends: float) -> None:
    answer = ask(who, ends=ends)
    assert answer.status_code == 403
    assert "rows" not in answer.text and "S2" not in answer.text


def test_a_cookie_of_another_secret_is_nobody(server: str) -> None:
    forged = a_cookie("https://desk.example", ADMIN, secret="f" * 64)
    answer = httpx.post(f"{server}/list", json={"link": {}}, cookies={forged["name"]: forged["value"]})
    assert answer.status_code == 403


def test_staff_get_whole_rows_and_viewers_masked_ones(ask: Ask) -> None:
    whole, masked = (ask(who).json()["rows"] for who in (STAFF, VIEWER))
    assert [row["id"] for row in whole] == [row["id"] for row in masked] != []
    assert MASK not in {row["recipient"] for row in whole}
    assert {row["recipient"] for row in masked} == {MASK}
    assert {bool(row["locked"]) for row in masked} == {True}


def test_a_viewer_cannot_sort_or_search_by_recipients(ask: Ask) -> None:
    plain, sorted_by_name = (ask(VIEWER, link).json() for link in (EVERY, EVERY | {"sort": ["recipient"], "dir": ["asc"]}))
    assert sorted_by_name["rows"] == plain["rows"] and sorted_by_name["sort"] == plain["sort"]
    recipient = ask(STAFF).json()["rows"][0]["recipient"]
    searched = ask(VIEWER, EVERY | {"key": ["recipient"], "q": [recipient]}).json()
    assert searched["rows"] == plain["rows"]


def test_rows_that_the_browser_has_are_not_sent_again_and_are_of_a_role(ask: Ask) -> None:
    state = ask(STAFF).json()["state"]
    again, others = ask(STAFF, known=state).json(), ask(VIEWER, known=state).json()
    assert again == {"state": state} or again["state"] != state  # a minute, or a sign-in that was noted, may lie between
    assert others["rows"] and others["state"] != state


def test_what_is_asked_early_is_the_same(ask: Ask) -> None:
    assert ask(STAFF, early=True).json()["rows"] == ask(STAFF).json()["rows"]


def test_another_sites_page_gets_nothing(ask: Ask) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "http://localhost:9999"}, {"Sec-Fetch-Site": "cross-site"}):
        assert ask(STAFF, headers=headers).status_code == 403
    assert ask(STAFF, headers={"Host": "evil.example"}).status_code == 403


@pytest.mark.parametrize("link", [[], "tab=all", {"tab": "all"}, {"tab": [1]}, 7])
def test_what_is_no_question_is_turned_away(ask: Ask, link: Any) -> None:
    assert ask(STAFF, link).status_code == 400


def test_what_is_too_large_is_turned_away(ask: Ask) -> None:
    assert ask(STAFF, {"q": ["9" * LARGEST]}).status_code == 413


def test_a_wrong_link_shows_what_the_page_would(ask: Ask) -> None:
    odd = {
        "tab": ["all"],
        "dest": ["moon"],
        "rows": ["7"],
        "page": ["-3"],
        "sort": ["drop table"],
        "flag": ["angry"],
        "figure": ["x"],
    }
    assert ask(STAFF, odd).json()["rows"] == ask(STAFF).json()["rows"]
    assert ask(STAFF, {"page": ["99999999"]}).json()["rows"] == []
