"""The first and the last of some days: two boxes in which a date is typed or pasted, and a calendar in the reader's language."""

from collections.abc import Callable
from datetime import date
from typing import Final

import streamlit as st

from core.domain.dimensions import Days
from core.domain.language import speech, tr
from core.languages import first_weekday
from core.ui.kit.components import component
from core.ui.kit.sentences import KitText

DAYS: Final = "days"
"""What the component says of itself: `first` and `last`, and the `end` of them that was chosen."""
_mount = component("shipdesk_days", '<div class="days"></div>', "days.css", "icons.js", "days.js")


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

    earliest, latest = within
    _mount(
        key=key,
        data={
            "first": chosen.first and chosen.first.isoformat(),
            "last": chosen.last and chosen.last.isoformat(),
            "today": today.isoformat(),
            "earliest": earliest.isoformat(),
            "latest": latest.isoformat(),
            "open": open_ends,
            "language": speech().language,
            "week_begins": first_weekday(speech().language),
            "words": {
                "first": tr("First day"),
                "last": tr("Last day"),
                "month_before": tr("Month before"),
                "month_after": tr("Month after"),
                "no_day": str(KitText.NO_DAY(example=today.isoformat())),
                "too_early": str(KitText.TOO_EARLY(day=earliest.isoformat())),
                "too_late": str(KitText.TOO_LATE(day=latest.isoformat())),
            },
        },
        on_days_change=told,
    )
