"""The desk's routes without its pages, on a free port of this machine: how the command line reaches the sandbox."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from core.config import Settings
from core.runtime import Runtime, open_runtime
from core.web.answers import in_words
from core.web.connections import BoundedHttp, BoundedWebSocket
from core.web.edge import Edge
from core.web.routes import routes

STARTS_WITHIN = 10.0


@contextmanager
def desk(settings: Settings) -> Iterator[Runtime]:
    """A runtime that can ask services, the sandbox among them; closed afterwards. Raises what `open_runtime` raises."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        opened = open_runtime(replace(settings, url="", sandbox_speed=settings.sandbox_speed or 1.0), address)
        try:
            with served(opened, listening):
                yield opened
        finally:
            opened.close()


@contextmanager
def served(opened: Runtime, listening: socket.socket) -> Iterator[None]:
    """Serves the runtime's routes on a bound socket meanwhile."""
    app = Starlette(
        routes=routes(lambda: opened),
        middleware=[Middleware(Edge, get=lambda: opened)],
        exception_handlers={HTTPException: in_words},
    )
    config = uvicorn.Config(app, http=BoundedHttp, ws=BoundedWebSocket, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="routes", daemon=True)
    thread.start()
    deadline = time.monotonic() + STARTS_WITHIN
    while not server.started and thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(STARTS_WITHIN)
