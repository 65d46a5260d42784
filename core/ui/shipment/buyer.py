"""Telling the buyer: a text made from the facts, in their language, to copy or to open as a mail."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final
from urllib.parse import quote

import streamlit as st

from core import languages
from core.domain.buyer_message import BuyerTold, CarriedBy, Message, Way, language_for, message
from core.domain.flags import Flag
from core.domain.language import Language, Vocabulary, speaking, tr
from core.domain.shipment import Shipment
from core.runtime import Runtime
from core.services.shipments.queries import WholeShipment
from core.ui.kit import filters, shared
from core.ui.kit.components import component
from core.ui.kit.days import A_YEAR, day_box
from core.ui.kit.languages import NAMES

_OPEN: Final = "buyer:open"
_WORDS: Final = Vocabulary(
    {
        "subject": "Subject",
        "body": "Text to the buyer",
        "copy": "Copy text",
        "copied": "Copied",
        "not_copied": shared.PRESS_COPY,
        "mail": "Open as mail",
        "long": "This text is long: some mail programs cut it. Copy it instead.",
    }
)
_mount = component(
    "shipdesk_buyer_message",
    '<div class="buyer-message"></div>',
    "buyer_message.css",
    "icons.js",
    "buyer_message.js",
    isolated=False,
)


def button(shipment_no: str) -> None:
    """Opens and closes the section."""
    st.button(
        tr("Tell the buyer"),
        key="buyer:toggle",
        icon=":material/forward_to_inbox:",
        on_click=lambda: st.session_state.update({_OPEN: "" if is_open(shipment_no) else shipment_no}),
    )


def is_open(shipment_no: str) -> bool:
    """Whether the section of this shipment is open."""
    return bool(st.session_state.get(_OPEN) == shipment_no)


def section(runtime: Runtime, whole: WholeShipment, now: datetime, taken: Callable[[BuyerTold], object]) -> None:
    """The language, the new date, and the text made of them, which may be changed before it is `taken`."""
    shipment, today = whole.shipment, now.astimezone(runtime.settings.zone).date()
    of_shipment = f"buyer:{shipment.shipment_id}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        if f"{of_shipment}:language" not in st.session_state:
            filters.shown(f"{of_shipment}:language", language_for(shipment.address.country))
        st.segmented_control(
            tr("Language"), list(Language), required=True, key=f"{of_shipment}:language", format_func=NAMES.__getitem__
        )
        language = Language(st.session_state[f"{of_shipment}:language"])
        expected_on = _day(whole, today, f"{of_shipment}:day")
    text = _made(runtime, whole, language, expected_on, now)
    key = f"{of_shipment}:message"

    def report() -> None:
        if (way := (st.session_state[key].get("taken") or "").partition(" ")[0]) in set(Way):
            taken(BuyerTold(language, Way(way), expected_on))

    _mount(
        key=key,
        data={"subject": text.subject, "body": text.body, "lang": language, "words": dict(_WORDS)},
        on_taken_change=report,
    )


def _day(whole: WholeShipment, today: date, key: str) -> date | None:
    """The new date for the buyer, which the box shows; None where it is left empty."""
    of_box = f"{key}:chosen"
    chosen: date | None = st.session_state.setdefault(of_box, _expected(whole, today))
    day_box(
        tr("New date for the buyer"),
        chosen,
        today,
        key=key,
        within=(today, today + A_YEAR),
        on_day=lambda day: st.session_state.update({of_box: day}),
        may_be_left_out=True,
    )
    return chosen


def _made(runtime: Runtime, whole: WholeShipment, language: Language, expected_on: date | None, now: datetime) -> Message:
    shipment, flag = whole.shipment, whole.row["flag"]
    with speaking(languages.speech_of(language)):
        by = _carried_by(runtime, shipment)
        return message(shipment, Flag(flag) if flag else None, by, expected_on, zone=runtime.settings.zone, now=now)


def _carried_by(runtime: Runtime, shipment: Shipment) -> CarriedBy | None:
    carrier = runtime.rules.carriers.get(shipment.invoice.carrier) if shipment.invoice else None
    if carrier is None or shipment.invoice is None:
        return None
    page = carrier.url.format(number=quote(shipment.invoice.canonical_no)) if carrier.url else ""
    return CarriedBy(carrier.name, page)


def _expected(whole: WholeShipment, today: date) -> date | None:
    """The carrier's own guess, or the promise, as long as it is not over."""
    estimated_on = whole.tracking["estimated_on"] if whole.tracking else None
    return next((day for day in (estimated_on, whole.shipment.promised_on) if day and day >= today), None)
