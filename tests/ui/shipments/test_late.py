"""The list of late shipments and its file: what made them late stands in both."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyarrow.parquet
import pytest

from core import runtime
from core.domain.clock import Clock
from core.domain.dimensions import Behind
from core.domain.figures import Figure, Part
from core.domain.periods import Period
from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.sorting import Order
from core.domain.visit import Visit
from core.files.export import export
from core.files.write import Format
from core.services import figures
from core.services.shipments import queries
from core.ui.kit import figure_texts
from core.ui.kit.table import SHIPMENT_COLUMNS
from core.ui.shipments import late
from tests.builders import HANA, RULES
from tests.screens import a_shop


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("late"), 2000):
        yield


def clock() -> Clock:
    return Clock(runtime.get().now(), runtime.get().settings.zone)


def behind(part: Part) -> Selection:
    period = Period.up_to(clock().today - timedelta(days=1), 28)
    return Selection(tab=Tab.ALL, behind=Behind(Figure.ON_TIME, part, period))


def rows_of(wanted: Selection) -> list[dict[str, Any]]:
    store = runtime.get().store
    return queries.page(store, wanted, Order(), visit=Visit(HANA.person, clock()), size=50, number=lambda _: 1).rows


def test_the_list_of_late_shipments_shows_what_their_file_has() -> None:
    wanted = behind(Part.REST)
    rows = rows_of(wanted)
    shown = late.cells(runtime.get(), wanted, rows, Visit(HANA.person, clock()))
    costs = figures.costs(
        runtime.get().store,
        [row["shipment_id"] for row in rows],
        wanted.behind.period,
        wanted,
        visit=Visit(HANA.person, clock()),
    )
    assert [cell["days_late"] for cell in shown] == [
        "–" if (days := costs[row["shipment_id"]]["days_late"]) is None else f"{days:,}" for row in rows
    ]
    assert {cell["costliest_step"].split(" +")[0] for cell in shown} > {"On the way"}
    assert {"promised", "delivered", "days_late", "costliest_step"} <= {column.key for column in late.columns(wanted)}
    taken = queries.everything(runtime.get().store, wanted, Order(), visit=Visit(HANA.person, clock()))
    file = export(
        late.with_costs(runtime.get(), wanted, taken, Visit(HANA.person, clock())),
        Format.PARQUET,
        rules=RULES,
        zone=clock().zone,
    )
    read = pyarrow.parquet.read_table(io.BytesIO(file)).slice(0, len(rows))
    assert [None if cell["days_late"] == "–" else int(cell["days_late"]) for cell in shown] == read["days_late"].to_pylist()
    assert [cell["costliest_step"] for cell in shown] == [
        f"{step} + {figure_texts.hours(hours)}" if step else "–"
        for step, hours in zip(*(read[name].to_pylist() for name in ("costliest_step", "hours_beyond_norm")), strict=True)
    ]


def test_every_other_list_keeps_its_columns() -> None:
    wanted = behind(Part.NUMERATOR)
    rows = rows_of(wanted)
    assert rows
    assert late.columns(wanted) == SHIPMENT_COLUMNS
    assert late.cells(runtime.get(), wanted, rows, Visit(HANA.person, clock())) == [{}] * len(rows)
