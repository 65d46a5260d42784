"""The banner on every page while nothing can be saved: why, what to do, and how to keep what is open."""

from typing import Final

import streamlit as st

from core.domain.errors import ShipdeskError
from core.domain.permissions import Act
from core.runtime import Runtime
from core.services.keeping import pausing
from core.services.keeping.pausing import Pause
from core.ui.kit import formats, who
from core.ui.kit.fragments import fragment
from core.ui.kit.sentences import PauseText

LIVE: Final = 5
_FAILED: Final = "rescue:failed"


@fragment(run_every=LIVE)
def banner(runtime: Runtime) -> None:
    """Says that nothing can be saved, and is gone by itself when everything can be again."""
    found = pausing.pause(runtime.store)
    if found:
        with st.container(key="paused", gap="xsmall"):
            st.error(formats.plain(str(found.why)), title=str(PauseText.TITLE()), icon=":material/block:")
            if found.rescuable:
                _keep(runtime, found)


def _keep(runtime: Runtime, found: Pause) -> None:
    """The one press that keeps what is open, and what became of it."""
    if found.rescued:
        st.success(formats.plain(str(found.rescued)), icon=":material/check:")
    else:
        st.button(
            str(PauseText.RESCUE()),
            key="rescue",
            icon=":material/save:",
            type="primary",
            on_click=_rescue,
            args=(runtime,),
            **who.limits(runtime, Act.BACKUP),
        )
    failed = st.session_state.get(_FAILED)
    if failed and not found.rescued:
        st.error(formats.plain(failed), icon=":material/block:")


def _rescue(runtime: Runtime) -> None:
    st.session_state.pop(_FAILED, None)
    try:
        pausing.rescue(runtime.store, person=who.person(runtime))
    except ShipdeskError as error:
        st.session_state[_FAILED] = str(error)
