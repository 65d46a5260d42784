"""All routes of the desk, for the server to mount."""

from collections.abc import Callable

from starlette.routing import BaseRoute, Route

from core import runtime
from core.runtime import Runtime
from core.web import health, metrics, sandbox, webhooks


def routes(get: Callable[[], Runtime] = runtime.get) -> list[BaseRoute]:
    """The routes, on the runtime that `get` gives."""
    return [
        Route("/healthz", health.route(get), methods=["GET"]),
        Route("/metrics", metrics.route(get), methods=["GET"]),
        Route("/webhooks/{service}", webhooks.route(get), methods=["POST"]),
        Route("/sandbox/faults", sandbox.faults(get), methods=["GET", "POST"]),
        Route("/sandbox/{service}/{path:path}", sandbox.route(get), methods=["GET", "POST"]),
    ]
