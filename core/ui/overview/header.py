"""The view of the Overview page: read from the link, drawn as controls, written back to the link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain import labels
from core.domain.figures import Cohort, Figure, Step
from core.domain.shipment import Destination, Kind
from core.services.figures import Overview, Period, Slice
from core.ui.kit import figure_texts, formats, links
from core.ui.kit.filters import DESTINATIONS
from core.ui.kit.links import Link

PRESETS = (7, 14, 28)
STACKS = {"status": "Status", "warehouse": "Warehouse"}
KINDS = labels.KINDS
COHORTS = {Cohort.ORDERED: "order date", Cohort.PICKED_UP: "pick-up date"}
EARLIEST = date(1990, 1, 1)
_WEEKS_FROM = 57
_GO = "overview:go"
_DATES = "overview:dates"


@dataclass(frozen=True)
class View:
    """What the page shows: the period and where, which preset made the period (None: dates), what the backlog is stacked by."""

    period: Period
    where: Slice
    preset: int | None
    stacked: str

    @property
    def step(self) -> Step:
        """A point a day; of long periods a point a week."""
        return Step.WEEK if self.period.days >= _WEEKS_FROM else Step.DAY


def read(now: datetime, zone: ZoneInfo) -> View:
    """The view of the link; what a link says wrongly is left out. A preset ends yesterday: today is not over."""
    said, today = st.query_params, now.astimezone(zone).date()
    first, last = _day(said.get("from"), today), _day(said.get("to"), today)
    preset = None
    if not (first and last and first <= last):
        wanted = said.get("days", "")
        preset = int(wanted) if wanted in map(str, PRESETS) else 14
        last = today - timedelta(days=1)
        first = last - timedelta(days=preset - 1)
    cohort = Cohort.PICKED_UP if said.get("by") == Cohort.PICKED_UP else Cohort.ORDERED
    where = Slice(
        Destination.INTERNATIONAL if said.get("dest") == Destination.INTERNATIONAL else Destination.DOMESTIC,
        Kind.EXCHANGE if said.get("kind") == Kind.EXCHANGE else Kind.STANDARD,
        warehouses=tuple(said.get_all("warehouse")),
    )
    stacked = "warehouse" if said.get("stack") == "warehouse" else "status"
    return View(Period(first, last, cohort), where, preset, stacked)


def header(view: View, warehouses: Sequence[str], today: date) -> None:
    """What is compared with what, and the controls that change it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.header("Overview", anchor=False, width="content")
        st.caption(_compared(view, today), width="content")
        st.space("stretch")
        _period(view, today)
        _warehouse(view, warehouses)
        _choice("kind", view.where.kind, KINDS, "General or Claim")
        _choice("dest", view.where.destination, DESTINATIONS, "Destination")


def empty_shop() -> None:
    """In place of everything when the shop has no shipment at all."""
    with st.container(border=True, height=420, vertical_alignment="center", horizontal_alignment="center"):
        st.markdown(":material/inbox:", width="content")
        st.markdown("**There are no shipments yet**", width="content")
        st.markdown("Shipments arrive by import. As soon as there are some, their figures are here.", width="content")
        if st.button("Import shipments", icon=":material/arrow_forward:", type="primary", key="to_data"):
            st.switch_page("../../pages/data.py")


def quiet_period(view: View, seen: Overview, today: date) -> None:
    """Above the tiles when no shipment belongs to the period: why, and what else could be looked at."""
    if seen.values[Figure.ORDERED].denominator:
        return
    which = f"{DESTINATIONS[view.where.destination]}, {KINDS[view.where.kind]}"
    verb = "ordered" if view.period.cohort is Cohort.ORDERED else "picked up"
    at = f" at {', '.join(map(formats.plain, view.where.warehouses))}" if view.where.warehouses else ""
    st.info(
        f"The figures below have nothing to count. Choose other dates{' or all warehouses' if at else ''}. "
        "What is open now is shown all the same.",
        title=f"No shipment was {verb} on {figure_texts.span(view.period, today)} ({which}{at})",
        icon=":material/event_busy:",
    )


