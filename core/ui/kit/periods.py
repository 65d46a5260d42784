"""What pages of figures share: the minute they are of, the days of a period, and its controls."""

from collections.abc import Callable
from datetime import date, datetime

import streamlit as st

from core.domain import labels
from core.domain.dimensions import Days
from core.domain.figures import Cohort
from core.domain.language import Vocabulary, tr
from core.domain.periods import NAMED_DAYS, NamedDays, Period
from core.runtime import Runtime
from core.ui.kit import links
from core.ui.kit.days import days_box

KINDS = labels.KINDS
COHORTS = Vocabulary({Cohort.ORDERED: labels.ORDER_DATE, Cohort.PICKED_UP: "pick-up date"})
EARLIEST = date(1990, 1, 1)
NAMED = (NamedDays.LAST_7_DAYS, NamedDays.THIS_WEEK, NamedDays.THIS_MONTH, NamedDays.LAST_MONTH)
"""Those offered as a period."""


def this_minute(runtime: Runtime) -> datetime:
    """Now without its seconds: within a minute, what was not written anew need not be asked again."""
    return runtime.now().replace(second=0, microsecond=0)


def of_link(today: date, cohort: Cohort) -> tuple[Cohort, tuple[date, date] | None]:
    """By which of a shipment's days the link asks, `cohort` unless it says so, and for which dates, if it names any that can be."""
    said = st.query_params
    by = Cohort(said["by"]) if said.get("by") in list(Cohort) else cohort
    if name := named():
        return by, name.of(today)
    first, last = day_of(said.get("from"), today), day_of(said.get("to"), today)
    return by, (first, last) if first and last and first <= last else None


def named() -> NamedDays | None:
    """The named days that the link asks for, such as `?period=last-month`."""
    said = st.query_params.get("period", "")
    return NamedDays(said) if said in list(NamedDays) else None


def put(**changes: str | None) -> None:
    """Writes other days into the link, in place of those that it says."""
    links.put(**{"period": None, "from": None, "to": None, **changes})


def day_of(text: str | None, today: date) -> date | None:
    """The day that a link names; None when it is none, or lies in the future or before there were shops like this."""
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and EARLIEST <= day <= today else None


def days_and_cohort(
    period: Period, today: date, *, dates: str, by: str, on_days: Callable[..., None], on_by: Callable[[str], None]
) -> None:
    """The days of a period, and which of a shipment's days puts it in; `dates` and `by` are the keys of two of the controls.

    `on_days` is told `period`, or `from` and `to` once both are chosen, `on_by` the cohort, as a link carries them.
    """

    def chosen(days: Days) -> None:
        if days.first and days.last:
            on_days(**{"from": days.first.isoformat(), "to": days.last.isoformat()})

    def named_pressed() -> None:
        if name := st.session_state[f"{dates}:named"]:
            on_days(period=str(name))

    st.session_state[f"{dates}:named"] = named()
    st.pills(tr("Period"), NAMED, key=f"{dates}:named", format_func=NAMED_DAYS.__getitem__, on_change=named_pressed)
    days_box(
        Days(period.first, period.last),
        today,
        key=dates,
        within=(min(EARLIEST, period.first), max(today, period.last)),
        on_days=chosen,
    )
    st.session_state[by] = period.cohort
    st.radio(
        tr("A shipment belongs to the period by its"),
        list(COHORTS),
        key=by,
        format_func=COHORTS.__getitem__,
        on_change=lambda: on_by(str(st.session_state[by])),
    )
