"""Days and moments: a written day stands in every zone, a moment with its zone is that moment."""

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
import pytest

from tests.builders import a_store, the
from tests.services.importing.given import REQUIRED, a_file, imported, refusal, run, seoul
from tests.workbook_builders import a_workbook

ZONES = pytest.mark.parametrize("zone", ["Asia/Seoul", "America/Los_Angeles", "UTC", "Pacific/Kiritimati"])


@ZONES
@pytest.mark.parametrize(
    "behind",
    [
        "",
        "T00:00:00Z",
        "T00:00:00.000Z",
        "T00:00:00+00:00",
        " 00:00",
        "T23:59:59Z",
        "T23:59:59.999+09:00",
        " 23:59:59 -0800",
        " 12:00",
    ],
)
def test_a_day_stands_as_it_is_written(zone: str, behind: str) -> None:
    store = a_store()
    report = run(store, a_file({"promised_on": f"2026-11-20{behind}", "ship_by": f"2026-11-18{behind}"}), zone=ZoneInfo(zone))
    assert (report.refused, report.warnings) == ((), ())
    assert (the(store, "S-1").promised_on, the(store, "S-1").ship_by) == (date(2026, 11, 20), date(2026, 11, 18))


def test_a_moment_that_could_mean_two_days_is_said_once_per_column() -> None:
    store = a_store()
    rows = [
        {"shipment_no": f"S-{n}", "promised_on": f"2026-11-2{n}T15:00:00Z", "ship_by": "2026-11-18T06:00Z"} for n in range(3)
    ]
    report = run(store, a_file({"shipment_no": "S-9", "promised_on": "2026-11-20T00:00Z"}, *rows))
    assert [finding.as_json() for finding in report.warnings] == [
        {
            "row": 3,
            "field": "promised_on",
            "reason": "Promised date: 2026-11-20T15:00:00Z is 2026-11-20 as written and 2026-11-21 in Asia/Seoul. The written day is "
            "taken, in all rows. Where the other is meant, write the day without a time.",
        }
    ]
    assert [the(store, f"S-{n}").promised_on for n in range(3)] == [date(2026, 11, 20 + n) for n in range(3)]


@pytest.mark.parametrize("far", ["0001-01-01T01:00+09:00", "9999-12-31T20:00-09:00"])
def test_a_day_out_of_our_time_is_refused(far: str) -> None:
    assert "Check the year." in refusal(run(a_store(), a_file({"promised_on": far})))


def test_a_time_without_a_zone_is_doubtful_only_where_the_file_has_another_zone() -> None:
    file = a_file({"promised_on": "2026-11-20 20:00"})
    assert len(run(a_store(), file, '[formats]\nzone = "Europe/Paris"').warnings) == 1
    assert run(a_store(), file).warnings == ()


@ZONES
@pytest.mark.parametrize("kept", ["UTC", "Asia/Seoul", "+09:00", "America/New_York", None])
def test_a_day_stands_in_parquet_and_xlsx_too(zone: str, kept: str | None) -> None:
    moments = pa.array([datetime(2026, 11, 20)], pa.timestamp("us"))  # noqa: DTZ001
    if kept:
        moments = pc.assume_timezone(moments, kept)
    columns = {name: pa.array([text]) for name, text in REQUIRED.items()} | {"promised_on": moments}
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(columns), buffer)
    workbook = a_workbook([*REQUIRED.values(), datetime(2026, 11, 20)], header=[*REQUIRED, "promised_on"])  # noqa: DTZ001
    for file in (buffer.getvalue(), workbook):
        store = a_store()
        report = run(store, file, zone=ZoneInfo(zone))
        assert (report.refused, report.warnings, the(store, "S-1").promised_on) == ((), (), date(2026, 11, 20))


@ZONES
@pytest.mark.parametrize("zone_written", ["+0900", " +0900", " +09:00", "+09"])
def test_a_moment_with_its_zone_is_that_moment(zone: str, zone_written: str) -> None:
    store = a_store()
    assert run(store, a_file({"ordered_at": f"2026-11-10 10:00:00{zone_written}"}), zone=ZoneInfo(zone)).refused == ()
    assert the(store, "S-1").ordered_at == seoul(10, 10)


@pytest.mark.parametrize("zone_written", [" UTC", " GMT", " Z", "Z"])
def test_utc_by_its_name_is_a_zone(zone_written: str) -> None:
    assert the(imported(ordered_at=f"2026-11-10 01:00:00{zone_written}"), "S-1").ordered_at == seoul(10, 10)