def goto(link: Link) -> None:
    """Leaves for the Shipments page at the next run: for callbacks, in which no page can be left."""
    st.session_state[_GO] = link


def leave() -> None:
    """Goes where a press has sent the viewer, if one did."""
    if link := st.session_state.pop(_GO, None):
        st.switch_page(links.SHIPMENTS, query_params=link)


def put(**changes: str | Sequence[str] | None) -> None:
    """Writes the changes into the link at once."""
    said = {name: st.query_params.get_all(name) for name in st.query_params} | changes
    st.query_params.from_dict({name: value for name, value in said.items() if value})


def _compared(view: View, today: date) -> str:
    parts = (
        f"{figure_texts.span(view.period, today)} against {figure_texts.span(view.period.before(), today)}",
        f"by {COHORTS[view.period.cohort]}",
        labels.KINDS[view.where.kind],
    )
    return " · ".join(parts)


def _period(view: View, today: date) -> None:
    st.session_state["days"] = view.preset
    st.segmented_control(
        "Period",
        PRESETS,
        key="days",
        format_func=lambda days: f"{days} days",
        label_visibility="collapsed",
        on_change=_preset_pressed,
    )
    with st.popover("Dates", icon=":material/date_range:"):
        days_and_cohort(
            view.period, today, dates=_DATES, by="by", on_dates=_dates_chosen, on_by=lambda: put(by=st.session_state["by"])
        )


def days_and_cohort(
    period: Period, today: date, *, dates: str, by: str, on_dates: Callable[[], None], on_by: Callable[[], None]
) -> None:
    """The days of a period, and which of a shipment's days puts it in; `dates` and `by` are the keys of the two controls."""
    # A range is half chosen after the first press: written over, it could never be finished.
    if len(st.session_state.get(dates, ())) != 1:
        st.session_state[dates] = (period.first, period.last)
    st.date_input(
        "From and to",
        key=dates,
        format="YYYY-MM-DD",
        min_value=EARLIEST,
        max_value=today,
        width=232,
        on_change=on_dates,
    )
    st.session_state[by] = period.cohort
    st.radio(
        "A shipment belongs to the period by its",
        list(COHORTS),
        key=by,
        format_func=COHORTS.__getitem__,
        on_change=on_by,
    )


def _warehouse(view: View, warehouses: Sequence[str]) -> None:
    options = list(dict.fromkeys([(), *((name,) for name in warehouses if name), view.where.warehouses]))
    if len(options) < 2:
        return
    st.session_state["warehouse"] = view.where.warehouses
    st.selectbox(
        "Warehouse",
        options,
        key="warehouse",
        format_func=lambda names: ", ".join(names) or "All warehouses",
        label_visibility="collapsed",
        width=150,
        on_change=lambda: put(warehouse=list(st.session_state["warehouse"])),
    )


def _choice(name: str, value: Kind | Destination, words: dict[Kind, str] | dict[Destination, str], label: str) -> None:
    st.session_state[name] = value
    st.segmented_control(
        label,
        list(words),
        required=True,
        key=name,
        label_visibility="collapsed",
        format_func=words.__getitem__,
        on_change=lambda: put(**{name: st.session_state[name]}),
    )


def _preset_pressed() -> None:
    st.session_state.pop(_DATES, None)
    if days := st.session_state["days"]:
        put(days=str(days), **{"from": None, "to": None})


def _dates_chosen() -> None:
    chosen = st.session_state[_DATES]
    if isinstance(chosen, tuple) and len(chosen) == 2:
        put(days=None, **{"from": chosen[0].isoformat(), "to": chosen[1].isoformat()})


def _day(text: str | None, today: date) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and EARLIEST <= day <= today else None
