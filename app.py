"""The server: Streamlit with a lifespan that opens the store."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from core import runtime


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    """Opens the store before the first visitor, closes it after the last."""
    runtime.start()
    # Streamlit collects garbage after every rerun; what was imported by now is never garbage.
    gc.collect()
    gc.freeze()
    yield {}
    runtime.close()


app = st.App("core/ui/frame.py", lifespan=lifespan)
