"""The edge: what every request passes before anything of the desk sees it, and every answer on its way out."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from textwrap import fill
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.domain import permissions
from core.domain.errors import ShipdeskError, places_of
from core.domain.hosts import Host, Provenance, foreign, origin_of
from core.domain.permissions import Act
from core.runtime import Runtime
from core.web import headers
from core.web.answers import MACHINES, told
from core.web.reasons import WebReason
from core.web.sessions import Sessions

log = logging.getLogger(__name__)

STREAM: Final = "/_stcore/stream"
HEALTH: Final = "/_stcore/health"
_LOOKED_UP_BEFORE: Final = ("/_stcore/host-config", HEALTH)
_WIDTH: Final = 48  # the browser shows it in a box that does not break lines
_READS: Final = ("GET", "HEAD", "OPTIONS")
_SENT: Final = "/_stcore/upload_file/"
_FILES: Final = ("/media/", _SENT)
_OF_A_SESSION: Final = (*_FILES, "/component/", "/_stcore/bidi-components/", "/auth/logout")


class Edge:
    """Turns away what names a foreign host or origin and files of whoever may not send any, keeps to the most windows that a person
    may open, gives every answer its headers, and ends a fault of ours in a sentence: it is logged by its place only.

    `person` names who is signed in by the headers of a request, "" for nobody; windows are then counted by the caller's address.
    `claims` are what the provider says of them.
    Scheme and address are those that a proxy on this machine told, else those of the connection: the server sees to that.
    """

    def __init__(
        self,
        app: ASGIApp,
        get: Callable[[], Runtime],
        base: str = "",
        person: Callable[[Headers], str] = lambda _: "",
        claims: Callable[[Headers], Mapping[str, object]] = lambda _: {},
    ) -> None:
        self.app = app
        self.base = f"/{base.strip('/')}".rstrip("/")
        self.person = person
        self.claims = claims
        self.sessions = Sessions()
        self._get = get

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        send = _secured(scope, send, file=self._inside(scope).startswith(_FILES))
        refused = self._refused(scope) or await self._not_taken(scope)
        if refused:
            return await refused(scope, receive, send)
        if scope["type"] == "websocket":
            with self.sessions.opened(self._who(scope)):
                return await self._guarded(scope, receive, send)
        return await self._guarded(scope, receive, send)

    @cached_property
    def ours(self) -> tuple[Host, ...]:
        """The names of the desk."""
        desk = self._get()
        own = [origin_of(address) for address in (desk.settings.url, desk.base_url)]
        return (*desk.settings.hosts, *(Host(origin[1].name) for origin in own if origin))

    def _refused(self, scope: Scope) -> Response | None:
        """The answer that turns a request away; None when it may pass."""
        path = self._inside(scope)
        if _no_path(path):
            return told(path, WebReason.NO_TARGET(), 400)
        if why := foreign(_asked(scope, path), self.ours):
            return told(path, why, 403)
        if scope["type"] == "websocket" and path != STREAM:
            return told(path, WebReason.NOTHING(), 404)
        limit = self._get().settings.sessions
        if _opens_window(path) and self.sessions.full(self._who(scope), limit):
            return JSONResponse(fill(str(WebReason.FULL(limit=limit)), _WIDTH), 429)
        return None

    async def _not_taken(self, scope: Scope) -> Response | None:
        """The answer to somebody who sends a file and may not: the server would hold it in memory for any open window."""
        path, desk = self._inside(scope), self._get()
        if not path.startswith(_SENT) or scope.get("method") == "OPTIONS" or desk.settings.sign_in is None:
            return None
        try:
            admitted = await run_in_threadpool(desk.sign_ins.admission, self.claims(Headers(scope=scope)))
        except ShipdeskError as error:
            return told(path, str(error), 503)
        why = permissions.denial(admitted.person, Act.UPLOAD)
        return told(path, why, 403) if why else None

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noticed(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noticed)
        except ClientDisconnect:
            pass
        except Exception as error:
            log.error("%s at %s", type(error).__name__, places_of(error))
            if not begun:
                await told(self._inside(scope), WebReason.FAULT(), 500)(scope, receive, send)
            elif scope["type"] == "websocket":
                with suppress(Exception):
                    await send({"type": "websocket.close", "code": 1011})

    def _inside(self, scope: Scope) -> str:
        """The path without the base under which the desk is served."""
        path: str = scope["path"]
        return path.removeprefix(self.base) if path.startswith(f"{self.base}/") else path

    def _who(self, scope: Scope) -> str:
        return self.person(Headers(scope=scope)) or (scope.get("client") or ("",))[0]


def _no_path(path: str) -> bool:
    """Whether it is the address of a proxy's request, or leads out of the desk by being read twice."""
    upwards = ".." in path.split("/") and not path.startswith(MACHINES)
    return not path.startswith("/") or path.startswith("//") or "\0" in path or upwards


def _opens_window(path: str) -> bool:
    """Whether a page asks for this to open its websocket. What it looks up before, below its own path first, it shows when it is
    refused; the server's own health is left to those who watch it.
    """
    return path == STREAM or (path.endswith(_LOOKED_UP_BEFORE) and path != HEALTH)


def _asked(scope: Scope, path: str) -> Provenance:
    given = Headers(scope=scope)
    reads = scope["type"] == "http" and scope["method"] in _READS
    return Provenance(
        tuple(given.getlist("host")),
        tuple(given.getlist("origin")),
        given.get("sec-fetch-site", ""),
        encrypted=_encrypted(scope),
        changes=not reads or path.startswith(_OF_A_SESSION),
    )


def _encrypted(scope: Scope) -> bool:
    return scope["scheme"] in ("https", "wss")


def _secured(scope: Scope, send: Send, *, file: bool) -> Send:
    async def secured(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            headers.secure(MutableHeaders(scope=message), file=file, encrypted=_encrypted(scope))
        await send(message)

    return secured
