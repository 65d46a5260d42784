"""How long parcels took against the norm, and in which step the late ones lost their hours."""

from itertools import chain, repeat

import streamlit as st

from core.domain.figures import NORM_DAYS, SEGMENTS, Lane, NoFigure, Part
from core.domain.language import tr
from core.domain.reasons import Reason, Why, sentences
from core.services.figures import Bin, Distribution, SegmentHours, Segments, Value
from core.ui.delays.header import HEIGHT, TIMED, View, choice_of, name_of
from core.ui.delays.sentences import SpreadText, StepsText
from core.ui.kit import charts, explain, figure_texts, formats, shared
from core.ui.kit.chart_table import chart_table
from core.ui.kit.formats import DurationText
from core.ui.kit.sentences import KitText

OURS = tuple(segment for segment, words in SEGMENTS.items() if words.ours)
_MINUS = "\u2212"


def spread_card(view: View, spread: Distribution, lane: Lane | None) -> None:
    """The distribution of hours with P50 and P90, beside the norm."""
    value, where = spread.value, view.where.on(lane)
    with st.container(border=True, height="stretch", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            title = _titled(SpreadText.TITLE, lane, figure=name_of(view.timed))
            st.subheader(formats.plain(title), anchor=False, width="content", help=explain.definition(view.timed))
            st.space("stretch")
            choice_of("time", tr("Hours of"), TIMED, view.timed, name_of, 215)
        st.caption(_about(spread))
        _spread(spread)
        _spread_table(spread, title)
        explain.button(value, view.period, where, key="spread:open")


def no_spread(view: View, spread: Distribution, lane: Lane | None) -> None:
    """In place of the distribution where too few shipments have one: why, and the figure to choose another of."""
    title, text, icon = why_no_spread(spread.value) or ("", "", "")
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"{icon} **{_titled(SpreadText.TITLE, lane, figure=name_of(view.timed))}**", width="content")
        st.caption(formats.facts(title, text), width="content")
        st.space("stretch")
        choice_of("time", tr("Hours of"), TIMED, view.timed, name_of, 215)


