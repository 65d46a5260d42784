"""What a shop used lately for parcels like these: the shipping companies, and how their numbers began."""

from collections.abc import Iterable
from datetime import datetime

from core.domain.shipment import ParcelLane
from core.store.database import Connection, Row, select


def numbers(connection: Connection, lanes: Iterable[ParcelLane], *, since: datetime) -> list[Row]:
    """A number of each beginning and length that was registered since then under each policy and destination: policy,
    destination, country, carrier, number.

    Of a lane, those of the carriers used for its country lead, then those of the most used.
    """
    wanted = set(lanes)
    return select(
        connection,
        _NUMBERS,
        {
            "policies": [lane.policy for lane in wanted],
            "destinations": [lane.destination for lane in wanted],
            "countries": [lane.country for lane in wanted],
            "since": since,
        },
    )


_NUMBERS = """
WITH lane AS (
    SELECT unnest($policies::VARCHAR[]) AS policy, unnest($destinations::VARCHAR[]) AS destination,
           unnest($countries::VARCHAR[]) AS country),
lately AS (
    SELECT policy, destination, country AS sent_to, carrier, min(canonical_no) AS number, count(*) AS n
    FROM shipment
    WHERE invoiced_at >= $since AND carrier IS NOT NULL AND policy IN (SELECT policy FROM lane)
    GROUP BY policy, destination, country, carrier, left(canonical_no, 2), length(canonical_no)),
used AS (
    SELECT lane.policy, lane.destination, lane.country, carrier, min(number) AS number, sum(n) AS n,
           coalesce(sum(n) FILTER (WHERE sent_to = lane.country), 0) AS here
    FROM lane JOIN lately ON lately.policy = lane.policy AND lately.destination = lane.destination
    GROUP BY lane.policy, lane.destination, lane.country, carrier, left(number, 2), length(number)),
ranked AS (
    SELECT *, sum(here) OVER of_carrier AS all_here, sum(n) OVER of_carrier AS all_n FROM used
    WINDOW of_carrier AS (PARTITION BY policy, destination, country, carrier))
SELECT policy, destination, country, carrier, number FROM ranked
ORDER BY policy, destination, country, all_here DESC, all_n DESC, carrier, number
"""
