"""The command line and the start of the server, as a person types them."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core import config
from core.__main__ import main
from core.config import ROOT
from core.domain.reasons import sentences
from core.runtime import open_runtime
from core.services.importing import home_doubt
from core.services.keeping.reasons import OwnShopText
from core.store.database import Store

HEADER = "shipment_no,order_no,ordered_at,country\n"


def core(*arguments: str | Path, database: Path | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | settings | ({"SHIPDESK_DB": str(database)} if database else {})
    command = [sys.executable, "-m", "core", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    ("carrier", "number", "level", "code"),
    [
        ("cj", "6329-7661 5493", "ok", 0),
        ("CJ대한통운", "632976615493", "ok", 0),
        ("cj", "632976615494", "refuse", 1),
        ("logen", "95825729135", "warn", 0),
        ("nobody", "632976615493", "refuse", 1),
        ("cj", "", "refuse", 1),
    ],
)
def test_a_number_is_checked(carrier: str, number: str, level: str, code: int) -> None:
    done = core("check-number", carrier, number, "--json")
    said = json.loads(done.stdout)
    assert (said["level"], done.returncode) == (level, code)
    assert set(said) == {"ok", "level", "cleaned", "message", "fits"}
    assert said["ok"] is (code == 0)


def test_a_check_digit_can_be_switched_off() -> None:
    done = core("check-number", "cj", "632976615494", "--json", SHIPDESK_CHECKS="cj=off")
    assert json.loads(done.stdout)["level"] == "ok"


def test_a_setting_that_cannot_be_read_is_named() -> None:
    done = core("check-number", "cj", "1", SHIPDESK_CHECKS="cj=sometimes")
    assert done.returncode == 1
    assert "SHIPDESK_CHECKS" in done.stderr


def test_an_import_reports_every_refused_row_and_can_be_repeated(tmp_path: Path) -> None:
    file, database = tmp_path / "shipments.csv", tmp_path / "shop.duckdb"
    file.write_text(HEADER + "S-1,O-1,2026-11-01,KR\nS-2,O-2,yesterday,KR\n")
    first = json.loads(core("import", file, "--json", database=database).stdout)
    assert (first["verdict"], first["rows"], first["new"]) == ("imported", 2, 1)
    assert [(one["row"], one["field"]) for one in first["refused"]] == [(3, "ordered_at")]
    again = json.loads(core("import", file, "--json", database=database).stdout)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 1)


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    file, database = tmp_path / "shipments.csv", tmp_path / "shop.duckdb"
    file.write_text(HEADER + "S-1,O-1,2026-11-01,KR\n")
    for _ in range(2):
        done = core("import", file, "--dry-run", "--json", database=database)
        assert json.loads(done.stdout)["new"] == 1


@pytest.mark.parametrize("arguments", [("--dry-run",), ()])
@pytest.mark.parametrize("country", ["", "KR"])
def test_most_going_abroad_is_said_beside_the_answer_unless_the_country_is_set(
    arguments: tuple[str, ...], country: str, tmp_path: Path
) -> None:
    file, doubt = tmp_path / "shipments.csv", home_doubt({"US": 2, "KR": 1}, home="KR", home_given=False, zone_given=False)
    file.write_text(HEADER + "S-1,O-1,2026-11-01,US\nS-2,O-2,2026-11-01,US\nS-3,O-3,2026-11-01,KR\n")
    done = core("import", file, "--json", *arguments, database=tmp_path / "shop.duckdb", SHIPDESK_COUNTRY=country)
    assert (done.returncode, json.loads(done.stdout)["new"]) == (0, 3)
    assert done.stderr == ("" if country else f"{sentences(doubt)}\n")


def test_a_file_that_cannot_be_used_is_refused_with_the_reason(tmp_path: Path) -> None:
    done = core("import", ROOT / "LICENSE", "--json", database=tmp_path / "shop.duckdb")
    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert said["verdict"] == "refused"
    assert "Shipment No." in said["message"]


def test_a_demo_shop_is_made_once(tmp_path: Path) -> None:
    database = tmp_path / "demo.duckdb"
    assert "50 shipments" in core("demo", "--shipments", "50", "--seed", "3", database=database).stdout
    again = core("demo", "--shipments", "50", database=database)
    assert again.returncode == 1
    assert "Traceback" not in again.stderr


def test_a_backup_is_a_database_and_replaces_nothing(tmp_path: Path) -> None:
    database, copy = tmp_path / "demo.duckdb", tmp_path / "copy.duckdb"
    core("demo", "--shipments", "20", database=database)
    assert core("backup", copy, database=database).returncode == 0
    store = Store.open(copy)
    assert store.rows("SELECT count(*) AS n FROM shipment") == [{"n": 20}]
    store.close()
    assert "already exists" in core("backup", copy, database=database).stderr


def test_a_shop_of_ones_own_takes_the_place_of_the_demo_shop(tmp_path: Path) -> None:
    file, database = tmp_path / "shipments.csv", tmp_path / "shop.duckdb"
    file.write_text(HEADER + "S-1,O-1,2026-11-01,KR\n")
    assert "no database" in core("begin", database=database).stderr
    assert core("demo", "--shipments", "30", database=database).returncode == 0
    assert core("import", file, database=database).returncode == 0
    done = core("begin", database=database)
    assert (done.returncode, done.stdout) == (0, "30 invented shipments are gone: the shop is your own now.\n")
    again = core("begin", database=database)
    assert (again.returncode, again.stdout) == (0, f"{OwnShopText.OWN_ALREADY()}\n")
    store = Store.open(database)
    assert store.rows("SELECT shipment_no FROM shipment") == [{"shipment_no": "S-1"}]
    store.close()


@pytest.mark.parametrize(("answer", "left"), [("n", 30), ("y", 0)])
def test_at_a_terminal_it_is_asked_first(
    answer: str, left: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / "shop.duckdb"
    core("demo", "--shipments", "30", database=database)
    asked: list[str] = []
    monkeypatch.setenv("SHIPDESK_DB", str(database))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or answer)
    assert main(["begin"]) == (1 if left else 0)
    assert asked == [
        "30 invented shipments go, with their journeys, history and batches. You have imported no shipment of your own yet. "
        "Take the demo shop out? [y/N] "
    ]
    store = Store.open(database)
    assert store.rows("SELECT count(*) AS n FROM shipment") == [{"n": left}]
    store.close()


@pytest.mark.parametrize("wanted", [0, 30])
def test_a_new_shop_begins_as_large_a_demo_as_is_set_or_empty(wanted: int, tmp_path: Path) -> None:
    shop = open_runtime(config.load({"SHIPDESK_DB": str(tmp_path / "shop.duckdb"), "SHIPDESK_DEMO_SHIPMENTS": str(wanted)}))
    try:
        assert shop.store.rows("SELECT count(*) AS n FROM shipment") == [{"n": wanted}]
        assert shop.is_demo is bool(wanted)
    finally:
        shop.close()


def test_a_backup_is_checked_and_restored_by_command(tmp_path: Path) -> None:
    database, copy = tmp_path / "shop.duckdb", tmp_path / "copy.duckdb"
    store = Store.open(database)
    store.backup(copy)
    store.close()
    checked = core("check", copy, "--json", database=database)
    said = json.loads(checked.stdout)
    assert (checked.returncode, said["ok"], said["missing"], set(said)) == (
        0,
        True,
        [],
        {"ok", "message", "good_until", "missing"},
    )
    database.write_bytes(database.read_bytes()[:200_000])
    damaged = core("check", database, "--json", database=database)
    assert (damaged.returncode, json.loads(damaged.stdout)["ok"]) == (1, False)
    assert core("restore", copy, database=database).returncode == 0
    Store.open(database).close()


def test_a_database_in_use_is_said_in_one_sentence(tmp_path: Path) -> None:
    database = tmp_path / "shop.duckdb"
    store = Store.open(database)
    backup = core("backup", tmp_path / "copy.duckdb", database=database)
    server = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "0"],
        cwd=ROOT,
        env=os.environ | {"SHIPDESK_DB": str(database)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    store.close()
    for done in (backup, server):
        assert done.returncode == 1
        assert done.stderr.strip().splitlines()[-1].count("Another program has the database") == 1
        assert "Traceback" not in done.stderr


def _interrupted(database: Path, file: Path, until: str) -> tuple[int, str]:
    """The exit code and the last words of an import that gets Ctrl-C once this is said of its progress."""
    command = [sys.executable, "-c", _TOLD, "import", str(file)]
    environment = os.environ | {"SHIPDESK_DB": str(database)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout and process.stderr
        for line in process.stdout:
            if until in line:
                process.send_signal(signal.SIGINT)
                break
        said = process.stdout.read() + process.stderr.read()
    return process.returncode, said


_TOLD = """
import sys
from core import interrupts
from core.__main__ import main
from core.commands import telling
telling.show = lambda what, share: print(what, flush=True)
interrupts.listen()
sys.exit(main())
"""


@pytest.mark.parametrize("until", ["Opening", "Checking", "Writing"])
def test_an_import_that_is_ended_says_that_nothing_was_written(until: str, tmp_path: Path) -> None:
    file, database = tmp_path / "shipments.csv", tmp_path / "shop.duckdb"
    file.write_text(HEADER + "".join(f"S-{n},O-{n},2026-11-01,KR\n" for n in range(20_000)))
    code, said = _interrupted(database, file, until)
    assert (code, "nothing was written" in said, "Traceback" in said) == (130, True, False)
    store = Store.open(database)
    assert store.rows("SELECT count(*) AS n FROM shipment") == [{"n": 0}]
    store.close()


def test_an_import_that_is_ended_too_late_says_how_much_was_written(tmp_path: Path) -> None:
    file, database = tmp_path / "shipments.csv", tmp_path / "shop.duckdb"
    file.write_text(HEADER + "S-1,O-1,2026-11-01,KR\n")
    code, said = _interrupted(database, file, "Imported")
    assert (code, "1 shipment," in said, "B-1" in said) == (130, True, True)


@pytest.mark.parametrize("command", [("import",), ("register",), ("explain", "dhl"), ("import", "--columns")])
def test_what_is_no_file_is_refused_by_every_command(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_text(HEADER)
    last = [tmp_path / "file.csv"] if "--columns" in command else []
    for path in ("/dev/zero", tmp_path):
        done = core(*command, path, *last, database=tmp_path / "shop.duckdb")
        assert (done.returncode, (done.stdout + done.stderr).count("\n")) == (1, 1), done.stderr


def test_a_backup_onto_a_disk_that_can_only_be_read_says_so(tmp_path: Path) -> None:
    database, disk = tmp_path / "demo.duckdb", tmp_path / "disk"
    disk.mkdir()
    core("demo", "--shipments", "2", database=database)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "none", disk], capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a disk")
    try:
        done = core("backup", disk / "copy.duckdb", database=database)
    finally:
        subprocess.run(["umount", disk], check=True)
    assert (done.returncode, "its disk is read-only" in done.stderr) == (1, True)
