"""Which shipping companies a shop used lately for parcels like this one."""

from datetime import datetime

from core.domain.shipment import Destination
from core.store.database import Store


def carriers(store: Store, *, policy: str, destination: Destination, country: str, since: datetime) -> list[str]:
    """Codes of the carriers with registrations since then under the policy and destination.

    Those used for the country lead, then the most used.
    """
    values = {"policy": policy, "destination": destination, "country": country, "since": since}
    return [row["carrier"] for row in store.rows(_CARRIERS, values)]


_CARRIERS = """
SELECT carrier FROM shipment
WHERE invoiced_at >= $since AND policy = $policy AND destination = $destination AND carrier IS NOT NULL
GROUP BY carrier
ORDER BY count(*) FILTER (country = $country) DESC, count(*) DESC, carrier
"""
