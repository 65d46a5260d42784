"""Every store a test opened is closed when the test is over."""

from collections.abc import Iterator

import pytest

from tests import builders


@pytest.fixture(autouse=True)
def _closed_stores() -> Iterator[None]:
    yield
    builders.close_all()
