"""How well shipping is going: every figure, what it is made of, and the shipments behind it.

Days are days in the shop's `zone`; `now` is handed in. Every function asks the database and keeps nothing.
"""

from core.domain.figures import TrendStep
from core.domain.periods import Period
from core.services.figures.costs import costs
from core.services.figures.delays import (
    Bin,
    Distribution,
    Heat,
    HeatCell,
    Pivot,
    Score,
    Scorecard,
    SegmentHours,
    Segments,
    distribution,
    heat,
    pivot,
    scorecard,
    segments,
)
from core.services.figures.opening import count_of, definition_sheet, reasons, rows_of, table_of
from core.services.figures.overview import Overview, Point, Trend, by_carrier, figures, overview, split, trend
from core.services.figures.report import as_lines, report
from core.services.figures.today import (
    FRESH,
    OLD,
    TO_DO,
    Backlog,
    BacklogCell,
    Risk,
    Task,
    backlog,
    old_work,
    put_aside,
    risk,
    worklist,
)
from core.services.figures.values import Value

__all__ = [
    "FRESH", "OLD", "TO_DO", "Backlog", "BacklogCell", "Bin", "Distribution", "Heat", "HeatCell", "Overview", "Period", "Pivot", "Point", "Risk", "Score", "Scorecard", "SegmentHours", "Segments", "Task", "Trend", "TrendStep", "Value", "as_lines", "backlog", "by_carrier", "costs", "count_of", "definition_sheet", "distribution", "figures", "heat", "old_work", "overview", "pivot", "put_aside", "reasons", "report", "risk", "rows_of", "scorecard", "segments", "split", "table_of", "trend", "worklist",
]  # fmt: skip
