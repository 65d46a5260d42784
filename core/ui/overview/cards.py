"""The two charts of the Overview: on-time delivery over time, and how old the open shipments are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, pairwise, repeat

import streamlit as st

from core.domain import labels
from core.domain.dimensions import Hours
from core.domain.fields import FIELDS
from core.domain.figures import BACKLOG_HOURS, Figure, TrendStep
from core.domain.language import Vocabulary, tr
from core.domain.periods import days_in_words
from core.domain.reasons import Names, Why, sentences
from core.domain.shipment import Status
from core.runtime import Runtime
from core.services import figures
from core.services.figures import Backlog, Overview, Point, Trend, Value
from core.ui.kit import charts, explain, figure_texts, fold, formats, links, notes, who
from core.ui.kit.chart_table import chart_table
from core.ui.kit.charts import Press
from core.ui.kit.figure_texts import ChangeText
from core.ui.overview.header import STACKS, View
from core.ui.overview.seen import OverviewSeen
from core.ui.overview.sentences import BacklogText, TrendText

HEIGHT = 262
MOST_LAYERS = 4
_AGES = Vocabulary({0: "0–24 h", 1: "24–48 h", 2: "48–72 h", 3: "72–120 h", 4: "over 120 h"})
_TURNS = {"green": "better", "red": "worse"}
_LOWS = (0, *BACKLOG_HOURS)
_SHORT_AGES = (*(f"{low}–{high}" for low, high in pairwise(_LOWS)), f"{_LOWS[-1]}+")
_BORDERS = tuple(map(Hours, _LOWS, (*BACKLOG_HOURS, None)))
_OPEN = tuple(status for status in Status if status is not Status.DELIVERED)


@dataclass(frozen=True)
class Layer:
    """One part of the stacked bars, and which shipments are in it."""

    name: str
    colour: str
    counts: Sequence[int]
    statuses: tuple[Status, ...] = ()
    warehouses: tuple[str, ...] = ()


def cards(runtime: Runtime, view: View, seen: OverviewSeen, now: datetime) -> None:
    """Both charts side by side; one that has nothing to show leaves its room to the other, and says why in a line."""
    shown = _readable(runtime, view, seen.period.trend, now)
    if not shown:
        notes.nothing(*_too_few(view, seen.period.values[Figure.ON_TIME]))
    if not seen.backlog.total:
        notes.nothing(tr("Nothing is open"), tr("Every shipment here is delivered or closed."), ":material/task_alt:")
    halves = st.container(key="charts").grid(2 if shown and seen.backlog.total else 1, min_column_width=560, gap="xsmall")
    if shown:
        with halves.cell(), fold.on_phones("trend", str(TrendText.TITLE(view.period.cohort))):
            trend_card(runtime, view, seen.period, shown, now)
    if seen.backlog.total:
        oldest = sum(cell.shipments for cell in seen.backlog.cells if cell.low == _LOWS[-1])
        title = BacklogText.PILES(count=seen.backlog.total, oldest=oldest, age=_AGES[len(_AGES) - 1])
        with halves.cell(), fold.on_phones("backlog", str(title)):
            backlog_card(view, seen.backlog)


def trend_card(runtime: Runtime, view: View, seen: Overview, shown: Trend, now: datetime) -> None:
    """On-time delivery by day or week, beside the period before and the target."""
    value, today = seen.values[Figure.ON_TIME], now.astimezone(runtime.settings.zone).date()
    with st.container(border=True, height="stretch", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            title = str(TrendText.TITLE(view.period.cohort))
            st.subheader(title, anchor=False, width="content", help=explain.definition(Figure.ON_TIME))
            st.space("stretch")
            if value.denominator:
                explain.button(value, view.period, view.where, key="trend:open")
        _trend(shown, value, runtime.settings.target, view, today)
        _trend_table(shown, title, today)
        _under_trend(view, seen, shown)


def backlog_card(view: View, backlog: Backlog) -> None:
    """Open shipments by hours since their last change of state, stacked by status or by warehouse."""
    several = len({cell.warehouse for cell in backlog.cells}) > 1
    with st.container(border=True, height="stretch", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.subheader(
                tr("What piles up"),
                anchor=False,
                width="content",
                help=explain.definition(Figure.BACKLOG),
            )
            st.space("stretch")
            if several:
                _stacked_by(view)
            label = str(BacklogText.OPEN(count=backlog.total))
            explain.button(backlog.age, view.period, view.where, key="backlog:open", label=label)
        _backlog(view, backlog, by_warehouse=several and view.stacked == "warehouse")


def _readable(runtime: Runtime, view: View, trend: Trend, now: datetime) -> Trend | None:
    """The trend when at least half of its points have enough cases, else the one by weeks; None when that has none either."""
    if _filled(trend) * 2 >= len(trend.points) > 1:
        return trend
    if view.step is TrendStep.WEEK or view.period.days < 14:
        return trend if _filled(trend) > 1 else None
    weekly = figures.trend(runtime.store, view.period, view.where, visit=who.visit(runtime, now), step=TrendStep.WEEK)
    return weekly if _filled(weekly) > 1 else None


def _filled(trend: Trend) -> int:
    return sum(point.values[Figure.ON_TIME].value is not None for point in trend.points)


def _trend(trend: Trend, value: Value, target: float, view: View, today: date) -> None:
    points, before = trend.points, trend.before[: len(trend.points)]
    x = [point.first for point in points]
    this, past = _shares(points), _shares(before)
    young = trend.young_from
    known = [share for share in (*this, *past, target) if share is not None]
    axis = charts.shares(min(known), max(known))
    marks = [charts.target(target, str(TrendText.TARGET_LINE(target=100 * target)))]
    if young is not None:
        half = (x[1] - x[0]) / 2
        marks.append(charts.band(_midnight(x[young]) - half, _midnight(x[-1]) + half))
    layout = charts.layout(
        HEIGHT,
        marks=marks,
        showlegend=True,
        xaxis=charts.days(x),
        yaxis=axis,
    )
    lines = charts.line(x, this, tr("this period"), young_from=young, hover=_told(points, today))
    lines += charts.line(x[: len(past)], past, tr("period before"), role="reference", hover=_told(before, today))
    charts.draw(lines, layout, key="trend", alt=_finding(points, value, target, view, today))


def _trend_table(trend: Trend, title: str, today: date) -> None:
    def told(point: Point) -> list[str]:
        value = point.values[Figure.ON_TIME]
        return [days_in_words(point.first, point.last, today), figure_texts.shown(value), figure_texts.made_of(value)]

    past = chain((figure_texts.shown(point.values[Figure.ON_TIME]) for point in trend.before), repeat("–"))
    rows = [[*told(point), before] for point, before in zip(trend.points, past, strict=False)]
    steps = tr("Day") if trend.points[0].first == trend.points[0].last else tr("Week")
    chart_table([steps, tr("this period"), tr("Made of"), tr("period before")], rows, key="trend", title=title)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a place on an axis of days


def _shares(points: Sequence[Point]) -> list[float | None]:
    return [point.values[Figure.ON_TIME].value for point in points]


def _told(points: Sequence[Point], today: date) -> list[str]:
    """For each point: its days, its share and what it is made of."""
    return [str(_told_of(point, today)) for point in points]


def _told_of(point: Point, today: date) -> Why:
    value = point.values[Figure.ON_TIME]
    return TrendText.POINT(
        "day" if point.first == point.last else "days",
        first=formats.day(point.first, today),
        last=formats.day(point.last, today),
        share=figure_texts.shown(value),
        made_of=figure_texts.made_of(value),
    )


def _finding(points: Sequence[Point], value: Value, target: float, view: View, today: date) -> str:
    days, share = figure_texts.span(view.period, today), figure_texts.shown(value)
    said = [TrendText.SHARE(days=days, share=share, made_of=figure_texts.made_of(value))]
    if change := figure_texts.change(value, full=True):
        said.append(TrendText.CHANGE(_turn(value, change), change=change.text))
    if value.value is not None:
        said.append(TrendText.TARGET("reached" if value.value >= target else "missed", target=100 * target))
    known = [(point.values[Figure.ON_TIME].value, point) for point in points if point.values[Figure.ON_TIME].value is not None]
    if known:
        lowest, worst = min(known, key=lambda one: one[0] or 0)
        said.append(TrendText.LOWEST(share=figure_texts.share(lowest or 0), day=formats.day(worst.first, today)))
    return sentences(said)


def _turn(value: Value, change: ChangeText) -> str:
    """Which of the sentences on the change is true."""
    if value.early:
        return "early"
    if change.arrow != "off":
        return _TURNS.get(change.colour, "other")
    return "unclear" if value.change else "same"


def _too_few(view: View, value: Value) -> tuple[str, str, str]:
    if not value.denominator:
        return (
            tr("No shipment was due"),
            tr("Nothing of these dates was attempted or past its promise."),
            ":material/show_chart:",
        )
    if view.period.days == 1:
        return tr("One day makes no line"), tr("Choose a longer period to see the course."), ":material/show_chart:"
    step = "week" if view.step is TrendStep.WEEK else "day"
    return str(TrendText.TOO_FEW_TITLE(step)), str(TrendText.TOO_FEW(step)), ":material/show_chart:"


def _under_trend(view: View, seen: Overview, shown: Trend) -> None:
    """The n of the chart, how many shipments have a promise at all, and which points are not final."""
    coverage = seen.values[Figure.PROMISED]
    if not coverage.denominator:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        explain.button(
            coverage,
            view.period,
            view.where,
            key="coverage:open",
            label=str(TrendText.PROMISED(share=figure_texts.shown(coverage), count=coverage.denominator)),
        )
        st.space("stretch")
        if any(point.young for point in shown.points):
            p90 = shown.p90_hours
            grey = TrendText.NOT_FINAL("hours", hours=figure_texts.hours(p90)) if p90 else TrendText.NOT_FINAL("today")
            st.caption(str(grey), width="content")


def _stacked_by(view: View) -> None:
    st.session_state["stack"] = view.stacked
    st.segmented_control(
        tr("Stacked by"),
        list(STACKS),
        required=True,
        key="stack",
        label_visibility="collapsed",
        format_func=STACKS.__getitem__,
        on_change=lambda: links.put(stack=st.session_state["stack"]),
    )


def _backlog(view: View, backlog: Backlog, *, by_warehouse: bool) -> None:
    layers = _by_warehouse(backlog) if by_warehouse else _by_status(backlog)
    totals = [sum(column) for column in zip(*(layer.counts for layer in layers), strict=True)]
    layout = charts.layout(
        HEIGHT,
        barmode="stack",
        showlegend=True,
        hovermode="closest",
        xaxis={"title": {"text": charts.safe(tr("hours since the last change"))}},
        yaxis={"range": [0, 1.12 * max(totals)], "tickformat": ",d"},
    )

    def pressed(press: Press) -> None:
        if press.trace < len(layers):
            layer = layers[press.trace]
            where = view.where.but(warehouse=layer.warehouses) if layer.warehouses else view.where
            links.goto(links.waiting(view.period, where, _BORDERS[press.point], layer.statuses))

    charts.draw(
        charts.stack(_SHORT_AGES, {layer.name: layer.counts for layer in layers}, colours=[layer.colour for layer in layers]),
        layout,
        key="backlog",
        alt=_backlog_finding(backlog, totals),
        on_press=pressed,
    )
    heads = [FIELDS["age"], *(layer.name for layer in layers), tr("All")]
    counts = zip(*(layer.counts for layer in layers), totals, strict=True)
    rows = [[age, *map(formats.count, line)] for age, line in zip(_AGES.values(), counts, strict=True)]
    chart_table(heads, rows, key="backlog", title=tr("What piles up"))
    _under_backlog(view, backlog, totals[-1])


def _by_status(backlog: Backlog) -> list[Layer]:
    look = charts.look()
    shades = dict(zip(_OPEN, (*look.stages, look.bad), strict=True))
    layers = [Layer(labels.status(status), shades[status], _counts(backlog, statuses=(status,)), (status,)) for status in _OPEN]
    return [layer for layer in layers if any(layer.counts) or layer.statuses != (Status.SHIPPING_FAILED,)]


def _by_warehouse(backlog: Backlog) -> list[Layer]:
    """The three largest, and the others together."""
    totals: dict[str, int] = {}
    for cell in backlog.cells:
        totals[cell.warehouse] = totals.get(cell.warehouse, 0) + cell.shipments
    ranked = sorted(totals, key=lambda name: -totals[name])
    alone = ranked if len(ranked) <= MOST_LAYERS else ranked[: MOST_LAYERS - 1]
    groups: dict[str, tuple[str, ...]] = {name or tr("no warehouse"): (name,) for name in alone}
    if rest := tuple(ranked[len(alone) :]):
        groups[tr("other warehouses")] = rest
    shades = charts.look().stages
    return [
        Layer(name, shades[i], _counts(backlog, warehouses=names), warehouses=names)
        for i, (name, names) in enumerate(groups.items())
    ]


def _counts(backlog: Backlog, *, statuses: Sequence[Status] = (), warehouses: Sequence[str] = ()) -> list[int]:
    """How many of them are in each age."""
    counts = dict.fromkeys(_LOWS, 0)
    for cell in backlog.cells:
        if (not statuses or cell.status in statuses) and (not warehouses or cell.warehouse in warehouses):
            counts[cell.low] += cell.shipments
    return list(counts.values())


def _backlog_finding(backlog: Backlog, totals: Sequence[int]) -> str:
    parts = Names(str(BacklogText.PART(count=total, age=age)) for age, total in zip(_AGES.values(), totals, strict=True))
    return str(BacklogText.FOUND(count=backlog.total, parts=parts))


def _under_backlog(view: View, backlog: Backlog, oldest: int) -> None:
    """The n of the chart, how long half of them wait, and the way to the oldest."""
    half = backlog.age.p50
    waiting = BacklogText.HALF(hours=figure_texts.hours(half)) if half is not None else None
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if waiting:
            st.caption(str(waiting), width="content")
        st.space("stretch")
        st.button(
            str(BacklogText.OLDEST("some" if oldest else "none", count=oldest, age=_AGES[len(_AGES) - 1])),
            key="backlog:oldest",
            type="tertiary",
            icon=":material/chevron_right:",
            icon_position="right",
            on_click=links.goto,
            args=(links.waiting(view.period, view.where, _BORDERS[-1 if oldest else 0]),),
        )
