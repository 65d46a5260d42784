"""The charts of the Overview as they are drawn: their points, their finding in words, and where a press leads."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.shipment import Shipment, Stage
from core.ui.kit import charts
from core.ui.kit.charts import Press
from core.ui.overview import cards
from tests.builders import a_checkpoint, a_shipment, add, an_invoice
from tests.screens import a_shop, again, buttons, desk, opened, pressed, words

DAYS, A_DAY, LATE = 7, 24, 6
WAITING = {"Icheon": 9, "Gimpo": 4, "Busan": 3, "Daegu": 2, "": 1}


@dataclass
class Chart:
    """A chart as it was handed over to be drawn."""

    traces: Sequence[dict[str, Any]]
    alt: str
    on_press: Callable[[Press], None] | None

    def line(self, name: str) -> list[Any]:
        """The values of the line with this name; a line may be drawn in pieces."""
        return [y for trace in self.traces if trace["name"] == name and trace["mode"] != "lines" for y in trace["y"]]

    def bars(self) -> dict[str, list[int]]:
        return {trace["name"]: trace["y"] for trace in self.traces if trace["type"] == "bar"}


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Twenty-four shipments of every day of a week were due and six of them late; some more wait, for a day and for six."""
    with a_shop(tmp_path_factory.mktemp("cards"), 0, SHIPDESK_TARGET="90"):
        made = [delivered(day, n) for day in range(1, DAYS + 1) for n in range(A_DAY)]
        waiting = [waits(warehouse, n) for warehouse, count in WAITING.items() for n in range(count)]
        add(desk().store, *made, *waiting)
        yield


@pytest.fixture
def charted(monkeypatch: pytest.MonkeyPatch) -> dict[str, Chart]:
    """The charts by their keys, as they were last drawn; `press` in place of a press is done as they are."""
    found: dict[str, Chart] = {}

    def draw(traces: Any, layout: Any, *, key: str, alt: str, on_press: Any = None) -> None:
        found[key] = Chart(traces, alt, on_press)

    monkeypatch.setattr(charts, "draw", draw)
    return found


def delivered(days_ago: int, n: int) -> Shipment:
    """Ordered so many days ago and delivered the same day: as promised, or a day late."""
    at = desk().now() - timedelta(days=days_ago)
    day = at.astimezone(desk().settings.zone).date()
    return a_shipment(
        f"C-{days_ago}-{n:02}",
        invoice=an_invoice(f"A{days_ago}{n:02}", at, carrier="other"),
        scans=[a_checkpoint(Stage.PICKED_UP, at), a_checkpoint(Stage.DELIVERED, at)],
        ordered_at=at,
        released_at=at,
        promised_on=day - timedelta(days=1) if n < LATE else day,
    )


def waits(warehouse: str, n: int) -> Shipment:
    """Waits since yesterday, the first of each warehouse since six days before."""
    at = desk().now() - timedelta(days=1 if n else 6, hours=1)
    return a_shipment(f"W-{warehouse}-{n}", warehouse=warehouse, ordered_at=at, released_at=at)


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


def counts(app: AppTest) -> list[int]:
    """The counts of the tabs of the Shipments page."""
    return [int(option.split("**")[1].replace(",", "")) for option in app.button_group(key="tab").options]


def test_the_line_has_a_point_a_day_and_its_finding_in_words(charted: dict[str, Chart]) -> None:
    opened("overview", days="7")
    chart = charted["trend"]
    assert chart.line("this period") == [pytest.approx(1 - LATE / A_DAY)] * DAYS
    assert "75.0 %" in chart.alt and f"{(A_DAY - LATE) * DAYS} of {A_DAY * DAYS}" in chart.alt
    assert "below the target of 90 %" in chart.alt


def test_the_trend_opens_the_figure_and_how_many_are_promised_at_all() -> None:
    app = opened("overview", days="7")
    assert {"trend:open", "coverage:open"} <= keys(app)
    pressed(app, "coverage:open")
    assert "explain:show" in keys(app)


def test_one_day_makes_no_line(charted: dict[str, Chart]) -> None:
    day = (desk().now() - timedelta(days=2)).astimezone(desk().settings.zone).date().isoformat()
    app = opened("overview", **{"from": day, "to": day})
    assert "trend" not in charted
    assert "One day makes no line" in words(app)


def test_days_on_which_nothing_was_due_are_said_to_be_empty(charted: dict[str, Chart]) -> None:
    app = opened("overview", **{"from": "2001-01-01", "to": "2001-01-07"})
    assert "trend" not in charted
    assert "No shipment was due" in words(app)


def test_the_bars_are_all_that_is_open_by_how_long_it_waits(charted: dict[str, Chart]) -> None:
    app = opened("overview", days="7")
    bars = charted["backlog"].bars()
    oldest, total = len(WAITING), sum(WAITING.values())
    assert bars["Preparing"] == [0, total - oldest, 0, 0, oldest]
    assert all(not any(counts) for name, counts in bars.items() if name != "Preparing")
    assert f"{total} open" in buttons(app)
    assert charted["backlog"].alt.startswith(f"{total} open shipments")


def test_the_bars_by_warehouse_are_the_three_largest_and_the_others_together(charted: dict[str, Chart]) -> None:
    opened("overview", days="7", stack="warehouse")
    bars = charted["backlog"].bars()
    assert list(bars) == ["Icheon", "Gimpo", "Busan", "other warehouses"]
    assert [sum(counts) for counts in bars.values()] == [9, 4, 3, 3]


def test_the_choice_of_the_bars_is_in_the_link() -> None:
    app = opened("overview", days="7")
    app.button_group(key="stack").set_value("warehouse").run()
    assert app.query_params["stack"] == "warehouse"


@pytest.mark.parametrize(("stack", "press", "behind"), [("status", (0, 4), len(WAITING)), ("warehouse", (0, 1), 8)])
def test_a_bar_leads_to_just_its_shipments(
    stack: str, press: tuple[int, int], behind: int, charted: dict[str, Chart], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened("overview", days="7", stack=stack)
    on_press = charted["backlog"].on_press
    assert on_press
    presses = [Press("", 0, *press)]
    monkeypatch.setattr(
        charts, "draw", lambda *said, on_press=None, **named: on_press(presses.pop()) if on_press and presses else None
    )
    again(again(app))
    assert counts(app)[0] == behind


def test_the_oldest_are_one_press_away() -> None:
    app = pressed(opened("overview", days="7"), "backlog:oldest")
    assert counts(app)[0] == len(WAITING)


def test_a_part_of_the_shop_where_nothing_is_open_says_so(charted: dict[str, Chart]) -> None:
    app = opened("overview", days="7", dest="international")
    assert "backlog" not in charted
    assert "Nothing is open" in words(app)


def test_every_age_has_its_bar() -> None:
    assert len(cards._AGES) == len(cards._BORDERS)
