"""What a shop used lately for parcels like these: the shipping companies, and how their numbers began."""

from collections import Counter
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
    policies = list({lane.policy for lane in wanted})
    lately = select(connection, _LATELY, {"policies": policies, "since": since})
    return [row for lane in wanted for row in _of_lane(lane, lately)]


def _of_lane(lane: ParcelLane, lately: Iterable[Row]) -> list[Row]:
    own = [row for row in lately if (row["policy"], row["destination"]) == (lane.policy, lane.destination)]
    here, everywhere = Counter[str](), Counter[str]()
    for row in own:
        everywhere[row["carrier"]] += row["n"]
        here[row["carrier"]] += row["n"] if row["country"] == lane.country else 0
    begun = {(row["carrier"], row["number"][:2], len(row["number"])): row["number"] for row in own}
    ranked = sorted((-here[carrier], -everywhere[carrier], carrier, number) for (carrier, _, _), number in begun.items())
    of = {"policy": lane.policy, "destination": lane.destination, "country": lane.country}
    return [of | {"carrier": carrier, "number": number} for _, _, carrier, number in ranked]


_LATELY = """
SELECT policy, destination, country, carrier, min(canonical_no) AS number, count(*) AS n FROM shipment
WHERE invoiced_at >= $since AND carrier IS NOT NULL AND policy IN (SELECT unnest($policies::VARCHAR[]))
GROUP BY policy, destination, country, carrier, left(canonical_no, 2), length(canonical_no)
"""
