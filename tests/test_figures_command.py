"""The command that prints every figure."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.__main__ import main
from core.demo import make_demo
from core.domain.periods import NamedDays
from core.services import figures
from core.store.database import Store
from tests.builders import NOW, RULES, SEOUL, a_visit

DAYS = ["--from", "2026-10-18", "--to", "2026-11-16"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "desk.duckdb"
    monkeypatch.setenv("SHIPDESK_DB", str(file))
    store = Store.open(file, threads=1)
    make_demo(store, RULES, shipments=300, now=NOW, zone=SEOUL)
    store.close()
    return file


def test_every_figure_is_printed_with_what_it_is_made_of(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figures", *DAYS]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("2026-10-18 to 2026-11-16, by order date, days of Asia/Seoul\n")
    assert "\nDomestic, General, all shipping companies\n  On-time delivery" in printed
    assert "CJ Logistics" in printed


def test_the_json_is_that_of_the_report(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figures", *DAYS, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == ["from", "to", "zone", "figures"]
    assert set(printed["figures"][0]) == {
        "figure", "name", "unit", "destination", "kind", "carrier", "numerator", "denominator", "value", "p50", "p90", "note",
    }  # fmt: skip
    store = Store.open(desk, threads=1)
    report = figures.report(
        store, datetime(2026, 10, 18, tzinfo=UTC).date(), NOW.date(), visit=a_visit(datetime.now(UTC), SEOUL)
    )
    store.close()
    counts = [(line["figure"], line["carrier"], line["numerator"], line["denominator"]) for line in printed["figures"]]
    assert counts == [(one["figure"], one["carrier"], one["numerator"], one["denominator"]) for one in report["figures"]]


def test_a_period_the_wrong_way_round_is_refused(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figures", "--from", "2026-11-02", "--to", "2026-11-01"]) == 1
    assert capsys.readouterr().err == "The period ends before it begins. Choose another day.\n"


def test_a_day_that_is_none_is_a_wrong_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["figures", "--from", "2026-02-30", "--to", "2026-11-01"])
    assert "2026-02-30 is no day such as 2026-11-01" in capsys.readouterr().err


def test_a_database_that_is_not_there_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHIPDESK_DB", str(tmp_path / "none.duckdb"))
    assert main(["figures", *DAYS]) == 1
    assert "There is no database at" in capsys.readouterr().err
    assert not (tmp_path / "none.duckdb").exists()


@pytest.mark.parametrize("name", NamedDays)
def test_days_can_be_called_by_name(name: NamedDays, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figures", "--period", name, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["from"], printed["to"]) == tuple(day.isoformat() for day in name.of(datetime.now(SEOUL).date()))


@pytest.mark.parametrize(
    "said", [[], ["--from", "2026-11-01"], [*DAYS, "--period", "last-month"], ["--period", "last-month", "--to", "2026-11-01"]]
)
def test_days_are_said_in_one_way(said: list[str], desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["figures", *said])
    assert "say which days" in capsys.readouterr().err
