"""Work that nobody waits for yet takes its turn."""

import asyncio
import time

from core.web.leisure import MOST_WAITING, Leisure

TOOK = 0.02


async def work() -> str:
    await asyncio.sleep(TOOK)
    return "done"


def test_it_rests_longer_than_it_works() -> None:
    async def twice() -> float:
        leisure, began = Leisure(), time.monotonic()
        assert [await leisure.done(work), await leisure.done(work)] == ["done", "done"]
        return time.monotonic() - began

    assert asyncio.run(twice()) >= 6 * TOOK


def test_too_much_is_turned_away_at_once_and_the_rest_is_done() -> None:
    async def crowd() -> list[str | None]:
        leisure = Leisure()
        return await asyncio.gather(*(leisure.done(work) for _ in range(MOST_WAITING + 3)))

    found = asyncio.run(crowd())
    assert (found.count("done"), found.count(None)) == (MOST_WAITING, 3)
