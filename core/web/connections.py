"""Connections that are not left half open: who owes the server bytes, or does not take those it is sent, has 30 seconds."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from core.web import headers
from core.web.reasons import WebReason

PATIENCE: Final = 30.0
SLOWEST: Final = 16 * 1024
"""Bytes in a second with which a body that takes longer still counts as on its way."""
LARGEST_MESSAGE: Final = 8 * 1024 * 1024
"""Bytes of what a page sends in one message, held until it is whole: what people type and press, never a file."""
_OWING: Final = (h11.IDLE, h11.SEND_BODY)


def keep_bounded(loop: asyncio.AbstractEventLoop, patience: float = PATIENCE) -> None:
    """Makes the server that is about to listen in this loop use the connections of this module.

    Streamlit gives its server no protocol of the caller's, so it is handed in where the server asks the loop to listen.
    """
    listen: Callable[..., Any] = loop.create_server

    async def create_server(factory: Callable[[], asyncio.Protocol], *args: Any, **kwargs: Any) -> asyncio.Server:
        config = getattr(factory(), "config", None)
        if isinstance(config, Config):
            config.http_protocol_class = type("_Http", (BoundedHttp,), {"patience": patience})
            config.ws_max_size = LARGEST_MESSAGE
            config.ws_protocol_class = type("_WebSocket", (BoundedWebSocket,), {"patience": patience})
        if kwargs.get("ssl"):
            kwargs["ssl_handshake_timeout"] = patience
        server: asyncio.Server = await listen(factory, *args, **kwargs)
        return server

    loop.create_server = create_server  # type: ignore[method-assign, assignment]


class _Taken:
    """Ends a connection whose peer takes nothing of what it is sent for as long as its patience lasts."""

    patience = PATIENCE
    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    _stuck: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()  # type: ignore[misc]
        self._watch()

    def resume_writing(self) -> None:
        super().resume_writing()  # type: ignore[misc]
        self._unwatch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        super().connection_lost(exc)  # type: ignore[misc]

    def _watch(self) -> None:
        self._unwatch()
        self._stuck = self.loop.call_later(self.patience, self._look, self.transport.get_write_buffer_size())

    def _unwatch(self) -> None:
        if self._stuck:
            self._stuck.cancel()
            self._stuck = None

    def _look(self, before: int) -> None:
        if self.transport.get_write_buffer_size() < before:
            self._watch()
        else:
            self.transport.abort()


class BoundedWebSocket(_Taken, WebSocketsSansIOProtocol):
    """A websocket; one whose peer is silent ends by the server's own pings."""

    async def send(self, message: Any) -> None:
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True  # otherwise the server logs each refusal as a fault of ours


class BoundedHttp(_Taken, H11Protocol):
    """A connection on which a request arrives whole in time, a large body at no less than the slowest pace, or not at all."""

    _late: asyncio.TimerHandle | None = None
    _asked = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect(self.patience)

    def data_received(self, data: bytes) -> None:
        self._asked = True
        super().data_received(data)
        handed_on = self.transport.get_protocol() is not self
        if handed_on or self.transport.is_closing() or self.conn.their_state not in _OWING:
            self._expect(None)
        elif self._late is None:
            self._expect(self.patience)
        elif self.conn.their_state is h11.SEND_BODY:
            left = self._late.when() - self.loop.time()
            self._expect(min(self.patience, left + len(data) / SLOWEST))

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        self._end(400, str(WebReason.GARBLED()))

    def _expect(self, seconds: float | None) -> None:
        """The rest of the request within these seconds; None when nothing is owed."""
        if self._late:
            self._late.cancel()
        self._late = None if seconds is None else self.loop.call_later(seconds, self._give_up)

    def _give_up(self) -> None:
        self._late = None
        answered = self.cycle is not None and self.cycle.response_started
        if self.flow.read_paused:
            self._expect(self.patience)
        elif self._asked and (self.conn.their_state is h11.IDLE or not answered):
            self._end(408, str(WebReason.LATE(seconds=round(self.patience))))
        else:
            self.transport.close()

    def _end(self, status: int, said: str) -> None:
        fields = {"content-type": "text/plain; charset=utf-8", "connection": "close", **headers.COMMON}
        body = said.encode()
        head = [f"HTTP/1.1 {status} {'Request Timeout' if status == 408 else 'Bad Request'}", f"content-length: {len(body)}"]
        head += [f"{name}: {value}" for name, value in fields.items()]
        self.transport.write("\r\n".join([*head, "", ""]).encode("ascii") + body)
        self.transport.close()
