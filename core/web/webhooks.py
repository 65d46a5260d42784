"""POST /webhooks/{service}: acknowledged once it is known to be genuine and is stored."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.runtime import Runtime
from core.services.tracking.webhooks import LARGEST, WebhookVerdict, Work
from core.web import bodies

PATIENCE = 5.0
"""Seconds that a service waits for us; it sends again what was not stored by then, which is a replay when it was stored after all."""

STATUS = {
    WebhookVerdict.ACCEPTED: 202,
    WebhookVerdict.REPLAYED: 200,
    WebhookVerdict.FORGED: 401,
    WebhookVerdict.GARBLED: 400,
    WebhookVerdict.OVERSIZED: 413,
    WebhookVerdict.UNKNOWN: 404,
    WebhookVerdict.UNSTORED: 503,
}


def route(get: Callable[[], Runtime]) -> Callable[[Request], Awaitable[Response]]:
    """Answers 202 when taken, 200 when taken before, 401 forged, 400 garbled, 413 oversized, 404 for no service of ours.

    503 when it is not stored: the service sends it again.
    """
    working: set[asyncio.Task[WebhookVerdict]] = set()

    async def carried_out(work: Work) -> WebhookVerdict:
        task = asyncio.create_task(run_in_threadpool(work))
        working.add(task)
        task.add_done_callback(working.discard)
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        return task.result() if done else WebhookVerdict.UNSTORED

    async def webhook(request: Request) -> Response:
        hooks, service = get().hooks, request.path_params["service"]
        body = await bodies.read(request, LARGEST)
        if body is None:
            return _told(hooks.oversized(service))
        secret = request.query_params.get("secret", "")
        verdict, work = await run_in_threadpool(hooks.receive, service, dict(request.headers), body, secret)
        return _told(await carried_out(work) if work else verdict)

    return webhook


def _told(verdict: WebhookVerdict) -> Response:
    return JSONResponse({"result": verdict}, status_code=STATUS[verdict])
