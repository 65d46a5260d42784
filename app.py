"""The server: Streamlit with a lifespan that opens the store."""

import gc
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from core import runtime
from core.domain.errors import ShipdeskError


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    """Opens the store before the first visitor, closes it after the last."""
    try:
        runtime.get()
    except ShipdeskError as error:
        # Raised from here, the sentence would drown in the server's own traceback. Nothing is open yet.
        sys.stderr.write(f"Shipdesk was not started. {error}\n")
        sys.stderr.flush()
        os._exit(1)
    # Streamlit collects garbage after every rerun; what was imported by now is never garbage.
    gc.collect()
    gc.freeze()
    yield {}
    runtime.close()


app = st.App("core/ui/frame.py", lifespan=lifespan)
