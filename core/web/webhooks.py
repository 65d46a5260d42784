"""POST /webhooks/{service}: acknowledged once it is known to be genuine, worked off afterwards."""

from collections.abc import Awaitable, Callable

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from core.runtime import Runtime
from core.services.tracking.webhooks import LARGEST, WebhookVerdict

STATUS = {
    WebhookVerdict.ACCEPTED: 202,
    WebhookVerdict.REPLAYED: 200,
    WebhookVerdict.FORGED: 401,
    WebhookVerdict.GARBLED: 400,
    WebhookVerdict.OVERSIZED: 413,
    WebhookVerdict.UNKNOWN: 404,
}


def route(get: Callable[[], Runtime]) -> Callable[[Request], Awaitable[Response]]:
    """Answers 202 when taken, 200 when taken before, 401 forged, 400 garbled, 413 oversized, 404 for no service of ours."""

    async def webhook(request: Request) -> Response:
        hooks, service = get().hooks, request.path_params["service"]
        body = await _body(request)
        if body is None:
            return _told(hooks.oversized(service))
        secret = request.query_params.get("secret", "")
        verdict, work = await run_in_threadpool(hooks.receive, service, dict(request.headers), body, secret)
        return _told(verdict, BackgroundTask(run_in_threadpool, work) if work else None)

    return webhook


async def _body(request: Request) -> bytes | None:
    """The raw body; None as soon as it is too large."""
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > LARGEST:
        return None
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > LARGEST:
                return None
            parts.append(part)
    except ClientDisconnect:
        return b""
    return b"".join(parts)


def _told(verdict: WebhookVerdict, work: BackgroundTask | None = None) -> Response:
    return JSONResponse({"result": verdict}, status_code=STATUS[verdict], background=work)
