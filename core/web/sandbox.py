"""/sandbox/...: the sandbox carrier over real HTTP, and the switch for its faults; for this machine only."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.config import Settings
from core.demo.sandbox import FAULTS, Fault, Sandbox
from core.domain.reasons import Why
from core.runtime import Runtime
from core.web import bodies
from core.web.answers import told
from core.web.reasons import WebReason

SLOW_SECONDS = 12.0
LARGEST = 256 * 1024
_LOOPBACK = {"127.0.0.1", "::1"}


def route(get: Callable[[], Runtime]) -> Callable[[Request], Awaitable[Response]]:
    """Answers as the service named in the path would."""

    async def carrier(request: Request) -> Response:
        box = get().sandbox
        if box is None or not _local(request):
            return _told(404, WebReason.NOTHING())
        body = await bodies.read(request, LARGEST)
        if body is None:
            return _told(413, WebReason.TOO_LARGE(limit=LARGEST))
        service, path = request.path_params["service"], request.path_params["path"]
        if box.fault(service) is Fault.SLOW:
            await asyncio.sleep(SLOW_SECONDS)
        reply = await run_in_threadpool(box.answer, service, path, dict(request.headers), body)
        return Response(reply.body, status_code=reply.status, headers=dict(reply.headers))

    return carrier


def faults(get: Callable[[], Runtime]) -> Callable[[Request], Awaitable[Response]]:
    """GET tells the faults now and those there are; POST {"service": ..., "fault": ...} sets one, without a service all.

    Setting one needs the secret of SHIPDESK_SANDBOX_SECRET; without that setting it is done on the Carriers page only.
    """

    async def switch(request: Request) -> Response:
        box = get().sandbox
        if box is None or not _local(request):
            return _told(404, WebReason.NOTHING())
        if request.method == "POST":
            refused = await _set(box, request, get().settings)
            if refused:
                return refused
        return JSONResponse({"faults": dict(box.faults), "known": {str(name): words for name, words in FAULTS.items()}})

    return switch


async def _set(box: Sandbox, request: Request, settings: Settings) -> Response | None:
    """Sets the fault that a request asks for; the answer that says why not, None when it is set."""
    secret = settings.sandbox_secret
    shown = request.headers.get("authorization", "").encode()
    if not (secret and hmac.compare_digest(shown, f"Bearer {secret}".encode())):
        return _told(401, WebReason.SWITCH_LOCKED())
    body = await bodies.read(request, LARGEST)
    if body is None:
        return _told(413, WebReason.TOO_LARGE(limit=LARGEST))
    try:
        wanted = json.loads(body)
        refusal = box.try_fault(str(wanted.get("service", "")), str(wanted.get("fault", "")), person=settings.local)
    except (ValueError, AttributeError, RecursionError):
        refusal = str(WebReason.NO_SWITCH())
    return _told(400, refusal) if refusal else None


def _local(request: Request) -> bool:
    """Whether the caller is on this machine: it comes over loopback, or from the very address it calls."""
    here = request.scope.get("server") or ("", None)
    return request.client is not None and request.client.host in _LOOPBACK | {here[0]}


def _told(status: int, why: Why | str) -> Response:
    return told("/sandbox", why, status)
