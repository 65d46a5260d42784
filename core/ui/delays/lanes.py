"""Late share by lane and week: a heat map to press, two boxes that do the same by keyboard, and what is behind the choice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from core.domain.fields import FIELDS
from core.domain.figures import Figure, Lane, Part, enough
from core.domain.language import tr
from core.domain.periods import MONTHS, Period
from core.domain.reasons import sentences
from core.domain.selection import Selection
from core.files.countries import country_name
from core.services.figures import Heat, Value
from core.services.figures.values import added_up
from core.ui.delays.header import ALL, HEIGHT, View, lane_key, within
from core.ui.delays.sentences import DelaysFile, DelaysText, HeatText
from core.ui.kit import charts, explain, figure_texts, formats, links
from core.ui.kit.chart_table import chart_table
from core.ui.kit.charts import Mark, Press
from core.ui.kit.links import put

MOST, LEAST_TOP, MOST_COLUMNS = 8, 0.2, 8
ROW, AROUND = 34, 70
"""Pixels: of a row of the map where there are few, and of what stands around them."""
FEW = "·"
"""In place of a share that is over too few."""


def worst(heat: Heat) -> Lane | None:
    """The lane with the most late shipments: where to look first. None when none has enough to tell anything of, and late ones."""
    values = {lane: of_lane(heat, lane) for lane in heat.lanes}
    late = {lane: value.rest for lane, value in values.items() if value.rest and enough(value.denominator)}
    return max(late, key=lambda one: late[one], default=None)


def of_lane(heat: Heat, lane: Lane | None) -> Value:
    """The figure of a lane over all its weeks; None: over all lanes of the map."""
    return added_up(heat.figure, (cell.value for (one, _), cell in heat.cells.items() if lane in (None, one)))


def card(view: View, heat: Heat, overall: Value, lane: Lane | None, today: date) -> None:
    """The heat map with its controls; `lane` is the one that the other charts are about."""
    heat = heat.readable(shown(heat, lane), MOST_COLUMNS)
    view = replace(view, week=heat.column(view.week))
    with st.container(border=True, height="stretch", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.subheader(
                str(DelaysFile.LANES()),
                anchor=False,
                width="content",
                help=explain.definition(Figure.ON_TIME),
            )
            st.space("stretch")
            _lane_box(heat, lane)
            _week_box(view, heat, today)
        st.caption(_about(heat, lane))
        _map(view, heat, lane, today)
        _behind(view, heat, overall, lane, today)


def _map(view: View, heat: Heat, lane: Lane | None, today: date) -> None:
    lanes, weeks = shown(heat, lane), heat.weeks
    late = [[_late(heat, one, week) for week in weeks] for one in lanes]
    hover = [[_told(view, heat, one, week, today) for week in weeks] for one in lanes]
    highest = max([LEAST_TOP, *(share for row in late for share in row if share is not None)])
    blank = [[""] * len(weeks)] * len(lanes)
    traces = [
        charts.heat(range(len(weeks)), [str(row) for row in range(len(lanes))], late, blank, hover=hover, highest=highest),
        _printed(heat, lanes, late, hover, highest),
    ]
    layout = charts.layout(
        min(HEIGHT, AROUND + ROW * len(lanes)),
        marks=[_outline(view, heat, lanes, lane)],
        hovermode="closest",
        hoverdistance=-1,
        xaxis={"range": [-0.5, len(weeks) - 0.5]} | _ticks(_days(weeks)),
        yaxis={"range": [len(lanes) - 0.5, -0.5], "showgrid": False} | _ticks([charts.safe(one.name) for one in lanes]),
    )

    def pressed(press: Press) -> None:
        row, column = round(float(press.y)), round(float(press.x))
        if row < len(lanes) and column < len(weeks):
            put(lane=lane_key(lanes[row]), week=weeks[column].isoformat())

    charts.draw(traces, layout, key="lanes", alt=_finding(view, heat, today), on_press=pressed)
    rows = [[one.name, *(_text(heat, one, week) or "–" for week in weeks)] for one in lanes]
    heads = [FIELDS["lane"], *(formats.day(week, today) for week in weeks)]
    chart_table(heads, rows, key="lanes", title=str(DelaysFile.LANES()))


def _ticks(names: Sequence[str]) -> charts.Trace:
    """Places on the axis are numbers: two lanes may be written alike."""
    return {
        "type": "linear",
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "tickfont": {"size": 12},
    }


def _days(weeks: Sequence[date]) -> list[str]:
    """The first days of the columns, as narrow as these are on a phone: the month stands under the first of it."""
    months = [None, *((week.year, week.month) for week in weeks)]
    return [
        f"{week.day}<br>{MONTHS[week.month]}" if (week.year, week.month) != before else str(week.day)
        for week, before in zip(weeks, months, strict=False)
    ]


def _about(heat: Heat, lane: Lane | None) -> str:
    more = len(heat.lanes) - len(shown(heat, lane))
    return formats.facts(
        HeatText.PER_CENT(),
        HeatText.FEW(),
        HeatText.YOUNG(),
        HeatText.SPAN("thin" if heat.thin else "many", weeks=heat.span) if heat.span > 1 else None,
        HeatText.SMALLER(count=more) if more else None,
    )


def is_low(heat: Heat, lane: Lane | None) -> bool:
    """Whether the map has so few rows that it would leave half a card beside another chart empty."""
    return AROUND + ROW * len(shown(heat, lane)) < HEIGHT * 2 / 3


def shown(heat: Heat, lane: Lane | None) -> tuple[Lane, ...]:
    """The lanes that have a row: the largest, and in any case the one that was chosen."""
    if lane in heat.lanes[:MOST] or lane not in heat.lanes:
        return heat.lanes[:MOST]
    return (*heat.lanes[: MOST - 1], lane)


def _printed(
    heat: Heat, lanes: Sequence[Lane], late: Sequence[charts.Numbers], hover: Sequence[Sequence[str]], highest: float
) -> charts.Trace:
    """The number of each cell in a colour that can be read on it; a cell of a heat map cannot be pressed, these can."""
    cells = [(row, column) for row in range(len(lanes)) for column in range(len(heat.weeks))]
    look = charts.look()
    shares = [late[row][column] for row, column in cells]
    colours = [look.muted if share is None else readable_on(shade(look.heat, share / highest)) for share in shares]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [column for _, column in cells],
        "y": [row for row, _ in cells],
        "text": [_text(heat, lanes[row], heat.weeks[column]) for row, column in cells],
        "textfont": {"size": 11, "color": colours},
        "marker": {"symbol": "square", "size": 26, "opacity": 0},
        "selected": {"marker": {"opacity": 0}},
        "unselected": {"marker": {"opacity": 0}},
        "customdata": [charts.safe(hover[row][column]) for row, column in cells],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def shade(steps: Sequence[str], place: float) -> tuple[float, ...]:
    """The colour at this place (0 to 1) of a scale, as red, green and blue from 0 to 1."""
    at = min(1.0, max(0.0, place)) * (len(steps) - 1)
    low = min(int(at), len(steps) - 2)
    first, second = (tuple(int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)) for text in steps[low : low + 2])
    return tuple(a + (b - a) * (at - low) for a, b in zip(first, second, strict=True))


def readable_on(colour: Sequence[float]) -> str:
    """Black or white, whichever stands out more: at least 4.5 to 1 on any colour (WCAG 2.2, relative luminance)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#ffffff"


