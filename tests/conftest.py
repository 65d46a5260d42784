"""What a test borrowed is taken back when it is over."""

from collections.abc import Iterator

import pytest

from tests import builders


@pytest.fixture(autouse=True)
def _stores_taken_back() -> Iterator[None]:
    yield
    builders.take_back()
