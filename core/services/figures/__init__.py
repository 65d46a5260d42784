"""How well shipping is going: every figure, what it is made of, and the shipments behind it.

Days are days in the shop's `zone`; `now` is handed in. Every function asks the database and keeps nothing.
"""

from core.domain.figures import Step
from core.domain.periods import Period
from core.services.figures.delays import (
    Bin,
    Cell,
    Cross,
    Distribution,
    Heat,
    Score,
    Scorecard,
    SegmentHours,
    Segments,
    cross,
    distribution,
    heat,
    scorecard,
    segments,
)
from core.services.figures.opening import count_of, definition_sheet, reasons, rows_of, table_of
from core.services.figures.overview import Overview, Point, Trend, by_carrier, figures, overview, split, trend
from core.services.figures.report import as_lines, report
from core.services.figures.today import Backlog, BacklogCell, Risk, Task, backlog, risk, worklist
from core.services.figures.values import Value

__all__ = [
    "Backlog", "BacklogCell", "Bin", "Cell", "Cross", "Distribution", "Heat", "Overview", "Period", "Point",
    "Risk", "Score", "Scorecard", "SegmentHours", "Segments", "Step", "Task", "Trend", "Value", "as_lines", "backlog",
    "by_carrier", "count_of", "cross", "definition_sheet", "distribution", "figures", "heat", "overview", "reasons", "report",
    "risk", "rows_of", "scorecard", "segments", "split", "table_of", "trend", "worklist",
]  # fmt: skip
