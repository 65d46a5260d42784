"""What people are told: refusals, conflicts, outages, and faults of ours with an id that is in the log."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.domain.errors import ShipdeskError

log = logging.getLogger(__name__)

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Shows an error inside as a panel: ours with an id, the clerk's in its own words. `what` as in "This list"."""
    try:
        yield
    except ShipdeskError as error:
        _panel(":material/info:", f"{what} could not be loaded", str(error))
    except Exception as error:
        reference = fault(error)
        _panel(
            ":material/error:",
            f"{what} could not be loaded",
            f"It is our fault, not yours. Nothing was changed. Error id **{reference}** is in the log.",
        )


def fault(error: Exception) -> str:
    """Logs a fault of ours under a new id and returns the id. Only the type and the place are logged, never data."""
    reference = f"E-{''.join(secrets.choice(_ALPHABET) for _ in range(4))}-{secrets.randbelow(90) + 10}"
    places = []
    trace = error.__traceback__
    while trace:
        places.append(f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    log.error("%s %s at %s", reference, type(error).__name__, " < ".join(reversed(places)))
    return reference


def _panel(icon: str, title: str, text: str) -> None:
    with st.container(border=True, height=420, vertical_alignment="center", horizontal_alignment="center"):
        st.markdown(icon, width="content")
        st.markdown(f"**{title}**", width="content")
        st.markdown(text, width="content")
        st.button("Try again", icon=":material/refresh:", type="primary", key="try_again")
