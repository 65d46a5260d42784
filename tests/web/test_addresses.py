"""Addresses as people type them: each leads to the page that is meant, or to the sentence that there is none."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.web.addresses import PAGES, Addresses


def answer(path: str, base: str = "", method: str = "GET", first: str = "") -> httpx.Response:
    """Of a server like Streamlit's: the frame of the pages under any address that nothing else answers."""

    def frame(_: Request) -> Response:
        return HTMLResponse("the frame")

    def health(_: Request) -> Response:
        return JSONResponse({"ok": True})

    def file(_: Request) -> Response:
        return HTMLResponse("a file that was kept for download")

    def missing(_: Request) -> Response:
        return PlainTextResponse("no", 404)

    routes = [Route("/healthz", health), Route("/media/report.html", file), Route("/static/gone.js", missing)]
    app = Starlette(routes=[*routes, Route("/{path:path}", frame, methods=["GET", "POST"])])

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(Addresses(app, base, lambda _: first))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            return await client.request(method, path)

    return asyncio.run(asked())


def sent_to(path: str, base: str = "", first: str = "") -> str:
    """Where a browser is sent on to; "" when it is answered where it asked."""
    following = answer(path, base, first=first).next_request
    return following.url.raw_path.decode() if following else ""


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_page_is_answered_under_its_own_name(page: str) -> None:
    assert sent_to(f"/{page}") == sent_to(f"/{page}?tab=all") == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/", "/shipments"),
        ("/?tab=delivered&q=S-1", "/shipments?tab=delivered&q=S-1"),
        ("/Shipments", "/shipments"),
        ("/Shipments/?tab=all", "/shipments?tab=all"),
        ("/REGISTER//", "/register"),
        ("/SHIPMENT?NO=S%26A", "/shipment?no=S%26A"),
        ("/shipments?Tab=delivery&q=AB%3D1", "/shipments?tab=delivery&q=AB%3D1"),
        ("/shipments.", "/shipments"),
        ("/shipments%20", "/shipments"),
        ("/Overview),", "/overview"),
        ("/shipment/S261115-03188", "/shipment?no=S261115-03188"),
        ("/Shipment/S%201%26x/", "/shipment?no=S%201%26x"),
        ("/shipment/a%2Fb", "/shipment?no=a%2Fb"),
        ("/shipment/a/b%3Fc%23d%25", "/shipment?no=a%2Fb%3Fc%23d%25"),
    ],
)
def test_what_is_nearly_a_page_leads_to_it_with_its_query(typed: str, meant: str) -> None:
    assert sent_to(typed) == meant


@pytest.mark.parametrize("typed", ["/nothing", "/shipments/today", "/shipments.html", "/%3Cb%3E"])
def test_an_address_without_a_page_leads_to_the_sentence_that_names_it(typed: str) -> None:
    assert sent_to(typed).startswith("/not_found?path=%2F")


@pytest.mark.parametrize("page", sorted(PAGES))
def test_the_browser_finds_out_the_base_path_below_any_page(page: str) -> None:
    assert sent_to(f"/{page}/_stcore/health") == sent_to(f"/{page}/_stcore/host-config") == ""


@pytest.mark.parametrize("path", ["/healthz", "/media/report.html", "/static/gone.js", "/_stcore/host-config"])
def test_what_is_no_page_is_answered_as_ever(path: str) -> None:
    assert sent_to(path) == ""


def test_what_is_sent_is_not_sent_on() -> None:
    assert answer("/nothing", method="POST").text == "the frame"


def test_under_a_base_path_nothing_leads_out_of_it() -> None:
    assert sent_to("/desk/", "desk") == "/desk/shipments"
    assert sent_to("/desk/Register/", "desk") == "/desk/register"
    assert sent_to("/desk/shipment/a%2Fb", "desk") == "/desk/shipment?no=a%2Fb"
    assert sent_to("/desk/shipments", "desk") == sent_to("/elsewhere", "desk") == ""


@pytest.mark.parametrize(
    ("typed", "first", "opens"),
    [
        ("/", "overview", "/overview"),
        ("/", "shipments?tab=delivery&warehouse=ICN1", "/shipments?tab=delivery&warehouse=ICN1"),
        ("/?tab=all", "overview", "/shipments?tab=all"),
        ("/Register/", "overview", "/register"),
        ("/", "gone", "/shipments"),
        ("/", "//evil.example", "/shipments"),
    ],
)
def test_the_desks_own_address_opens_what_somebody_chose(typed: str, first: str, opens: str) -> None:
    assert sent_to(typed, first=first) == opens


def test_it_does_so_under_a_base_path() -> None:
    assert sent_to("/desk/", "desk", first="delays") == "/desk/delays"