def hours_card(view: View, found: Segments, late: Value, lane: Lane | None) -> None:
    """Where the hours of late parcels went, step by step, against the norm of their lanes."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        explained = formats.plain(str(StepsText.HELP(days=NORM_DAYS)))
        title = _titled(StepsText.TITLE, lane)
        st.subheader(formats.plain(title), anchor=False, width="content", help=explained)
        st.caption(_about_hours(found))
        _waterfall(found, title)
        if late.rest:
            st.button(
                str(StepsText.LATE(count=late.rest)),
                key="hours:open",
                type="tertiary",
                icon=":material/chevron_right:",
                icon_position="right",
                on_click=explain.open_drawer,
                args=(late, view.period, view.where.on(lane), Part.REST),
            )


def _spread(spread: Distribution) -> None:
    days = _in_days(spread)
    per, unit = (24.0, tr("days")) if days else (1.0, tr("hours"))
    centres = [_centre(one, spread.bins) / per for one in spread.bins]
    finished = charts.bars(centres, [one.finished for one in spread.bins], tr("Finished"), hover=_told(spread.bins, per, unit))
    still = charts.bars(
        centres, [one.open for one in spread.bins], tr(shared.STILL_OPEN), pale=True, hover=_told(spread.bins, per, unit)
    )
    traces = [finished, still] if any(one.open for one in spread.bins) else [finished]
    middle = max(centres) / 2
    marks = [
        charts.upright(at / per, text, role="muted", at=height, left=at / per > middle) for at, text, height in _marks(spread)
    ]
    if spread.norm.value is not None:
        traces.append(_norm(spread, centres))
    layout = charts.layout(
        HEIGHT,
        marks=marks,
        barmode="stack",
        bargap=0.12,
        hovermode="closest",
        margin={"t": 56},
        xaxis={"title": {"text": charts.safe(unit)}, "rangemode": "tozero"},
        yaxis={"rangemode": "tozero", "tickformat": ",d"},
    )
    charts.draw(traces, layout, key="spread", alt=_finding(spread))


def _spread_table(spread: Distribution, title: str) -> None:
    per, unit = (24.0, tr("days")) if _in_days(spread) else (1.0, tr("hours"))
    usual = _norm_counts(spread) if spread.norm.value is not None else []
    norms = chain((formats.count(round(count)) for count in usual), repeat("–"))
    rows = [
        [str(_span(one, per, unit)), formats.count(one.finished), formats.count(one.open), norm]
        for one, norm in zip(spread.bins, norms, strict=False)
    ]
    heads = [tr("Took"), tr("Finished"), tr("Open"), str(SpreadText.NORM_LINE(weeks=NORM_DAYS // 7))]
    chart_table(heads, rows, key="spread", title=title)


def _norm_counts(spread: Distribution) -> list[float]:
    """The norm by bins, as if it had as many shipments."""
    scale = spread.value.denominator / spread.norm.denominator
    return [scale * (one.finished + one.open) for one in spread.norm_bins]


def _norm(spread: Distribution, centres: list[float]) -> charts.Trace:
    """The norm as a dotted line."""
    (line,) = charts.line(
        centres[: len(spread.norm_bins)],
        _norm_counts(spread),
        str(SpreadText.NORM_LINE(weeks=NORM_DAYS // 7)),
        role="reference",
    )
    return charts.deep(line, {"line": {"shape": "spline", "smoothing": 0.6}, "hoverinfo": "skip", "hovertemplate": None})


def _marks(spread: Distribution) -> list[tuple[float, str, float]]:
    value = spread.value
    found = []
    for text, at, at_least, height in (
        (SpreadText.HALF, value.p50, value.p50_at_least, 1.17),
        (SpreadText.MOST, value.p90, value.p90_at_least, 1.06),
    ):
        if at is not None:
            found.append((at, str(text(at=figure_texts.hours(at, at_least=at_least))), height))
    return found


def _in_days(spread: Distribution) -> bool:
    longest = max((one.low for one in spread.bins), default=0)
    return longest >= 72


def _centre(one: Bin, bins: tuple[Bin, ...]) -> float:
    width = (bins[0].high or 1) - bins[0].low
    return one.low + width / 2


def _span(one: Bin, per: float, unit: str) -> Why:
    form = "open" if one.high is None else "closed"
    return SpreadText.SPAN(form, low=round(one.low / per, 1), high=round((one.high or 0) / per, 1), unit=unit)


def _told(bins: tuple[Bin, ...], per: float, unit: str) -> list[str]:
    return [
        str(SpreadText.FINISHED("open" if one.open else "all", span=_span(one, per, unit), count=one.finished, open=one.open))
        for one in bins
    ]


def _about(spread: Distribution) -> str:
    value = spread.value
    return formats.facts(
        KitText.SHIPMENTS(count=value.denominator),
        SpreadText.STILL_OPEN(open=value.rest) if value.rest else None,
        SpreadText.LONGEST() if spread.bins and spread.bins[-1].high is None else None,
        _usual(spread.norm),
    )


def _usual(norm: Value) -> Why:
    if norm.value is None or norm.p50 is None or norm.p90 is None:
        return SpreadText.NO_BEFORE()
    return SpreadText.BEFORE(weeks=NORM_DAYS // 7, half=figure_texts.hours(norm.p50), most=figure_texts.hours(norm.p90))


def _finding(spread: Distribution) -> str:
    value, norm = spread.value, spread.norm
    half, most = figure_texts.hours(value.p50 or 0), figure_texts.hours(value.p90 or 0)
    said = [SpreadText.FOUND(figure=name_of(spread.figure), count=value.denominator, half=half, most=most)]
    if norm.value is not None and norm.p50 is not None and norm.p90 is not None:
        said.append(SpreadText.NORM(half=figure_texts.hours(norm.p50), most=figure_texts.hours(norm.p90)))
    return sentences(said)


def why_no_spread(value: Value) -> tuple[str, str, str] | None:
    """Title, text and icon of what is said in place of the distribution; None where it can be drawn."""
    if value.p50 is not None and value.value is not None:
        return None
    if not value.denominator:
        return str(SpreadText.NOTHING_TITLE()), str(SpreadText.NOTHING()), ":material/bar_chart_off:"
    return str(SpreadText.TOO_FEW_TITLE(count=value.denominator)), str(SpreadText.TOO_FEW()), ":material/bar_chart_off:"


def _whole(hours: float) -> str:
    return str(DurationText.HOURS(number=f"{hours:,.0f}"))


def _waterfall(found: Segments, title: str) -> None:
    names = [tr("Usual"), *(SEGMENTS[step.segment].name for step in found.steps), tr("Late parcels")]
    numbers = [found.norm_hours, *(step.extra for step in found.steps), found.late_hours]
    texts = [_whole(found.norm_hours), *(signed(step.extra) for step in found.steps), _whole(found.late_hours)]
    totals = [True, *(False for _ in found.steps), True]
    border = len(OURS) + 0.5
    ours, theirs = sides(found)
    line: charts.Trace = {"color": charts.look().muted, "width": 1, "dash": "dot"}
    shape = {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": border, "y1": border, "line": line}
    layout = charts.layout(
        HEIGHT,
        marks=[charts.Mark((shape,))],
        hovermode=False,
        xaxis={
            "title": {"text": charts.safe(tr("hours"))},
            "range": [0, 1.2 * max(_heights(found))],
            "tickformat": ",d",
            "showgrid": True,
        },
        yaxis={"range": [len(names) - 0.5, -0.5], "tickmode": "linear", "dtick": 1, "showgrid": False},
        bargap=0.3,
    )
    charts.draw([charts.waterfall(names, numbers, totals, texts)], layout, key="hours", alt=_said(found, ours, theirs))
    chart_table([tr("Step"), tr("Hours")], list(zip(names, texts, strict=True)), key="hours", title=title)


def _heights(found: Segments) -> list[float]:
    heights, at = [found.norm_hours, found.late_hours], found.norm_hours
    for step in found.steps:
        at += step.extra
        heights.append(at)
    return heights


def sides(found: Segments) -> tuple[float, float]:
    """The hours beyond what is usual on the shop's side, and at hand-over and shipping company."""
    ours = sum(step.extra for step in found.steps if step.segment in OURS)
    return ours, sum(step.extra for step in found.steps) - ours


