"""What the table is told to go ahead with: the links are those that the page writes, and the rows those that it draws."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.services.people import preferences
from core.ui.shipments import ahead
from tests.builders import staff
from tests.screens import a_shop, again, desk, drawn, opened

Link = dict[str, list[str]]


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("ahead"), 800):
        yield


def offered(app: AppTest) -> dict[str, Any]:
    found: dict[str, Any] = drawn(app, "shipments")["ahead"]
    return found


def after(link: Link, changes: Link) -> Link:
    """As the table makes it of a press."""
    changed = link | ({} if "page" in changes else {"page": []}) | changes
    return {name: values for name, values in changed.items() if values and values[0]}


@pytest.mark.parametrize(
    ("key", "link"), [("tab", {"tab": "failed", "detail": "redelivery"}), ("dest", {"tab": "delivered", "page": "2"})]
)
def test_a_press_leads_to_the_link_that_the_page_writes(key: str, link: dict[str, str]) -> None:
    app = opened(**link, kind="standard")
    for place in reversed(range(len(offered(app)["radios"][key]))):
        before, changes = offered(app)["link"], offered(app)["radios"][key][place]
        (value,) = changes[key]
        if app.button_group(key=key).value != value:
            app.button_group(key=key).set_value(value)
            again(app)
            assert offered(app)["link"] == after(before, changes)


@pytest.mark.parametrize("key", ["kind", "key"])
def test_a_choice_in_a_box_does_too(key: str) -> None:
    app = opened(tab="delivered")
    for place, changes in enumerate(offered(app)["boxes"][key].values()):
        before, box = offered(app)["link"], app.selectbox(key=key)
        if box.index != place:
            box.select_index(place)
            again(app)
            assert offered(app)["link"] == after(before, changes)


@pytest.mark.parametrize(
    "link",
    [
        {},
        {"tab": "delivered", "page": "2", "rows": "25"},
        {"tab": "delivery", "dest": "international", "sort": "in_status", "dir": "asc"},
        {"tab": "delivered", "kind": "exchange"},
        {"tab": "all", "figure": "on_time", "part": "rest", "by": "ordered", "days": "2026-01-01..2026-12-31"},
    ],
)
def test_the_rows_are_those_that_the_page_draws(link: dict[str, str]) -> None:
    app = opened(**link)
    said = {name: [value] for name, value in link.items()}
    answer = ahead.answer(desk(), staff("Hana Seo"), said, offered(app)["zone"])
    page = drawn(app, "shipments")
    assert without_ages(answer["rows"]) == without_ages(page["rows"]) != []
    assert (answer["caption"], answer["sort"]) == (page["caption"], page["sort"])
    assert json.loads(json.dumps(answer["columns"])) == page["columns"]


@pytest.mark.parametrize(
    "link",
    [
        {"tab": "delivered"},
        {"tab": "all", "figure": "on_time", "part": "rest", "by": "ordered", "days": "2026-01-01..2026-12-31"},
    ],
)
def test_they_stand_in_the_columns_that_the_person_chose(link: dict[str, str]) -> None:
    hana = staff("Hana Seo")
    preferences.keep_columns(desk().store, ["status", "id", "order_no"], person=hana, now=desk().now())
    try:
        page = drawn(opened(**link), "shipments")
        answer = ahead.answer(desk(), hana, {name: [value] for name, value in link.items()}, "Asia/Seoul")
        assert json.loads(json.dumps(answer["columns"])) == page["columns"]
        keys = [column["key"] for column in page["columns"]]
        assert [key for key in keys if key in ("status", "id", "order_no")] == ["status", "id", "order_no"]
        assert not {"products", "carrier", "can"} & set(keys)
        others = ahead.answer(desk(), staff("Jun Park"), {"tab": ["delivered"]}, "Asia/Seoul")
        assert "carrier" in [column["key"] for column in others["columns"]]
    finally:
        preferences.keep_columns(desk().store, [], person=hana, now=desk().now())


def without_ages(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return json.loads(json.dumps([row | {"age": ""} for row in found]))  # type: ignore[no-any-return]


def test_the_next_page_the_other_tabs_and_the_other_place_are_asked_early() -> None:
    early = offered(opened(tab="delivered", page="2", rows="25"))["early"]
    assert {"page": ["3"]} in early and {"dest": ["international"]} in early
    assert {one["tab"][0] for one in early if "tab" in one} == {"preparing", "delivery", "failed"}


def test_what_is_behind_a_figure_or_not_there_is_not_asked_early() -> None:
    figure = {"tab": "all", "figure": "on_time", "part": "rest", "by": "ordered", "days": "2026-01-01..2026-12-31"}
    assert offered(opened(**figure, rows="200"))["early"] == []
    assert not any("page" in one for one in offered(opened(tab="delivered", page="99999"))["early"])
