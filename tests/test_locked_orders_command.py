"""Orders in a workbook that is locked with a password, as Naver gives them, from the command line."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from core.files.confined import ROOT
from tests.services.importing.order_files import a_csv, a_workbook
from tests.services.importing.order_samples import NAVER
from tests.workbook_builders import locked

PASSWORD = "바다-Geheim 7391"
NOTICE = [("다운로드 받은 파일로 '엑셀 일괄발송' 처리하는 방법",)]


@pytest.fixture(scope="module")
def workbook() -> bytes:
    return locked(a_workbook([NAVER.row], NAVER.sheet, NOTICE), PASSWORD)


def brought(folder: Path, file: bytes, *arguments: str, password: str | None = None) -> tuple[dict[str, Any], str, set[str]]:
    """What the command answers in JSON, all that it wrote, and what anybody could see of its processes meanwhile."""
    path = folder / "orders.xlsx"
    path.write_bytes(file)
    process = subprocess.Popen(
        [sys.executable, "-m", "core", "import", str(path), "--json", *arguments],
        cwd=ROOT, env=os.environ | {"SHIPDESK_DB": str(folder / "shop.duckdb")}, text=True, encoding="utf-8",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    seen, ended = set[str](), threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, seen, ended))
    watcher.start()
    try:
        out, error = process.communicate("" if password is None else f"{password}\n", timeout=120)
    finally:
        ended.set()
        watcher.join()
    return json.loads(out), out + error, seen


def _watch(parent: int, seen: set[str], ended: threading.Event) -> None:
    """Notes the arguments and the environment of a process and its children until it has ended."""
    while not ended.wait(0.02):
        children = Path(f"/proc/{parent}/task/{parent}/children")
        with contextlib.suppress(OSError):
            for process in (parent, *map(int, children.read_text().split())):
                for name in ("cmdline", "environ"):
                    seen.add(Path(f"/proc/{process}/{name}").read_bytes().decode(errors="replace"))


def test_a_locked_workbook_comes_in_with_its_password_which_nobody_sees(tmp_path: Path, workbook: bytes) -> None:
    said, written, seen = brought(tmp_path, workbook, "--password-stdin", password=PASSWORD)
    assert (said["verdict"], said["layout"], said["new"]) == ("imported", "naver", 1)
    assert any("orders.xlsx" in one for one in seen)
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and file.name != "orders.xlsx"]
    for secret in (PASSWORD, json.dumps(PASSWORD)[1:-1]):
        assert secret not in written
        assert not any(secret in one for one in seen)
        assert not any(secret.encode() in one for one in files)


@pytest.mark.parametrize(
    ("arguments", "password"),
    [((), None), (("--password-stdin",), "wrong"), (("--password-stdin",), ""), (("--dry-run",), None)],
)
def test_without_its_password_nothing_of_it_is_read(
    tmp_path: Path, workbook: bytes, arguments: tuple[str, ...], password: str | None
) -> None:
    said, written, _ = brought(tmp_path, workbook, *arguments, password=password)
    assert (said["verdict"], said["new"], said["rows"]) == ("refused", 0, 0)
    assert "password" in said["message"]
    assert "Traceback" not in written
    assert "wrong" not in written


@pytest.mark.parametrize("file", [a_workbook([NAVER.row], NAVER.sheet, NOTICE), a_csv([NAVER.row])], ids=["workbook", "text"])
def test_a_file_that_is_not_locked_comes_in_whatever_password_is_given(tmp_path: Path, file: bytes) -> None:
    said, _, _ = brought(tmp_path, file, "--password-stdin", "--dry-run", password=PASSWORD)
    assert (said["verdict"], said["layout"], said["read"]) == ("imported", "naver", [NAVER.read])
