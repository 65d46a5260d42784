"""Where nobody signs in the desk is for this machine alone, whatever the server was told to listen on."""

from collections.abc import Callable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from core import config, runtime
from core.config import BadSetting
from core.runtime import Runtime

POLICY = 1008
"""RFC 6455, 7.4.1: the connection is against a policy."""


class Alone:
    """Refuses what does not come over loopback, as long as nobody signs in."""

    def __init__(self, app: ASGIApp, get: Callable[[], Runtime] = runtime.get) -> None:
        self.app, self.get = app, get

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self.get().settings.sign_in or config.is_loopback(_address(scope)):
            return await self.app(scope, receive, send)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": POLICY})
        said = str(BadSetting.OPEN_TO_ALL("listens", name=_address(scope) or "a socket"))
        return await PlainTextResponse(said, status_code=403)(scope, receive, send)


def _address(scope: Scope) -> str:
    """The address of this machine that was reached; "" for a socket without one, as proxies use them."""
    host, port = scope.get("server") or ("", None)
    return str(host) if port is not None else ""
