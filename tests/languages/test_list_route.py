"""The rows that a press leads to come in the language of the page that asks."""

import asyncio
from typing import Any

import httpx
from starlette.applications import Starlette

from core.runtime import Runtime
from core.ui.shipments import ahead
from core.web.routes import of_pages
from tests.desk import SetClock, a_demo_desk


def _asked(desk: Runtime, language: str, known: str = "") -> dict[str, Any]:
    async def asked() -> httpx.Response:
        app = Starlette(routes=of_pages(lambda headers: {}, ahead.answer, get=lambda: desk))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as web:
            return await web.post("/list", json={"link": {"tab": ["all"]}, "language": language, "known": known})

    answer: dict[str, Any] = asyncio.run(asked()).json()
    return answer


def test_the_list_answers_in_the_language_of_the_page() -> None:
    with a_demo_desk(SetClock(), shipments=20) as desk:
        english, korean, japanese = (_asked(desk, language) for language in ("en", "ko-KR", "ja"))
        assert len({one["caption"] for one in (english, korean, japanese)}) == 3
        assert "rows" in _asked(desk, "ko", known=english["state"])
        assert "rows" not in _asked(desk, "ko", known=korean["state"])
