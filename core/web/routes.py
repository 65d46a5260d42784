"""All routes of the desk, for the server to mount."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from core import runtime
from core.runtime import Runtime
from core.services.keeping import presence
from core.web import backup, health, listing, metrics, own_files, sandbox, webhooks
from core.web.answers import MACHINES, told
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
    claims: listing.Claims, rows: listing.Rows, base: str = "", get: Callable[[], Runtime] = runtime.get
) -> list[BaseRoute]:
    """The routes that pages ask beside themselves, under the base of the desk."""
    under = f"/{base.strip('/')}".rstrip("/")
    return [
        Route(f"{under}/list", listing.route(get, claims, rows), methods=["POST"]),
        Mount(f"{under}{own_files.PATH}", own_files.OwnFiles()),
    ]


def _below(path: str) -> str:
    return f"{path}/{{path:path}}"


def _nothing(request: Request) -> Response:
    return told(request.url.path, WebReason.NOTHING(), 404)
