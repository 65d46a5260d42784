"""The one visual language of every chart: plain dictionaries for plotly, in light and dark, with a text for those who cannot see."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import streamlit as st

from core.domain.periods import short_day

Trace = dict[str, Any]
X = Sequence[date] | Sequence[str] | Sequence[float]
Numbers = Sequence[float | None]
Role = Literal["this", "bad", "reference", "muted"]


@dataclass(frozen=True)
class Look:
    """The colours of one theme: measured to stay apart for every kind of colour blindness, each 3:1 to the page or more."""

    ink: str
    muted: str
    line: str
    page: str
    band: str
    this: str
    bad: str
    reference: str
    stages: tuple[str, str, str, str]
    heat: tuple[str, str, str, str]

    def of(self, role: Role) -> str:
        """The colour of a series by the part it plays."""
        return {"this": self.this, "bad": self.bad, "reference": self.reference, "muted": self.muted}[role]


LIGHT: Final = Look(
    ink="#101714",
    muted="#5b6660",
    line="#e6ebe8",
    page="#ffffff",
    band="rgba(109,121,115,0.11)",
    this="#3d7fc4",
    bad="#c96a12",
    reference="#7b8781",
    stages=("#8b958f", "#5f97d2", "#2a67aa", "#12294f"),
    heat=("#f7f3ee", "#f6d3a6", "#dd8a3a", "#8f4108"),
)
DARK: Final = Look(
    ink="#e8eeeb",
    muted="#9fada6",
    line="#2b3631",
    page="#121816",
    band="rgba(147,161,154,0.14)",
    this="#5b9be0",
    bad="#dd8a3c",
    reference="#93a19a",
    stages=("#77837d", "#3a76b9", "#639fe0", "#a3c9f4"),
    heat=("#1c2722", "#4c3a22", "#8f5216", "#e38a35"),
)

FONT: Final = "Source Sans, Noto Sans CJK KR, Noto Sans CJK JP, sans-serif"
MOST_TICKS: Final = 5
MOST_DAYS: Final = 4
"""As many as there is room for on a phone: a chart does not know how wide it will be."""
_STEPS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
CONFIG: Final = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False}


@dataclass(frozen=True)
class Mark:
    """Something drawn over a chart: a line, a band, a word. `layout(..., marks=[...])` takes them."""

    shapes: tuple[Mapping[str, Any], ...] = ()
    annotations: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Press:
    """What was pressed in a chart: its place on both axes, which trace (0 is the first given) and which of its points."""

    x: Any
    y: Any
    trace: int
    point: int


def look() -> Look:
    """The colours of the theme that the viewer has chosen."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def deep(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `over` laid over it, dictionary by dictionary; everything else is replaced."""
    merged = dict(base)
    for name, value in over.items():
        below = merged.get(name)
        merged[name] = deep(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return merged


def layout(height: int = 260, *, marks: Sequence[Mark] = (), **over: Any) -> dict[str, Any]:
    """The layout of every chart, `over` laid over it deeply: no vertical grid, few ticks, nothing to zoom."""
    now = look()
    small: Trace = {"color": now.muted, "size": 13}
    axis: Trace = {
        "gridcolor": now.line,
        "linecolor": now.line,
        "zeroline": False,
        "tickfont": small,
        "title": {"font": small},
        "automargin": True,
        "fixedrange": True,
        "ticks": "",
        "nticks": MOST_TICKS,
    }
    base: Trace = {
        "height": height,
        "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.02,
            "yanchor": "bottom",
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
            "font": {"size": 13, "color": now.muted},
        },
        "bargap": 0.28,
        "font": {"family": FONT, "size": 13, "color": now.ink},
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": now.page, "bordercolor": now.muted, "font": {"family": FONT, "size": 13, "color": now.ink}},
        "dragmode": False,
        "xaxis": {**axis, "showgrid": False, "tickangle": 0},
        "yaxis": axis,
        "shapes": [shape for mark in marks for shape in mark.shapes],
        "annotations": [note for mark in marks for note in mark.annotations],
    }
    return deep(base, over)


def draw(
    data: Sequence[Trace],
    layout: Mapping[str, Any],
    *,
    key: str,
    alt: str,
    on_press: Callable[[Press], None] | None = None,
) -> None:
    """Draws the chart. `alt` says its finding in a sentence; `on_press` is called, before the page runs, for a pressed point.

    It has a place of its own, as high as it will be: nothing waits for it.
    """
    shown = {"data": list(data), "layout": dict(layout)}
    given = {"key": key, "theme": None, "alt": alt, "height": layout["height"], "config": dict(CONFIG)}
    with st.container(key=f"chart-{key}", gap=None):
        if on_press is None:
            st.plotly_chart(shown, **given)
        else:
            st.plotly_chart(shown, **given, on_select=_reporter(key, on_press), selection_mode="points")


