"""What the header asks beside the page: who gets an answer, what of it, and what is no question."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from core.domain.personal import MASK
from core.web.asked import LARGEST
from tests.signing_in import STAFF, STRANGER, VIEWER, a_cookie

SETTINGS = {"SHIPDESK_HOSTS": "desk.example", "SHIPDESK_STAFF": STAFF, "SHIPDESK_VIEWERS": VIEWER}
Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(server: str) -> Ask:
    def asked(route: str, who: str = "", question: Any = None, *, headers: Any = None, ends: float = 3600) -> httpx.Response:
        cookie = a_cookie("https://desk.example", who, ends=ends) if who else None
        cookies = {cookie["name"]: cookie["value"]} if cookie else None
        said = {"text": "S2"} if question is None else question
        return httpx.post(f"{server}/{route}", json=said, headers=headers, cookies=cookies)

    return asked


@pytest.mark.parametrize("route", ["find", "views"])
@pytest.mark.parametrize(("who", "ends"), [("", 0), (STRANGER, 3600), (STAFF, -3600)])
def test_who_is_not_let_in_gets_a_sentence_and_nothing_else(ask: Ask, route: str, who: str, ends: float) -> None:
    answer = ask(route, who, ends=ends)
    assert answer.status_code == 403 and "S2" not in answer.text


def test_staff_find_shipments_with_who_receives_and_viewers_without(ask: Ask) -> None:
    whole, masked = (ask("find", who).json()["shipments"] for who in (STAFF, VIEWER))
    assert [one["id"] for one in whole] == [one["id"] for one in masked] != []
    assert not any(MASK in one["sub"] for one in whole)
    assert all(MASK in one["sub"] for one in masked)


def test_counts_of_views_are_those_of_the_person(ask: Ask) -> None:
    assert ask("views", STAFF, {}).json() == {"counts": {}}


@pytest.mark.parametrize("route", ["find", "views"])
def test_another_sites_page_gets_nothing(ask: Ask, route: str) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}):
        assert ask(route, STAFF, headers=headers).status_code == 403


@pytest.mark.parametrize("question", [[], "S2", 7, True])
def test_what_is_no_question_is_turned_away(ask: Ask, question: Any) -> None:
    assert ask("find", STAFF, question).status_code == 400


@pytest.mark.parametrize("text", [None, 7, ["S2"], "S" * 3000, "\u0000"])
def test_an_odd_text_does_no_harm(ask: Ask, text: Any) -> None:
    assert ask("find", STAFF, {"text": text}).status_code == 200


def test_a_larger_question_than_anybody_asks_is_not_read(ask: Ask) -> None:
    assert ask("find", STAFF, {"text": "S" * LARGEST}).status_code == 413


def test_nothing_of_it_is_kept_by_the_browser(ask: Ask) -> None:
    assert ask("find", STAFF).headers["cache-control"] == "no-store"