def _outline(view: View, heat: Heat, lanes: Sequence[Lane], lane: Lane | None) -> Mark:
    """A frame around the lane that was chosen, and a stronger one around its week."""
    if lane not in lanes:
        return Mark()
    row, ink = lanes.index(lane), charts.look().ink
    base: charts.Trace = {"type": "rect", "y0": row - 0.5, "y1": row + 0.5, "fillcolor": "rgba(0,0,0,0)"}
    shapes = [base | {"x0": -0.5, "x1": len(heat.weeks) - 0.5, "line": {"color": ink, "width": 1, "dash": "dot"}}]
    if view.week in heat.weeks:
        column = heat.weeks.index(view.week)
        shapes.append(base | {"x0": column - 0.5, "x1": column + 0.5, "line": {"color": ink, "width": 2}})
    return Mark(tuple(shapes))


def _late(heat: Heat, lane: Lane, week: date) -> float | None:
    cell = heat.cells.get((lane, week))
    return None if cell is None or cell.value.value is None else 1 - cell.value.value


def _is_few(heat: Heat, lane: Lane, week: date) -> bool:
    cell = heat.cells.get((lane, week))
    return cell is not None and cell.value.value is None and cell.value.denominator > 0


def _text(heat: Heat, lane: Lane, week: date) -> str:
    late = _late(heat, lane, week)
    if late is None:
        return FEW if _is_few(heat, lane, week) else ""
    text = f"{100 * late:.0f}"
    return f"({text})" if heat.cells[lane, week].young else text


