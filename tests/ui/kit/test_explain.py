"""The drawer that explains a figure: what it says, the shipments it lists, and where its buttons lead."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.figures import DEFINITIONS, Figure
from core.domain.shipment import Stage
from core.ui.kit import explain
from core.ui.kit.table import TableEvent
from tests.builders import RULES, a_checkpoint, a_shipment, add, an_invoice
from tests.screens import a_shop, again, buttons, desk, downloads, drawn, opened, pressed, rows, words

LATE, ON_TIME, UNPROMISED = 5, 25, 3


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Twenty-five shipments on time, five late, three without a promise, and one that waits."""
    with a_shop(tmp_path_factory.mktemp("explain"), 0):
        numbered = [f"X-{n:02}" for n in range(1, ON_TIME + LATE + UNPROMISED + 1)]
        add(desk().store, *(delivered(number, n) for n, number in enumerate(numbered)), a_shipment("X-99", **ordered()))
        yield


def ordered() -> dict[str, Any]:
    at = desk().now() - timedelta(days=5)
    return {"ordered_at": at, "released_at": at}


def delivered(shipment_no: str, place: int) -> Any:
    """Delivered three days ago: promised for that day, for the day before, or not at all."""
    at = desk().now() - timedelta(days=3)
    day: date = at.astimezone(desk().settings.zone).date()
    promised = day if place < ON_TIME else day - timedelta(days=1) if place < ON_TIME + LATE else None
    invoice = an_invoice(f"A{place}", at - timedelta(days=1), carrier="other")
    scans = [a_checkpoint(Stage.PICKED_UP, at - timedelta(hours=12)), a_checkpoint(Stage.DELIVERED, at)]
    ship_by = day - timedelta(days=2) if ON_TIME <= place < ON_TIME + LATE else None
    return a_shipment(shipment_no, invoice=invoice, scans=scans, promised_on=promised, ship_by=ship_by, **ordered())


def explained(figure: Figure = Figure.ON_TIME) -> AppTest:
    """The Overview with the drawer of this figure open."""
    return pressed(opened("overview", days="7"), f"tile:{figure}")


def listed(app: AppTest) -> list[dict[str, Any]]:
    return rows(app, "explain:rows")


def test_the_drawer_says_the_value_what_it_means_and_where_it_comes_from() -> None:
    app = explained()
    assert app.metric[-1].value.startswith("83.3")
    text = words(app)
    assert DEFINITIONS[Figure.ON_TIME].formula in text
    assert "95 % interval" in text
    assert "| 25 |" in text and "| 5 |" in text and "Together" in text


def test_few_cases_are_said_to_have_no_figure() -> None:
    app = explained(Figure.LATE_SHIPMENT)
    assert app.metric[-1].value == "too few"
    assert f"5 of {LATE}: too few shipments to say (under 20)" in words(app)


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


@pytest.mark.parametrize(
    ("part", "count", "places"),
    [
        ("numerator", ON_TIME, range(ON_TIME)),
        ("rest", LATE, range(ON_TIME, ON_TIME + LATE)),
        ("excluded", UNPROMISED + 1, [*range(ON_TIME + LATE, ON_TIME + LATE + UNPROMISED), 98]),
    ],
)
def test_each_part_lists_its_shipments(part: str, count: int, places: Iterable[int]) -> None:
    app = explained()
    app.button_group(key="explain:part").set_value(part).run()
    assert f"Show {count} shipments" in buttons(app)
    assert len(listed(app)) == min(count, explain.FIRST)
    assert {row["id"] for row in listed(app)} <= {f"X-{place + 1:02}" for place in places}


def test_the_facts_that_decide_stand_beside_each_shipment() -> None:
    app = explained()
    app.button_group(key="explain:part").set_value("rest").run()
    heads = [column["label"] for column in drawn(app, "explain:rows")["columns"]]
    assert heads[-3:] == ["Promised", "First attempt", "Status"]
    assert {row["carrier"] for row in listed(app)} == {RULES.carriers["other"].name}
    assert all(row["promised_on"] and row["first_attempt_on"] for row in listed(app))


def test_what_is_left_out_says_why() -> None:
    app = explained()
    app.button_group(key="explain:part").set_value("excluded").run()
    assert all(row["why"] for row in listed(app))


def test_a_list_longer_than_the_drawer_says_how_long_it_is() -> None:
    assert f"The newest {explain.FIRST} of {ON_TIME}" in words(explained())


def test_a_part_without_shipments_says_so() -> None:
    app = explained(Figure.FIRST_ATTEMPT)
    app.button_group(key="explain:part").set_value("rest").run()
    assert "No shipment is in this part." in words(app)
    assert app.button(key="explain:show").disabled


def test_the_part_can_be_taken_along_in_three_kinds_of_file() -> None:
    assert [label for label in downloads(explained()) if "(" in label or label == "Parquet"] == [
        "Excel (.xlsx)",
        "CSV (.zip)",
        "Parquet",
    ]


def test_the_list_behind_the_figure_has_just_these_shipments() -> None:
    app = explained()
    app.button_group(key="explain:part").set_value("rest").run()
    pressed(app, "explain:show")
    counts = [int(option.split("**")[1]) for option in app.button_group(key="tab").options]
    assert counts[0] == LATE


def test_a_shipment_that_is_pressed_opens_in_place_of_the_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    app, presses = explained(), [TableEvent("open", "X-03")]
    monkeypatch.setattr(explain, "table", lambda *said, **named: presses.pop() if presses else None)
    again(app)
    assert "order O-X-03" in words(app)
    assert "explain:show" not in keys(app)


def test_the_backlog_is_explained_as_of_now() -> None:
    app = pressed(opened("overview", days="7"), "backlog:open")
    assert "as of now" in words(app)
    assert [row["id"] for row in listed(app)] == ["X-99"]
