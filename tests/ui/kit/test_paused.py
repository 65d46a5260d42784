"""The banner while nothing can be saved: on every page, with the press that keeps what is open, for those who may."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.people import Person, Role
from core.store.reasons import StoreFault
from core.ui.kit import who
from core.ui.kit.sentences import PauseText
from tests.faults.clerks import until
from tests.screens import a_shop, again, buttons, desk, opened, pressed

RESCUE = str(PauseText.RESCUE())


@pytest.fixture
def gone(tmp_path: Path) -> Iterator[Path]:
    """Where the database file was before it was deleted under the desk."""
    with a_shop(tmp_path, shipments=0):
        file = desk().store.path
        assert file
        file.unlink()
        until(lambda: desk().store.paused)
        yield file


def titles(screen: str) -> list[str]:
    return [error.value for error in opened(screen).error]


@pytest.mark.parametrize("screen", ["overview", "shipments", "register", "data"])
def test_every_page_says_why_nothing_can_be_saved(gone: Path, screen: str) -> None:
    why = str(StoreFault.DELETED(path=gone))
    assert [text.replace("\\", "") for text in titles(screen)][:1] == [why]


def test_a_page_of_a_desk_that_can_save_says_nothing(tmp_path: Path) -> None:
    with a_shop(tmp_path, shipments=0):
        assert titles("data") == []


def test_one_press_keeps_what_is_open_and_names_the_file(gone: Path) -> None:
    app = pressed(opened("data"), "rescue")
    copy = next(gone.parent.glob("*rescued*"))
    assert copy.name in app.success[0].value.replace("\\", "")
    assert RESCUE not in buttons(app)
    copy.rename(gone)
    until(lambda: desk().store.paused is None)
    assert not again(app).error


def test_who_may_not_write_a_backup_cannot_press(gone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert RESCUE in buttons(opened("data"))
    monkeypatch.setattr(who, "person", lambda _: Person("Vera", Role.VIEWER))
    assert RESCUE not in buttons(opened("data"))


def test_a_press_without_the_right_does_nothing(gone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("data")
    monkeypatch.setattr(who, "person", lambda _: Person("Vera", Role.VIEWER))
    assert pressed(app, "rescue").error[1].value
    assert list(gone.parent.glob("*rescued*")) == []
