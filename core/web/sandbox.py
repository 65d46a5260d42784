"""/sandbox/...: the sandbox carrier over real HTTP, and the switch for its faults; for this machine only."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.demo.sandbox import FAULTS, Fault, Sandbox
from core.runtime import Runtime

SLOW_SECONDS = 12.0
LARGEST = 256 * 1024
_LOOPBACK = {"127.0.0.1", "::1"}


def route(get: Callable[[], Runtime]) -> Callable[[Request], Awaitable[Response]]:
    """Answers as the service named in the path would."""

    async def carrier(request: Request) -> Response:
        box = get().sandbox
        if box is None or not _local(request):
            return _nothing()
        body = await request.body()
        if len(body) > LARGEST:
            return JSONResponse({"message": "The body is too large."}, status_code=413)
        service, path = request.path_params["service"], request.path_params["path"]
        if box.fault(service) is Fault.SLOW:
            await asyncio.sleep(SLOW_SECONDS)
        reply = await run_in_threadpool(box.answer, service, path, dict(request.headers), body)
        return Response(reply.body, status_code=reply.status, headers=dict(reply.headers))

    return carrier


def faults(get: Callable[[], Runtime]) -> Callable[[Request], Awaitable[Response]]:
    """GET tells the faults now and those there are; POST {"service": ..., "fault": ...} sets one, without a service all."""

    async def switch(request: Request) -> Response:
        box = get().sandbox
        if box is None or not _local(request):
            return _nothing()
        if request.method == "POST":
            refusal = await _set(box, request)
            if refusal:
                return JSONResponse({"message": refusal}, status_code=400)
        return JSONResponse({"faults": dict(box.faults), "known": {str(name): words for name, words in FAULTS.items()}})

    return switch


async def _set(box: Sandbox, request: Request) -> str:
    """Sets the fault that a request asks for; the sentence why not, "" when it is set."""
    try:
        wanted = await request.json()
        return box.try_fault(str(wanted.get("service", "")), str(wanted.get("fault", "")))
    except (ValueError, AttributeError):
        return 'Send JSON such as {"service": "seventeen_track", "fault": "slow"}.'


def _local(request: Request) -> bool:
    """Whether the caller is on this machine: it comes over loopback, or from the very address it calls."""
    here = request.scope.get("server") or ("", None)
    return request.client is not None and request.client.host in _LOOPBACK | {here[0]}


def _nothing() -> Response:
    return JSONResponse({"message": "There is nothing here."}, status_code=404)
