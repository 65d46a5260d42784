"""A tab that turns pages in haste, or is cut off in the middle of a page, shows its page whole: over the real server's own wire."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.sessions import Session

SETTINGS: dict[str, str] = {}
IN_THE_MIDDLE = (5, 15, 25)
"""Messages after which the line is cut: in the frame, and twice in the page."""


def with_a_tab(server: str, work: Callable[[Session], Awaitable[None]]) -> list[str]:
    """What went wrong in a tab in which this was done."""

    async def done() -> list[str]:
        session = Session(server)
        await session.open()
        await work(session)
        await session.close()
        return session.errors

    return asyncio.run(done())


def shown(session: Session) -> int:
    return sum(1 for _ in session.tree.elements())


def test_a_part_that_asks_late_for_the_page_before_takes_nothing_away(server: str) -> None:
    async def work(session: Session) -> None:
        await session.turn_to("Overview")
        whole = shown(session)
        await session.turn_to("Shipments")
        await session.turn_in_haste("Overview")
        await session.look_again()
        assert session.path == "/overview"
        assert shown(session) == whole

    assert with_a_tab(server, work) == []


@pytest.mark.parametrize("messages", IN_THE_MIDDLE)
def test_a_tab_that_is_cut_off_in_the_middle_of_a_page_finds_every_place(server: str, messages: int) -> None:
    async def work(session: Session) -> None:
        await session.cut_off("Delays", messages)
        assert session.path == "/delays"
        assert session.says("Where the hours went")

    assert with_a_tab(server, work) == []


def test_what_is_typed_as_a_part_looks_again_is_searched(server: str) -> None:
    async def work(session: Session) -> None:
        await session.follow("/shipments", tab="all")
        everything = [row["id"] for row in session.data("shipments")["rows"]]
        for text, found in ((everything[3], everything[3:4]), ("", everything)):
            await session.type_as_it_looks_again("q", text)
            assert [row["id"] for row in session.data("shipments")["rows"]] == found

    assert with_a_tab(server, work) == []