def _told(view: View, heat: Heat, lane: Lane, week: date, today: date) -> str:
    cell = heat.cells.get((lane, week))
    where = {"lane": f"{lane.warehouse or '–'} → {country_name(lane.country)}", "days": _column(view, heat, week, today)}
    if cell is None:
        return str(HeatText.NO_SHIPMENTS(**where))
    age = "young" if cell.young else "ripe"
    return str(HeatText.LATE(age, **where, late=cell.value.rest, due=cell.value.denominator))


def _column(view: View, heat: Heat, week: date, today: date) -> str:
    """The days of a column."""
    return figure_texts.span(within(week, view.period, heat.span), today)


def _finding(view: View, heat: Heat, today: date) -> str:
    shares = {key: 1 - cell.value.value for key, cell in heat.cells.items() if cell.value.value is not None}
    if not shares:
        return str(HeatText.TOO_FEW(days=figure_texts.span(view.period, today)))
    (lane, week), share = max(shares.items(), key=lambda one: one[1])
    least, most = figure_texts.share(min(shares.values())), figure_texts.share(share)
    found = HeatText.SHARES(lanes=len(heat.lanes), least=least, most=most)
    return sentences([found, HeatText.HIGHEST(lane=lane.name, days=_column(view, heat, week, today))])


def _lane_box(heat: Heat, lane: Lane | None) -> None:
    options = [ALL, *(lane_key(one) for one in heat.lanes)]
    chosen = lane_key(lane) if lane else ALL
    names = {lane_key(one): one.name for one in (*heat.lanes, *([lane] if lane else []))}
    st.session_state["delays:lane"] = chosen
    st.selectbox(
        FIELDS["lane"],
        list(dict.fromkeys([*options, chosen])),
        key="delays:lane",
        format_func=lambda key: names.get(key, tr("All routes")),
        label_visibility="collapsed",
        width=180,
        on_change=lambda: put(lane=st.session_state["delays:lane"]),
    )


def _week_box(view: View, heat: Heat, today: date) -> None:
    weeks = {week.isoformat(): _column(view, heat, week, today) for week in heat.weeks}
    st.session_state["delays:week"] = view.week.isoformat() if view.week in heat.weeks else ALL
    st.selectbox(
        tr("Week"),
        [ALL, *weeks],
        key="delays:week",
        format_func=lambda week: weeks.get(week, tr("All weeks")),
        label_visibility="collapsed",
        width=150,
        on_change=_week_chosen,
    )


def _week_chosen() -> None:
    week = st.session_state["delays:week"]
    put(week=None if week == ALL else week)


def _behind(view: View, heat: Heat, overall: Value, lane: Lane | None, today: date) -> None:
    """What the chosen cell, lane or map is made of, and its late shipments."""
    value, period = _chosen(view, heat, overall, lane)
    where = view.where.on(lane)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        name = lane.name if lane else tr("All routes")
        st.markdown(formats.facts(f"**{formats.plain(name)}**", figure_texts.span(period, today)), width="content")
        label = str(DelaysText.DUE(late=value.rest, due=value.denominator))
        opens = (value, period, where, Part.REST)
        icon = ":material/chevron_right:"
        st.button(
            label, key="lanes:open", type="tertiary", icon=icon, icon_position="right", on_click=explain.open_drawer, args=opens
        )
        st.space("stretch")
        st.button(
            str(HeatText.SHOW_LATE(late=value.rest)),
            key="lanes:show",
            icon=":material/list:",
            disabled=not value.rest,
            on_click=_show,
            args=(period, where),
        )


def _chosen(view: View, heat: Heat, overall: Value, lane: Lane | None) -> tuple[Value, Period]:
    if view.week not in heat.weeks:
        return (of_lane(heat, lane) if lane else overall), view.period
    period = within(view.week, view.period, heat.span)
    found = (cell.value for (one, week), cell in heat.cells.items() if week == view.week and lane in (None, one))
    return added_up(heat.figure, found), period


def _show(period: Period, where: Selection) -> None:
    links.goto(links.behind(Figure.ON_TIME, Part.REST, period, where))
