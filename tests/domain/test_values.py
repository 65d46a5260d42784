"""An attribute that is made once."""

import threading
from dataclasses import dataclass, field

from core.domain.values import once


@dataclass(frozen=True)
class Slow:
    """Makes its answer when it may."""

    may: threading.Event = field(default_factory=threading.Event)
    made: list[int] = field(default_factory=list)

    @once
    def answer(self) -> int:
        """What it comes to."""
        assert self.may.wait(10)
        self.made.append(1)
        return 42


def test_it_is_made_when_it_is_first_read_and_once() -> None:
    one = Slow()
    one.may.set()
    assert one.made == []
    assert (one.answer, one.answer, one.made) == (42, 42, [1])
    assert Slow.answer.__doc__ == "What it comes to."


def test_nobody_waits_for_another_object() -> None:
    slow, quick, found = Slow(), Slow(), list[int]()
    first = threading.Thread(target=lambda: found.append(slow.answer))
    first.start()
    quick.may.set()
    assert quick.answer == 42 and found == []
    slow.may.set()
    first.join(10)
    assert found == [42]
