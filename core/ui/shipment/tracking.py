"""The tracking of one shipment: how old the last answer is, the way of the parcel, [Refresh tracking]; it goes on by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain import answer_doubts, permissions
from core.domain.permissions import Action
from core.domain.shipment import Shipment, Status
from core.runtime import Runtime
from core.services.shipments import queries
from core.services.shipments.queries import Whole
from core.services.tracking import polling
from core.ui.kit import formats, messages, refreshing
from core.ui.kit.timeline import timeline
from core.ui.shipment import acts, journey
from core.ui.shipment.invoice_line import TRACKING

LIVE = 3
"""Seconds between two looks at what happened behind."""


@dataclass
class Seen:
    """What the section shows, as of the store's `changes`; `drawn` is what the rest of the panel shows."""

    drawn: Whole
    whole: Whole
    cached: Mapping[str, Any] | None
    changes: int


def section(runtime: Runtime, whole: Whole, changes: int) -> None:
    """Draws the section; from then on it follows what carriers and others do. `changes` of the store before `whole` was read."""
    cached = polling.cached(runtime.store, whole.shipment.shipment_no)
    _section(runtime, Seen(whole, whole, cached, changes))


def as_of(cached: Mapping[str, Any] | None, shipment: Shipment, zone: ZoneInfo, now: datetime, *, tracked: bool = True) -> str:
    """`Asked 3 min ago · next 14:20`: the age of the last answer, and when it is asked again. `tracked`: a service can be asked."""
    if cached is None:
        return "Not asked any more" if not shipment.live else "Not asked yet" if tracked else "No service is asked"
    answered = cached["fetched_at"]
    first = f"Asked {formats.duration(now - answered)} ago" if answered else "Not answered yet"
    if cached["stopped_at"]:
        return f"{first} · asking stopped on {formats.moment(cached['stopped_at'], zone, now)}"
    due = cached["next_due"]
    if due is None:
        return f"{first} · not asked again: {'delivered' if shipment.state.status is Status.DELIVERED else 'closed'}"
    return f"{first} · " + (f"next {formats.hour(due, zone, now)}" if due > now else "due now")


def trouble(cached: Mapping[str, Any] | None, now: datetime) -> str:
    """What went wrong at the last try, and what stays true; "" when it went well."""
    if cached is None or not cached["last_error"]:
        return ""
    ago = f" {formats.duration(now - cached['asked_at'])} ago" if cached["attempts"] else ""
    stays = "The last good state stays." if cached["fetched_at"] else "Nothing was answered so far."
    return f"The last try failed{ago}: {cached['last_error']} {stays}"


@st.fragment(run_every=LIVE)
def _section(runtime: Runtime, seen: Seen) -> None:
    with messages.guarded("The tracking"), st.container(key=TRACKING):
        now, zone = runtime.now(), formats.viewer_zone(runtime.settings.zone)
        _look(runtime, seen, now)
        _head(runtime, seen, zone, now)
        _changed_meanwhile(seen)
        _said(runtime, seen)
        estimate = seen.cached["estimated_on"] if seen.cached else None
        timeline(
            journey.tracking(seen.whole, zone, now, runtime.settings.zone, estimate),
            key=f"tracking:{seen.whole.shipment.shipment_no}",
            label="Tracking",
        )
        st.caption(_foot(seen.whole, now))


def _look(runtime: Runtime, seen: Seen, now: datetime) -> None:
    """Reads the shipment again when something was written; the whole page follows when more than its tracking changed."""
    changes = runtime.store.changes
    if changes == seen.changes:
        return
    number = seen.whole.shipment.shipment_no
    whole = queries.whole(runtime.store, number, zone=runtime.settings.zone, now=now)
    if whole is None:
        return
    seen.whole, seen.cached, seen.changes = whole, polling.cached(runtime.store, number), changes
    if _face(whole) != _face(seen.drawn) and not _writing(seen.drawn.shipment):
        st.rerun()


def _head(runtime: Runtime, seen: Seen, zone: ZoneInfo, now: datetime) -> None:
    shipment = seen.whole.shipment
    invoice = shipment.invoice
    carrier = runtime.rules.carriers.get(invoice.carrier) if invoice else None
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown("**Tracking**", width="content")
        if invoice:
            tracked = seen.cached is not None or invoice.carrier in runtime.tracker.routes()
            st.caption(as_of(seen.cached, shipment, zone, now, tracked=tracked), width="content")
        st.space("stretch")
        if invoice:
            refreshing.button(runtime, shipment.shipment_no)
        if invoice and carrier and carrier.url:
            address = carrier.url.format(number=quote(invoice.invoice_no))
            st.link_button(f"View at {carrier.name}", address, type="tertiary", icon=":material/open_in_new:")


def _said(runtime: Runtime, seen: Seen) -> None:
    """What came of the last press, what went wrong at the last try, and what is odd about the number."""
    number = seen.whole.shipment.shipment_no
    run = refreshing.run_of(number)
    if run and run.ended is None:
        refreshing.watch(run, lambda: None if _writing(seen.drawn.shipment) else st.rerun())
    error = trouble(seen.cached, runtime.now())
    if error:
        st.warning(formats.plain(error), icon=":material/cloud_off:")
    elif run and (said := refreshing.told(run, runtime.now())):
        st.caption(formats.plain(said))
    if seen.cached and seen.cached["warning"]:
        st.warning(formats.plain(answer_doubts.in_words(seen.cached["warning"])), icon=":material/history:")
    if seen.cached and seen.cached["stopped_at"]:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.caption("Nothing was heard for so long that asking stopped.", width="content")
            st.button("Resume", key=f"resume:{number}", icon=":material/play_arrow:", on_click=_resume, args=(runtime, number))


def _resume(runtime: Runtime, shipment_no: str) -> None:
    polling.resume(runtime.tracker, [shipment_no])
    runtime.refresher.nudge()


def _changed_meanwhile(seen: Seen) -> None:
    """A form that is open is never taken away: what changed is shown when the person asks for it."""
    if _face(seen.whole) == _face(seen.drawn):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption("This shipment changed while the form was open.", width="content")
        if st.button("Show changes", key="show_changed", icon=":material/refresh:", type="tertiary"):
            st.rerun()


def _foot(whole: Whole, now: datetime) -> str:
    """How long the shipment was in each state, and what a dotted time means."""
    times = journey.times(whole.shipment, now)
    parts = [f"{word} {formats.closely(span)}" + (", and counting" if still else "") for word, span, still in times]
    dotted = any(checkpoint.zone_assumed for checkpoint in whole.shipment.journey)
    return " · ".join(parts) + ("  \nDotted times: the carrier named no time zone; its own is assumed." if dotted else "")


def _face(whole: Whole) -> tuple[object, ...]:
    """What the rest of the panel shows of the shipment."""
    shipment = whole.shipment
    return shipment.version, whole.row["flag"], shipment.state.reason, shipment.state.exception


def _writing(shipment: Shipment) -> bool:
    """Whether a form of this shipment is open, in which something may be typed."""
    number, mode = st.session_state.get(acts.MODE, ("", ""))
    return Action.REGISTER in permissions.of(shipment) or (number == shipment.shipment_no and bool(mode))
