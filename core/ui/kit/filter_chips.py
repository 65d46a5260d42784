"""The chips of the Shipments page: each filter in words, removed by a press."""

from datetime import date

import streamlit as st

from core.domain.figures import DEFINITIONS, Cohort, Part
from core.domain.filters import Behind, ShipmentFilter
from core.domain.invoice_number import Rules
from core.ui.kit import formats
from core.ui.kit.chips import status_chip
from core.ui.kit.filters import BEHIND, KEYS, KINDS, OPTIONAL, STANDING, clear, put, word

_COHORTS = {Cohort.ORDERED: "ordered", Cohort.PICKED_UP: "picked up"}


def chips(wanted: ShipmentFilter, total: int, rules: Rules, today: date) -> None:
    """How many shipments are shown, and one chip per filter; a press on a chip removes the filter."""
    active = _active(wanted, rules, today)
    noun = "shipment" if total == 1 else "shipments"
    st.markdown(f"**{formats.count(total)}** {noun}" + (" · filtered by" if active else ""), width="content")
    if not active:
        return
    st.session_state.setdefault("chips", None)
    st.pills(
        "Filters",
        list(active),
        key="chips",
        format_func=lambda name: f"{active[name]} :material/close:",
        label_visibility="collapsed",
        on_change=_remove_chip,
    )
    st.button("Clear all", type="tertiary", key="clear", on_click=clear)


def _active(wanted: ShipmentFilter, rules: Rules, today: date) -> dict[str, str]:
    said: dict[str, str] = {}
    if wanted.values:
        several = len(wanted.values) > 1
        said["q"] = f"{len(wanted.values)} {KEYS[wanted.key]}" if several else f"{KEYS[wanted.key]} {wanted.values[0][:40]}"
    if wanted.behind:
        said["behind"] = _figure(wanted.behind, today)
    if wanted.statuses or wanted.hours_from or wanted.hours_until:
        said["standing"] = _standing(wanted)
    if wanted.ordered_from or wanted.ordered_to:
        said["dates"] = "Ordered " + _span(wanted.ordered_from, wanted.ordered_to, today)
    if wanted.kind:
        said["kind"] = KINDS[wanted.kind]
    for name, (label, field) in OPTIONAL.items():
        if chosen := getattr(wanted, field):
            said[name] = f"{label} {', '.join(word(name, rules, value) for value in chosen)}"
    return {name: formats.plain(text) for name, text in said.items()}


def _standing(wanted: ShipmentFilter) -> str:
    """In which statuses, and for how long."""
    statuses = ", ".join(dict.fromkeys(status_chip(status)["word"] for status in wanted.statuses)) or "In status"
    low, high = wanted.hours_from, wanted.hours_until
    if high is None:
        return f"{statuses} for over {low} h" if low else statuses
    return f"{statuses} for {low or 0}–{high} h"


def _figure(behind: Behind, today: date) -> str:
    """Which shipments of which figure, of which days."""
    definition = DEFINITIONS[behind.figure]
    words = {
        Part.NUMERATOR: definition.numerator,
        Part.DENOMINATOR: definition.denominator,
        Part.REST: definition.rest or "the rest",
        Part.EXCLUDED: "left out of the figure",
    }
    days = "" if definition.cohort is None else f", {_COHORTS[behind.cohort]} {_span(behind.first, behind.last, today)}"
    return f"{definition.name}: {words[behind.part].partition(':')[0].lower()}{days}"


def _span(first: date | None, last: date | None, today: date) -> str:
    if first == last:
        return formats.day(first, today)
    if last is None:
        return f"from {formats.day(first, today)}"
    if first is None:
        return f"until {formats.day(last, today)}"
    return f"{formats.day(first, today)} – {formats.day(last, today)}"


def _remove_chip() -> None:
    match st.session_state["chips"]:
        case "dates":
            put(**{"from": None, "to": None})
        case "behind":
            put(**dict.fromkeys(BEHIND))
        case "standing":
            put(**dict.fromkeys(STANDING))
        case str(name):
            put(**{name: None})
    st.session_state["chips"] = None
