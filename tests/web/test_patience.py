"""How long a request may take to arrive, second by second, by a clock that the test sets."""

from collections.abc import Callable
from itertools import chain, repeat
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from core.web.connections import PATIENCE, SLOWEST, BoundedHttp

HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n"
SHORT = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\na"


class Later:
    def __init__(self, at: float, call: Callable[[], Any]) -> None:
        self.at, self.call = at, call

    def when(self) -> float:
        return self.at

    def cancel(self) -> None:
        self.at = float("inf")


class Task:
    def add_done_callback(self, _: Any) -> None: ...


class Loop:
    """A loop in which time passes as it is told to; nothing runs in it but what is due."""

    def __init__(self) -> None:
        self.now, self.due = 1_000.0, list[Later]()

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, call: Callable[..., Any], *args: Any) -> Later:
        self.due.append(Later(self.now + seconds, lambda: call(*args)))
        return self.due[-1]

    def create_task(self, coroutine: Any) -> Any:
        coroutine.close()
        return Task()

    def passes(self, seconds: float) -> None:
        self.now += seconds
        for later in [one for one in self.due if one.at <= self.now]:
            self.due.remove(later)
            later.call()


class Line:
    """What the server sends, and whether it has closed."""

    def __init__(self) -> None:
        self.sent, self.closed, self.protocol = b"", False, None

    def write(self, data: bytes) -> None:
        self.sent += data

    def close(self) -> None:
        self.closed = True

    abort = close

    def is_closing(self) -> bool:
        return self.closed

    def get_protocol(self) -> Any:
        return self.protocol

    def get_extra_info(self, _: str) -> None:
        return None

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


@pytest.fixture
def opened() -> tuple[BoundedHttp, Loop, Line]:
    async def app(scope: Any, receive: Any, send: Any) -> None: ...

    loop, line = Loop(), Line()
    config = uvicorn.Config(app, log_config=None, lifespan="off")
    http = BoundedHttp(config, ServerState(), {}, loop)  # type: ignore[arg-type]
    line.protocol = http  # type: ignore[assignment]
    http.connection_made(line)  # type: ignore[arg-type]
    return http, loop, line


Opened = tuple[BoundedHttp, Loop, Line]


def taken(http: BoundedHttp) -> None:
    """The app has read what has come so far."""
    http.cycle.body.clear()
    http.flow.resume_reading()


def test_a_line_has_its_patience_to_the_second(opened: Opened) -> None:
    _, loop, line = opened
    loop.passes(PATIENCE - 1)
    assert not line.closed
    loop.passes(1)
    assert line.closed and line.sent == b""


def test_bytes_of_a_head_give_no_more_time(opened: Opened) -> None:
    http, loop, line = opened
    head = chain([HEAD[:1]], repeat(b"x"))
    for _ in range(int(PATIENCE)):
        assert not line.closed
        http.data_received(next(head))
        loop.passes(1)
    assert line.closed and line.sent.startswith(b"HTTP/1.1 408 ")


def test_a_whole_request_is_waited_for_no_longer(opened: Opened) -> None:
    http, loop, line = opened
    http.data_received(SHORT)
    loop.passes(100 * PATIENCE)
    assert not line.closed


def test_a_body_at_a_fair_pace_may_take_as_long_as_it_does(opened: Opened) -> None:
    http, loop, line = opened
    http.data_received(HEAD)
    for _ in range(int(10 * PATIENCE)):
        loop.passes(1)
        http.data_received(b"x" * SLOWEST)
        taken(http)
    assert not line.closed
    loop.passes(PATIENCE)
    assert line.closed and line.sent.startswith(b"HTTP/1.1 408 ")


def test_a_body_below_that_pace_has_a_little_more_than_its_patience(opened: Opened) -> None:
    http, loop, line = opened
    http.data_received(HEAD)
    seconds = 0
    while not line.closed:
        http.data_received(b"x" * (SLOWEST // 2))
        taken(http)
        loop.passes(1)
        seconds += 1
    assert PATIENCE < seconds <= 2 * PATIENCE


def test_much_at_once_earns_no_pause_beyond_the_patience(opened: Opened) -> None:
    http, loop, line = opened
    http.data_received(HEAD)
    http.data_received(b"x" * 200 * SLOWEST)
    taken(http)
    loop.passes(PATIENCE)
    assert line.closed


def test_while_the_desk_itself_does_not_read_nothing_is_held_against_who_sends(opened: Opened) -> None:
    http, loop, line = opened
    http.data_received(HEAD)
    http.data_received(b"x" * 100 * SLOWEST)
    assert http.flow.read_paused
    loop.passes(PATIENCE)
    assert not line.closed
    taken(http)
    loop.passes(PATIENCE)
    assert line.closed
