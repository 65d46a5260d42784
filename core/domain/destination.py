"""What is Domestic and what is International."""

from core.domain.shipment import Destination


def destination_of(country: str, home: str) -> Destination:
    """Domestic when the parcel stays in the shop's country; both are ISO 3166-1 alpha-2 codes."""
    return Destination.DOMESTIC if country == home else Destination.INTERNATIONAL
