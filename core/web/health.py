"""GET /healthz: whether the desk works, for whoever restarts it."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.runtime import Runtime
from core.services import health


def route(get: Callable[[], Runtime]) -> Callable[[Request], Response]:
    """Answers 200 when the database answers and can be written and the refresher runs, else 503; what is wrong is in the JSON."""

    def healthz(_: Request) -> Response:
        at = get()
        schema = health.schema(at.store)
        refresher = at.refresher.pulse.alive
        file = health.of_file(at.store)
        ok = schema is not None and refresher and file.writable
        said = {
            "ok": ok,
            "version": health.version(),
            "schema": schema,
            "database": schema is not None,
            "writable": file.writable,
            "paused": file.paused,
            "refresher": refresher,
        }
        return JSONResponse(said, status_code=200 if ok else 503, headers={"cache-control": "no-store"})

    return healthz
