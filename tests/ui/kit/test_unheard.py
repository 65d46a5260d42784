"""Which option a tab means that knows an older text of it."""

import pytest

from core.ui.kit import unheard

OFFERED = ("Preparing **19**", "In delivery **6,912**", ":small[Shipping **5**]", "All")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (["In delivery **6,913**"], ["In delivery **6,912**"]),
        (["Preparing **19**", ":small[Shipping **12**]"], ["Preparing **19**", ":small[Shipping **5**]"]),
        (["All"], ["All"]),
        (["Elsewhere **1**"], ["Elsewhere **1**"]),
        ([], []),
    ],
)
def test_an_option_is_known_by_its_words_whatever_its_count(said: list[str], meant: list[str]) -> None:
    assert unheard.meant(said, OFFERED) == meant
