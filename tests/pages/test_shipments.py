"""The Shipments page as it runs: what a link shows, and what a wrong link does not break."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.periods import NamedDays
from core.domain.search import SearchKey
from core.store import searching
from core.ui.kit.filters import TABLE
from core.ui.shipments.sentences import EmptyText
from tests.builders import a_shipment, add, nov
from tests.screens import a_shop, again, desk, drawn, opened, pressed, rows, told


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("shipments"), 800):
        yield


def counts(app: AppTest) -> list[int]:
    return [int(option.split("**")[1].replace(",", "")) for option in app.button_group(key="tab").options]


def test_the_link_chooses_tab_destination_and_filters() -> None:
    app = opened(tab="delivered", dest="international", kind="standard", carrier="dhl")
    assert app.button_group(key="tab").value == "delivered"
    assert app.button_group(key="dest").value == "international"
    assert app.multiselect(key="carrier").value == ["dhl"]
    assert [pill.split(" :")[0] for pill in app.button_group(key="chips").options] == [
        "Standard Order Shipment",
        "Shipping company DHL Express",
    ]


def test_what_a_link_says_wrongly_is_left_out() -> None:
    app = opened(tab="nonsense", dest="moon", sort="drop table", rows="7", page="-3", flag="angry", **{"from": "31.12."})
    assert app.button_group(key="tab").value == "preparing"
    assert counts(app) == counts(opened())


def test_a_figures_link_lists_all_statuses_and_says_which_shipments_they_are() -> None:
    days = "2026-01-01..2026-12-31"
    app = opened(
        tab="all", kind="standard", figure="on_time", part="rest", by="ordered", days=days, status="delivered", age="24.."
    )
    assert [pill.replace("\\", "").split(" :")[0] for pill in app.button_group(key="chips").options] == [
        "On-time delivery: late, ordered 1 Jan – 31 Dec",
        "Status Delivered",
        "In status for over 24 h",
        "Standard Order Shipment",
    ]
    together, *tabs = counts(app)
    assert together == tabs[-1] > 0 and sum(tabs) == together


def test_a_filter_narrows_every_count() -> None:
    everything, some = counts(opened()), counts(opened(carrier="cj"))
    assert all(few <= many for few, many in zip(some, everything, strict=True))
    assert 0 < sum(some) < sum(everything)


def test_an_empty_list_says_why_and_offers_the_way_out() -> None:
    app = opened(q="S000101-00001 nothing", tab="failed")
    said = " ".join(element.value for element in app.markdown)
    assert "does not exist" in said
    assert app.button(key="clear_empty")
    app.button(key="clear_empty").click().run()
    assert "q" not in app.query_params


def test_a_page_past_the_end_shows_the_last_one() -> None:
    app = opened(tab="delivered", page="99999", rows="200")
    first, last, total = app.caption[-1].value.split(" ·")[0].replace("–", " of ").replace(",", "").split(" of ")
    assert last == total
    assert int(first) <= int(last)


def a_recipient() -> str:
    return str(desk().store.rows("SELECT min(recipient) AS name FROM shipment WHERE destination = 'domestic'")[0]["name"])


def searched(key: str, text: str) -> AppTest:
    app = opened(tab="all")
    app.selectbox(key="key").select(key)
    app = again(app)
    app.text_input(key="q").set_value(text)
    return again(app)


def test_a_recipient_is_found_and_stays_out_of_the_link() -> None:
    name = a_recipient()
    app = searched("recipient", name)
    assert f"Recipient {name}" in app.button_group(key="chips").options[0].replace("\\", "")
    assert 0 < sum(counts(app)) < sum(counts(opened(tab="all")))
    assert app.query_params["key"] == "recipient" and "q" not in app.query_params
    assert app.text_input(key="q").value == name


def test_what_fits_more_than_a_search_finds_is_said_above_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_FOUND", 50)
    begins = str(desk().store.rows("SELECT min(shipment_no) AS no FROM shipment")[0]["no"])[:1]
    said = [one.value for one in searched("shipment_no", begins).info]
    assert said == [str(EmptyText.CUT(value=begins, count=50))]


def test_where_filters_leave_nothing_of_what_was_looked_at_that_is_said_and_not_that_it_is_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(searching, "MOST_FOUND", 50)
    begins = str(desk().store.rows("SELECT min(shipment_no) AS no FROM shipment")[0]["no"])[:1]
    app = opened(tab="all", q=begins, **{"from": "2020-01-01", "to": "2020-01-31"})
    said = " ".join(element.value for element in app.markdown)
    assert str(EmptyText.CUT(value=begins, count=50)) in said
    assert not [button.label for button in app.button if str(button.key).startswith("show:")]


def test_another_key_forgets_the_recipient() -> None:
    app = searched("recipient", a_recipient())
    app.selectbox(key="key").select("order_no")
    app = again(app)
    assert app.text_input(key="q").value == "" and "q" not in app.query_params
    assert sum(counts(app)) == sum(counts(opened(tab="all")))


def test_a_mailed_link_of_a_recipient_says_that_the_name_is_missing() -> None:
    assert [one.value for one in opened(key="recipient").info] == [str(EmptyText.NAMELESS())]
    assert [one.value for one in searched("recipient", "").info] == []


def test_a_name_under_another_key_is_offered_as_a_recipient() -> None:
    name = a_recipient()
    app = searched("shipment_no", name)
    assert "last digits" not in " ".join(element.value for element in app.markdown)
    app = pressed(app, "as:recipient")
    assert sum(counts(app)) > 0 and "q" not in app.query_params


@pytest.mark.parametrize("key", list(SearchKey))
def test_a_name_that_nobody_has_is_never_told_of_its_last_digits(key: SearchKey) -> None:
    app = searched(key, "Nobody Whosoever")
    said = " ".join(element.value for element in app.markdown)
    assert "Nobody Whosoever" in said and "last digits" not in said


def link(app: AppTest, *names: str) -> list[str | None]:
    said = [app.query_params.get(name) for name in names]
    return [value[0] if isinstance(value, list) else value for value in said]


def test_the_order_date_offers_days_by_name_and_clears() -> None:
    app = opened(tab="all")
    assert app.button_group(key="ordered:named").label == "Order date"
    first, last = NamedDays.LAST_MONTH.of(desk().now().astimezone(desk().settings.zone).date())
    app.button_group(key="ordered:named").set_value(NamedDays.LAST_MONTH).run()
    assert link(app, "from", "to") == [first.isoformat(), last.isoformat()]
    assert chosen_days(app) == (first.isoformat(), last.isoformat())
    app = pressed(app, "ordered:clear")
    assert link(app, "from", "to") == [None, None]
    assert app.button_group(key="ordered:named").value is None


def test_one_end_of_the_order_dates_may_stay_open() -> None:
    app = opened(tab="all", to="2026-09-10")
    assert chosen_days(app) == (None, "2026-09-10")
    app = told(app, "ordered", "days", {"first": "2026-09-20", "last": "2026-09-10", "end": "first"})
    assert link(app, "from", "to") == ["2026-09-20", "2026-09-20"]
    app = told(app, "ordered", "days", {"first": "2026-09-20", "last": None, "end": "last"})
    assert link(app, "from", "to") == ["2026-09-20", None]


def chosen_days(app: AppTest) -> tuple[str | None, str | None]:
    box = drawn(app, "ordered")
    return box["first"], box["last"]


def test_order_dates_are_days_of_the_shop_with_both_ends_included() -> None:
    midnights = {"first": (9, 15, 0), "last": (11, 14, 59), "before": (9, 14, 59), "after": (11, 15, 0)}
    orders = [a_shipment(name, ordered_at=nov(*moment)) for name, moment in midnights.items()]
    add(desk().store, *orders)
    listed = rows(
        opened(tab="preparing", **{"from": "2026-11-10", "to": "2026-11-11"}, q="first last before after"), "shipments"
    )
    assert {row["id"] for row in listed} == {"first", "last"}


def test_an_open_drawer_knows_who_stands_beside_its_shipment_also_past_the_edge_of_the_page() -> None:
    app = opened(tab="delivered", rows="25")
    numbers = [row["id"] for row in rows(app, TABLE)]
    for at in (0, 7, 24):
        open_drawer(app, numbers[at])
        walk = drawn(app, "walk")
        assert walk["place"].startswith(f"{at + 1} of ")
        assert walk["before"] == (numbers[at - 1] if at else "")
        assert (walk["after"] in numbers) == (at < 24) and walk["after"]


def test_a_shipment_of_another_list_has_no_place_in_this_one() -> None:
    delivered = rows(opened(tab="delivered"), TABLE)[0]["id"]
    app = opened()
    open_drawer(app, delivered)
    with pytest.raises(IndexError):
        drawn(app, "walk")


def open_drawer(app: AppTest, shipment_no: str) -> None:
    app.session_state["drawer:open"] = shipment_no
    again(app)
