"""The addresses of pages: answered with the HTML that a page begins as."""

from collections.abc import Callable

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from core.web.addresses import PAGES
from core.web.headers import BEGIN


class Shell:
    """Answers the address of a page with what `html` gives for its name, and the script that runs its parts; passes everything else on."""

    def __init__(self, app: ASGIApp, html: Callable[[str], str], base: str = "") -> None:
        self.app, self.html = app, html
        self.base = f"/{base.strip('/')}".rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        name = path.removeprefix(f"{self.base}/")
        asked = scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and path.startswith(f"{self.base}/")
        if not asked or name not in PAGES:
            return await self.app(scope, receive, send)
        head, rest = self.html(name).split("</head>", 1)
        whole = f'{head}<script type="module">{BEGIN}</script></head>{rest}'
        return await HTMLResponse(whole, headers={"Cache-Control": "no-cache"})(scope, receive, send)
