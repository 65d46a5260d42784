"""Connections that stay half open end; those on which something comes go on."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from core.web.connections import LARGEST_MESSAGE, keep_bounded

PATIENCE = 0.5
LONG_AFTER = 20.0
ASKED = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
LARGE = 40 * 1024 * 1024


async def length(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def at_once(_: Request) -> Response:
    return PlainTextResponse("no need to read")


async def large(_: Request) -> Response:
    return PlainTextResponse("x" * LARGE)


async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text * int(websocket.query_params.get("times", 1)))


@pytest.fixture(scope="module")
def server() -> Iterator[uvicorn.Server]:
    """A server like Streamlit's, which knows nothing of our connections: its loop is told."""
    routes = [
        Route("/", length, methods=["POST"]),
        Route("/at-once", at_once, methods=["POST"]),
        Route("/large", large),
        WebSocketRoute("/echo", echo),
    ]

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        keep_bounded(asyncio.get_running_loop(), PATIENCE)
        yield

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(Starlette(routes=routes, lifespan=lifespan), ws="websockets-sansio", log_level="critical")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield server
        server.should_exit = server.force_exit = True
        thread.join(LONG_AFTER)


def address(server: uvicorn.Server) -> tuple[str, int]:
    return server.servers[0].sockets[0].getsockname()  # type: ignore[no-any-return]


def line_to(server: uvicorn.Server) -> socket.socket:
    return socket.create_connection(address(server), timeout=LONG_AFTER)


def left_alone(server: uvicorn.Server) -> None:
    """Waits until the server holds no connection."""
    deadline = time.monotonic() + LONG_AFTER
    time.sleep(PATIENCE)
    while server.server_state.connections:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def until_closed(line: socket.socket) -> bytes:
    with contextlib.suppress(ConnectionError):
        return b"".join(iter(lambda: line.recv(65_536), b""))
    return b""


def trickled(line: socket.socket) -> None:
    """Sends a byte now and then, each well before the patience ends, until the server has closed."""
    line.settimeout(PATIENCE / 5)
    deadline = time.monotonic() + LONG_AFTER
    while time.monotonic() < deadline:
        try:
            line.sendall(b"a")
            if not line.recv(65_536):
                return
        except TimeoutError:
            continue
        except ConnectionError:
            return
    pytest.fail("The connection was left open.")


@pytest.mark.parametrize(
    "begun",
    [
        b"P",
        ASKED,
        b"GET /echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
        ASKED + b"Content-Length: 5\r\n\r\n",
        ASKED + b"Content-Length: 5\r\n\r\nabc",
        ASKED + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ],
)
def test_a_request_that_never_ends_is_told_so_and_closed(server: uvicorn.Server, begun: bytes) -> None:
    with line_to(server) as line:
        line.sendall(begun)
        answer = until_closed(line)
    assert b"HTTP/1.1 408 " in answer and b"x-content-type-options: nosniff" in answer
    assert answer.endswith(b"Send it again.")


def test_a_line_on_which_nothing_is_asked_is_closed(server: uvicorn.Server) -> None:
    with line_to(server) as line:
        assert until_closed(line) == b""


@pytest.mark.parametrize("begun", [b"GET / HTTP/1.1\r\nX: ", ASKED + b"Content-Length: 90000\r\n\r\n"])
def test_a_byte_now_and_then_is_not_enough(server: uvicorn.Server, begun: bytes) -> None:
    with line_to(server) as line:
        line.sendall(begun)
        trickled(line)


def test_a_body_that_nobody_reads_is_not_waited_for(server: uvicorn.Server) -> None:
    with line_to(server) as line:
        line.sendall(b"POST /at-once HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n")
        assert line.recv(65_536).startswith(b"HTTP/1.1 200 ")
        trickled(line)


def test_who_takes_nothing_of_the_answer_is_cut_off(server: uvicorn.Server) -> None:
    with line_to(server) as line:
        line.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        left_alone(server)
        assert len(until_closed(line)) < LARGE


def test_a_websocket_is_no_half_open_request(server: uvicorn.Server) -> None:
    with connect("ws://{}:{}/echo".format(*address(server))) as opened:
        time.sleep(3 * PATIENCE)
        opened.send("still there")
        assert opened.recv(timeout=LONG_AFTER) == "still there"


def test_a_message_of_a_page_is_bounded(server: uvicorn.Server) -> None:
    with connect("ws://{}:{}/echo".format(*address(server))) as opened:
        opened.send("x" * (LARGEST_MESSAGE + 1))
        with pytest.raises(ConnectionClosedError) as closed:
            opened.recv(timeout=LONG_AFTER)
    assert closed.value.rcvd and closed.value.rcvd.code == 1009


def test_a_websocket_that_takes_nothing_is_cut_off(server: uvicorn.Server) -> None:
    with line_to(server) as line:
        line.sendall(
            f"GET /echo?times={LARGE} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert line.recv(4_096).startswith(b"HTTP/1.1 101 ")
        line.sendall(b"\x81\x81\0\0\0\0x")
        left_alone(server)
        assert len(until_closed(line)) < LARGE
