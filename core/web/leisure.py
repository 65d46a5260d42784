"""Work that nobody waits for yet: one at a time, and no more than a fifth of the time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

MOST_WAITING: Final = 12
_RESTS: Final = 4
Done = TypeVar("Done")


class Leisure:
    """Asked by the server's one loop only."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._rested = 0.0

    async def done(self, work: Callable[[], Awaitable[Done]]) -> Done | None:
        """What the work comes to when its turn has come; None at once when too much waits already."""
        if self._waiting >= MOST_WAITING:
            return None
        self._waiting += 1
        try:
            async with self._turn:
                return await self._after_rest(work)
        finally:
            self._waiting -= 1

    async def _after_rest(self, work: Callable[[], Awaitable[Done]]) -> Done:
        await asyncio.sleep(self._rested - time.monotonic())
        began = time.monotonic()
        try:
            return await work()
        finally:
            ended = time.monotonic()
            self._rested = ended + _RESTS * (ended - began)
