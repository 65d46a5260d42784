"""What made shipments late: the step that took longest beyond the norm of its lane."""

from collections.abc import Sequence

from core.domain.figures import enough
from core.domain.periods import Period
from core.domain.selection import Selection
from core.domain.visit import Visit
from core.store import figures as store_figures
from core.store.database import Row, Store
from core.store.figures import Population

_OF_LANES = ("destination", "kind", "warehouse", "country", "carrier")


def lane_norms(store: Store, period: Period, where: Selection, *, visit: Visit) -> list[Row]:
    """The usual hours of each step by warehouse and country: medians of the 56 days before, of lanes with enough shipments.

    What narrows `where` beside lane and company is no part of a norm.
    """
    visit.require()
    part = Selection(**{name: where[name] for name in _OF_LANES})
    rows = store_figures.segment_norms(store, Population(visit.clock.zone, visit.clock.now, part, period.norm()))
    return [row for row in rows if enough(row["shipments"])]


def costs(store: Store, ids: Sequence[int], period: Period, where: Selection, *, visit: Visit) -> dict[int, Row]:
    """By id what the delay of each shipment is made of, as `core.store.figures.costs` gives it."""
    visit.require()
    if not ids:
        return {}
    norms = lane_norms(store, period, where, visit=visit)
    rows = store_figures.costs(store, Population(visit.clock.zone, visit.clock.now, ids=tuple(ids)), norms)
    return {row["shipment_id"]: row for row in rows}
