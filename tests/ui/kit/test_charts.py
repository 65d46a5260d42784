"""Every chart: dictionaries that plotly takes, colours of the theme, and data that is never read as markup."""

from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import pytest

from core.ui.kit import charts
from core.ui.kit.charts import DARK, LIGHT

DAYS = [date(2026, 11, 9) + timedelta(days=n) for n in range(6)]
SHARES = [0.94, 0.93, None, 0.92, 0.9, 0.91]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def taken_by_plotly(traces: list[dict[str, Any]], layout: dict[str, Any] | None = None) -> Any:
    return go.Figure({"data": traces, "layout": layout or {}})


def test_every_kind_of_chart_is_one_that_plotly_takes() -> None:
    traces = [
        *charts.line(DAYS, SHARES, "this period", young_from=4),
        *charts.line(DAYS, SHARES, "period before", role="reference"),
        charts.bars(["0–24"], [3], "shipments", pale=True),
        *charts.stack(["0–24", "24–48"], {"Preparing": [3, 4], "Shipping": [5, 6]}),
        charts.heat(["1 Nov"], ["Icheon → KR"], [[0.1]], [["10 %"]], hover=[["10 of 100"]]),
        charts.waterfall(["Norm", "Transit", "Late"], [60, 12, 0], [True, False, True], ["60 h", "12 h", "72 h"]),
    ]
    marks = [charts.target(0.93, "target"), charts.upright(3.0, "half"), charts.band(DAYS[4], DAYS[5])]
    figure = taken_by_plotly(traces, charts.layout(300, marks=marks))
    assert len(figure.data) == len(traces)
    assert len(figure.layout.shapes) == 3
    assert len(figure.layout.annotations) == 1


def test_a_layout_is_merged_deeply() -> None:
    layout = charts.layout(xaxis={"title": {"text": "Hours"}}, margin={"r": 100})
    assert layout["xaxis"]["title"] == {"font": {"color": LIGHT.muted, "size": 13}, "text": "Hours"}
    assert layout["margin"] == {"l": 8, "r": 100, "t": 8, "b": 8}
    assert (layout["xaxis"]["showgrid"], layout["xaxis"]["fixedrange"]) == (False, True)


def test_every_colour_of_a_series_has_three_to_one_to_the_page() -> None:
    for theme in (LIGHT, DARK):
        for colour in (theme.this, theme.bad, theme.reference, *theme.stages):
            assert contrast(colour, theme.page) >= 3, colour
        assert contrast(theme.muted, theme.page) >= 4.5


def test_young_points_are_dashed_with_open_markers_and_join_the_last_full_one() -> None:
    full, joint, young = charts.line(DAYS, SHARES, "this period", young_from=4, hover=[f"day {n}" for n in range(6)])
    assert (full["x"], joint["x"], young["x"]) == (DAYS[:4], DAYS[3:5], DAYS[4:])
    assert young["line"]["dash"] == joint["line"]["dash"] == "dash"
    assert young["marker"]["color"] == LIGHT.page
    assert young["customdata"] == ["day 4", "day 5"]
    assert joint["hoverinfo"] == "skip"


@pytest.mark.parametrize(("young_from", "traces"), [(None, 1), (6, 1), (0, 2), (5, 3)])
def test_a_line_may_be_all_full_or_all_young(young_from: int | None, traces: int) -> None:
    drawn = charts.line(DAYS, SHARES, "this period", young_from=young_from)
    assert len(drawn) == traces
    shown = [x for trace in drawn if trace.get("hoverinfo") != "skip" for x in trace["x"]]
    assert shown == DAYS


def test_a_stack_has_its_totals_on_top_and_a_gap_of_the_page() -> None:
    *layers, totals = charts.stack(["0–24", "24–48"], {"Preparing": [1000, 4], "Shipping": [234, 0]})
    assert totals["text"] == ["1,234", "4"]
    assert [layer["marker"]["color"] for layer in layers] == list(LIGHT.stages[:2])
    assert {layer["marker"]["line"]["color"] for layer in layers} == {LIGHT.page}


def test_data_is_never_read_as_markup() -> None:
    name = "<b>Bento</b> & <a href='x'>co</a>"
    escaped = "&lt;b&gt;Bento&lt;/b&gt; &amp; &lt;a href='x'&gt;co&lt;/a&gt;"
    assert charts.line(DAYS, SHARES, name)[0]["name"] == escaped
    assert charts.heat(["1 Nov"], [name], [[0.1]], [["10 %"]])["y"] == [escaped]
    assert charts.upright(1, name).annotations[0]["text"] == escaped


def test_each_line_has_its_name_in_the_legend_once() -> None:
    for young_from in (None, 0, 4):
        drawn = charts.line(DAYS, SHARES, "this period", young_from=young_from)
        assert sum(trace.get("showlegend", True) for trace in drawn) == 1


@pytest.mark.parametrize(
    ("lowest", "highest", "ticks"),
    [
        (0.903, 0.941, ["90 %", "92 %", "94 %"]),
        (0.5, 1.0, ["60 %", "80 %", "100 %"]),
        (0.93, 0.93, ["92.0 %", "92.5 %", "93.0 %", "93.5 %", "94.0 %"]),
        (0.0, 1.0, ["0 %", "25 %", "50 %", "75 %", "100 %"]),
    ],
)
def test_an_axis_of_shares_has_few_round_ticks_with_their_unit(lowest: float, highest: float, ticks: list[str]) -> None:
    axis = charts.shares(lowest, highest)
    assert axis["ticktext"] == ticks
    assert axis["range"][0] <= lowest <= highest <= axis["range"][1]


@pytest.mark.parametrize("length", [1, 2, 5, 6, 14, 28, 90, 366])
def test_an_axis_of_days_has_as_many_ticks_as_a_phone_has_room_for(length: int) -> None:
    axis = charts.days([date(2026, 1, 1) + timedelta(days=n) for n in range(length)])
    assert 1 <= len(axis["ticktext"]) <= charts.MOST_DAYS
    assert axis["ticktext"][0] == "1 Jan"
