"""POST /backup: a backup of the running desk for the command line, which knows the secret beside the database."""

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.runtime import Runtime
from core.services.keeping import presence
from core.services.keeping.presence import LARGEST, AskedVerdict
from core.web import bodies

STATUS = {AskedVerdict.WRITTEN: 200, AskedVerdict.REFUSED: 409, AskedVerdict.GARBLED: 400, AskedVerdict.UNKNOWN: 404}


def route(get: Callable[[], Runtime]) -> Callable[[Request], Awaitable[Response]]:
    """Answers 200 once the backup that {"file": ...} names is written and checked, 409 why it was not, 404 without the secret."""

    async def backup(request: Request) -> Response:
        at, proof = get(), request.headers.get("authorization", "")
        body = await bodies.read(request, LARGEST)
        if body is None:
            return _told(AskedVerdict.UNKNOWN, "")
        # Whoever knows the secret may read the database itself.
        verdict, why = await run_in_threadpool(presence.answer, at.store, at.presence, proof, body, person=at.settings.local)
        return _told(verdict, why)

    return backup


def _told(verdict: AskedVerdict, why: str) -> Response:
    return JSONResponse({"result": verdict, "message": why}, status_code=STATUS[verdict])
