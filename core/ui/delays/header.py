"""The view of the Delays page: read from the link, drawn as controls, written back to the link."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.dimensions import AnyOf, Wording
from core.domain.figures import DEFINITIONS, Cohort, Figure, Lane, TimeSplit
from core.domain.language import tr
from core.domain.periods import Period
from core.domain.selection import SPLITS, Selection, any_of, one_of
from core.domain.shipment import Destination
from core.services.figures import Scorecard
from core.ui.delays.sentences import DelaysText
from core.ui.kit import figure_texts, filters, formats, links, periods
from core.ui.kit.filters import DESTINATIONS
from core.ui.kit.links import put
from core.ui.kit.periods import KINDS
from core.ui.kit.sentences import KitText

E = TypeVar("E", bound=Enum)
T = TypeVar("T", bound=str)

PRESETS = (4, 8, 13, 26)
WEEKS = 8
LONGEST = (52, 104, 208)
"""Weeks that are looked at where no preset has anything."""
TIMED = (Figure.TRANSIT, Figure.ORDER_TO_SHIP, Figure.ORDER_TO_INVOICE, Figure.INVOICE_TO_PICK_UP)
CROSSED = tuple(figure for figure in Figure if figure is not Figure.BACKLOG)
NARROWED = ("carrier", "warehouse")
"""The dimensions that narrow the page."""
ALL = "all"
HEIGHT = 276
"""Of every chart of the page, so that cards side by side are as high."""
_DAYS = {"weeks", "period", "from", "to"}


@dataclass(frozen=True)
class View:
    """What the page shows.

    `weeks` is the preset that made the period (None: dates). `lane` and `week` are the cell of the heat map that was pressed;
    `any_lane` says that all lanes are wanted, not the one with the most late shipments. `timed` is whose hours are spread out.
    """

    period: Period
    where: Selection
    weeks: int | None
    lane: Lane | None
    any_lane: bool
    week: date | None
    timed: Figure
    rows: str
    columns: str
    crossed: Figure


def read(now: datetime, zone: ZoneInfo) -> View:
    """The view of the link; what a link says wrongly is left out. A preset ends last Sunday: this week is not over."""
    said, today = st.query_params, now.astimezone(zone).date()
    period, weeks = _period_of(today)
    lane, timed = said.get("lane", ""), _one(Figure, said.get("time"))
    rows, columns = (said.get(name, "") for name in ("rows", "columns"))
    rows = rows if rows in SPLITS else "carrier"
    columns = columns if columns in SPLITS else TimeSplit.WEEK
    if columns == rows:
        columns = TimeSplit.WEEK if rows != TimeSplit.WEEK else "carrier"
    return View(
        period,
        links.read("destination", "kind", *NARROWED).of_figures,
        weeks,
        _lane(lane),
        lane == ALL,
        periods.day_of(said.get("week"), today),
        timed if timed in TIMED else Figure.TRANSIT,
        rows,
        columns,
        _crossed(said.get("figure")),
    )


def nearest(view: View, today: date) -> Iterator[View]:
    """The view, and where its link chooses no days or no destination, others that begin with the nearest."""
    said = st.query_params
    days = (
        [view] if _DAYS & set(said) else [replace(view, period=period, weeks=weeks) for period, weeks in _longer(view, today)]
    )
    elsewhere = () if one_of("destination").keys[0] in said else (one for one in Destination if one != view.where.destination)
    for destination in (view.where.destination, *elsewhere):
        yield from (replace(one, where=one.where.but(destination=destination)) for one in days)


def _longer(view: View, today: date) -> Iterator[tuple[Period, int | None]]:
    yield view.period, view.weeks
    yield Period.up_to(today, view.period.days, view.period.cohort), None
    for weeks in (*(preset for preset in PRESETS if preset > WEEKS), *LONGEST):
        yield Period.up_to(view.period.last, 7 * weeks, view.period.cohort), weeks if weeks in PRESETS else None


def header(view: View, card: Scorecard, choices: Mapping[str, Sequence[str]], words: Wording) -> None:
    """How many shipments are looked at, and the controls that choose them; the open row takes one more control at its end."""
    st.header(tr("Delays"), anchor=False, width="content")
    st.caption(_counted(card), width="content")
    st.space("stretch")
    _period(view, words.today)
    for name in NARROWED:
        _several(any_of(name), view.where[name], choices[name], words)
    filters.side_by_side("kind", view.where.kind, key="delays:kind", names=KINDS, write=_put)
    filters.side_by_side("destination", view.where.destination, key="delays:dest", write=_put)


def nothing(view: View, words: Wording) -> None:
    """In place of everything when no shipment belongs to the view: why, and the ways out."""
    with st.container(border=True, height=420, vertical_alignment="center", horizontal_alignment="center"):
        st.markdown(":material/event_busy:", width="content")
        days = figure_texts.span(view.period, words.today)
        st.markdown(f"**{DelaysText.NOTHING(view.period.cohort, days=days)}**", width="content")
        only = [any_of(name).in_words(view.where[name], words) for name in NARROWED if view.where[name]]
        which = [DESTINATIONS[view.where.destination], KINDS[view.where["kind"]], *only]
        st.markdown(formats.plain(", ".join(which)), width="content")
        with st.container(horizontal=True, horizontal_alignment="center"):
            if only:
                changes = dict.fromkeys(NARROWED)
                st.button(
                    tr("Show all companies and warehouses"), key="delays:all", type="primary", on_click=put, kwargs=changes
                )
            longer = {"weeks": str(PRESETS[-1]), "period": None, "from": None, "to": None, "lane": None, "week": None}
            look = str(DelaysText.LONGER(weeks=PRESETS[-1]))
            st.button(look, key="delays:longer", on_click=put, kwargs=longer)


def lane_key(lane: Lane) -> str:
    """The lane as a link carries it."""
    return f"{lane.warehouse} {lane.country}"


def within(week: date, period: Period, weeks: int = 1) -> Period:
    """The days of the period that are in so many weeks from this one on."""
    last = week + timedelta(days=7 * weeks - 1)
    return Period(max(week, period.first), min(last, period.last), period.cohort)


def choice_of(name: str, label: str, options: Sequence[T], value: T, words: Callable[[T], str], width: int) -> None:
    """A box that writes one of a closed set into the link."""
    key = f"delays:{name}"
    st.session_state[key] = value
    st.selectbox(
        label,
        options,
        key=key,
        format_func=words,
        label_visibility="collapsed",
        width=width,
        on_change=lambda: put(**{name: str(st.session_state[key])}),
    )


def name_of(figure: Figure) -> str:
    return DEFINITIONS[figure].name


def _counted(card: Scorecard) -> str:
    value = card.overall
    shipments = KitText.SHIPMENTS(count=value.denominator + value.excluded)
    return formats.facts(shipments, DelaysText.DUE(late=value.rest, due=value.denominator) if value.denominator else None)


def _period_of(today: date) -> tuple[Period, int | None]:
    cohort, dates = periods.of_link(today, Cohort.PICKED_UP)
    if dates:
        return Period(*dates, cohort), None
    said = st.query_params.get("weeks", "")
    weeks = int(said) if said in map(str, PRESETS) else WEEKS
    return Period.up_to(today - timedelta(days=today.weekday() + 1), 7 * weeks, cohort), weeks


def _period(view: View, today: date) -> None:
    days = DelaysText.PERIOD(view.period.cohort, days=figure_texts.span(view.period, today))
    with st.popover(str(days), icon=":material/date_range:", key="delays:period"):
        st.session_state["delays:weeks"] = view.weeks
        st.segmented_control(
            tr("Period, to last Sunday"),
            PRESETS,
            key="delays:weeks",
            format_func=lambda weeks: str(DelaysText.WEEKS(weeks=weeks)),
            on_change=_weeks_pressed,
        )
        periods.days_and_cohort(
            view.period,
            today,
            dates="delays:dates",
            by="delays:by",
            on_days=lambda **days: periods.put(weeks=None, week=None, **days),
            on_by=lambda by: put(by=by, week=None),
        )


def _several(one: AnyOf, chosen: Sequence[str], offered: Sequence[str], words: Wording) -> None:
    options = list(dict.fromkeys([*(value for value in offered if value), *chosen]))
    if len(options) < 2 and not chosen:
        return
    key = f"delays:{one.name}"
    with st.popover(formats.plain(_chosen(one, chosen, words)), key=f"{key}:menu"):
        st.session_state[key] = list(chosen)
        st.multiselect(
            str(DelaysText.BOX(one.name)),
            options,
            key=key,
            format_func=partial(one.called, wording=words),
            placeholder=tr("All"),
            width=280,
            on_change=lambda: _put(**{one.name: st.session_state[key]}),
        )


def _chosen(one: AnyOf, chosen: Sequence[str], words: Wording) -> str:
    match len(chosen):
        case 0:
            return str(DelaysText.ALL_OF(one.name))
        case 1:
            return one.called(chosen[0], words)
    return str(DelaysText.SEVERAL(one.name, chosen=len(chosen)))


def _put(**changes: str | Sequence[str] | None) -> None:
    """Of another part of the shop another lane is the worst."""
    put(**changes, lane=None, week=None)


def _weeks_pressed() -> None:
    if weeks := st.session_state["delays:weeks"]:
        periods.put(weeks=str(weeks), week=None)


def _lane(text: str) -> Lane | None:
    warehouse, _, country = text.rpartition(" ")
    return Lane(warehouse, country) if len(country) == 2 and country.isupper() else None


def _crossed(text: str | None) -> Figure:
    figure = _one(Figure, text)
    return figure if figure in CROSSED and figure else Figure.ON_TIME


def _one(kind: type[E], text: str | None) -> E | None:
    try:
        return kind(text)
    except ValueError:
        return None
