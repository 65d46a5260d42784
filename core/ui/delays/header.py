"""The view of the Delays page: read from the link, drawn as controls, written back to the link."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TypeVar
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.figures import DEFINITIONS, Cohort, Dimension, Figure, Lane, Unit
from core.domain.invoice_number import Rules
from core.domain.shipment import Destination, Kind
from core.services.figures import Period, Scorecard, Slice, Value
from core.services.figures.values import share_of
from core.ui.kit import figure_texts, formats
from core.ui.kit.filters import DESTINATIONS
from core.ui.kit.shipment_rows import carrier_name
from core.ui.overview.header import EARLIEST, KINDS, days_and_cohort, put

E = TypeVar("E", bound=Enum)

PRESETS = (4, 8, 13, 26)
WEEKS = 8
TIMED = (Figure.TRANSIT, Figure.ORDER_TO_SHIP, Figure.ORDER_TO_INVOICE, Figure.INVOICE_TO_PICK_UP)
CROSSED = tuple(figure for figure in Figure if figure is not Figure.BACKLOG)
ALL = "all"
HEIGHT = 276
"""Of every chart of the page, so that cards side by side are as high."""
_DATES = "delays:dates"


@dataclass(frozen=True)
class View:
    """What the page shows.

    `weeks` is the preset that made the period (None: dates). `lane` and `week` are the cell of the heat map that was pressed;
    `any_lane` says that all lanes are wanted, not the one with the most late shipments. `timed` is whose hours are spread out.
    """

    period: Period
    where: Slice
    weeks: int | None
    lane: Lane | None
    any_lane: bool
    week: date | None
    timed: Figure
    rows: Dimension
    columns: Dimension
    crossed: Figure


def read(now: datetime, zone: ZoneInfo) -> View:
    """The view of the link; what a link says wrongly is left out. A preset ends last Sunday: this week is not over."""
    said, today = st.query_params, now.astimezone(zone).date()
    period, weeks = _period_of(today)
    where = Slice(
        Destination.INTERNATIONAL if said.get("dest") == Destination.INTERNATIONAL else Destination.DOMESTIC,
        Kind.EXCHANGE if said.get("kind") == Kind.EXCHANGE else Kind.STANDARD,
        warehouses=tuple(said.get_all("warehouse")),
        carriers=tuple(said.get_all("carrier")),
    )
    lane, timed = said.get("lane", ""), _one(Figure, said.get("time"))
    rows = _one(Dimension, said.get("rows")) or Dimension.CARRIER
    columns = _one(Dimension, said.get("columns")) or Dimension.WEEK
    if columns is rows:
        columns = Dimension.WEEK if rows is not Dimension.WEEK else Dimension.CARRIER
    return View(
        period,
        where,
        weeks,
        _lane(lane),
        lane == ALL,
        _day(said.get("week"), today),
        timed if timed in TIMED else Figure.TRANSIT,
        rows,
        columns,
        _crossed(said.get("figure")),
    )


def header(view: View, card: Scorecard, choices: Mapping[str, Sequence[str]], rules: Rules, today: date) -> None:
    """How many shipments are looked at, and the controls that choose them; the open row takes one more control at its end."""
    st.header("Delays", anchor=False, width="content")
    st.caption(_counted(card), width="content")
    st.space("stretch")
    _period(view, today)
    _several(
        "carrier", "shipping companies", view.where.carriers, choices["carrier"], lambda code: carrier_name(code, rules) or code
    )
    _several("warehouse", "warehouses", view.where.warehouses, choices["warehouse"], lambda name: name)
    _choice("kind", view.where.kind, KINDS, "General or Claim")
    _choice("dest", view.where.destination, DESTINATIONS, "Destination")


def nothing(view: View, rules: Rules, today: date) -> None:
    """In place of everything when no shipment belongs to the view: why, and the ways out."""
    verb = "ordered" if view.period.cohort is Cohort.ORDERED else "picked up"
    which = f"{DESTINATIONS[view.where.destination]}, {KINDS[view.where.kind]}"
    with st.container(border=True, height=420, vertical_alignment="center", horizontal_alignment="center"):
        st.markdown(":material/event_busy:", width="content")
        st.markdown(f"**No shipment was {verb} on {figure_texts.span(view.period, today)}**", width="content")
        only = [*view.where.warehouses, *(carrier_name(code, rules) or code for code in view.where.carriers)]
        st.markdown(formats.plain(", ".join([which, *only])), width="content")
        with st.container(horizontal=True, horizontal_alignment="center"):
            if only:
                changes = {"carrier": None, "warehouse": None}
                st.button("Show all companies and warehouses", key="delays:all", type="primary", on_click=put, kwargs=changes)
            longer = {"weeks": str(PRESETS[-1]), "from": None, "to": None, "lane": None, "week": None}
            st.button(f"Look at {PRESETS[-1]} weeks", key="delays:longer", on_click=put, kwargs=longer)


def empty(title: str, text: str, icon: str) -> None:
    """In place of a chart, as high as one."""
    with st.container(height=HEIGHT, border=False, vertical_alignment="center", horizontal_alignment="center"):
        st.markdown(icon, width="content")
        st.markdown(f"**{title}**", width="content")
        st.caption(text, width="content")


def lane_key(lane: Lane) -> str:
    """The lane as a link carries it."""
    return f"{lane.warehouse} {lane.country}"


def within(week: date, period: Period) -> Period:
    """The days of the period that are in the week."""
    return Period(max(week, period.first), min(week + timedelta(days=6), period.last), period.cohort)


def added_up(figure: Figure, found: Iterable[Value]) -> Value:
    """A share or a count over several groups that have no shipment in common."""
    parts = list(found)
    numerator, denominator = sum(one.numerator for one in parts), sum(one.denominator for one in parts)
    whole = Value(figure, numerator, denominator, sum(one.excluded for one in parts))
    return share_of(whole) if is_share(figure) else replace(whole, value=float(numerator))


def choice_of(name: str, label: str, options: Sequence[E], value: E, words: Callable[[E], str], width: int) -> None:
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


def is_share(figure: Figure) -> bool:
    return DEFINITIONS[figure].unit is Unit.SHARE


def _counted(card: Scorecard) -> str:
    value = card.overall
    said = [formats.count(value.denominator + value.excluded, "shipment")]
    if value.denominator:
        said.append(f"{formats.count(value.rest)} late of {formats.count(value.denominator)} due")
    return " · ".join(said)


def _period_of(today: date) -> tuple[Period, int | None]:
    said = st.query_params
    cohort = Cohort.ORDERED if said.get("by") == Cohort.ORDERED else Cohort.PICKED_UP
    first, last = _day(said.get("from"), today), _day(said.get("to"), today)
    if first and last and first <= last:
        return Period(first, last, cohort), None
    weeks = int(said.get("weeks", "")) if said.get("weeks", "") in map(str, PRESETS) else WEEKS
    sunday = today - timedelta(days=today.weekday() + 1)
    return Period.up_to(sunday, 7 * weeks, cohort), weeks


def _period(view: View, today: date) -> None:
    verb = "Ordered" if view.period.cohort is Cohort.ORDERED else "Picked up"
    with st.popover(f"{verb} {figure_texts.span(view.period, today)}", icon=":material/date_range:", key="delays:period"):
        st.session_state["delays:weeks"] = view.weeks
        st.segmented_control(
            "Period, to last Sunday",
            PRESETS,
            key="delays:weeks",
            format_func=lambda weeks: f"{weeks} weeks",
            on_change=_weeks_pressed,
        )
        days_and_cohort(
            view.period,
            today,
            dates=_DATES,
            by="delays:by",
            on_dates=_dates_chosen,
            on_by=lambda: put(by=str(st.session_state["delays:by"]), week=None),
        )


def _several(name: str, noun: str, chosen: Sequence[str], offered: Sequence[str], words: Callable[[str], str]) -> None:
    options = list(dict.fromkeys([*(one for one in offered if one), *chosen]))
    if len(options) < 2 and not chosen:
        return
    label = f"All {noun}" if not chosen else words(chosen[0]) if len(chosen) == 1 else f"{len(chosen)} {noun}"
    key = f"delays:{name}"
    with st.popover(formats.plain(label), key=f"{key}:menu"):
        st.session_state[key] = list(chosen)
        st.multiselect(
            noun.capitalize(),
            options,
            key=key,
            format_func=words,
            placeholder="All",
            width=280,
            on_change=lambda: put(**{name: st.session_state[key], "lane": None, "week": None}),
        )


def _choice(name: str, value: Kind | Destination, words: Mapping[Kind, str] | Mapping[Destination, str], label: str) -> None:
    key = f"delays:{name}"
    st.session_state[key] = value
    st.segmented_control(
        label,
        list(words),
        required=True,
        key=key,
        label_visibility="collapsed",
        format_func=words.__getitem__,
        on_change=lambda: put(**{name: str(st.session_state[key]), "lane": None, "week": None}),
    )


def _weeks_pressed() -> None:
    if weeks := st.session_state["delays:weeks"]:
        put(weeks=str(weeks), week=None, **{"from": None, "to": None})


def _dates_chosen() -> None:
    chosen = st.session_state[_DATES]
    if isinstance(chosen, tuple) and len(chosen) == 2:
        put(weeks=None, week=None, **{"from": chosen[0].isoformat(), "to": chosen[1].isoformat()})


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


def _day(text: str | None, today: date) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and EARLIEST <= day <= today else None
