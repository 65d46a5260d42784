"""Companies out of use: one is retired when nobody tells of its parcels any more, and what is open with it is ended in one go."""

from collections.abc import Callable, Sequence
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.language import tr
from core.domain.permissions import Act
from core.domain.reasons import Why
from core.runtime import Runtime
from core.services.shipments import closing
from core.services.shipments.changes import Request
from core.services.shipments.closing import Ending, LeftOpen
from core.services.tracking import carriers
from core.services.tracking.carriers import CarrierHealth
from core.ui.carriers.sentences import RetireText
from core.ui.kit import closed_batch, formats, messages, shared, who

_SAID: Final = "retiring:said"
_CHOSEN: Final = "retiring:company"


def section(runtime: Runtime, zone: ZoneInfo, known: Sequence[CarrierHealth]) -> None:
    """The choice of a company, and a box for each that is retired."""
    with messages.guarded(tr("Companies out of use")):
        st.subheader(tr("Retire a company"), anchor=False)
        st.caption(str(RetireText.ABOUT()))
        locked = who.locked(runtime, Act.SET_CARRIERS)
        _say()
        _choice(runtime, [one for one in known if not one.retired_at], locked)
        for one in known:
            if one.retired_at:
                _retired(runtime, one, zone, locked)


def _say() -> None:
    said = st.session_state.pop(_SAID, None)
    if isinstance(said, Exception):
        st.error(formats.plain(messages.why(said)), icon=":material/block:")
    elif said:
        st.toast(formats.plain(said), icon=":material/check:")


def _choice(runtime: Runtime, offered: list[CarrierHealth], locked: bool) -> None:
    names = {one.carrier: one.name for one in offered}
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.selectbox(
            str(RetireText.WHO()),
            list(names),
            index=None,
            key=_CHOSEN,
            placeholder=str(RetireText.WHO()),
            format_func=names.__getitem__,
            label_visibility="collapsed",
            width=246,
            disabled=locked,
        )
        st.button(
            tr("Retire"),
            key="retiring:retire",
            icon=":material/block:",
            disabled=locked or st.session_state.get(_CHOSEN) not in names,
            on_click=_retire,
            args=(runtime, names),
        )


def _retired(runtime: Runtime, one: CarrierHealth, zone: ZoneInfo, locked: bool) -> None:
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            when = formats.moment(one.retired_at, zone, runtime.now()) if one.retired_at else ""
            since = RetireText.SINCE(carrier=formats.plain(one.name), when=when, who=formats.plain(one.retired_by))
            st.markdown(str(since), width="stretch")
            st.button(
                tr(shared.TAKE_BACK),
                key=f"retiring:back:{one.carrier}",
                icon=":material/undo:",
                disabled=locked,
                on_click=_take_back,
                args=(runtime, one),
            )
        seen = closing.left_open(runtime.store, one.carrier, visit=who.visit(runtime))
        closed_batch.say(runtime, _place(one), RetireText.ENDED)
        form = _form(seen)
        st.caption(str(RetireText.OPEN(form, under_way=len(seen.under_way), failed=len(seen.failed))))
        if seen.seen:
            _endings(runtime, one, seen)


def _endings(runtime: Runtime, one: CarrierHealth, seen: LeftOpen) -> None:
    with st.form(f"retiring:form:{one.carrier}", border=False):
        st.text_input(str(RetireText.WHY()), key=_reason(one), max_chars=200)
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            for ending, label in _labels(seen).items():
                st.form_submit_button(
                    str(label),
                    key=f"retiring:{ending}:{one.carrier}",
                    icon=":material/check:" if ending is Ending.DELIVERED else ":material/close:",
                    on_click=_end,
                    args=(runtime, one, seen, ending),
                    **who.limits(runtime, Act.SET_CARRIERS),
                )
        st.caption(str(RetireText.HOW(_form(seen))))


def _labels(seen: LeftOpen) -> dict[Ending, Why]:
    delivered = {Ending.DELIVERED: RetireText.DELIVERED(count=len(seen.under_way))} if seen.under_way else {}
    return delivered | {Ending.CLOSED: RetireText.CLOSED(count=len(seen.seen))}


def _form(seen: LeftOpen) -> str:
    if seen.under_way and seen.failed:
        return "both"
    return "under_way" if seen.under_way else "failed" if seen.failed else "none"


def _retire(runtime: Runtime, names: dict[str, str]) -> None:
    code = st.session_state[_CHOSEN]
    st.session_state[_CHOSEN] = None

    def act(request: Request) -> None:
        carriers.retire(runtime.store, runtime.shipped, code, request=request)

    _saved(runtime, act, RetireText.RETIRED(carrier=names[code]))


def _take_back(runtime: Runtime, one: CarrierHealth) -> None:
    closed_batch.forget(_place(one))

    def act(request: Request) -> None:
        carriers.take_back(runtime.store, runtime.shipped, one.carrier, request=request)

    _saved(runtime, act, RetireText.TAKEN_BACK(carrier=one.name))


def _saved(runtime: Runtime, act: Callable[[Request], None], done: Why) -> None:
    try:
        act(Request(who.actor(runtime), runtime.now()))
    except Exception as error:
        st.session_state[_SAID] = error
    else:
        st.session_state[_SAID] = str(done)


def _end(runtime: Runtime, one: CarrierHealth, seen: LeftOpen, ending: Ending) -> None:
    key = st.session_state.setdefault(f"{_place(one)}:request", uuid4().hex)
    request = Request(who.actor(runtime), runtime.now(), request_key=f"{key}:{ending}")
    reason = st.session_state[_reason(one)] or ""

    def act() -> closing.Closing:
        return closing.close_left_open(runtime.store, one.carrier, seen.seen, ending, request=request, reason=reason)

    if closed_batch.press(_place(one), act):
        st.session_state[f"{_place(one)}:request"] = uuid4().hex


def _place(one: CarrierHealth) -> str:
    return f"retiring:{one.carrier}"


def _reason(one: CarrierHealth) -> str:
    return f"retiring:why:{one.carrier}"
