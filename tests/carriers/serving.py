"""A carrier's server on loopback that answers as a test tells it, and remembers what it was asked."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float


@dataclass(frozen=True)
class Said:
    """What is answered: a status, a body, headers; `dies_after` bytes of the body the connection breaks."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    dies_after: int | None = None


Answering = Callable[[Asked], Said]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    """Who finds the queue full tries again a second later, which looks like a rate that was not kept."""


class Carrier:
    """A running server: `url` to ask it, `asked` so far, and `answering`, which may be changed while it runs."""

    def __init__(self, answering: Answering) -> None:
        self.answering = answering
        self.asked: list[Asked] = []
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def run(self) -> None:
        self._server.serve_forever(0.02)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def a_carrier(answering: Answering) -> Iterator[Carrier]:
    carrier = Carrier(answering)
    thread = threading.Thread(target=carrier.run, daemon=True)
    thread.start()
    try:
        yield carrier
    finally:
        carrier.stop()
        thread.join()


def said(payload: Any, status: int = 200, **headers: str) -> Said:
    return Said(status, json.dumps(payload).encode(), {name.replace("_", "-"): value for name, value in headers.items()})


def in_turn(*answers: Said) -> Answering:
    """Each answer once, the last one for ever."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def a_closed_port() -> str:
    """An address where nobody listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.server_close()
    return f"http://127.0.0.1:{server.server_address[1]}"


def _handler(carrier: Carrier) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body, time.monotonic())
            carrier.asked.append(asked)
            self._say(carrier.answering(asked))

        do_POST = do_GET

        def _say(self, said: Said) -> None:
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body[: said.dies_after])
            self.close_connection = said.dies_after is not None

        def log_message(self, *_: Any) -> None:
            pass

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                self.close_connection = True

    return Handler
