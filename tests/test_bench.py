"""The bench itself, over a very small shop: what it writes has the shape that others read."""

import json
from pathlib import Path

import pytest

from tests.bench import copies, measuring, results, shop
from tests.bench.__main__ import main
from tests.bench.limits import LIMITS, MILLION, TEN_MILLION, Holds, asked_of
from tests.bench.measuring import Line, Spread


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each question once, in a folder of its own, beside SQLite alone."""
    monkeypatch.setattr(measuring, "REPEATS", 1)
    monkeypatch.setattr(shop, "FOLDER", tmp_path)
    monkeypatch.setattr(copies, "PROGRAMS", tmp_path / "none")
    return tmp_path


def test_a_run_writes_every_line_with_what_stood_beside_it(quick: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--shipments", "600", "--only", "store", "--json", str(quick / "said.json")]) == 0
    lines = json.loads((quick / "said.json").read_text())
    printed = capsys.readouterr().out
    assert {line["name"] for line in lines} >= {
        "tab counts",
        "first page of Delivered",
        "search invoice_no",
        "one shipment whole",
    }
    assert "(OTHER" not in printed
    for line in lines:
        assert set(line) == {"name", "shipments", "ms", "p95", "beside", "limit", "holds"}
        assert line["shipments"] == 600
        assert 0 < line["ms"] <= line["p95"]
        assert list(line["beside"]) == ["sqlite"]
        assert (line["limit"], line["holds"]) == (None, None)
        assert line["name"] in printed


def test_other_databases_find_the_same_numbers(quick: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--shipments", "600", "--only", "figures"])
    assert "(OTHER" not in capsys.readouterr().out


def test_ours_can_be_measured_alone(quick: Path) -> None:
    assert main(["--shipments", "600", "--only", "figures", "--alone", "--json", str(quick / "said.json")]) == 0
    assert all(line["beside"] == {} for line in json.loads((quick / "said.json").read_text()))


def test_a_limit_holds_at_its_size_only() -> None:
    assert _line("tab counts", TEN_MILLION, 60).holds is Holds.YES
    assert _line("tab counts", TEN_MILLION, 61).holds is Holds.NO
    assert _line("tab counts", MILLION, 61).holds is Holds.NOT_ASKED


def test_a_click_is_held_against_the_rerun_of_the_same_run() -> None:
    line = Line("another tab", MILLION, Spread(130, 140), {"rerun": 60})
    assert (line.limit, line.holds) == (120, Holds.NO)
    assert Line("empty rerun", MILLION, Spread(60, 70)).holds is Holds.NOT_ASKED


def test_what_is_no_time_is_under_its_unit() -> None:
    said = Line("memory after the list", TEN_MILLION, Spread(1600, 1600), unit="MB").as_json
    assert (said["ms"], said["MB"], said["limit"], said["holds"]) == (None, 1600, 1536, False)


def test_the_document_shows_each_limit_and_says_what_falls_short() -> None:
    lines = [
        _line("tab counts", MILLION, 7),
        _line("tab counts", TEN_MILLION, 70),
        _line("first page of Delivered", TEN_MILLION, 50),
    ]
    said = results.document(lines)
    assert "| tab counts | 70.0 | 70.0 | 60.0 | no |" in said
    assert "| first page of Delivered | 50.0 | 50.0 | 60.0 | yes |" in said
    assert f"- At 10,000,000, tab counts takes 70.0 ms where 60.0 are asked (1.2 times): {asked_of('tab counts').why}." in said


def test_the_document_takes_in_people_at_work() -> None:
    people = [
        {"name": "a tab, 50 people", "shipments": MILLION, "ms": 90.0, "p95": 480.0, "limit": 500.0, "holds": True, "beside": {"rerun": 40.0}},
        {"name": "a tab, 75 people", "shipments": MILLION, "ms": 200.0, "p95": 900.0, "limit": None, "holds": None, "beside": {"rerun": 40.0}},
    ]  # fmt: skip
    said = results.document([], people)
    assert "| a tab, 50 people | 1,000,000 | 90.0 | 480 | 500 | yes | 40.0 |" in said
    assert "| a tab, 75 people | 1,000,000 | 200 | 900 |  | – | 40.0 |" in said


@pytest.mark.parametrize(("small", "large", "kind"), [(5, 6, "flat"), (5, 12, "logarithmic"), (5, 48, "linear")])
def test_growth_is_named_by_how_many_times_as_long_it_takes(small: float, large: float, kind: str) -> None:
    (growth,) = results.growths([_line("tab counts", MILLION, small), _line("tab counts", TEN_MILLION, large)])
    assert growth.kind == kind


def test_every_entry_says_why() -> None:
    assert all(limit.why and not limit.why.endswith(".") for limit in LIMITS)


def _line(name: str, shipments: int, median: float) -> Line:
    return Line(name, shipments, Spread(median, median))


def test_a_line_is_read_again_from_what_a_file_says_of_it() -> None:
    for line in (
        Line("another tab", MILLION, Spread(130, 140), {"rerun": 60, "sqlite": None}),
        Line("memory after the list", TEN_MILLION, Spread(1600, 1600), unit="MB"),
    ):
        assert Line.from_json(line.as_json) == line
