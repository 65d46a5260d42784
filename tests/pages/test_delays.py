"""The Delays page as it runs: what is on screen is what the figures say, and the link says what is on screen."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import runtime
from core.domain.figures import Cohort, Figure, TimeSplit
from core.domain.periods import Period
from core.domain.selection import Selection
from core.domain.shipment import Destination
from core.services import figures
from core.ui.delays import header, lanes
from core.ui.delays import seen as delays_seen
from core.ui.kit import periods
from tests import screens
from tests.builders import a_visit
from tests.screens import drawn, told


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SHIPDESK_DB", str(tmp_path_factory.mktemp("delays") / "shop.duckdb"))
        environment.setenv("SHIPDESK_DEMO_SHIPMENTS", "2000")
        environment.setenv("SHIPDESK_SANDBOX", "off")
        yield
        runtime.close()


def opened(**link: str | list[str]) -> AppTest:
    return screens.opened("delays", **link)


def last_weeks(weeks: int) -> Period:
    known = runtime.get()
    today = periods.this_minute(known).astimezone(known.settings.zone).date()
    return Period.up_to(today - timedelta(days=today.weekday() + 1), 7 * weeks, Cohort.PICKED_UP)


def link(app: AppTest, name: str) -> str:
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]


def said(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.header, *app.subheader)).replace("\\", "")


def test_the_header_counts_what_the_figures_count() -> None:
    app, known = opened(weeks="26"), runtime.get()
    card = figures.scorecard(known.store, last_weeks(26), Selection(), visit=a_visit(known.now(), known.settings.zone))
    value = card.overall
    assert value.rest > 0
    assert f"{value.denominator + value.excluded:,} shipments · {value.rest:,} late of {value.denominator:,} due" in said(app)


def test_the_link_chooses_period_part_lane_and_figures() -> None:
    app = opened(
        dest="international",
        weeks="13",
        lane="ICN1 US",
        carrier=["dhl"],
        time="order_to_ship",
        rows="country",
        figure="transit",
    )
    assert app.button_group(key="delays:dest").value == "international"
    assert app.button_group(key="delays:weeks").value == 13
    assert app.multiselect(key="delays:carrier").value == ["dhl"]
    assert app.selectbox(key="delays:lane").value == "ICN1 US"
    assert (app.selectbox(key="delays:rows").value, app.selectbox(key="delays:figure").value) == ("country", "transit")
    assert "Order to ship, ICN1 → US" in said(app)


def test_what_a_link_says_wrongly_is_left_out() -> None:
    app = opened(
        dest="moon", weeks="7", lane="drop table", week="31.12.", time="on_time", rows="angry", columns="carrier", figure="no"
    )
    assert app.button_group(key="delays:weeks").value == header.WEEKS
    assert (app.selectbox(key="delays:rows").value, app.selectbox(key="delays:columns").value) == ("carrier", "week")
    assert app.selectbox(key="delays:figure").value == "on_time"


def test_without_a_lane_in_the_link_the_one_with_the_most_late_shipments_is_shown() -> None:
    app, known = opened(weeks="26", dest="international"), runtime.get()
    where, period = Selection(destination=Destination.INTERNATIONAL), last_weeks(26)
    heat = figures.heat(known.store, period, where, visit=a_visit(known.now(), known.settings.zone), most_lanes=100)
    late = {lane: lanes.of_lane(heat, lane).rest for lane in heat.lanes}
    shown = next(lane for lane in heat.lanes if header.lane_key(lane) == app.selectbox(key="delays:lane").value)
    assert late[shown] == max(late.values()) > 0


def test_the_boxes_do_by_keyboard_what_the_map_does_by_a_press() -> None:
    app = opened(weeks="26", dest="international")
    app.selectbox(key="delays:lane").set_value("ICN1 US").run()
    app.selectbox(key="delays:week").set_value(last_weeks(26).first.isoformat()).run()
    assert (link(app, "lane"), link(app, "week")) == ("ICN1 US", last_weeks(26).first.isoformat())
    assert "Pick-up to delivery, ICN1 → US" in said(app)
    assert re.search(r"\d+ late of \d+ due", app.button(key="lanes:open").label)


def test_every_chart_tells_its_numbers_as_a_table() -> None:
    app = opened()
    tables = [drawn(app, f"{key}:table") for key in ("lanes", "spread", "hours")]
    assert all(rows and {len(row) for row in rows} == {len(table["heads"])} for table in tables for rows in (table["rows"],))
    measured = sum(int(cell.replace(",", "")) for row in tables[1]["rows"] for cell in row[1:3])
    assert f"{measured:,} shipments" in said(app)


def test_an_empty_period_says_why_and_offers_the_way_out() -> None:
    app = opened(**{"from": "2020-01-01", "to": "2020-01-02", "carrier": ["cj"]})
    assert "No shipment was picked up on 1 – 2 Jan 2020" in said(app)
    assert "CJ Logistics" in said(app)
    app.button(key="delays:all").click().run()
    assert "carrier" not in app.query_params
    app.button(key="delays:longer").click().run()
    assert app.button_group(key="delays:weeks").value == 26
    assert "How many were late, by route and week" in said(app)


def test_turning_the_cross_swaps_rows_and_columns() -> None:
    app = opened(weeks="26", rows="warehouse", columns="weekday")
    app.button(key="delays:turn").click().run()
    assert (link(app, "rows"), link(app, "columns")) == ("weekday", "warehouse")
    assert (app.selectbox(key="delays:rows").value, app.selectbox(key="delays:columns").value) == ("weekday", "warehouse")


@pytest.mark.parametrize("figure", list(header.CROSSED))
def test_every_figure_can_be_crossed(figure: Figure) -> None:
    opened(figure=figure, rows="lane", columns="status")


def test_a_query_is_answered_on_the_page_and_a_refusal_says_why() -> None:
    app = opened()
    app.text_area(key="sql:text").set_value("SELECT count(*) AS n FROM shipment_facts")
    submit(app)
    assert app.dataframe[-1].value["n"].tolist() == [2000]
    assert "**1 row**" in said(app)
    app.text_area(key="sql:text").set_value("DELETE FROM shipment")
    submit(app)
    assert "Only one SELECT is answered here" in app.warning[0].value


def test_an_answer_is_kept_for_the_minute_until_something_is_written() -> None:
    known = runtime.get()
    view = header.View(last_weeks(26), Selection(), 26, None, True, None, Figure.TRANSIT, *_BY, Figure.ON_TIME)
    now = periods.this_minute(known)
    first = delays_seen.scorecard(known, view, now)
    assert delays_seen.scorecard(known, view, now) is first
    known.store.write(lambda connection: connection.execute("SELECT 1").fetchall())
    assert delays_seen.scorecard(known, view, now) is not first


_BY = ("carrier", TimeSplit.WEEK)


def submit(app: AppTest) -> None:
    """Presses [Run query] and looks again when the answer is there, which on a busy machine is not at once."""
    next(button for button in app.button if button.label == "Run query").click()
    app.run()
    if query := app.session_state["sql:state"].query:
        query.wait(20)
        app.run()  # takes the answer in
        app.run()  # offers [Run query] again
    assert not app.exception


def test_days_that_are_chosen_are_those_of_the_link() -> None:
    app = told(opened(), "delays:dates", "days", {"first": "2026-09-03", "last": "2026-09-10", "end": "last"})
    assert (link(app, "from"), link(app, "to")) == ("2026-09-03", "2026-09-10")


def test_days_that_are_called_by_name_can_be_chosen() -> None:
    app = opened(weeks="4")
    app.button_group(key="delays:dates:named").set_value("last-month").run()
    assert (link(app, "period"), "weeks" in app.query_params) == ("last-month", False)
    first, last = (date.fromisoformat(drawn(app, "delays:dates")[end]) for end in ("first", "last"))
    assert (first.day, (last + timedelta(days=1)).day) == (1, 1)
    app = told(app, "delays:dates", "days", {"first": str(first), "last": str(first), "end": "last"})
    assert ("period" in app.query_params, link(app, "from")) == (False, first.isoformat())
