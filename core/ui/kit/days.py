"""Days are typed, pasted or pressed: boxes for the first and the last of some, or for one, and a calendar in the reader's language."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

import streamlit as st

from core.domain.dimensions import Days
from core.domain.language import speech, tr
from core.languages import first_weekday
from core.ui.kit.components import component
from core.ui.kit.sentences import KitText

A_YEAR: Final = timedelta(days=366)
DAYS: Final = "days"
"""What the component says of itself: `first` and `last`, and the `end` of them that was chosen."""
_FILES: Final = "days.css", "icons.js", "days.js"
_mount = component("shipdesk_days", '<div class="days"></div>', *_FILES)
_mount_one = component("shipdesk_day", '<div class="days"></div>', *_FILES, isolated=False)


def days_box(
    chosen: Days,
    today: date,
    *,
    key: str,
    within: tuple[date, date],
    on_days: Callable[[Days], object],
    open_ends: bool = False,
) -> None:
    """Draws what is chosen; `on_days` is told other days, none of which lies outside `within`.

    With `open_ends` an end may be left out, and one that is chosen beyond the other takes that one along; else nothing is told
    before both are chosen.
    """

    def told() -> None:
        said = st.session_state[key].get(DAYS) or {}
        first, last = (date.fromisoformat(text) if text else None for text in (said.get("first"), said.get("last")))
        if first and last and last < first:
            first = last = first if said.get("end") == "first" else last
        on_days(Days(first, last))

    given = _given(chosen, today, within, open_ends=open_ends) | {"single": False}
    given["words"] |= {"first": tr("First day"), "last": tr("Last day")}
    _mount(key=key, data=given, on_days_change=told)


def day_box(
    label: str,
    chosen: date | None,
    today: date,
    *,
    key: str,
    within: tuple[date, date],
    on_day: Callable[[date | None], object],
    may_be_left_out: bool = False,
) -> None:
    """Draws one day with its calendar folded away; `on_day` is told another, None where it may be left out and is."""

    def told() -> None:
        text = (st.session_state[key].get(DAYS) or {}).get("first")
        on_day(date.fromisoformat(text) if text else None)

    given = _given(Days(chosen), today, within, open_ends=may_be_left_out) | {"single": True}
    given["words"] |= {"first": label, "calendar": tr("Calendar")}
    _mount_one(key=key, data=given, on_days_change=told)


def _given(chosen: Days, today: date, within: tuple[date, date], *, open_ends: bool) -> dict[str, Any]:
    earliest, latest = within
    return {
        "first": chosen.first and chosen.first.isoformat(),
        "last": chosen.last and chosen.last.isoformat(),
        "today": today.isoformat(),
        "earliest": earliest.isoformat(),
        "latest": latest.isoformat(),
        "open": open_ends,
        "language": speech().language,
        "week_begins": first_weekday(speech().language),
        "words": {
            "month_before": tr("Month before"),
            "month_after": tr("Month after"),
            "no_day": str(KitText.NO_DAY(example=today.isoformat())),
            "too_early": str(KitText.TOO_EARLY(day=earliest.isoformat())),
            "too_late": str(KitText.TOO_LATE(day=latest.isoformat())),
        },
    }
