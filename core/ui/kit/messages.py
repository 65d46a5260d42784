"""What people are told: refusals, conflicts, outages, and faults of ours with an id that is in the log."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.domain.errors import ShipdeskError, places_of
from core.domain.language import tr
from core.ui.kit import formats, shared
from core.ui.kit.sentences import FaultText

log = logging.getLogger(__name__)

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Shows an error inside as a panel: ours with an id, the clerk's in its own words. `what` as in "This list"."""
    try:
        yield
    except ShipdeskError as error:
        _panel(":material/info:", str(FaultText.NOT_LOADED(what=what)), formats.plain(str(error)))
    except Exception as error:
        said = " ".join((our_fault(error), str(FaultText.NOTHING_CHANGED())))
        _panel(":material/error:", str(FaultText.NOT_LOADED(what=what)), said)


def unforeseen(error: Exception) -> bool:
    """Says what nothing else caught, where it came up, in place of the server's own account of it: for `st.App`. A refusal is said as
    it is.

    What a press in a part of the page could not do is said at the foot: the part, a dialog too, stays with what was typed.
    """
    running = get_script_run_ctx()
    told = formats.plain(str(error)) if isinstance(error, ShipdeskError) else our_fault(error)
    if _of_a_press(error) and running and running.fragment_ids_this_run:
        with st.bottom:
            st.error(told, title=tr(shared.NOT_DONE), icon=":material/error:")
    elif _of_a_press(error):
        _panel(":material/error:", tr(shared.NOT_DONE), told)
    else:
        _panel(":material/error:", tr("This could not be shown"), told)
    return True


def why(error: Exception) -> str:
    """The clerk's sentence, or that it is a fault of ours."""
    return str(error) if isinstance(error, ShipdeskError) else our_fault(error)


def our_fault(error: Exception) -> str:
    """The sentence for a fault of ours, which is logged under the id that it names."""
    return str(FaultText.OURS(error_id=fault(error)))


def fault(error: Exception) -> str:
    """Logs a fault of ours under a new id and returns the id. Only the type and the place are logged, never data."""
    reference = f"E-{''.join(secrets.choice(_ALPHABET) for _ in range(4))}-{secrets.randbelow(90) + 10}"
    log.error("%s %s at %s", reference, type(error).__name__, places_of(error))
    return reference


def _of_a_press(error: Exception) -> bool:
    """Whether it came up in what a widget calls, before the page was drawn."""
    trace = error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_name == "on_script_will_rerun":
            return True
        trace = trace.tb_next
    return False


def _panel(icon: str, title: str, text: str) -> None:
    with st.container(border=True, height=420, vertical_alignment="center", horizontal_alignment="center"):
        st.markdown(icon, width="content")
        st.markdown(f"**{title}**", width="content")
        st.markdown(text, width="content")
        st.button(tr("Try again"), icon=":material/refresh:", type="primary", key=f"try_again:{uuid4().hex}")
