"""The addresses of pages, answered with the HTML that a page begins as, and of parts that are not run before a page is drawn."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.web.addresses import PAGES
from core.web.headers import BEGIN

LATER: Final = Path(__file__).with_name("later.js").read_text(encoding="utf-8")
SCRIPTS: Final = "static/js/"
_FRESH: Final = {"Cache-Control": "no-cache"}


class Shell:
    """Answers the address of a page with what `html` gives for its name, and the script that runs its parts; passes everything else on.

    In place of a script that is named in `later` comes one that waits until the page is drawn, and then asks for it as `?whole`.
    """

    def __init__(self, app: ASGIApp, html: Callable[[str], str], base: str = "", later: Collection[str] = ()) -> None:
        self.app, self.html, self.later = app, html, {f"{SCRIPTS}{name}" for name in later}
        self.base = f"/{base.strip('/')}".rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        name = path.removeprefix(f"{self.base}/")
        asked = scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and path.startswith(f"{self.base}/")
        if asked and name in self.later and not scope.get("query_string"):
            return await Response(LATER, media_type="text/javascript", headers=_FRESH)(scope, receive, send)
        if not asked or name not in PAGES:
            return await self.app(scope, receive, send)
        head, rest = self.html(name).split("</head>", 1)
        whole = f'{head}<script type="module">{BEGIN}</script></head>{rest}'
        return await HTMLResponse(whole, headers=_FRESH)(scope, receive, send)
