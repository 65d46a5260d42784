"""What is said of errors that nobody foresaw."""

import pytest

from core.domain.errors import places_of


def test_the_places_of_an_error_name_files_and_lines_and_neither_paths_nor_words() -> None:
    with pytest.raises(ValueError) as caught:
        int("secret")
    assert places_of(caught.value).startswith("test_errors.py:")
    assert "/" not in places_of(caught.value) and "secret" not in places_of(caught.value)
