"""Addresses as people type and paste them: the desk's own, in other letters, with a slash or the end of a sentence behind them, and
those under which there is nothing.
"""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.config import ROOT
from core.web.reasons import WebReason

PAGES: Final = frozenset(path.stem for path in (ROOT / "pages").glob("*.py"))
HOME: Final = "shipments"
ONE: Final = "shipment"
NOT_FOUND: Final = "not_found"
_SERVED: Final = ("_stcore", "static")
_KEPT: Final = ("media", "component")
_BEHIND: Final = " .,;:!)]>\"'"


class Addresses:
    """Sends a browser on to the page that an address means, or to the page that says that it means none.

    `first` is what opens at the desk's own address for who asks with these headers, "" for the list. It answers with addresses relative
    to the asked one: they hold behind a proxy that takes a part of the path away.
    """

    def __init__(self, app: ASGIApp, base: str = "", first: Callable[[Headers], str] = lambda _: "") -> None:
        self.app = app
        self.base = f"/{base}".rstrip("/")
        self.first = first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        asked = scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and path.startswith(f"{self.base}/")
        inside = path.removeprefix(self.base)
        if not asked or inside.startswith("//") or _kept(inside):
            return await self.app(scope, receive, send)
        if _served(inside):
            return await self.app(scope, receive, _unless_a_page(scope, receive, send, _nothing()))
        query = scope["query_string"].decode("latin-1")
        if meant := await self._first(scope, inside, query) or meant_by(inside, query):
            written = scope.get("raw_path", path.encode()).decode("latin-1").removeprefix(self.base)
            return await _on_to(written, meant)(scope, receive, send)
        if inside.removeprefix("/") in PAGES:
            return await self.app(scope, receive, send)
        address = f"{NOT_FOUND}?{urlencode({'path': inside}, quote_via=quote)}"
        return await self.app(scope, receive, _unless_a_page(scope, receive, send, _on_to(inside, address)))

    async def _first(self, scope: Scope, path: str, query: str) -> str:
        if path != "/" or query:
            return ""
        chosen = await run_in_threadpool(self.first, Headers(scope=scope))
        return chosen if chosen.partition("?")[0] in PAGES else ""


def meant_by(path: str, query: str = "") -> str:
    """The page with its query that this path means in other words; "" for a page's own path and for one that means none."""
    names = PurePosixPath(path).parts[1:]
    page = names[0].lower().rstrip(_BEHIND) if names else HOME
    if page == ONE and len(names) > 1:  # a number may hold what parts a path
        return f"{ONE}?{urlencode({'no': '/'.join(names[1:])}, quote_via=quote)}"
    named = _in_small_letters(query)
    if page not in PAGES or len(names) > 1 or (path == f"/{page}" and named == query):
        return ""
    return f"{page}?{named}" if named else page


def _in_small_letters(query: str) -> str:
    """The query with its names, not its values, in small letters."""
    parts = (part.partition("=") for part in query.split("&"))
    return "&".join(f"{name.lower()}{equals}{value}" for name, equals, value in parts)


def _served(path: str) -> bool:
    """Whether the server answers it, also where the browser looks for it: below a page's own path, to find out the base path."""
    names = path.split("/")
    return names[1] in _SERVED or "_stcore" in names


def _kept(path: str) -> bool:
    """Whether it is answered from what people and components left there, which may be a page of their own."""
    return path.split("/")[1] in _KEPT


def _nothing() -> Response:
    return PlainTextResponse(str(WebReason.NOTHING()), 404)


def _on_to(path: str, address: str) -> RedirectResponse:
    return RedirectResponse("../" * (path.count("/") - 1) + address, headers={"Cache-Control": "no-cache"})


def _unless_a_page(scope: Scope, receive: Receive, send: Send, instead: Response) -> Send:
    """Passes on what is answered, but `instead` of a page that: the server gives its frame for whatever it does not know."""
    turned = False

    async def passed(message: Message) -> None:
        nonlocal turned
        if message["type"] == "http.response.start" and message["status"] == 200:
            turned = Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")
            if turned:
                await instead(scope, receive, send)
        if not turned:
            await send(message)

    return passed
