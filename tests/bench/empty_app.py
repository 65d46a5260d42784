"""A page with nothing on it: what Streamlit itself needs for a rerun."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    import gc

    gc.collect()
    gc.freeze()
    yield {}


app = st.App("empty_page.py", lifespan=lifespan)
