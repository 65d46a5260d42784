"""What is said before an import that makes it doubtful that the desk knows the shop's country."""

from collections.abc import Mapping

from core.domain.countries import only_zone
from core.domain.destination import mostly_abroad
from core.domain.labels import DESTINATIONS
from core.domain.reasons import Why
from core.domain.shipment import Destination
from core.files.countries import country_name
from core.services.importing.reasons import HomeDoubt


def home_doubt(shipments: Mapping[str, int], *, home: str, home_given: bool, zone_given: bool) -> tuple[Why, ...]:
    """That most shipments go to another country than the desk takes for the shop's, and what to set; nothing where there is no doubt.

    `shipments` are how many go to each country.
    """
    most = mostly_abroad(shipments, home, home_given=home_given)
    if most is None:
        return ()
    country, zone = country_name(most.country), None if zone_given else only_zone(most.country)
    form, international = "one" if most.of == 1 else "other", DESTINATIONS[Destination.INTERNATIONAL]
    counted = {"count": most.count, "of": most.of, "home": country_name(home), "international": international}
    setting = {"code": most.country} | ({"zone": zone.key} if zone else {})
    return (
        HomeDoubt.MOST_ABROAD(form, country=country, **counted),
        HomeDoubt.SET("zone" if zone else "country", country=country, **setting),
    )
