"""What the Overview shows: asked once for each minute and each state of the database, whoever looks and however often."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.figures import Figure
from core.runtime import Runtime
from core.services import figures
from core.services.figures import Backlog, Overview, Task
from core.ui.kit import cached, who
from core.ui.overview.header import View


@dataclass(frozen=True)
class OverviewSeen:
    """The figures of the period, and what is open now, as of `now` (a full minute)."""

    period: Overview
    backlog: Backlog
    tasks: list[Task]
    old: list[Task]
    warehouses: list[str]
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

    def today() -> tuple[Backlog, list[Task], list[Task]]:
        visit = who.visit(runtime, now)
        return (
            figures.backlog(store, where, visit=visit),
            figures.worklist(store, where, visit=visit),
            figures.old_work(store, where, visit=visit),
        )

    overview = cached.answer(runtime, ("period", view.period, view.step, where, now), period)
    backlog, tasks, old = cached.answer(runtime, ("today", where, now), today)
    return OverviewSeen(overview, backlog, tasks, old, warehouses(runtime), now)
