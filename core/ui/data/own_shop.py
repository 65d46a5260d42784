"""From the demo shop to one's own: the line that says what the shop is, the question before it is taken out, and that it is done."""

from typing import Final

import streamlit as st

from core.domain.permissions import Act
from core.runtime import Runtime
from core.services.keeping import own_shop
from core.services.keeping.own_shop import ShopParts
from core.services.keeping.reasons import OwnShopText
from core.services.shipments.changes import Request
from core.ui.data.sentences import DemoShopText
from core.ui.kit import cached, formats, fragments, going, notes, who

ANSWER: Final = "own_shop:answer"
ASKING: Final = "own_shop:asking"
GOING: Final = "own_shop:going"


def line(runtime: Runtime) -> None:
    """At the top of the page: that this is the demo shop, while it is, with the way to one's own; then that it is done."""
    if going.at(GOING):
        done = going.ended(GOING, str(DemoShopText.REMOVING()), st.empty())
        notes.keep(ANSWER, done.trouble or done.result)
        going.answered(GOING)
        st.rerun()
    match notes.kept(ANSWER):
        case str() as trouble:
            st.error(formats.plain(trouble), title=str(DemoShopText.NOT_REMOVED()), icon=":material/block:")
        case ShopParts() as parts:
            title = OwnShopText.DONE(count=parts.invented) if parts.invented else OwnShopText.OWN_ALREADY()
            st.success(str(DemoShopText.NEXT()), title=str(title), icon=":material/check:")
    if found := _parts(runtime):
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="demo_shop"):
            st.markdown(f":material/science: {DemoShopText.WHAT(count=found.invented)}", width="stretch")
            _button(runtime, "own_shop")


def beside_import(runtime: Runtime) -> None:
    """Before orders are imported into the demo shop: where they would stand, and the way to one's own."""
    if found := _parts(runtime):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(str(DemoShopText.AMONG(count=found.invented)), width="content")
            _button(runtime, "own_shop:import")


def question(runtime: Runtime) -> None:
    """The dialog, while it is open: what goes, what stays, and the press that does it."""
    found = _parts(runtime) if st.session_state.get(ASKING) else None
    if found:
        dialog = fragments.dialog(str(DemoShopText.BEGIN()), icon=":material/storefront:", on_dismiss=_close)
        dialog(_asked)(runtime, found)


def _parts(runtime: Runtime) -> ShopParts | None:
    """What the shop is made of while it is the demo shop."""
    if not runtime.is_demo:
        return None
    found: ShopParts | None = cached.answer(
        runtime, ("demo shop",), lambda: own_shop.demo_shop(runtime.store, person=who.person(runtime))
    )
    return found


def _button(runtime: Runtime, key: str) -> None:
    limits = who.limits(runtime, Act.BEGIN_OWN_SHOP)
    st.button(str(DemoShopText.BEGIN()), key=key, icon=":material/storefront:", on_click=_ask, **limits)


def _ask() -> None:
    st.session_state[ASKING] = True


def _close() -> None:
    st.session_state.pop(ASKING, None)


def _asked(runtime: Runtime, found: ShopParts) -> None:
    goes, stays = found.told
    st.markdown(f":material/delete: {goes}")
    st.markdown(f":material/{'check' if found.own else 'info'}: {stays}")
    st.caption(str(DemoShopText.ALSO()))
    if st.button(
        str(DemoShopText.REMOVE(count=found.invented)),
        key="own_shop:go",
        type="primary",
        icon=":material/delete:",
        on_click=_begin,
        args=(runtime,),
        **who.limits(runtime, Act.BEGIN_OWN_SHOP),
    ):
        st.rerun()


def _begin(runtime: Runtime) -> None:
    """Sets it going; a second press does nothing."""
    _close()
    request = Request(who.actor(runtime), runtime.now())
    going.start(GOING, lambda _: own_shop.begin_own_shop(runtime.store, request=request))
