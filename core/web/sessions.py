"""How many windows of the desk each person has open: a window is one websocket."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Sessions:
    """The open windows by person. Asked and changed by the server's one loop only."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def full(self, person: str, limit: int) -> bool:
        """Whether this person has as many open as one may."""
        return self._open[person] >= limit

    @contextmanager
    def opened(self, person: str) -> Iterator[None]:
        """One more meanwhile."""
        self._open[person] += 1
        try:
            yield
        finally:
            self._open[person] -= 1
            if not self._open[person]:
                del self._open[person]
