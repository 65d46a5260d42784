"""The short form: the hostile files that take a moment, brought to a server of their own."""

from pathlib import Path

import pytest

from tests.faults.files import brought
from tests.faults.hostile_files import LARGE, SMALL

AS_SHORT = ("CSV of 3 M columns", "CSV of one line of 190 MB", "Parquet, 0.3 MB for 5.8 GB", "CSV of 1 M empty columns")
SHOWN = ("20,000 cells in XFD", "nested formulas of text", "10,000 sheets", *AS_SHORT)


@pytest.mark.parametrize("name", SHOWN)
def test_a_hostile_file_costs_little_and_is_told_by_its_reason(name: str, tmp_path: Path) -> None:
    hostile, path = {**SMALL, **LARGE}[name], tmp_path / "shipments.csv"
    hostile.make(path)
    cost = brought(path)
    assert (cost.why, cost.wrong) == (hostile.why, [])
    assert cost.child > 0, "the memory of the process that reads it was not seen"
