"""One shipment with everything that may be done to it: the same panel as a drawer over the list and as a page."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.delta_generator import DeltaGenerator as Place

from core.domain import labels, shipment_actions
from core.domain.language import tr
from core.domain.permissions import Act
from core.domain.shipment import Shipment, WayBack
from core.domain.shipment_actions import Action
from core.runtime import Runtime
from core.services.shipments import queries
from core.services.shipments.queries import WholeShipment
from core.ui.kit import (
    chips,
    formats,
    fragments,
    messages,
    notes,
    shared,
    shipment_drawer,
    shipment_rows,
    unfinished,
    walking,
    who,
)
from core.ui.kit.chips import Chip
from core.ui.kit.shipment_drawer import PanelPart
from core.ui.kit.shipment_rows import Row
from core.ui.kit.timeline import timeline
from core.ui.kit.unfinished import OpenKind
from core.ui.kit.walking import Walk
from core.ui.shipment import acts, forgetting, journey, parcels, shipment_notes, tracking, worklist
from core.ui.shipment.acts import SeenVersion
from core.ui.shipment.invoice_line import HISTORY, OPENS, InvoiceLine, invoice_line
from core.ui.shipment.sentences import PanelText


def drawer(runtime: Runtime, walk: Walk | None = None) -> None:
    """Draws the drawer when one is open; over a list with the way to the shipments beside it."""
    shipment_drawer.reopen()
    shipment_no = shipment_drawer.opened()
    if shipment_no is None:
        return
    title = str(PanelText.TITLE(shipment_no=formats.plain(shipment_no)))
    dialog = fragments.dialog(
        title, position="right", width=700, icon=":material/package_2:", on_dismiss=shipment_drawer.close_drawer
    )
    draw: Callable[[], None] = dialog(lambda: _in_drawer(runtime, shipment_no, walk))
    draw()


def panel(runtime: Runtime, shipment_no: str, walk: Walk | None = None, *, in_drawer: bool = False) -> bool:
    """Draws the shipment, in a drawer with the link to its page; False when its number does not exist."""
    now, zone = runtime.now(), formats.viewer_zone(runtime.settings.zone)
    whole = queries.whole(runtime.store, shipment_no, visit=who.visit(runtime, now))
    if whole is None:
        st.warning(
            tr("Check the number on the slip, or search for the Order No."),
            title=str(PanelText.UNKNOWN(shipment_no=formats.plain(shipment_no))),
            icon=":material/search_off:",
        )
        return False
    with st.container(gap="xsmall"):
        _badges(whole, zone, now, walk)
        _put_elsewhere(whole.shipment)
        _done(shipment_no, walk)
        unfinished.say(OpenKind.FORM)
        facts, past = _halves(in_drawer=in_drawer)
        with facts:
            _now(runtime, whole, zone, now)
        with past:
            part = shipment_drawer.part_of(whole.shipment.shipment_no)
            tracking.section(runtime, whole, unfolded=part == PanelPart.JOURNEY)
            _history(runtime, whole, zone, now)
            shipment_notes.section(runtime, whole, zone, now)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if in_drawer:
                _page_link(shipment_no)
            forgetting.button(runtime, whole.shipment)
            st.space("stretch")
            walking.choice(walk)
    can = frozenset() if who.denied(runtime, Act.CHANGE) else shipment_actions.of(whole.shipment)
    acts.keep_open(SeenVersion(shipment_no, whole.shipment.version), can)
    return True


def _halves(*, in_drawer: bool) -> tuple[Place, Place]:
    """Where the shipment as it is stands, and where what became of it does: side by side on a page that is wide enough."""
    if in_drawer:
        return st.container(gap="xsmall"), st.container(gap="xsmall")
    halves = st.grid(2, min_column_width=520, gap=("xsmall", "medium"))
    return halves.cell().container(gap="xsmall"), halves.cell().container(gap="xsmall")


def _now(runtime: Runtime, whole: WholeShipment, zone: ZoneInfo, now: datetime) -> None:
    """The shipment as it is, with its forms."""
    editing = shipment_drawer.form_of(whole.shipment.shipment_no) in _IN_GOODS
    # What is said of a press stands above the form that was pressed.
    if editing:
        acts.answers(runtime, whole, zone, now)
    _goods(runtime, whole)
    if not editing:
        # A place of its own, or what stands below would be drawn anew and lose the focus.
        with st.container():
            acts.answers(runtime, whole, zone, now)
    _invoice(runtime, whole, zone, now)
    worklist.section(runtime, whole, zone, now)


def _in_drawer(runtime: Runtime, shipment_no: str, walk: Walk | None) -> None:
    changed = notes.pop_changed()
    if followed := shipment_drawer.pop_followed():
        shipment_drawer.turn_to(followed)
    if changed or followed:
        st.rerun()
    with messages.guarded(tr(shared.THIS_SHIPMENT)):
        if not panel(runtime, shipment_no, walk, in_drawer=True):
            _page_link(shipment_no)


def _page_link(shipment_no: str) -> None:
    st.page_link(
        "../../pages/shipment.py",
        label=tr("Open as a page"),
        icon=":material/open_in_new:",
        query_params={"no": shipment_no},
    )


def _done(shipment_no: str, walk: Walk | None) -> None:
    """What was saved last, and the way to the next shipment."""
    if done := shipment_drawer.done(shipment_no):
        with st.container(key="done", horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":green[:material/check: {formats.plain(done.text)}]", width="content")
            walking.way_on(walk, done)


def _badges(whole: WholeShipment, zone: ZoneInfo, now: datetime, walk: Walk | None) -> None:
    shipment, flag = whole.shipment, shipment_rows.flag(whole.row, now)
    today = now.astimezone(zone).date()
    promised = shipment.promised_on
    words = formats.facts(
        PanelText.PROMISED("day", day=formats.day(promised, today)) if promised else PanelText.PROMISED("none"),
        PanelText.ORDER(order_no=formats.plain(shipment.order_no)),
        labels.KINDS_IN_FULL[shipment.kind],
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for chip in (shipment_rows.status(whole.row), flag, _way_back(whole, zone, now)):
            if chip:
                st.badge(chip["word"], icon=chips.MATERIAL[chip["icon"]], color=chip["hue"])  # type: ignore[arg-type]
        st.caption(words, width="content")
        st.space("stretch")
        walking.head(walk)
    _reason(whole, "".join(item.get("text", "") for item in journey.latest(whole, zone, now)))


def _reason(whole: WholeShipment, latest: str) -> None:
    """Why the shipment stands as it does, unless the latest moment of its way says it below."""
    state = whole.shipment.state
    if state.reason and state.reason not in latest:
        whose = "carrier" if whole.row["flag"] else "own"
        st.caption(str(PanelText.REASON(whose, reason=formats.plain(state.reason))))
    elif state.exception and not state.reason and state.exception not in latest:
        st.caption(str(PanelText.EXCEPTION(exception=formats.plain(state.exception))))


def _way_back(whole: WholeShipment, zone: ZoneInfo, now: datetime) -> Chip | None:
    """Returning or Returned, with its day."""
    chip, state = shipment_rows.way_back(whole.row), whole.shipment.state
    moment = state.returned_at if state.way_back is WayBack.RETURNED else state.returning_at
    if chip is None or moment is None:
        return None
    day = formats.day(moment.astimezone(zone).date(), now.astimezone(zone).date())
    return {**chip, "word": str(PanelText.WAY_BACK(way=chip["word"], day=day))}


def _invoice(runtime: Runtime, whole: WholeShipment, zone: ZoneInfo, now: datetime) -> None:
    shipment, allowed = whole.shipment, shipment_actions.of(whole.shipment)
    seen = SeenVersion(shipment.shipment_no, shipment.version)
    invoice = shipment.invoice
    with st.container(border=True, gap="xsmall"):
        invoice_line(
            _line(runtime, shipment),
            key=f"line:{shipment.shipment_id}",
            on_press=lambda pressed: shipment_drawer.press(shipment.shipment_no, pressed),
        )
        if invoice and not any(change["after"].get("invoice_no") for change in whole.history):
            st.caption(str(PanelText.REGISTERED(when=formats.moment(invoice.changed_at, zone, now))))
        if who.locked(runtime, Act.CHANGE):
            return
        acts.invoice_forms(runtime, whole, seen, allowed)
        acts.other_acts(runtime, whole, seen, allowed)


def _line(runtime: Runtime, shipment: Shipment) -> InvoiceLine:
    invoice, allowed = shipment.invoice, shipment_actions.of(shipment)
    pressed, press = shipment_drawer.pressed_last(shipment.shipment_no)
    if pressed not in OPENS and Action.REGISTER in allowed:
        # A shipment that waits for an invoice is opened for it: its box has the focus.
        pressed, press = Action.REGISTER, press or f"opened {shipment.shipment_no}"
    return InvoiceLine(
        carrier=shipment_rows.carrier_name(invoice.carrier, runtime.rules) if invoice else "",
        number=invoice.invoice_no if invoice else "",
        can=[action for action in _LINE if action in allowed],
        unfolded=shipment_drawer.part_of(shipment.shipment_no),
        pressed=pressed,
        press=press,
        locked=who.denied(runtime, Act.CHANGE),
    )


def _history(runtime: Runtime, whole: WholeShipment, zone: ZoneInfo, now: datetime) -> None:
    """The latest changes, all of them once they are unfolded."""
    shipment = whole.shipment
    items = journey.history(whole, runtime.rules, zone, now)
    unfolded = shipment_drawer.part_of(shipment.shipment_no) == PanelPart.HISTORY
    with st.container(key=HISTORY, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(tr("**History**"), width="content")
            if not items:
                st.caption(tr("Nothing has been changed yet."), width="content")
            elif not unfolded and len(items) > _LATEST:
                st.button(
                    str(PanelText.ALL(count=len(items))),
                    key="history:all",
                    type="tertiary",
                    on_click=shipment_drawer.press,
                    args=(shipment.shipment_no, PanelPart.HISTORY),
                )
        timeline(items if unfolded else items[:_LATEST], key=f"history:{shipment.shipment_id}", label=tr("History"))


def _goods(runtime: Runtime, whole: WholeShipment) -> None:
    shipment, allowed = whole.shipment, shipment_actions.of(whole.shipment)
    seen = SeenVersion(shipment.shipment_no, shipment.version)
    left, right = st.columns(2, gap="small")
    with left, st.container(gap="xxsmall"):
        with st.container(key="over_address", horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(tr("**Ship to**"), width="content")
            acts.address_button(runtime, whole, allowed)
        _address(whole)
        forgetting.section(runtime, shipment)
    with right, st.container(gap="xxsmall"):
        with st.container(key="over_goods", horizontal=True, vertical_alignment="center"):
            st.markdown(tr("**Shipment**"), width="content")
        items = [formats.facts(PanelText.ITEM(name=i.name, quantity=i.quantity), i.product_id) for i in shipment.items]
        box = [str(PanelText.NO_GOODS())] if shipment.split_no and not items else []
        _lines(_sending(whole) + items + box)
        parcels.offer_split(runtime, seen, allowed)
    acts.address_form(runtime, whole, seen, allowed)
    if shipment.request:
        st.markdown(tr("**Shipping request**"))
        st.text(shipment.request)
    parcels.split_form(runtime, shipment, seen, allowed)
    parcels.joining(runtime, shipment, seen, allowed)
    _family(whole)
    _inside(whole)


def _address(whole: WholeShipment) -> None:
    _lines(formats.address(whole.shipment.address))


def _sending(whole: WholeShipment) -> list[str]:
    shipment = whole.shipment
    warehouse = PanelText.WAREHOUSE(warehouse=shipment.warehouse) if shipment.warehouse else None
    policy = PanelText.POLICY(policy=shipment.policy) if shipment.policy else None
    option = str(PanelText.OPTION(option=shipment.option)) if shipment.option else ""
    weight = f"{shipment.weight_g / 1000:,.2f} kg" if shipment.weight_g is not None else ""
    parts = [formats.facts(warehouse, policy), ", ".join(p for p in (option, weight) if p), _freight(shipment)]
    return [part for part in parts if part]


def _freight(shipment: Shipment) -> str:
    if shipment.freight is None:
        return ""
    form = "currency" if shipment.currency else "alone"
    return str(PanelText.FREIGHT(form, freight=shipment.freight, currency=shipment.currency))


def _lines(lines: list[str]) -> None:
    st.text("\n".join(line for line in lines if line) or "–")


def _family(whole: WholeShipment) -> None:
    """The other shipments of the order, with those this one was re-shipped from or as, split from or put into, marked."""
    own, inside = whole.shipment, {one["shipment_id"] for one in whole.inside}
    others = [one for one in whole.siblings if one["shipment_id"] not in inside]
    if not others:
        return
    st.markdown(str(PanelText.OTHERS(order_no=formats.plain(own.order_no))))
    links = {own.origin_no: PanelText.RESHIPPED_FROM(), own.successor_no: PanelText.RESHIPPED_AS()}
    links |= {own.split_no: PanelText.SPLIT_FROM()}
    for other in others:
        link = PanelText.SPLIT_OFF() if other["split_no"] == own.shipment_no else links.get(other["shipment_no"])
        chip = chips.status_chip(other["status"], other["word"], closed=other["closed_at"] is not None)
        _other(other, chip, formats.facts(link, formats.plain(other["product"])))


def _inside(whole: WholeShipment) -> None:
    """The shipments that were put into this one."""
    if not whole.inside:
        return
    st.markdown(str(PanelText.INSIDE()))
    for other in whole.inside:
        _other(
            other,
            None,
            formats.facts(PanelText.ORDER(order_no=formats.plain(other["order_no"])), formats.plain(other["product"])),
        )


def _other(other: Row, chip: Chip | None, words: str) -> None:
    """Another shipment: its number, which opens it, and what is to be said of it."""
    number = other["shipment_no"]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            formats.plain(number),
            key=f"sibling:{other['shipment_id']}",
            type="tertiary",
            icon=":material/package_2:",
            on_click=shipment_drawer.follow,
            args=(number,),
        )
        if chip:
            st.badge(chip["word"], icon=chips.MATERIAL[chip["icon"]], color=chip["hue"])  # type: ignore[arg-type]
        st.caption(words, width="content")


def _put_elsewhere(shipment: Shipment) -> None:
    """Where a shipment went that was put into another one, with the way there."""
    if not (into := shipment.joined_no):
        return
    named = {"shipment_no": formats.plain(shipment.shipment_no), "into": formats.plain(into)}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(str(PanelText.PUT_INTO(**named)), icon=":material/package_2:")
        st.button(
            formats.plain(into), key="put_into", icon=":material/arrow_forward:", on_click=shipment_drawer.follow, args=(into,)
        )


_IN_GOODS = (Action.EDIT_ADDRESS, Action.SPLIT, Action.JOIN)
_LATEST = 4
"""How many changes stand in sight before the rest is asked for."""
_LINE = (Action.MODIFY, Action.DELETE)
