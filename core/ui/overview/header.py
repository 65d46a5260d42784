"""The view of the Overview page: read from the link, drawn as controls, written back to the link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.fields import FIELDS
from core.domain.figures import Cohort, Figure, TrendStep
from core.domain.language import Vocabulary, tr
from core.domain.periods import Period
from core.domain.reasons import Names
from core.domain.selection import Selection
from core.services.figures import Overview
from core.ui.kit import figure_texts, filters, fold, formats, links, periods, shared
from core.ui.kit.filters import DESTINATIONS
from core.ui.kit.periods import KINDS
from core.ui.kit.sentences import KitText
from core.ui.overview.sentences import HeaderText, Quiet

PRESETS = (7, 14, 28)
STACKS = Vocabulary({"status": FIELDS.in_english["status"], "warehouse": FIELDS.in_english["warehouse"]})
_WEEKS_FROM = 57


@dataclass(frozen=True)
class View:
    """What the page shows: the period and where, which preset made the period (None: dates), what the backlog is stacked by.

    The worklist is that of `whose` hands; of nothing, everybody's.
    """

    period: Period
    where: Selection
    preset: int | None
    stacked: str
    whose: tuple[str, ...] = ()

    @property
    def work(self) -> Selection:
        """Where the worklist is looked for."""
        return self.where.but(assigned=self.whose)

    @property
    def step(self) -> TrendStep:
        """A point a day; of long periods a point a week."""
        return TrendStep.WEEK if self.period.days >= _WEEKS_FROM else TrendStep.DAY


def read(now: datetime, zone: ZoneInfo) -> View:
    """The view of the link; what a link says wrongly is left out. A preset ends yesterday: today is not over."""
    said, today = st.query_params, now.astimezone(zone).date()
    cohort, dates = periods.of_link(today, Cohort.ORDERED)
    preset = int(said["days"]) if said.get("days", "") in map(str, PRESETS) else 14
    period = Period(*dates, cohort) if dates else Period.up_to(today - timedelta(days=1), preset, cohort)
    where = links.read("destination", "kind", "warehouse").of_figures
    stacked, whose = "warehouse" if said.get("stack") == "warehouse" else "status", links.read("assigned")["assigned"]
    return View(period, where, None if dates else preset, stacked, whose)


def header(view: View, warehouses: Sequence[str], today: date) -> None:
    """What is compared with what, and the controls that change it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.header(tr("Overview"), anchor=False, width="content")
        st.caption(_compared(view, today), width="content")
        st.space("stretch")
        with fold.on_phones("choices", _chosen(view), in_a_row=True):
            _period(view, today)
            _warehouse(view, warehouses)
            filters.side_by_side("kind", view.where.kind, names=KINDS, write=links.put)
            filters.side_by_side("destination", view.where.destination, write=links.put)


def quiet_period(view: View, seen: Overview, today: date) -> None:
    """Above the tiles when no shipment belongs to the period: why, and what else could be looked at."""
    if seen.values[Figure.ORDERED].denominator:
        return
    warehouses = view.where["warehouse"]
    cohort = "ordered" if view.period.cohort is Cohort.ORDERED else "picked_up"
    title = Quiet.TITLE(
        f"{cohort}_at" if warehouses else cohort,
        days=figure_texts.span(view.period, today),
        destination=DESTINATIONS[view.where.destination],
        kind=KINDS[view.where["kind"]],
        warehouses=Names(map(formats.plain, warehouses)),
    )
    st.info(str(Quiet.TEXT("some" if warehouses else "all")), title=str(title), icon=":material/event_busy:")


def _chosen(view: View) -> str:
    days = HeaderText.DAYS(days=view.period.days)
    return formats.facts(
        days, ", ".join(view.where["warehouse"]), KINDS[view.where["kind"]], DESTINATIONS[view.where.destination]
    )


def _compared(view: View, today: date) -> str:
    days, before = (figure_texts.span(period, today) for period in (view.period, view.period.before()))
    return formats.facts(
        HeaderText.COMPARED(days=days, before=before, back=view.period.back),
        KitText.BY(view.period.cohort),
    )


def _period(view: View, today: date) -> None:
    st.session_state["days"] = view.preset
    st.segmented_control(
        tr("Period"),
        PRESETS,
        key="days",
        format_func=lambda days: str(HeaderText.DAYS(days=days)),
        label_visibility="collapsed",
        on_change=_preset_pressed,
    )
    with st.popover(tr("Dates"), icon=":material/date_range:"):
        periods.days_and_cohort(
            view.period, today, dates="overview:dates", by="by", on_days=_days_chosen, on_by=lambda by: links.put(by=by)
        )


def _warehouse(view: View, warehouses: Sequence[str]) -> None:
    chosen = view.where["warehouse"]
    options = list(dict.fromkeys([(), *((name,) for name in warehouses if name), chosen]))
    if len(options) < 2:
        return
    st.session_state["warehouse"] = chosen
    st.selectbox(
        FIELDS["warehouse"],
        options,
        key="warehouse",
        format_func=lambda names: ", ".join(names) or tr(shared.ALL_WAREHOUSES),
        label_visibility="collapsed",
        width=150,
        on_change=lambda: links.put(warehouse=list(st.session_state["warehouse"])),
    )


def _preset_pressed() -> None:
    if days := st.session_state["days"]:
        periods.put(days=str(days))


def _days_chosen(**days: str) -> None:
    periods.put(days=None, **days)
