"""Counts that many windows ask for at once: how old an answer may be, and from before which change it may never be."""

import pytest

from core.domain.selection import Counts
from core.ui.kit import cached
from core.ui.kit.cached import Lately


class Asked:
    """What is written, and who asks for the counts of it."""

    def __init__(self) -> None:
        self.changes, self.times = 7, 0

    def counts(self) -> Counts:
        self.times += 1
        return Counts({}, {})


@pytest.fixture
def asked() -> Asked:
    return Asked()


def look(lately: Lately, asked: Asked, since: int = 0) -> None:
    lately.answer(lambda: asked.changes, since, asked.counts)


def test_who_looks_in_the_same_moment_shares_the_answer(asked: Asked) -> None:
    lately = Lately()
    look(lately, asked)
    asked.changes += 1
    look(lately, asked)
    assert asked.times == 1


def test_who_has_written_since_is_never_told_what_was_before(asked: Asked) -> None:
    lately = Lately()
    look(lately, asked)
    asked.changes += 1
    look(lately, asked, since=asked.changes)
    assert asked.times == 2


def test_a_moment_later_it_is_asked_again_if_something_was_written(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cached, "MOMENT", -1.0)
    lately = Lately()
    look(lately, asked)
    look(lately, asked)
    assert asked.times == 1
    asked.changes += 1
    look(lately, asked)
    assert asked.times == 2
