"""What a shop used lately for parcels like this one: the shipping companies, and how their numbers began."""

from datetime import datetime

from core.domain.shipment import Destination
from core.store.database import Connection, Row, select


def numbers(connection: Connection, *, policy: str, destination: Destination, country: str, since: datetime) -> list[Row]:
    """A number of each beginning and length that was registered since then under the policy and destination: carrier, number.

    Those of the carriers used for the country lead, then those of the most used.
    """
    return select(connection, _NUMBERS, {"policy": policy, "destination": destination, "country": country, "since": since})


_NUMBERS = """
WITH lately AS (
    SELECT carrier, any_value(canonical_no) AS number, count(*) AS n, count(*) FILTER (country = $country) AS here
    FROM shipment
    WHERE invoiced_at >= $since AND policy = $policy AND destination = $destination AND carrier IS NOT NULL
    GROUP BY carrier, left(canonical_no, 2), length(canonical_no))
SELECT carrier, number FROM lately
ORDER BY sum(here) OVER (PARTITION BY carrier) DESC, sum(n) OVER (PARTITION BY carrier) DESC, carrier, number
"""
