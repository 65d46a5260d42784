"""Which option a tab means that knows an older text of it."""

import pytest

from core.ui.kit import unheard

OFFERED = ("Preparing **19**", "In delivery **6,912**", ":small[Shipping **5**]", "Hanjin · 12", "All", "7 days", "14 days")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("In delivery **6,913**", "In delivery **6,912**"),
        (":small[Shipping **1,012**]", ":small[Shipping **5**]"),
        ("Preparing **19**", "Preparing **19**"),
        ("Hanjin · 9", "Hanjin · 12"),
        ("All", "All"),
        ("14 days", "14 days"),
        ("30 days", "30 days"),
        ("Elsewhere **1**", "Elsewhere **1**"),
        ("12", "12"),
    ],
)
def test_an_option_is_known_by_its_words_whatever_its_count(said: str, meant: str) -> None:
    assert unheard.meant(said, OFFERED) == meant
