"""What is Domestic, and when it is doubtful that the desk knows the shop's country."""

import pytest

from core.domain.destination import MostAbroad, destination_of, mostly_abroad
from core.domain.shipment import Destination


@pytest.mark.parametrize(("country", "home", "destination"), [("KR", "KR", "domestic"), ("JP", "KR", "international")])
def test_a_parcel_that_stays_in_the_country_of_the_shop_is_domestic(country: str, home: str, destination: str) -> None:
    assert destination_of(country, home) is Destination(destination)


@pytest.mark.parametrize(
    ("shipments", "most"),
    [
        ({"JP": 1}, MostAbroad("JP", 1, 1)),
        ({"JP": 11, "KR": 9}, MostAbroad("JP", 11, 20)),
        ({"US": 2, "JP": 5, "KR": 1, "": 1}, MostAbroad("JP", 5, 9)),
        ({"JP": 10, "KR": 10}, None),
        ({"JP": 4, "US": 4, "DE": 4}, None),
        ({"KR": 11, "JP": 9}, None),
        ({"": 3, "JP": 1}, None),
        ({}, None),
    ],
)
def test_more_than_half_to_one_other_country_makes_the_country_of_the_shop_doubtful(
    shipments: dict[str, int], most: MostAbroad | None
) -> None:
    assert mostly_abroad(shipments, "KR", home_given=False) == most


@pytest.mark.parametrize("home", ["KR", "JP"])
def test_a_country_that_the_shop_has_set_is_never_doubtful(home: str) -> None:
    assert mostly_abroad({"JP": 20}, home, home_given=True) is None
