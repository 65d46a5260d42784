"""The tracking of one shipment: how old the last answer is, the way of the parcel, [Refresh tracking]; it goes on by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain import answer_doubts, shipment_actions
from core.domain.language import tr
from core.domain.permissions import Act
from core.domain.reasons import sentences
from core.domain.shipment import Shipment, Status
from core.domain.shipment_actions import Action
from core.domain.worklist import notes_of
from core.runtime import Runtime
from core.services.shipments import queries
from core.services.shipments.queries import WholeShipment
from core.services.tracking import polling
from core.ui.kit import formats, messages, refresh_run, shared, shipment_drawer, who
from core.ui.kit.fragments import fragment
from core.ui.kit.refresh_run import Run
from core.ui.kit.timeline import timeline
from core.ui.shipment import journey
from core.ui.shipment.invoice_line import TRACKING
from core.ui.shipment.sentences import ActText, AsOf, ByHand, Foot, LastTry

LIVE = 3
"""Seconds between two looks at what happened behind."""
SAID_FOR = timedelta(minutes=2)
"""How long it is said what came of asking by hand."""


@dataclass
class _Shown:
    """What the section shows; `drawn` is what the rest of the panel shows."""

    drawn: WholeShipment
    whole: WholeShipment


def section(runtime: Runtime, whole: WholeShipment, *, unfolded: bool) -> None:
    """Draws the section, folded to the latest moment of the way or whole; from then on it follows what carriers and others do."""
    _section(runtime, _Shown(whole, whole), unfolded)


def as_of(cached: Mapping[str, Any] | None, shipment: Shipment, zone: ZoneInfo, now: datetime, *, tracked: bool = True) -> str:
    """`Asked 3 min ago · next 14:20`: the age of the last answer, and when it is asked again. `tracked`: a service can be asked."""
    if cached is None:
        return str((AsOf.NOT_YET if tracked else AsOf.NOBODY)() if shipment.live else AsOf.NOT_ANY_MORE())
    answered, due = cached["fetched_at"], cached["next_due"]
    form, ago = ("answered", formats.duration(now - answered)) if answered else ("silent", "")
    if cached["stopped_at"]:
        return str(AsOf.STOPPED(form, ago=ago, when=formats.moment(cached["stopped_at"], zone, now)))
    if due is None:
        return str((AsOf.DELIVERED if shipment.state.status is Status.DELIVERED else AsOf.CLOSED)(form, ago=ago))
    return str(AsOf.NEXT(form, ago=ago, when=formats.hour(due, zone, now)) if due > now else AsOf.DUE(form, ago=ago))


def trouble(cached: Mapping[str, Any] | None, now: datetime) -> str:
    """What went wrong at the last try, and what stays true; "" when it went well."""
    if cached is None or not cached["last_error"]:
        return ""
    ago = formats.duration(now - cached["asked_at"]) if cached["attempts"] else ""
    failed = LastTry.FAILED("ago" if ago else "alone", ago=ago, error=cached["last_error"])
    return sentences([failed, LastTry.STAYS() if cached["fetched_at"] else LastTry.NO_ANSWER()])


def odd(whole: WholeShipment) -> str:
    """What is odd about the number, in sentences; not what stands with its buttons above."""
    stored = whole.tracking["warning"] if whole.tracking else whole.shipment.state.doubt or ""
    settled = whole.shipment.state.doubt if Action.SETTLE in shipment_actions.of(whole.shipment) else None
    return answer_doubts.in_words(",".join(doubt for doubt in stored.split(",") if doubt != settled))


def told(run: Run, now: datetime) -> str:
    """What came of asking about one shipment, in a sentence; "" once that is long ago."""
    if run.ended is None or now - run.ended > SAID_FOR:
        return ""
    report = run.report
    if report is None:
        return run.trouble
    if report.failures:
        return report.failures[0].reason
    if report.too_soon:
        return str(ByHand.TOO_SOON())
    if report.untracked or report.unknown:
        return str(ByHand.NOBODY())
    return str(ByHand.NEWS() if report.events else ByHand.NOTHING_NEW())


@fragment(run_every=LIVE)
def _section(runtime: Runtime, seen: _Shown, unfolded: bool) -> None:
    with messages.guarded(tr("The tracking")), st.container(key=TRACKING):
        now, zone = runtime.now(), formats.viewer_zone(runtime.settings.zone)
        _look(runtime, seen, now)
        _head(runtime, seen, zone, now, unfolded)
        _changed_meanwhile(seen)
        _said(runtime, seen)
        way = (
            journey.tracking(seen.whole, zone, now, runtime.settings.zone)
            if unfolded
            else journey.latest(seen.whole, zone, now)
        )
        timeline(way, key=f"tracking:{seen.whole.shipment.shipment_id}", label=tr("Tracking"))
        if unfolded:
            st.caption(_foot(seen.whole, now))


def _look(runtime: Runtime, seen: _Shown, now: datetime) -> None:
    """Reads the shipment again when something was written; the whole page follows when more than its tracking changed."""
    if runtime.store.changes == seen.whole.changes:
        return
    whole = queries.whole(runtime.store, seen.whole.shipment.shipment_no, visit=who.visit(runtime, now))
    if whole is None:
        return
    seen.whole = whole
    if _face(whole) != _face(seen.drawn) and not _writing(seen.drawn.shipment):
        st.rerun()


def _head(runtime: Runtime, seen: _Shown, zone: ZoneInfo, now: datetime, unfolded: bool) -> None:
    shipment = seen.whole.shipment
    invoice = shipment.invoice
    carrier = runtime.rules.carriers.get(invoice.carrier) if invoice else None
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(tr("**Tracking**"), width="content")
        if invoice:
            tracked = seen.whole.tracking is not None or invoice.carrier in runtime.tracker.routes()
            st.caption(as_of(seen.whole.tracking, shipment, zone, now, tracked=tracked), width="content")
        st.space("stretch")
        if invoice:
            _refresh_button(runtime, shipment)
        if unfolded and invoice and carrier and carrier.url:
            address = carrier.url.format(number=quote(invoice.canonical_no))
            st.link_button(str(ActText.VIEW_AT(company=carrier.name)), address, type="tertiary", icon=":material/open_in_new:")


def _refresh_button(runtime: Runtime, shipment: Shipment) -> None:
    st.button(
        tr(shared.REFRESH_TRACKING),
        key=f"refresh:{shipment.shipment_id}",
        icon=":material/refresh:",
        on_click=refresh_run.start,
        args=(runtime, str(shipment.shipment_id), [shipment.shipment_no]),
        **who.limits(
            runtime,
            Act.REFRESH,
            help=tr("Asks the carrier now, at most once a minute"),
            disabled=refresh_run.going(str(shipment.shipment_id)),
        ),
    )


def _said(runtime: Runtime, seen: _Shown) -> None:
    """What came of the last press, what went wrong at the last try, and what is odd about the number."""
    shipment = seen.whole.shipment
    run = refresh_run.run_of(str(shipment.shipment_id))
    if run and run.ended is None:
        refresh_run.watch(run, lambda: None if _writing(seen.drawn.shipment) else st.rerun())
    error = trouble(seen.whole.tracking, runtime.now())
    if error:
        st.warning(formats.plain(error), icon=":material/cloud_off:")
    elif run and (said := told(run, runtime.now())):
        st.caption(formats.plain(said))
    if doubts := odd(seen.whole):
        st.warning(formats.plain(doubts), icon=":material/history:")
    if seen.whole.tracking and seen.whole.tracking["stopped_at"]:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.caption(tr("Nothing was heard for so long that asking stopped."), width="content")
            st.button(
                tr("Resume"),
                key=f"resume:{shipment.shipment_id}",
                icon=":material/play_arrow:",
                on_click=_resume,
                args=(runtime, shipment.shipment_no),
                **who.limits(runtime, Act.REFRESH),
            )


def _resume(runtime: Runtime, shipment_no: str) -> None:
    polling.resume(runtime.tracker, [shipment_no], person=who.person(runtime))
    runtime.nudge()


def _changed_meanwhile(seen: _Shown) -> None:
    """A form that is open is never taken away: what changed is shown when the person asks for it."""
    if _face(seen.whole) == _face(seen.drawn):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(tr("This shipment changed while the form was open."), width="content")
        if st.button(tr(shared.SHOW_CHANGES), key="show_changed", icon=":material/refresh:", type="tertiary"):
            st.rerun()


def _foot(whole: WholeShipment, now: datetime) -> str:
    """How long the shipment was in each state, and what a dotted time means."""
    times = journey.times(whole.shipment, now)
    spans = [Foot.SPAN("going" if still else "over", word=word, span=formats.closely(span)) for word, span, still in times]
    dotted = any(checkpoint.zone_assumed for checkpoint in whole.shipment.journey)
    return "  \n".join([formats.facts(*spans), *([str(Foot.DOTTED())] if dotted else [])])


def _face(whole: WholeShipment) -> tuple[object, ...]:
    """What the rest of the panel shows of the shipment."""
    shipment = whole.shipment
    state = shipment.state
    return shipment.version, whole.row["flag"], state.reason, state.exception, shipment.handling, tuple(notes_of(whole.history))


def _writing(shipment: Shipment) -> bool:
    """Whether a form of this shipment is open, in which something may be typed."""
    return Action.REGISTER in shipment_actions.of(shipment) or bool(shipment_drawer.form_of(shipment.shipment_no))
