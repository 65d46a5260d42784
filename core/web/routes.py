"""All routes of the desk, for the server to mount."""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from core import runtime
from core.runtime import Runtime
from core.services.keeping import presence
from core.web import asked, backup, health, listing, metrics, own_files, sandbox, webhooks
from core.web.answers import MACHINES, told
from core.web.asked import Claims
from core.web.reasons import WebReason

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def routes(get: Callable[[], Runtime] = runtime.get) -> list[BaseRoute]:
    """The routes of machines, on the runtime that `get` gives. Under their names there is nothing else, no page either."""
    return [
        Route("/healthz", health.route(get), methods=["GET"]),
        Route("/metrics", metrics.route(get), methods=["GET"]),
        Route(presence.PATH, backup.route(get), methods=["POST"]),
        Route("/webhooks/{service}", webhooks.route(get), methods=["POST"]),
        Route("/sandbox/faults", sandbox.faults(get), methods=["GET", "POST"]),
        Route("/sandbox/{service}/{path:path}", sandbox.route(get), methods=["GET", "POST"]),
        *(Route(path, _nothing, methods=METHODS) for path in ("/webhooks", "/sandbox", *map(_below, MACHINES))),
    ]


def of_pages(
    claims: Claims,
    rows: listing.Rows,
    base: str = "",
    get: Callable[[], Runtime] = runtime.get,
    answers: Mapping[str, asked.Answer] | None = None,
) -> list[BaseRoute]:
    """The routes that pages ask beside themselves, under the base of the desk: the list, and by name what answers small questions."""
    under = f"/{base.strip('/')}".rstrip("/")
    small = {name: asked.route(get, claims, answer) for name, answer in (answers or {}).items()}
    asking = {"list": listing.route(get, claims, rows), **small}
    return [
        *(Route(f"{under}/{name}", answer, methods=["POST"]) for name, answer in asking.items()),
        Mount(f"{under}{own_files.PATH}", own_files.OwnFiles()),
    ]


def _below(path: str) -> str:
    return f"{path}/{{path:path}}"


def _nothing(request: Request) -> Response:
    return told(request.url.path, WebReason.NOTHING(), 404)