def line(
    x: X,
    y: Numbers,
    name: str,
    *,
    role: Role = "this",
    young_from: int | None = None,
    hover: Sequence[str] | None = None,
) -> list[Trace]:
    """A series as a line; a reference is dotted, the points from `young_from` on are dashed with open markers.

    A None in `y` is a gap. `hover` has one text a point.
    """
    dotted, colour = role == "reference", look().of(role)
    cut = len(x) if young_from is None else max(0, young_from)
    base: Trace = {
        "type": "scatter",
        "name": safe(name),
        "mode": "lines" if dotted else "lines+markers",
        "connectgaps": False,
        "line": {"color": colour, "width": 1.5 if dotted else 2, "dash": "dot" if dotted else "solid"},
        "marker": {"color": colour, "size": 5},
    }
    if not cut:
        return _young(base, x, y, hover, cut)
    young = [piece | {"showlegend": False} for piece in _young(base, x, y, hover, cut)] if cut < len(x) else []
    return [_piece(base, x, y, hover, 0, cut), *young]


def _young(base: Trace, x: X, y: Numbers, hover: Sequence[str] | None, cut: int) -> list[Trace]:
    """The points from `cut` on, and the dashes that lead to them from the last full point."""
    dashes = deep(base, {"line": {"dash": "dash", "width": 1.5}})
    joint = dashes | {"mode": "lines", "hoverinfo": "skip", "showlegend": False}
    points = deep(dashes, {"marker": {"color": look().page, "line": {"color": base["line"]["color"], "width": 1.5}}})
    return [_piece(joint, x, y, None, max(0, cut - 1), cut + 1), _piece(points, x, y, hover, cut, len(x))]


def bars(
    x: X,
    y: Numbers,
    name: str,
    *,
    colour: str | None = None,
    hover: Sequence[str] | None = None,
    pale: bool = False,
) -> Trace:
    """A series as bars; `pale`: half transparent."""
    now = look()
    trace: Trace = {
        "type": "bar",
        "name": safe(name),
        "x": list(x),
        "y": list(y),
        "orientation": "v",
        "marker": {
            "color": colour or now.this,
            "opacity": 0.45 if pale else 1,
            "line": {"color": now.page, "width": 1},
        },
        "unselected": {"marker": {"opacity": 0.45 if pale else 1}},
    }
    return trace | _hover(hover, f"{safe(name)} %{{y:,}}")


def stack(x: X, series: Mapping[str, Sequence[int]], *, colours: Sequence[str] | None = None) -> list[Trace]:
    """Stacked bars with a gap in the colour of the page and the total on top; for `layout(barmode="stack", showlegend=True)`."""
    now = look()
    shades = colours or now.stages
    traces = [bars(x, ys, name, colour=shades[i % len(shades)]) for i, (name, ys) in enumerate(series.items())]
    totals = [sum(values) for values in zip(*series.values(), strict=True)]
    top: Trace = {
        "type": "scatter",
        "mode": "text",
        "x": list(x),
        "y": totals,
        "text": [f"{total:,}" for total in totals],
        "textposition": "top center",
        "textfont": {"color": now.ink, "size": 13},
        "cliponaxis": False,
        "showlegend": False,
        "hoverinfo": "skip",
    }
    return [*traces, top]


def heat(
    columns: X,
    rows: Sequence[str],
    shares: Sequence[Numbers],
    texts: Sequence[Sequence[str]],
    *,
    hover: Sequence[Sequence[str]] | None = None,
    highest: float | None = None,
) -> Trace:
    """A table of shares (0 to 1) in one hue with the value printed in each cell; a None is an empty cell."""
    now = look()
    steps = [[i / (len(now.heat) - 1), colour] for i, colour in enumerate(now.heat)]
    known = [share for row in shares for share in row if share is not None]
    return {
        "type": "heatmap",
        "x": list(columns),
        "y": [safe(row) for row in rows],
        "z": [list(row) for row in shares],
        "text": [[safe(text) for text in row] for row in texts],
        "texttemplate": "%{text}",
        "textfont": {"size": 13},
        "colorscale": steps,
        "zmin": 0,
        "zmax": highest or max(known, default=1) or 1,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hoverongaps": False,
    } | _hover([[safe(text) for text in row] for row in hover] if hover else None, "%{y}<br>%{x}<br>%{text}")


