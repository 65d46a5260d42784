"""The Shipments page as it runs: what a link shows, and what a wrong link does not break."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from tests.screens import a_shop, opened


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
