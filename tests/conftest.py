"""What a test borrowed is taken back when it is over."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from core.files import confined, confined_child
from tests import builders, engines

settings.register_profile("desk", deadline=None)
settings.load_profile("desk")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "about_files(why): is about a database file, and left out where shops are on a server")
    config.addinivalue_line("markers", "long(why): is shown in short by another test too, and left to `make test-all`")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items if engines.ON_SERVER else ():
        if mark := item.get_closest_marker("about_files"):
            item.add_marker(pytest.mark.skip(reason=f"about files: {mark.args[0]}"))


def pytest_unconfigure() -> None:
    builders.let_go()


@pytest.fixture(autouse=True)
def _stores_taken_back() -> Iterator[None]:
    yield
    builders.take_back()


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in the process of the tests, by the code that the confined process runs."""
    monkeypatch.setattr(confined, "asked", confined_child.answer)
    monkeypatch.setattr(confined, "asked_for_rows", confined_child.rows_answer)
