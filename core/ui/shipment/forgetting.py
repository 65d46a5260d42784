"""[Forget who received]: for admins, with a question before it; afterwards that it was done."""

import streamlit as st

from core.domain import permissions
from core.domain.history import ChangeSource
from core.domain.permissions import Act
from core.domain.shipment import Shipment
from core.runtime import Runtime
from core.services.shipments import forgetting
from core.services.shipments.changes import Request
from core.ui.kit import formats, messages, notes, shipment_drawer, who
from core.ui.shipment.sentences import ForgetText

FAULT = "forget:fault"


def section(runtime: Runtime, shipment: Shipment) -> None:
    """Under the address: that it is hidden, or was forgotten."""
    if fault := st.session_state.pop(FAULT, ""):
        st.error(formats.plain(fault), icon=":material/block:")
    if shipment.forgotten_at:
        day = formats.day(shipment.forgotten_at.astimezone(runtime.settings.zone).date(), who.visit(runtime).clock.today)
        st.caption(str(ForgetText.FORGOTTEN(day=day)))
    elif not permissions.may(who.person(runtime), Act.SEE_PERSONAL):
        st.caption(str(ForgetText.HIDDEN()))


def button(runtime: Runtime, shipment: Shipment) -> None:
    """Beside the address: the question whether it is to be forgotten, for who may."""
    person = who.person(runtime)
    if not shipment.forgotten_at and permissions.may(person, Act.SEE_PERSONAL) and permissions.may(person, Act.FORGET):
        with st.popover(str(ForgetText.OFFER()), type="tertiary", icon=":material/person_off:"):
            st.markdown(str(ForgetText.SURE(order_no=formats.plain(shipment.order_no))))
            st.button(str(ForgetText.DO()), key="forget", type="primary", on_click=_forget, args=(runtime, shipment))


def _forget(runtime: Runtime, shipment: Shipment) -> None:
    request = Request(who.actor(runtime, ChangeSource.FORM), runtime.now())
    try:
        done = forgetting.of_orders(runtime.store, [shipment.order_no], request=request)
        forgetting.scrub(runtime.store, request=request)
    except Exception as error:
        st.session_state[FAULT] = messages.why(error)
        return
    notes.changed()
    shipment_drawer.say_done(shipment.shipment_no, done.message)