def waterfall(names: Sequence[str], values: Sequence[float], totals: Sequence[bool], texts: Sequence[str]) -> Trace:
    """From one total to the next by steps up (the colour of bad) and down (the colour of this), a row each, from above."""
    now = look()
    return {
        "type": "waterfall",
        "orientation": "h",
        "y": [safe(name) for name in names],
        "x": list(values),
        "measure": ["absolute" if total and not i else "total" if total else "relative" for i, total in enumerate(totals)],
        "text": [safe(text) for text in texts],
        "textposition": "outside",
        "textfont": {"color": now.ink, "size": 13},
        "cliponaxis": False,
        "increasing": {"marker": {"color": now.bad}},
        "decreasing": {"marker": {"color": now.this}},
        "totals": {"marker": {"color": now.reference}},
        "connector": {"line": {"color": now.muted, "width": 1, "dash": "dot"}},
        "hoverinfo": "skip",
    }


def target(value: float, name: str) -> Mark:
    """A thin line in the colour of bad, named in the legend."""
    shape: Trace = {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": value, "y1": value, "layer": "below"}
    return Mark((shape | {"line": {"color": look().bad, "width": 1.5}, "name": safe(name), "showlegend": True},))


def upright(value: float | str, text: str, *, role: Role = "this", at: float = 1, left: bool = False) -> Mark:
    """A dashed line upwards with its name; `at` is the height of the name, 1 at the upper edge, `left` whether it stands on that side."""
    now = look()
    shape: Trace = {"type": "line", "x0": value, "x1": value, "y0": 0, "y1": 1, "yref": "paper"}
    shape |= {"line": {"color": now.of(role), "width": 1.5, "dash": "dot" if role == "reference" else "dash"}}
    place = {"xanchor": "right", "xshift": -4} if left else {"xanchor": "left", "xshift": 4}
    return Mark((shape,), (_word(value, at, text, now.ink, xref="x", yref="paper", yanchor="bottom", **place),))


def band(first: Any, last: Any) -> Mark:
    """A grey band over a stretch of the x axis; what it means is said under the chart."""
    shape: Trace = {
        "type": "rect",
        "x0": first,
        "x1": last,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"width": 0},
        "layer": "below",
    }
    return Mark((shape | {"fillcolor": look().band},))


def shares(lowest: float, highest: float) -> dict[str, Any]:
    """An axis of shares (0 to 1) with the unit on the tick, from just below the lowest to just above the highest."""
    room = max(0.01, (highest - lowest) * 0.12)
    first, last = max(0.0, lowest - room), min(1.02, highest + room)
    ticks = next(ticks for step in _STEPS if len(ticks := _round_ticks(first, last, step)) <= MOST_TICKS)
    places = int(any(round(1000 * tick) % 10 for tick in ticks))
    return {"range": [first, last], "tickvals": ticks, "ticktext": [f"{100 * tick:.{places}f} %" for tick in ticks]}


def _round_ticks(first: float, last: float, step: float) -> list[float]:
    """The multiples of the step between the ends, none above 100 %."""
    return [n * step for n in range(math.ceil(first / step - 1e-9), math.floor(min(last, 1) / step + 1e-9) + 1)]


def days(x: Sequence[date]) -> dict[str, Any]:
    """An axis of days, written `9 Nov`, at most four of them."""
    step = next((step for step in (1, 2, 3, 4, 5, 7, 14, 28) if len(x) / step <= MOST_DAYS), -(-len(x) // MOST_DAYS))
    ticks = list(x)[::step]
    return {"type": "date", "tickvals": ticks, "ticktext": [short_day(day) for day in ticks]}


def safe(text: str) -> str:
    """Text from data as plotly shows it: it reads some markup, which data is not."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _piece(base: Trace, x: X, y: Numbers, hover: Sequence[str] | None, first: int, last: int) -> Trace:
    piece = base | {"x": list(x[first:last]), "y": list(y[first:last])}
    if piece.get("hoverinfo") == "skip":
        return piece
    return piece | _hover([safe(text) for text in hover[first:last]] if hover else None, f"{base['name']} %{{y}}")


def _hover(texts: Sequence[Any] | None, otherwise: str) -> Trace:
    if texts is None:
        return {"hovertemplate": f"{otherwise}<extra></extra>"}
    return {"customdata": list(texts), "hovertemplate": "%{customdata}<extra></extra>"}


def _word(x: Any, y: Any, text: str, colour: str, **place: Any) -> dict[str, Any]:
    return {"x": x, "y": y, "text": safe(text), "showarrow": False, "font": {"color": colour, "size": 13}} | place


def _reporter(key: str, on_press: Callable[[Press], None]) -> Callable[[], None]:
    """A second press on a point takes its selection back: it is told as the press it is."""

    def report() -> None:
        points = st.session_state[key]["selection"]["points"]
        held = f"{key}:pressed"
        if points:
            first = points[0]
            st.session_state[held] = Press(
                first.get("x"), first.get("y"), first.get("curve_number", 0), first.get("point_index", 0)
            )
        if pressed := st.session_state.get(held):
            on_press(pressed)

    return report
