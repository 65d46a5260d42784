"""The Overview as it runs: what is on screen is what the figures say, and the link says what is on screen."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from streamlit.proto.Metric_pb2 import Metric
from streamlit.testing.v1 import AppTest

from core import runtime
from core.domain.figures import FEWEST, Figure, Part
from core.domain.flags import OLD_AFTER_DAYS
from core.domain.periods import NamedDays, Period
from core.domain.selection import Selection
from core.domain.shipment import Destination, Kind, Shipment, Stage
from core.services import figures as measuring
from core.services.figures import Overview
from core.services.figures.ranking import contender, ranking
from core.store import history
from core.store.database import Store
from core.ui.kit import figure_texts, periods, who_is_worst
from core.ui.overview import seen
from core.ui.overview.header import View
from core.ui.overview.sentences import WorklistText
from core.ui.overview.tiles import TILES, title_of
from tests.builders import CJ, CJ_OTHER, HANJIN, a_checkpoint, a_shipment, a_visit, add, an_invoice, the
from tests.screens import a_shop, again, downloads, drawn, pressed, rows, words
from tests.screens import opened as opened_screen


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SHIPDESK_DB", str(tmp_path_factory.mktemp("overview") / "shop.duckdb"))
        environment.setenv("SHIPDESK_DEMO_SHIPMENTS", "2000")
        yield
        runtime.close()


def opened(**link: str) -> AppTest:
    return opened_screen("overview", **link)


def last_days(days: int) -> Period:
    yesterday = periods.this_minute(runtime.get()).astimezone(zone()).date() - timedelta(days=1)
    return Period(yesterday - timedelta(days=days - 1), yesterday)


def zone() -> ZoneInfo:
    return runtime.get().settings.zone


def seen_and_measured(days: int, where: Selection) -> tuple[AppTest, Overview]:
    """The page and the figures of one and the same minute."""
    while True:
        before = periods.this_minute(runtime.get())
        both = opened(days=str(days), dest=where.destination, kind=where.kind), measured(days, where)
        if periods.this_minute(runtime.get()) == before:
            return both


def measured(days: int, where: Selection) -> Overview:
    desk = runtime.get()
    return measuring.overview(desk.store, last_days(days), where, visit=a_visit(periods.this_minute(desk), zone()))


def shown(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def said(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.info))


@pytest.mark.parametrize("days", [7, 28])
@pytest.mark.parametrize("where", [Selection(), Selection(destination=Destination.INTERNATIONAL)])
def test_tiles_show_what_is_measured(days: int, where: Selection) -> None:
    app, overview = seen_and_measured(days, where)
    figures = overview.values
    assert shown(app) == {title_of(figure): figure_texts.shown(figures[figure], tight=True) for figure in TILES}
    for figure in TILES:
        assert app.button(key=f"tile:{figure}").label == figure_texts.made_of(figures[figure], short=True)


@pytest.mark.parametrize(("days", "where"), [(28, Selection()), (7, Selection(destination=Destination.INTERNATIONAL))])
def test_a_change_has_its_direction_and_whether_it_is_good(days: int, where: Selection) -> None:
    app, overview = seen_and_measured(days, where)
    for metric, figure in zip(app.metric, TILES, strict=True):
        change = figure_texts.change(overview.values[figure])
        said = metric.proto
        assert (metric.delta, said.delta_description) == ((change.text, change.word) if change else ("", ""))
        if change and change.arrow == "off":
            assert (said.color, said.direction) == (Metric.MetricColor.GRAY, Metric.MetricDirection.NONE)


def test_of_young_days_alone_neither_tiles_nor_companies_have_a_change() -> None:
    overview = measured(7, Selection(destination=Destination.INTERNATIONAL))
    assert {figure for figure in TILES if overview.values[figure].early} == {
        Figure.ON_TIME,
        Figure.TRANSIT,
        Figure.FIRST_ATTEMPT,
    }
    assert all(values[Figure.ON_TIME].early for values in overview.carriers.values())


def test_few_shipments_have_no_percentage() -> None:
    slices = [Selection(destination=destination, kind=kind) for destination in Destination for kind in Kind]
    days, where = next(
        (d, w) for w in slices for d in (7, 14, 28) if 0 < measured(d, w).values[Figure.ON_TIME].denominator < 20
    )
    app, overview = seen_and_measured(days, where)
    on_time = overview.values[Figure.ON_TIME]
    assert shown(app)["On-time delivery"] == "too few"
    assert app.button(key="tile:on_time").label == f"{on_time.numerator} of {on_time.denominator}"
    assert "Too few shipments for a line by day" in said(app)


def test_a_period_without_shipments_says_so_and_still_shows_what_is_open() -> None:
    app = opened(**{"from": "2001-01-01", "to": "2001-01-07"})
    assert set(shown(app).values()) == {"no shipments"}
    assert app.info[0].icon == ":material/event_busy:"
    assert not [button for button in app.button if str(button.key).startswith("tile:")]
    assert app.button(key="backlog:open").label.endswith(" open")


def test_what_a_link_says_wrongly_is_left_out() -> None:
    wrong = {"days": "9999", "from": "2026-02-30", "to": "1", "dest": "moon", "kind": "x", "by": "y", "stack": "z"}
    assert shown(opened(**wrong)) == shown(opened())


def test_a_pressed_period_is_in_the_link() -> None:
    app = opened()
    assert app.button_group(key="days").value == 14
    app.button_group(key="days").set_value(7).run()
    assert app.query_params["days"] == "7"
    assert shown(app)["On-time delivery"] == figure_texts.shown(measured(7, Selection()).values[Figure.ON_TIME], tight=True)


@pytest.mark.parametrize("name", periods.NAMED)
def test_days_that_are_called_by_name_can_be_chosen_and_mailed(name: NamedDays) -> None:
    app = opened(days="28")
    app.button_group(key="overview:dates:named").set_value(name).run()
    assert (app.query_params["period"], "days" in app.query_params, app.button_group(key="days").value) == (name, False, None)
    days = name.of(periods.this_minute(runtime.get()).astimezone(zone()).date())
    for one in (app, opened(period=name)):
        box = drawn(one, "overview:dates")
        assert (box["first"], box["last"]) == tuple(day.isoformat() for day in days)
    app.button_group(key="days").set_value(7).run()
    assert (app.query_params["days"], "period" in app.query_params) == ("7", False)


def test_a_figure_opens_with_its_parts_and_they_add_up() -> None:
    value = measured(28, Selection()).values[Figure.ON_TIME]
    app = opened(days="28")
    app.button(key="tile:on_time").click().run()
    assert not app.exception
    table = next(element.value for element in app.markdown if element.value.startswith("| Shipments"))
    counts = [int(line.split("|")[1].replace(",", "")) for line in table.splitlines()[2:]]
    assert counts[:3] == [value.numerator, value.rest, value.denominator]
    assert sum(counts[3:]) == value.excluded
    labels = [option.split(" **")[0] for option in app.button_group(key="explain:part").options]
    assert labels == ["On time", "Late", "Together", "Left out"]


def test_each_part_of_a_figure_can_be_listed() -> None:
    value = measured(28, Selection()).values[Figure.ON_TIME]
    app = opened(days="28")
    app.button(key="tile:on_time").click().run()
    for part, count in ((Part.REST, value.rest), (Part.EXCLUDED, value.excluded), (Part.DENOMINATOR, value.denominator)):
        app.button_group(key="explain:part").set_value(part).run()
        assert not app.exception
        assert app.button(key="explain:show").label == f"Show {count:,} shipments"


def test_answers_are_kept_for_a_minute_as_long_as_nothing_is_written() -> None:
    desk = runtime.get()
    view, now = View(last_days(7), Selection(), 7, "status"), periods.this_minute(desk)
    first = seen.ask(desk, view, now)
    assert seen.ask(desk, view, now).period is first.period
    desk.store.write(lambda connection: None)
    assert seen.ask(desk, view, now).period is not first.period
    assert seen.ask(desk, view, now + timedelta(minutes=1)).tasks is not first.tasks


def test_an_empty_shop_shows_the_way_to_the_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime.close()
    Store.open(tmp_path / "empty.duckdb").close()
    with monkeypatch.context() as environment:
        environment.setenv("SHIPDESK_DB", str(tmp_path / "empty.duckdb"))
        app = opened()
        assert "There are no shipments yet" in said(app)
        assert app.button(key="to_data").label == "Import shipments"
        assert not app.metric
        runtime.close()


def with_old_work() -> AppTest:
    """The page of a shop of its own, where two parcels came back long ago and one is silent."""
    return again(pressed(opened_screen("overview"), "old:clear"))


@pytest.fixture
def neglected(tmp_path: Path) -> Iterator[Store]:
    runtime.close()
    with a_shop(tmp_path, 0):
        long_ago = runtime.get().now() - timedelta(days=60)
        add(
            runtime.get().store,
            *(came_to(f"S-{n}", CJ if n else CJ_OTHER, Stage.RETURNED, long_ago) for n in range(2)),
            came_to("S-9", HANJIN, Stage.IN_TRANSIT, long_ago),
        )
        yield runtime.get().store
    runtime.close()


def came_to(number: str, invoice_no: str, stage: Stage, at: datetime) -> Shipment:
    invoice = an_invoice(invoice_no, at - timedelta(days=2), carrier="hanjin" if invoice_no == HANJIN else "cj")
    long_before = at - timedelta(days=3)
    return a_shipment(number, invoice=invoice, scans=[a_checkpoint(stage, at)], ordered_at=long_before, released_at=long_before)


def test_old_work_stands_in_one_line_of_its_own_with_its_count_and_its_list(neglected: Store) -> None:
    app = opened_screen("overview")
    assert "Flagged for 30 days or more: 3" in words(app)
    assert app.button(key="old:show").label == "Show 3"
    assert app.success[0].value == str(WorklistText.NOTHING("all", days=OLD_AFTER_DAYS))
    listed = opened_screen(tab="all", dest="domestic", kind="standard", flagged="720..")
    assert {row["id"] for row in rows(listed, "shipments")} == {"S-0", "S-1", "S-9"}


def test_what_a_company_must_be_asked_about_can_be_copied_and_taken_along(neglected: Store) -> None:
    app = with_old_work()
    assert [code.value for code in app.code] == [HANJIN]
    assert downloads(app) == ["Excel (.xlsx)", "CSV", "Parquet"]


def test_what_may_be_closed_is_closed_in_one_go_and_comes_back_in_one(neglected: Store) -> None:
    app = with_old_work()
    assert "| 1 | No scan | Open a trace with the carrier |" in words(app)
    app = pressed(app, "Close 2 shipments")
    assert app.error[0].value.startswith("Reason is empty")
    app.text_input(key="old:reason").set_value("Written off")
    app = pressed(app, "Close 2 shipments")
    assert [the(neglected, number).closed_at is None for number in ("S-0", "S-1", "S-9")] == [False, False, True]
    assert history.of_shipment(neglected, 1)[0]["reason"] == "Written off"
    assert "Nothing here can be closed" in words(app)
    pressed(app, "old:undo")
    assert [the(neglected, number).closed_at for number in ("S-0", "S-1")] == [None, None]


def test_companies_stand_worst_first_under_one_sentence_and_no_invoice_is_none_of_them() -> None:
    app = opened_screen("overview", days="28")
    known = measured(28, Selection()).carriers
    shown_rows = [*rows(app, "carriers"), *rows(app, "carriers:others")]
    assert {row["id"] for row in shown_rows} == set(known) - {""}
    assert app.button(key="carriers:none").label.endswith(f"{known[''][Figure.ORDERED].denominator} shipments")
    shares = {code: values[Figure.ON_TIME] for code, values in known.items() if code}
    found = ranking({code: contender(code, share) for code, share in shares.items()}, shares.values())
    enough = {code for code, values in known.items() if code and values[Figure.ORDERED].denominator >= FEWEST}
    assert [row["id"] for row in rows(app, "carriers")] == [code for code in found.order if code in enough]
    assert who_is_worst.sentence(found, runtime.get().rules) in [element.value for element in app.markdown]
