"""The demo's own carrier, told to misbehave: faults on demand, so that one can see what the desk does about them."""

from collections.abc import Sequence

import streamlit as st

from core.demo import sandbox
from core.demo.sandbox import FAULTS, Fault
from core.domain.language import Vocabulary, tr
from core.domain.permissions import Act
from core.domain.reasons import Why, sentences
from core.runtime import Runtime
from core.services.tracking.carriers import CarrierHealth
from core.ui.carriers.sentences import SandboxText
from core.ui.kit import formats, who

_WORDS = Vocabulary(
    {
        Fault.NONE: "Well",
        Fault.SLOW: "Slow",
        Fault.LIMITED: "At its limit",
        Fault.FAILING: "Failing",
        Fault.MALFORMED: "Garbled",
        Fault.LYING: "Lying",
        Fault.UNKNOWN: "Knows nothing",
        Fault.INVALID: "Refuses all",
        Fault.LATE: "Late news",
        Fault.REPEATED: "Repeating",
        Fault.SHUFFLED: "Out of order",
    }
)


def section(runtime: Runtime, known: Sequence[CarrierHealth]) -> None:
    """Only where the sandbox answers: a choice of fault for each service that it plays."""
    box = runtime.sandbox
    if box is None:
        return
    with st.container(border=True, gap="small", key="sandbox"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(tr("**Practice carrier**"), width="content")
            st.badge(tr("Demo only"), icon=":material/science:", color="violet")
        st.caption(sentences([SandboxText.WHAT(), _pace(box.pace())]))
        locked = who.locked(runtime, Act.PLAY_FAULTS)
        titles = {one.service: one.title for one in known}
        for service in sandbox.SERVICES:
            _fault(runtime, service, titles.get(service) or service, locked)


def _fault(runtime: Runtime, service: str, title: str, locked: bool) -> None:
    box = runtime.sandbox
    assert box is not None
    key = f"fault:{service}"
    st.session_state[key] = box.fault(service)
    st.selectbox(
        title,
        list(Fault),
        key=key,
        format_func=lambda fault: formats.facts(_WORDS[fault], FAULTS[fault]),
        disabled=locked,
        on_change=lambda: box.set_fault(service, st.session_state[key], person=who.person(runtime)),
    )


def _pace(pace: float) -> Why:
    return SandboxText.PACE("real" if pace <= 1 else "faster", count=round(pace))
