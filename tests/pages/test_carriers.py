"""The Carriers page as it runs, and [Refresh tracking] where no carrier can be reached."""

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import runtime
from core.domain.carriers import Check
from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.sorting import Order
from core.services.shipments import closing, queries
from core.services.shipments.closing import LeftOpen
from core.services.tracking import polling
from core.ui.shipments import refreshing
from tests.builders import CJ, a_shipment, a_visit, add, an_invoice, the
from tests.screens import opened


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A demo shop whose sandbox is at an address where nobody listens."""
    with pytest.MonkeyPatch.context() as environment, socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        environment.setenv("SHIPDESK_DB", str(tmp_path_factory.mktemp("carriers") / "shop.duckdb"))
        environment.setenv("SHIPDESK_DEMO_SHIPMENTS", "600")
        environment.setenv("SHIPDESK_USER", "Hana Seo")
        environment.setenv("SHIPDESK_URL", f"http://127.0.0.1:{nobody.getsockname()[1]}")
        yield
        runtime.close()


def words(app: AppTest) -> str:
    return " ".join(element.value for element in [*app.caption, *app.markdown])


def on_its_way() -> str:
    found = queries.page(
        runtime.get().store, Selection(tab=Tab.DELIVERY, carrier=("cj",)), Order(), visit=a_visit(runtime.get().now(), runtime.get().settings.zone),
        size=25, number=lambda pages: 1,
    )  # fmt: skip
    return str(found.rows[0]["shipment_no"])


def test_the_page_shows_that_the_refresher_rests_and_its_four_figures() -> None:
    app = opened("carriers")
    assert "asking has stopped" in words(app)
    assert app.error[0].value.startswith("Statuses stay as they are")
    assert [metric.label for metric in app.metric] == [
        "Answered in the last hour",
        "Errors",
        "Waiting to be asked",
        "Longest without an answer",
    ]


def test_the_link_chooses_the_time() -> None:
    assert opened("carriers", window="7d").metric[0].label == "Answered in the last 7 days"
    assert opened("carriers", window="nonsense").metric[0].label == "Answered in the last hour"


def test_a_number_is_judged_as_it_is_typed() -> None:
    app = opened("carriers")
    app.text_input(key="number_box").set_value("6329 7661 5493").run()
    assert "Read as **632976615493**. It fits CJ Logistics" in words(app)


def test_a_rule_is_saved_at_once_with_who_and_in_force_at_once() -> None:
    app = opened("carriers")
    app.selectbox(key="rules:company").set_value("cj").run()
    app.button_group(key="check:cj").set_value(Check.WARN).run()
    assert runtime.get().rules.carriers["cj"].check is Check.WARN
    assert "Hana Seo, " in words(app)
    app.button_group(key="check:cj").set_value(Check.REFUSE).run()
    assert runtime.get().rules.carriers["cj"].check is Check.REFUSE


def test_a_service_is_chosen_for_a_company() -> None:
    app = opened("carriers")
    app.selectbox(key="rules:company").set_value("other").run()
    app.selectbox(key="service:other").set_value("seventeen_track").run()
    assert runtime.get().tracker.routes()["other"] == "seventeen_track"
    app.selectbox(key="service:other").set_value("as_shipped").run()
    assert "other" not in runtime.get().tracker.routes()


def test_a_company_is_retired_its_open_parcels_are_ended_in_one_go_and_both_are_taken_back() -> None:
    desk = runtime.get()

    def left_open(code: str) -> LeftOpen:
        return closing.left_open(desk.store, code, visit=a_visit(desk.now()))

    code = max(desk.rules.offered, key=lambda one: len(left_open(one).under_way))
    count = len(left_open(code).seen)
    app = opened("carriers")
    app.selectbox(key="retiring:company").set_value(code).run()
    app.button(key="retiring:retire").click().run()
    assert code not in desk.rules.offered and code not in desk.tracker.routes()
    assert f"**{desk.rules.carriers[code].name}** · no longer asked since" in words(app) and "Hana Seo" in words(app)
    app.button(key=f"retiring:closed:{code}").click().run()
    assert app.error[-1].value.startswith("Reason is empty")
    app.text_input(key=f"retiring:why:{code}").set_value("The service is gone")
    app.button(key=f"retiring:delivered:{code}").click().run()
    assert count and "Nothing is open with it." in words(app)
    app.button(key=f"retiring:{code}:undo").click().run()
    assert len(left_open(code).seen) == count
    app.button(key=f"retiring:back:{code}").click().run()
    assert code in desk.rules.offered and not app.exception


def test_the_sandbox_misbehaves_on_demand_and_says_that_it_is_the_demos() -> None:
    app = opened("carriers")
    assert "Demo only" in words(app)
    app.selectbox(key="fault:seventeen_track").set_value("lying").run()
    box = runtime.get().sandbox
    assert box is not None
    assert (box.fault("seventeen_track"), box.fault("tracker_delivery")) == ("lying", "none")


def test_a_shipment_whose_carrier_cannot_be_reached_keeps_its_state_and_says_why() -> None:
    number = on_its_way()
    before = queries.whole(runtime.get().store, number, visit=a_visit(runtime.get().now(), runtime.get().settings.zone))
    app = opened("shipment", no=number)
    app.button(key=f"refresh:{the(runtime.get().store, number).shipment_id}").click().run()
    ended(app, str(the(runtime.get().store, number).shipment_id))
    assert "cannot be reached" in app.warning[0].value
    after = queries.whole(runtime.get().store, number, visit=a_visit(runtime.get().now(), runtime.get().settings.zone))
    assert before and after
    assert before.shipment == after.shipment


def test_a_whole_list_is_refreshed_and_its_failures_are_named() -> None:
    app = opened(tab="delivery", carrier="cj")
    app.button(key="refresh:list").click().run()
    ended(app, refreshing.LIST)
    assert "asked, 0 changed" in words(app)
    assert "× tracker\\.delivery cannot be reached" in words(app)
    app.button(key="refresh:forget").click().run()
    assert "asked, 0 changed" not in words(app)


def test_a_number_that_was_given_up_is_watched_again_on_demand() -> None:
    desk = runtime.get()
    long_ago = desk.now() - timedelta(days=45)
    silent = a_shipment("S-OLD", invoice=an_invoice(CJ, long_ago), ordered_at=long_ago, released_at=long_ago)
    add(desk.store, silent)
    polling.watch(desk.tracker)
    app = opened("shipment", no="S-OLD")
    assert "asking stopped on" in words(app)
    app.button(key=f"resume:{the(desk.store, 'S-OLD').shipment_id}").click().run()
    assert "Not answered yet · due now" in words(app)


def ended(app: AppTest, place: str) -> None:
    """Waits for the go at this place, and draws the page as its own look would."""
    run = app.session_state[f"refreshing:{place}"]
    assert run.over.wait(30)
    app.run()
