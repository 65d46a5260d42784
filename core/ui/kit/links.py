"""Links to the Shipments page: the exact shipments behind a figure or a flag, as query parameters."""

from collections.abc import Mapping, Sequence

from core.domain.figures import Figure, Part
from core.domain.filters import Sort
from core.domain.flags import Flag
from core.domain.shipment import TAB_OF, Status, Tab
from core.services.figures import Period, Slice

Link = Mapping[str, str | Sequence[str]]

SHIPMENTS = "../../pages/shipments.py"


def behind(figure: Figure, part: Part, period: Period, where: Slice) -> Link:
    """The shipments that a figure counts, is taken over, or leaves out; for `st.switch_page(SHIPMENTS, query_params=...)`."""
    days = f"{period.first.isoformat()}..{period.last.isoformat()}"
    return {**_part(where), "figure": figure, "part": part, "days": days, "by": period.cohort}


def flagged(flag: Flag, where: Slice) -> Link:
    """The open shipments with this flag."""
    return {**_part(where), "flag": [flag]}


def waiting(period: Period, where: Slice, low: int, high: int | None, statuses: Sequence[Status] = ()) -> Link:
    """The open shipments that have been in their status for `low` to `high` hours (None: or longer), the longest first."""
    tabs = {TAB_OF[status] for status in statuses}
    view = {"tab": tabs.pop() if len(tabs) == 1 else Tab.ALL, "sort": Sort.AGE, "dir": "desc"}
    open_now = behind(Figure.BACKLOG, Part.NUMERATOR, period, where)
    return {**open_now, **view, "status": list(statuses), "age": f"{low}..{'' if high is None else high}"}


def _part(where: Slice) -> dict[str, str | Sequence[str]]:
    given = {
        "warehouse": where.warehouses,
        "carrier": where.carriers,
        "country": where.countries,
        "policy": where.policies,
        "option": where.options,
    }
    return {"dest": where.destination, "tab": Tab.ALL, "kind": where.kind} | {n: list(v) for n, v in given.items() if v}
