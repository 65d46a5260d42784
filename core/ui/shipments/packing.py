"""[Packing list]: what to pack and for whom, shipment after shipment, for paper; each with the bar code of its number."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain import code128, labels, permissions, phrases
from core.domain.fields import FIELDS
from core.domain.language import Vocabulary, tr
from core.domain.permissions import Act
from core.domain.shipment import Item, Shipment
from core.runtime import Runtime
from core.services.shipments import packing
from core.ui.kit import formats, links, shared, who
from core.ui.kit.components import component
from core.ui.kit.filters import TABLE
from core.ui.kit.sentences import KitText
from core.ui.kit.table import selection
from core.ui.shipments.sentences import PackingText

PAGE: Final = "../../pages/packing_list.py"
_PRESSED: Final = "packing:pressed"
_CAME_FROM: Final = "packing:from"
_OPENED: Final = "packing:opened"
_WORDS: Final = Vocabulary(
    {
        "print": "Print",
        "recipient": "Ship to",
        "goods": "Goods",
        "quantity": FIELDS.in_english["quantity"],
        "product": FIELDS.in_english["product_id"],
        "request": FIELDS.in_english["request"],
        "total": "Total",
    }
)
_mount = component(
    "shipdesk_packing_list", '<div class="packing"></div>', "icons.css", "packing.css", "icons.js", "tab.js", "packing.js"
)


def listed(shipment_nos: Sequence[str]) -> None:
    """[Packing list] of the shipments on screen."""
    if st.button(tr(shared.PACKING_LIST), key="packing:listed", icon=":material/print:", disabled=not shipment_nos):
        _open(shipment_nos)


def selected() -> None:
    """[Packing list] of the selected rows, when there are some."""
    chosen = selection(TABLE)
    if not chosen:
        return
    too_many = str(PackingText.TOO_MANY(most=packing.MOST)) if len(chosen) > packing.MOST else None
    label = str(PackingText.OF_SELECTED(count=len(chosen)))
    if st.button(label, key="packing:selected", icon=":material/print:", disabled=too_many is not None, help=too_many):
        _open(chosen)


def sheet(runtime: Runtime, shipment_nos: Sequence[str], zone: ZoneInfo) -> None:
    """The list of these shipments; who came here by a press is asked by the browser where to print it."""
    visit = who.visit(runtime)
    found = packing.to_pack(runtime.store, shipment_nos, visit=visit, request_key=_opening(shipment_nos))
    st.page_link(
        links.SHIPMENTS,
        label=tr(phrases.ALL_SHIPMENTS),
        icon=":material/arrow_back:",
        query_params=st.session_state.get(_CAME_FROM, {}),
    )
    st.header(tr(shared.PACKING_LIST), anchor=False)
    if not found:
        st.info(tr("Choose shipments in the list, and press [Packing list]."), icon=":material/print:")
        return
    closed = permissions.denial(visit.person, Act.SEE_PERSONAL)
    if closed:
        st.caption(f":material/lock: {formats.plain(str(closed))}")
    today = visit.clock.now.astimezone(zone).date()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(str(KitText.SHIPMENTS(count=len(found))), width="content")
        apart = st.toggle(tr("Each on a page of its own"), key="packing:apart")
    _mount(
        key="packing_list",
        data={
            "words": dict(_WORDS),
            "apart": apart,
            "pressed": st.session_state.get(_PRESSED, ""),
            "shipments": [_drawn(shipment, zone, today) for shipment in found],
        },
    )


def _opening(shipment_nos: Sequence[str]) -> str:
    """The key of this opening of these shipments: the same at every redraw, another after the next press, for other shipments or in another tab."""
    opened = (st.session_state.get(_PRESSED), tuple(shipment_nos))
    if st.session_state.get(_OPENED, (None,))[0] != opened:
        st.session_state[_OPENED] = opened, f"packing {uuid4().hex}"
    return str(st.session_state[_OPENED][1])


def _open(shipment_nos: Sequence[str]) -> None:
    st.session_state[_PRESSED] = uuid4().hex
    st.session_state[_CAME_FROM] = links.parameters()
    st.switch_page(PAGE, query_params={"no": list(shipment_nos)})


def _drawn(shipment: Shipment, zone: ZoneInfo, today: date) -> Mapping[str, Any]:
    ordered = shipment.ordered_at.astimezone(zone).date()
    return {
        "id": shipment.shipment_no,
        "bars": code128.widths(shipment.shipment_no),
        "order": formats.facts(
            PackingText.ORDER(order_no=shipment.order_no),
            formats.day(ordered, today),
            labels.KINDS_IN_FULL[shipment.kind],
        ),
        "sending": formats.facts(
            PackingText.WAREHOUSE(warehouse=shipment.warehouse) if shipment.warehouse else None,
            shipment.policy,
            shipment.option,
            PackingText.SHIP_BY(day=formats.day(shipment.ship_by, today)) if shipment.ship_by else None,
        ),
        "recipient": formats.address(shipment.address),
        "request": shipment.request,
        "items": [_item(item) for item in shipment.items],
        "total": f"{sum(item.quantity for item in shipment.items):,}",
    }


def _item(item: Item) -> Mapping[str, str]:
    return {"name": item.name, "product": item.product_id, "quantity": f"{item.quantity:,}"}
