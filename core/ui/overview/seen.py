"""What the Overview shows: asked once for each minute and each state of the database, whoever looks and however often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.errors import ShipdeskError
from core.domain.figures import Figure
from core.domain.worklist import WorkState
from core.runtime import Runtime
from core.services import figures
from core.services.figures import Backlog, Overview, Task
from core.services.shipments import worklist
from core.ui.kit import cached, who
from core.ui.overview.header import View


@dataclass(frozen=True)
class OverviewSeen:
    """The figures of the period, and what is open now, as of `now` (a full minute)."""

    period: Overview
    backlog: Backlog
    tasks: Sequence[Task]
    old: Sequence[Task]
    aside: Mapping[WorkState, int]
    warehouses: Sequence[str]
    now: datetime

    @property
    def is_empty(self) -> bool:
        """Whether the shop has no shipment at all."""
        return not self.warehouses and not self.backlog.total and not self.period.values[Figure.ORDERED].denominator


def warehouses(runtime: Runtime) -> list[str]:
    """The warehouses in use."""
    return cached.choices(runtime)["warehouse"]


def ask(runtime: Runtime, view: View, now: datetime) -> OverviewSeen:
    """Everything the page shows of this view."""
    store, where = runtime.store, view.where

    def period() -> Overview:
        return figures.overview(store, view.period, where, visit=who.visit(runtime, now), step=view.step)

    def backlog() -> Backlog:
        return figures.backlog(store, where, visit=who.visit(runtime, now))

    def work() -> tuple[list[Task], list[Task], dict[WorkState, int]]:
        visit = who.visit(runtime, now)
        return (
            figures.worklist(store, view.work, visit=visit, before=before),
            figures.old_work(store, view.work, visit=visit),
            figures.put_aside(store, view.work, visit=visit),
        )

    before = _looked_before(runtime)
    overview = cached.answer(runtime, ("period", view.period, view.step, where, now), period)
    tasks, old, aside = cached.answer(runtime, ("work", view.work, before, now), work)
    open_now = cached.answer(runtime, ("backlog", where, now), backlog)
    return OverviewSeen(overview, open_now, tasks, old, aside, warehouses(runtime), now)


def _looked_before(runtime: Runtime) -> datetime | None:
    """When the person looked before this time; None where they never did, and while it cannot be noted that they do."""
    try:
        return worklist.look(runtime.store, visit=who.visit(runtime))
    except ShipdeskError:
        return None
