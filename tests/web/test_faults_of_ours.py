"""A fault of ours behind the edge: a sentence for who asked, its place for the log, and nothing of what was being done."""

import asyncio
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Route

from core.config import Settings
from core.web.edge import STREAM, Edge

SECRET = "Hana Seo, 12 Some Street"


async def failing(_: Request) -> Any:
    raise ValueError(SECRET)


def a_desk() -> Any:
    return SimpleNamespace(settings=Settings(), base_url="")


def asked(path: str) -> httpx.Response:
    async def answered() -> httpx.Response:
        routes = [Route("/healthz", failing), Route("/shipments", failing)]
        transport = httpx.ASGITransport(Edge(Starlette(routes=routes).router, a_desk))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path)

    return asyncio.run(answered())


@pytest.mark.parametrize("path", ["/healthz", "/shipments"])
def test_it_ends_in_a_sentence_and_its_place_is_logged(path: str, caplog: pytest.LogCaptureFixture) -> None:
    answer = asked(path)
    assert answer.status_code == 500 and answer.headers["x-frame-options"] == "DENY"
    assert SECRET not in answer.text and SECRET not in caplog.text
    assert "ValueError" in caplog.text and "test_faults_of_ours.py" in caplog.text


def sent(kind: str, path: str, app: Any) -> list[dict[str, Any]]:
    """What the server is given to send to who asks through the edge."""
    told: list[dict[str, Any]] = []
    scope = {"type": kind, "path": path, "headers": [(b"host", b"localhost")], "scheme": "http", "method": "GET"}

    async def send(message: Any) -> None:
        told.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    asyncio.run(Edge(app, a_desk)(scope, receive, send))
    return told


def test_after_the_answer_began_only_the_place_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def half(*asked: Any) -> None:
        await asked[2]({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError(SECRET)

    assert [one["type"] for one in sent("http", "/shipments", half)] == ["http.response.start"]
    assert "ValueError" in caplog.text and SECRET not in caplog.text


def test_who_went_away_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    async def gone(*_: Any) -> None:
        raise ClientDisconnect

    assert sent("http", "/shipments", gone) == [] and not caplog.text


def test_a_window_is_closed_with_the_code_for_it(caplog: pytest.LogCaptureFixture) -> None:
    async def window(*asked: Any) -> None:
        await asked[2]({"type": "websocket.accept"})
        raise ValueError(SECRET)

    assert [(one["type"], one.get("code")) for one in sent("websocket", STREAM, window)] == [
        ("websocket.accept", None),
        ("websocket.close", 1011),
    ]
    assert "ValueError" in caplog.text and SECRET not in caplog.text
