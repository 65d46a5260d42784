"""What the list shows of a link: which rows in which order, and how the table draws them; the same on the page and ahead of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from core.domain import permissions, personal
from core.domain.carriers import Rules
from core.domain.columns import ListColumn
from core.domain.invoice_number import spellings
from core.domain.labels import DESTINATIONS, TABS
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.selection import Selection
from core.domain.sorting import PAGE_SIZES, Order
from core.domain.visit import Visit
from core.runtime import Runtime
from core.ui.kit import links, shipment_rows
from core.ui.kit.links import Link
from core.ui.kit.table import TableColumn
from core.ui.shipments import late, worked
from core.ui.shipments.sentences import ListText

_ROWS = 50


@dataclass(frozen=True)
class AskedList:
    """What a link asks for: `size` rows a page, and which page."""

    wanted: Selection
    order: Order
    size: int
    page: int

    def within(self, pages: int) -> int:
        """The page, or the last one there is."""
        return min(self.page, pages)


def asked(link: Link, wanted: Selection, rules: Rules, person: Person) -> AskedList:
    """The selection as it is searched, with the order and the page of the link; what it says wrongly, or may not ask, is left out."""
    order, size, page = links.order(link), links.first(link, "rows"), links.first(link, "page")
    if permissions.denial(person, Act.SEE_PERSONAL):
        order = personal.without_personal_sort(order)
    search = replace(wanted.search, spellings=lambda value: spellings(value, rules))
    number = max(1, int(page)) if page.isdecimal() and len(page) < 9 else 1
    return AskedList(wanted.but(search=search), order, int(size) if size in map(str, PAGE_SIZES) else _ROWS, number)


def columns(wanted: Selection, chosen: Sequence[ListColumn]) -> tuple[TableColumn, ...]:
    """The columns of the list as somebody chose them."""
    return worked.columns(chosen) if worked.of(wanted) else late.columns(wanted, chosen)


def drawn(
    runtime: Runtime, wanted: Selection, rows: Sequence[shipment_rows.Row], visit: Visit, zone: ZoneInfo
) -> list[dict[str, Any]]:
    """The rows as `core.ui.kit.table.shipment_table` takes them, for who looks; times in `zone`."""
    why = permissions.denial(visit.person, Act.CHANGE)
    now, locked = visit.clock.now, str(why) if why else None
    of_late, of_work = late.cells(runtime, wanted, rows, visit), worked.cells(runtime, rows, visit)
    drawn = [shipment_rows.table_row(row, runtime.rules, zone, now, locked) for row in rows]
    return [worked.marked(cells | more, work) for cells, more, work in zip(drawn, of_late, of_work, strict=True)]


def caption(wanted: Selection) -> str:
    return str(ListText.CAPTION(tab=TABS[wanted.tab], destination=DESTINATIONS[wanted.destination]))
