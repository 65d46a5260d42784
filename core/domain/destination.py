"""What is Domestic and what is International."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.shipment import Destination


def destination_of(country: str, home: str) -> Destination:
    """Domestic when the parcel stays in the shop's country; both are ISO 3166-1 alpha-2 codes."""
    return Destination.DOMESTIC if country == home else Destination.INTERNATIONAL


@dataclass(frozen=True)
class MostAbroad:
    """The one other country to which most shipments go: `count` of `of`."""

    country: str
    count: int
    of: int


def mostly_abroad(shipments: Mapping[str, int], home: str, *, home_given: bool) -> MostAbroad | None:
    """To which country more than half of the shipments go, by how many go to each, where that makes it doubtful that `home` is the
    shop's country: it is another one, and nobody has said which is the shop's."""
    of = sum(shipments.values())
    country = max(shipments, key=lambda code: shipments[code], default=home)
    if home_given or country in ("", home) or 2 * shipments[country] <= of:
        return None
    return MostAbroad(country, shipments[country], of)
