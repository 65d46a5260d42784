"""The documentation is the code, and its examples are imported."""

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from core.config import ROOT
from core.files.order_layouts import layouts
from core.services import importing
from core.services.importing import COLUMNS, ImportReport, parse_mapping
from core.store.database import Store
from tests import layouts_table
from tests.builders import RULES, SEOUL, a_store, the
from tests.services.importing.given import (
    counts,
    of_a_file,
    rows_in,
)

EXCERPT = ROOT / "tests" / "data" / "usaid_excerpt.csv"
WHOLE = Path(os.environ.get("USAID_CSV", ROOT / "data" / "usaid_scms_deliveries.csv"))


def test_the_table_of_columns_in_the_documentation_is_the_code() -> None:
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (yes|no) \| (.+?) \|$", text, re.MULTILINE)
    assert rows == [(c.name, f"{c.title}: {c.meaning}", "yes" if c.required else "no", c.looks) for c in COLUMNS.values()]


def test_the_mapping_in_the_documentation_can_be_read() -> None:
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.+?)```", text, re.DOTALL)
    assert example
    assert parse_mapping(example[1]).weight_unit == "lb"


def test_the_sample_is_imported_without_a_remark() -> None:
    store = a_store()
    report = importing.import_file(
        store, RULES, importing.FileOrder(ROOT / "data" / "sample_shipments.csv"), dry_run=False, **of_a_file({})
    )
    assert (report.rows, report.new, report.refused, report.left_empty, report.warnings) == (12, 9, (), (), ())


def _real(path: Path) -> tuple[Store, ImportReport, ImportReport]:
    store = a_store()
    columns = ROOT / "data" / "usaid_scms.columns.toml"
    said: dict[str, Any] = {"dry_run": False, **of_a_file({})}
    return store, *(importing.import_file(store, RULES, importing.FileOrder(path, columns), **said) for _ in range(2))  # type: ignore[return-value]


def test_the_worked_example_reads_difficult_lines_of_the_real_file() -> None:
    store, first, second = _real(EXCERPT)
    assert (first.rows, counts(first), counts(second)) == (50, (30, 0, 0), (0, 0, 30))
    assert (len(first.refused), len(first.left_empty), len(first.warnings)) == (0, 67, 34)
    assert the(store, "ASN-14").address.country == "CI"
    assert the(store, "ASN-14").state.delivered_at == datetime(2006, 8, 27, tzinfo=SEOUL)
    assert the(store, "ASN-26928").promised_on == min(
        row["promised_on"] for row in store.rows("SELECT promised_on FROM shipment WHERE shipment_no = 'ASN-26928'")
    )


@pytest.mark.skipif(not WHOLE.exists(), reason="the whole file is not here")
def test_the_whole_real_file_is_imported_and_reported_line_by_line() -> None:
    store, first, second = _real(WHOLE)
    assert (first.rows, counts(first), counts(second)) == (10_324, (7030, 0, 0), (0, 0, 7030))
    assert (len(first.refused), len(first.left_empty), len(first.warnings)) == (0, 8090, 1931)
    assert (rows_in(store, "item"), rows_in(store, "checkpoint")) == (10_324, 7030)


def test_the_table_of_order_files_in_the_documentation_is_that_of_the_layouts() -> None:
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert text == layouts_table.written_into(text)
    assert all(f"| `{name}` |" in text for name in layouts())
