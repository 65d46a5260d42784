"""The confined process is started by the tests about it only: the others ask the same code without it."""

import pytest


@pytest.fixture(autouse=True)
def _read_here(request: pytest.FixtureRequest) -> None:
    if "own_process" not in request.fixturenames:
        request.getfixturevalue("read_here")


@pytest.fixture
def own_process() -> None:
    """The confined process itself is wanted."""
