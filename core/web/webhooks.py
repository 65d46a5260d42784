"""POST /webhooks/{service}: acknowledged once it is known to be genuine, worked off afterwards."""

from collections.abc import Awaitable, Callable

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.runtime import Runtime
from core.services.tracking.webhooks import LARGEST, WebhookVerdict
from core.web import bodies

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
        body = await bodies.read(request, LARGEST)
        if body is None:
            return _told(hooks.oversized(service))
        secret = request.query_params.get("secret", "")
        verdict, work = await run_in_threadpool(hooks.receive, service, dict(request.headers), body, secret)
        return _told(verdict, BackgroundTask(run_in_threadpool, work) if work else None)

    return webhook


def _told(verdict: WebhookVerdict, work: BackgroundTask | None = None) -> Response:
    return JSONResponse({"result": verdict}, status_code=STATUS[verdict], background=work)
