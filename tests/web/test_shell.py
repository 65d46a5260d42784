"""What a browser gets under the address of a page, before anything of the desk is drawn."""

import asyncio
import re

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit import file_util

from core.ui.kit import shell
from core.web.addresses import PAGES
from core.web.shell import Shell


def answer(path: str, base: str = "", method: str = "GET") -> httpx.Response:
    def beyond(_: Request) -> Response:
        return PlainTextResponse("passed on")

    async def asked() -> httpx.Response:
        app = Starlette(routes=[Route("/{path:path}", beyond, methods=["GET", "POST"])])
        transport = httpx.ASGITransport(Shell(app, shell.page, base, shell.later()))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            return await client.request(method, path)

    return asyncio.run(asked())


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_page_comes_with_the_desks_styles_and_all_that_it_loads_is_there(page: str) -> None:
    found = answer(f"/{page}?tab=all")
    files = re.findall(r'(?:href|src)="\./(static/[^"?]+)', found.text)
    assert "st-key-unfinished-" in found.text and found.text.count("</head>") == 1
    assert len(files) > 60 and all((shell.STATIC / file).is_file() for file in files)


def test_every_page_is_part_of_an_app_that_can_be_installed() -> None:
    found = answer("/register").text
    assert "./own/manifest.webmanifest" in found and "./own/apple-touch-icon.png" in found and 'name="theme-color"' in found


def test_a_chart_is_loaded_where_charts_are_drawn() -> None:
    assert "/PlotlyChart." in answer("/overview").text and "/PlotlyChart." not in answer("/shipments").text


def test_what_draws_charts_is_run_after_the_page_is_drawn() -> None:
    (name,) = shell.later()
    waiting = answer(f"/static/js/{name}")
    assert "?whole" in waiting.text and waiting.headers["cache-control"] == "no-cache"
    assert answer(f"/static/js/{name}?whole").text == "passed on"
    assert f'data-run href="./static/js/{name}' not in answer("/overview").text


def test_the_page_is_asked_for_anew_each_time() -> None:
    found = answer("/carriers")
    assert found.headers["cache-control"] == "no-cache" and "etag" not in found.headers


def test_what_is_no_page_is_passed_on() -> None:
    for path in ("/static/js/index.js", "/_stcore/health", "/nothing", "/"):
        assert answer(path).text == "passed on"
    assert answer("/carriers", method="POST").text == "passed on"


def test_the_desk_may_be_served_under_a_base() -> None:
    assert "<style>" in answer("/desk/carriers", base="desk").text
    assert answer("/carriers", base="desk").text == "passed on"


def test_every_part_that_is_named_is_one_of_streamlits() -> None:
    scripts = shell.STATIC / "static" / "js"
    named = {*shell.EVERYWHERE, *(part for parts in shell.OF_PAGE.values() for part in parts)}
    assert str(shell.STATIC) == file_util.get_static_dir()
    assert all(list(scripts.glob(f"{part}.*.js")) for part in named)
