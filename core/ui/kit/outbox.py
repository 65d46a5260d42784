"""What pages say is handed in heaps to the loop that sends it: to wake it at every word would have all pages wait for each other."""

from asyncio import AbstractEventLoop, get_running_loop
from collections import deque
from collections.abc import Callable
from weakref import WeakKeyDictionary

from streamlit.runtime.app_session import AppSession

Word = Callable[[], None]
_hand = AppSession._call_soon_on_event_loop
_boxes: WeakKeyDictionary[AbstractEventLoop, "Outbox"] = WeakKeyDictionary()


class Outbox:
    """The words that wait for one loop, in their order. `wake` has it take them soon."""

    def __init__(self) -> None:
        self._words, self._woken = deque[Word](), False

    def put(self, word: Word, wake: Callable[[Word], None]) -> None:
        self._words.append(word)
        if not self._woken:
            self._woken = True
            try:
                wake(self._taken)
            except BaseException:
                self._woken = False
                raise

    def _taken(self) -> None:
        # Who puts a word in from now on wakes the loop again, so that none is left behind.
        self._woken = False
        while self._words:
            word = self._words.popleft()
            try:
                word()
            except Exception as error:
                get_running_loop().call_exception_handler({"message": "A word of a page failed", "exception": error})


def gather() -> None:
    """From now on, in every session of this process."""
    AppSession._call_soon_on_event_loop = _gathered  # type: ignore[assignment, method-assign]


def _gathered(self: AppSession, word: Word) -> None:
    box = _boxes.get(self._event_loop) or _boxes.setdefault(self._event_loop, Outbox())
    box.put(word, lambda taken: _hand(self, taken))