def signed(hours: float) -> str:
    """`+63`, with a true minus sign; `0` of nothing."""
    whole = round(hours)
    return f"+{whole:,}" if whole > 0 else f"{_MINUS}{-whole:,}" if whole < 0 else "0"


def _about_hours(found: Segments) -> str:
    ours, theirs = sides(found)
    said = [
        StepsText.MEAN(),
        StepsText.PARCELS(count=found.shipments),
        StepsText.SIDES(ours=signed(ours), theirs=signed(theirs)),
    ]
    if found.unknown:
        said.append(StepsText.UNKNOWN(count=found.unknown))
    return sentences(said)


def _said(found: Segments, ours: float, theirs: float) -> str:
    most: SegmentHours = max(found.steps, key=lambda step: step.extra)
    took = StepsText.FOUND(
        count=found.shipments, late=found.late_hours, norm=found.norm_hours, ours=signed(ours), theirs=signed(theirs)
    )
    return sentences([took, StepsText.MOST(step=SEGMENTS[most.segment].name, hours=signed(most.extra))])


def why_no_hours(found: Segments) -> tuple[str, str, str] | None:
    """The same of the steps."""
    if not found.why:
        return None
    if found.why is NoFigure.NO_LATE_SHIPMENTS:
        return str(StepsText.NOTHING_LATE_TITLE()), str(StepsText.NOTHING_LATE()), ":material/task_alt:"
    return str(StepsText.NO_NORM_TITLE()), str(StepsText.NO_NORM(weeks=NORM_DAYS // 7)), ":material/bar_chart_off:"


def _titled(title: Reason, lane: Lane | None, **values: str) -> str:
    return str(title("lane", lane=lane.name, **values) if lane else title("all", **values))
