"""The server: Streamlit with a lifespan that opens the store and refreshes tracking, and the routes beside the pages."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from core import runtime
from core.ui.kit import desk_bar, first_page, messages, options, outbox, shell, tab_messages, unheard, visitors, warming
from core.ui.shipments import ahead
from core.web import connections, garbage
from core.web.addresses import Addresses
from core.web.alone import Alone
from core.web.answers import in_words
from core.web.edge import Edge
from core.web.routes import of_pages, routes
from core.web.shell import Shell
from core.web.tabs import Tabs

# It would log what it gives to `messages.unforeseen` with the words of the error, which may hold personal data.
logging.getLogger("streamlit.error_util").addFilter(lambda record: record.msg != "Uncaught app execution")


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    """Opens the store before the first visitor, closes it after the last."""
    unheard.take_as_meant()
    outbox.gather()
    connections.keep_bounded(asyncio.get_running_loop())
    runtime.start(own_address(), listens=st.get_option("server.address"), secrets_files=st.get_option("secrets.files"))
    runtime.get().store.asker = visitors.asker
    # What was imported by now is never garbage.
    gc.collect()
    gc.freeze()
    options.read_at_once({"runner.postScriptGC": False})
    collecting = garbage.start()
    warming.start()
    yield {}
    collecting.set()
    await asyncio.to_thread(runtime.close)


def own_address() -> str:
    """Where this server answers itself."""
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    address = st.get_option("server.address") or "127.0.0.1"
    host = "127.0.0.1" if address in ("0.0.0.0", "::", "localhost") else address
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{st.get_option('server.port')}"


base = st.get_option("server.baseUrlPath")
app = st.App(
    "core/ui/frame.py",
    lifespan=lifespan,
    routes=[*routes(), *of_pages(visitors.claims, ahead.answer, base, answers=desk_bar.ANSWERS)],
    middleware=[
        Middleware(Alone),
        Middleware(Edge, get=runtime.get, base=base, person=visitors.signed_in, claims=visitors.claims),
        Middleware(Addresses, base=base, first=first_page.address),
        Middleware(Shell, html=shell.page, base=base, later=shell.later()),
        Middleware(Tabs, asked=tab_messages.asked, told=tab_messages.told),
    ],
    on_script_error=messages.unforeseen,
    exception_handlers={HTTPException: in_words},
)
