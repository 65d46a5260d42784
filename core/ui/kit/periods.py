"""What pages of figures share: the minute they are of, the days of a period, and its controls."""

from collections.abc import Callable
from datetime import date, datetime

import streamlit as st

from core.domain import labels
from core.domain.figures import Cohort
from core.domain.periods import Period
from core.runtime import Runtime

KINDS = labels.KINDS
COHORTS = {Cohort.ORDERED: "order date", Cohort.PICKED_UP: "pick-up date"}
EARLIEST = date(1990, 1, 1)


def this_minute(runtime: Runtime) -> datetime:
    """Now without its seconds: within a minute, what was not written anew need not be asked again."""
    return runtime.now().replace(second=0, microsecond=0)


def of_link(today: date, cohort: Cohort) -> tuple[Cohort, tuple[date, date] | None]:
    """By which of a shipment's days the link asks, `cohort` unless it says so, and for which dates, if it names any that can be."""
    said = st.query_params
    first, last = day_of(said.get("from"), today), day_of(said.get("to"), today)
    by = Cohort(said["by"]) if said.get("by") in list(Cohort) else cohort
    return by, (first, last) if first and last and first <= last else None


def day_of(text: str | None, today: date) -> date | None:
    """The day that a link names; None when it is none, or lies in the future or before there were shops like this."""
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and EARLIEST <= day <= today else None


def days_and_cohort(
    period: Period, today: date, *, dates: str, by: str, on_dates: Callable[[str, str], None], on_by: Callable[[str], None]
) -> None:
    """The days of a period, and which of a shipment's days puts it in; `dates` and `by` are the keys of the two controls.

    `on_dates` is told the first and the last day once both are chosen, `on_by` the cohort, as a link carries them.
    """

    def chosen() -> None:
        days = st.session_state[dates]
        if isinstance(days, tuple) and len(days) == 2:
            on_dates(*(day.isoformat() for day in days))

    # A range is half chosen after the first press: written over, it could never be finished.
    if len(st.session_state.get(dates, ())) != 1:
        st.session_state[dates] = (period.first, period.last)
    st.date_input(
        "From and to", key=dates, format="YYYY-MM-DD", min_value=EARLIEST, max_value=today, width=232, on_change=chosen
    )
    st.session_state[by] = period.cohort
    st.radio(
        "A shipment belongs to the period by its",
        list(COHORTS),
        key=by,
        format_func=COHORTS.__getitem__,
        on_change=lambda: on_by(str(st.session_state[by])),
    )
