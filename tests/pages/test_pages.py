"""The pages as they run: what a link shows, and what a wrong link does not break."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import runtime
from core.config import ROOT
from core.domain.dimensions import AnyOf, DayRange, OneOf, Searched
from core.domain.selection import DIMENSIONS, Selection
from core.ui.kit import filters, formats
from tests.selections import narrowing

FRAME = str(ROOT / "core" / "ui" / "frame.py")


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SHIPDESK_DB", str(tmp_path_factory.mktemp("pages") / "shop.duckdb"))
        environment.setenv("SHIPDESK_DEMO_SHIPMENTS", "800")
        yield
        runtime.close()


def opened(screen: str = "", **link: str | list[str]) -> AppTest:
    app = AppTest.from_file(FRAME, default_timeout=60)
    for name, value in link.items():
        app.query_params[name] = value
    if screen:
        app.run()
        app.switch_page(f"../../pages/{screen}.py")
    app.run()
    assert not app.exception
    return app


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


@pytest.mark.parametrize(
    "link",
    [
        {"from": "0001-01-01"},
        {"to": "9999-12-31"},
        {"from": "0001-01-01", "to": "9999-12-31"},
        {"figure": "on_time", "days": "0001-01-01.."},
    ],
)
def test_days_that_no_calendar_has_answer_as_an_empty_filter_does(link: dict[str, str]) -> None:
    app = opened(tab="delivered", **link)
    assert not app.error
    assert counts(app) == counts(opened(tab="delivered"))


@pytest.mark.parametrize("link", [{"from": "9999-12-31"}, {"to": "0001-01-01"}, {"from": "1900-01-01", "to": "1900-01-02"}])
def test_days_without_shipments_are_an_empty_list_and_no_fault(link: dict[str, str]) -> None:
    app = opened(tab="delivered", **link)
    assert not app.error
    assert set(counts(app)) == {0}
    assert app.button(key="remove:ordered")


@pytest.mark.parametrize("name", DIMENSIONS)
def test_every_dimension_has_its_control_or_its_chip(name: str) -> None:
    dimension = DIMENSIONS[name]
    link = Selection(**{name: narrowing(dimension)}).link
    app = opened(**{"tab": "all", **link})
    if dimension.filters:
        said = dimension.chip(narrowing(dimension), filters.wording(runtime.get()))
        assert app.button_group(key="chips").options[0] == f"{formats.plain(said)} :material/close:"
    match dimension:
        case AnyOf(offered=True):
            assert app.multiselect(key=name).value == list(narrowing(dimension))
        case OneOf(name="kind"):
            assert app.selectbox(key="kind").value == narrowing(dimension)
        case OneOf():
            assert app.button_group(key=dimension.keys[0]).value == narrowing(dimension)
        case Searched():
            assert app.text_input(key="q").value == "nothing"
        case DayRange():
            assert app.date_input(key="dates").value


def details(app: AppTest) -> dict[str, int]:
    """What the small chips of the tab say."""
    said = [
        option.removeprefix(":small[").removesuffix("**]").split(" **") for option in app.button_group(key="details").options
    ]
    return {name: int(count.replace(",", "")) for name, count in said}


def test_a_tab_shows_its_details_and_a_press_lists_one_of_them() -> None:
    app = opened(tab="delivery")
    before = details(app)
    assert set(before) == {"Processed", "Dispatched", "Shipping"} and sum(before.values()) == counts(app)[1]
    app.button_group(key="details").set_value(["shipping"]).run()
    assert app.query_params["detail"] == "shipping"
    assert (counts(app)[1], details(app)) == (before["Shipping"], before)
    assert app.multiselect(key="detail").value == ["shipping"]
    app.button_group(key="details").set_value([]).run()
    assert "detail" not in app.query_params


def test_a_press_on_another_tab_lists_what_the_tab_counts_whatever_detail_was_shown() -> None:
    app = opened(tab="delivery", detail="shipping", carrier="cj")
    delivered = counts(app)[3]
    app.button_group(key="tab").set_value("delivered").run()
    assert "detail" not in app.query_params and app.query_params["carrier"] == "cj"
    assert counts(app)[3] == delivered > 0


def test_a_tab_without_details_shows_none() -> None:
    app = opened(tab="delivered")
    assert "details" not in {group.key for group in app.button_group}


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


def test_a_shipment_opens_by_its_link() -> None:
    app = opened("shipment", no="S-nothing")
    assert app.warning[0].value.startswith("Check the number")


def test_the_data_page_shows_imports_batches_and_backup() -> None:
    app = opened("data")
    assert [header.value for header in app.header] == ["Import shipments", "Batches", "Backup"]


def test_a_backup_is_written_beside_the_running_database() -> None:
    app = opened("data")
    app.button(key="backup").click().run()
    assert not app.error
    database = runtime.get().settings.database
    copies = [path for path in Path(database.parent).glob("*.duckdb") if path != database]
    assert len(copies) == 1
    assert copies[0].stat().st_size > 0
