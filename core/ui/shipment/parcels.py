"""[Add a parcel] and [Put together]: goods that go out in another parcel, and shipments that go out in one."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.domain.language import tr
from core.domain.permissions import Act
from core.domain.reasons import Names
from core.domain.shipment import Address, Shipment
from core.domain.shipment_actions import Action
from core.runtime import Runtime
from core.services.shipments import parcels
from core.ui.kit import formats, who
from core.ui.kit.shipment_drawer import form_of, open_form
from core.ui.shipment.acts import SeenVersion, asking, saved
from core.ui.shipment.sentences import ActText, PanelText


def offer_split(runtime: Runtime, seen: SeenVersion, allowed: frozenset[Action]) -> None:
    """[Add a parcel] under the goods, while it is permitted and not open."""
    limits = who.limits(runtime, Act.CHANGE, help=tr("Part of the goods, or one more box of them, with its own number"))
    if Action.SPLIT not in allowed or (form_of(seen.shipment_no) == Action.SPLIT and not limits["disabled"]):
        return
    st.button(
        tr("Add a parcel"),
        key="to_split",
        icon=":material/call_split:",
        on_click=open_form,
        args=(seen.shipment_no, Action.SPLIT),
        **limits,
    )


def split_form(runtime: Runtime, shipment: Shipment, seen: SeenVersion, allowed: frozenset[Action]) -> None:
    """How many of each of the goods go into the new parcel."""
    if not _is_open(runtime, seen, allowed, Action.SPLIT):
        return
    keys = [f"split:{shipment.shipment_id}:{place}" for place in range(len(shipment.items))]
    with st.form("split", border=True):
        st.markdown(tr("**What goes into the new parcel?**"))
        for key, item in zip(keys, shipment.items, strict=True):
            label = str(PanelText.ITEM(name=item.name or item.product_id, quantity=item.quantity))
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(label, width="stretch")
                st.number_input(
                    label, min_value=0, max_value=item.quantity, step=1, key=key, label_visibility="collapsed", width=130
                )
        st.caption(tr("Leave all at 0 if the same goods fill one more box: it gets its own number and lists no goods."))
        st.caption(
            tr("A source that takes one number for each line of an order is told that of the parcel which keeps the line.")
        )
        with st.container(horizontal=True):
            st.form_submit_button(
                tr("Add this parcel"),
                type="primary",
                icon=":material/call_split:",
                shortcut="Ctrl+Enter",
                on_click=_split,
                args=(runtime, seen, keys),
            )
            st.form_submit_button(tr("Cancel"), type="tertiary", on_click=open_form, args=(seen.shipment_no, ""))


def joining(runtime: Runtime, shipment: Shipment, seen: SeenVersion, allowed: frozenset[Action]) -> None:
    """How many waiting shipments go to the same recipient, and which of them go out with this one."""
    if Action.JOIN not in allowed or who.denied(runtime, Act.CHANGE):
        return
    if not (others := parcels.alongside(runtime.store, shipment, visit=who.visit(runtime))):
        return
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            same = ActText.SAME_RECIPIENT(count=len(others) + 1)
            st.markdown(f":material/package_2: {same}", width="stretch")
            if form_of(seen.shipment_no) != Action.JOIN:
                st.button(
                    tr("Put together"),
                    key="to_join",
                    on_click=open_form,
                    args=(seen.shipment_no, Action.JOIN),
                )
        if form_of(seen.shipment_no) == Action.JOIN:
            _join_form(runtime, shipment, seen, others)


def _join_form(runtime: Runtime, shipment: Shipment, seen: SeenVersion, others: Sequence[Shipment]) -> None:
    keys = {f"join:{one.shipment_id}": one for one in others}
    with st.form("join", border=False):
        st.markdown(str(ActText.JOINS(shipment_no=formats.plain(shipment.shipment_no))))
        for key, one in keys.items():
            st.checkbox(_named(one), value=one.policy == shipment.policy, key=key)
            if differs := _otherwise(shipment, one):
                st.caption(differs)
        with st.container(horizontal=True):
            st.form_submit_button(
                tr("Put together"),
                key="join_now",
                type="primary",
                icon=":material/package_2:",
                shortcut="Ctrl+Enter",
                on_click=_join,
                args=(runtime, seen, {key: (one.shipment_no, one.version) for key, one in keys.items()}),
            )
            st.form_submit_button(tr("Cancel"), type="tertiary", on_click=open_form, args=(seen.shipment_no, ""))


def _named(one: Shipment) -> str:
    """A shipment to choose: its number, its order, its goods."""
    goods = Names(str(PanelText.ITEM(name=item.name or item.product_id, quantity=item.quantity)) for item in one.items)
    order = PanelText.ORDER(order_no=formats.plain(one.order_no))
    return formats.facts(f"**{formats.plain(one.shipment_no)}**", order, formats.plain(f"{goods}"))


def _otherwise(shipment: Shipment, one: Shipment) -> str:
    """What is written otherwise than in this shipment: the recipient and the place in another spelling, or another policy."""
    policy = PanelText.POLICY(policy=one.policy) if one.policy != shipment.policy and one.policy else None
    own, other = shipment.address, one.address
    name = other.recipient if other.recipient != own.recipient else ""
    where = _place(other) if _place(other) != _place(own) else ""
    return formats.plain(formats.facts(policy, name, where))


def _place(address: Address) -> str:
    return " ".join(filter(None, (address.postal_code, address.region, address.city, address.address)))


def _is_open(runtime: Runtime, seen: SeenVersion, allowed: frozenset[Action], action: Action) -> bool:
    return action in allowed and form_of(seen.shipment_no) == action and not who.denied(runtime, Act.CHANGE)


def _split(runtime: Runtime, seen: SeenVersion, keys: Sequence[str]) -> None:
    made: list[str] = []

    def act() -> bool:
        quantities = [int(st.session_state.get(key) or 0) for key in keys]
        made.append(parcels.split(runtime.store, seen.shipment_no, quantities, request=asking(runtime, seen)))
        return True

    saved(seen, act, lambda: str(ActText.SPLIT(parcel_no=made[0])))


def _join(runtime: Runtime, seen: SeenVersion, offered: Mapping[str, tuple[str, int]]) -> None:
    chosen = dict(one for key, one in offered.items() if st.session_state.get(key))
    form = "one" if len(chosen) == 1 else "other"
    saved(
        seen,
        lambda: parcels.put_together(runtime.store, seen.shipment_no, chosen, request=asking(runtime, seen)),
        lambda: str(ActText.JOINED(form, others=Names(chosen), shipment_no=seen.shipment_no)),
    )
