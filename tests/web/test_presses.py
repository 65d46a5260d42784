"""What is pressed is done, whatever is pressed after it: over the real server's own wire."""

import asyncio

from tests.sessions import Session
from tests.workbook_builders import a_workbook

SETTINGS = {"SHIPDESK_DEMO_SHIPMENTS": "400"}


def test_what_is_pressed_is_done_though_another_press_follows_at_once(server: str) -> None:
    async def work() -> Session:
        session = Session(server)
        await session.open("/shipments", tab="preparing")
        number = session.data("shipments")["rows"][0]["id"]
        await session.happen("shipments", "event", {"name": "open", "id": number})
        await session.press_and_type("to_address", "q", number)
        await session.close()
        return session

    session = asyncio.run(work())
    assert session.find("text_input", "address:recipient")
    assert session.errors == []


def test_what_the_desk_took_away_is_not_changed_by_a_tab_that_has_not_heard_so(server: str) -> None:
    async def work() -> Session:
        session = Session(server)
        await session.open("/shipments", tab="preparing")
        number = session.data("shipments")["rows"][0]["id"]
        await session.turn_to("Upload")
        await session.upload("upload:file", a_workbook((number, "Other", "QB000000001X")), "today.xlsx")
        await session.switch("upload:modify", on=False)
        await session.press_both("upload:go", "upload:undo")
        await session.close()
        return session

    session = asyncio.run(work())
    assert session.errors == []
    assert session.find("button", "upload:again")
    assert not session.find("button", "upload:undo")


def test_a_tab_is_opened_though_the_count_on_it_is_another_by_now(server: str) -> None:
    async def work() -> Session:
        session = Session(server)
        await session.open("/shipments", tab="preparing")
        await session.press_as_it_was("tab", "Delivered **987,654**")
        await session.close()
        return session

    assert "tab=delivered" in asyncio.run(work()).query
