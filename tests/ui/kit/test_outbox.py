"""What pages say reaches the loop that sends it: all of it, in order, and however many pages speak at once."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from core.ui.kit.outbox import Outbox

PAGES, WORDS = 4, 2_000


class Wire:
    """A loop in a thread of its own, with what reached it; how often it was woken."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.box, self.heard, self.woken = Outbox(), list[tuple[int, int]](), 0
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    def say(self, page: int, number: int) -> None:
        self.box.put(lambda: self.heard.append((page, number)), self.wake)

    def wake(self, taken: Callable[[], None]) -> None:
        self.woken += 1
        self.loop.call_soon_threadsafe(taken)

    def close(self) -> None:
        """After all that was said."""
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()


def test_every_word_of_every_page_comes_once_and_in_order() -> None:
    wire = Wire()
    pages = [threading.Thread(target=lambda page=n: [wire.say(page, word) for word in range(WORDS)]) for n in range(PAGES)]
    for page in pages:
        page.start()
    for page in pages:
        page.join()
    wire.close()
    assert len(wire.heard) == PAGES * WORDS
    assert all([word for page, word in wire.heard if page == n] == list(range(WORDS)) for n in range(PAGES))


def test_the_loop_is_woken_once_for_what_is_said_before_it_listens() -> None:
    wire = Wire()
    busy, go_on = threading.Event(), threading.Event()
    wire.loop.call_soon_threadsafe(lambda: (busy.set(), go_on.wait(10)))
    assert busy.wait(10)
    for word in range(WORDS):
        wire.say(0, word)
    go_on.set()
    wire.close()
    assert wire.woken == 1 and len(wire.heard) == WORDS


def test_a_word_that_fails_takes_no_other_with_it() -> None:
    wire = Wire()
    failed = list[object]()
    wire.loop.set_exception_handler(lambda _, context: failed.append(context["exception"]))
    wire.box.put(lambda: 1 // 0, wire.wake)  # type: ignore[arg-type, return-value]
    wire.say(0, 0)
    wire.close()
    assert wire.heard == [(0, 0)] and len(failed) == 1


def test_after_a_loop_that_was_not_to_be_woken_the_next_word_wakes_it() -> None:
    wire = Wire()

    def refused(_: Callable[[], None]) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        wire.box.put(lambda: wire.heard.append((0, 0)), refused)
    wire.say(0, 1)
    wire.close()
    assert wire.heard == [(0, 0), (0, 1)]
