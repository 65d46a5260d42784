"""Files of shipments that break readers: what each is refused for, by the code that the confined process runs."""

import os
import time
from pathlib import Path

import pytest

from core.domain.errors import Refused, ShipdeskError
from core.files import confined
from core.files import read as reading
from core.files.opening import bytes_of, opened
from core.files.read import read
from core.files.reasons import FileReason
from core.files.refusals import ReadFault, Unreadable
from tests.faults.hostile_files import LARGE, SMALL, Hostile

EVERYWHERE = {**SMALL, **{name: LARGE[name] for name in ("CSV of 1 M empty columns", "CSV of broken rows")}}


def why_of(path: Path) -> str:
    """The reason why the file is refused; "" when it is read."""
    try:
        with opened(path) as file:
            confined.laid_out(file, "")[1].close()
    except Unreadable as unreadable:
        return unreadable.why
    except ShipdeskError as refusal:
        return refusal.reason
    return ""


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize("name", EVERYWHERE)
def test_a_file_is_refused_for_what_is_too_much_in_it(name: str, tmp_path: Path) -> None:
    hostile: Hostile = EVERYWHERE[name]
    hostile.make(tmp_path / "file.csv")
    assert why_of(tmp_path / "file.csv") == hostile.why


@pytest.mark.usefixtures("read_here")
def test_the_place_of_a_cell_that_is_too_long_is_named(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    for name, place in (
        ("a cell over the limit", "row 3, column A"),
        ("a cell over the limit in CSV", "row 2, column C"),
        ("Parquet with a long cell", "row 2, column a"),
    ):
        SMALL[name].make(path)
        with pytest.raises(Refused, match=place):
            read(path)


def test_what_is_no_file_is_told_at_once(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to("/dev/zero")
    for path in (pipe, link, Path("/dev/zero"), Path("/dev/stdin")):
        if path.is_file():
            continue
        for act in (lambda path=path: read(path), lambda path=path: bytes_of(path, 10)):
            with pytest.raises(Refused) as refusal:
                act()
            assert (refusal.value.reason, refusal.value.whys[0].form) == (FileReason.NO_FILE, "device")
    with pytest.raises(Refused) as refusal:
        read(tmp_path)
    assert refusal.value.whys[0].form == "folder"


def test_a_link_to_a_file_is_that_file_and_a_circle_is_none(tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_bytes(b"a,b\n1,2\n")
    (tmp_path / "link").symlink_to(tmp_path / "file.csv")
    assert bytes_of(tmp_path / "link", 8) == b"a,b\n1,2\n"
    assert bytes_of(tmp_path / "link", 7) is None
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    with pytest.raises(Refused) as refusal:
        read(tmp_path / "circle")
    assert refusal.value.reason is FileReason.NOT_OPENED


def test_a_third_file_waits_and_is_told_so() -> None:
    told: list[int] = []
    for _ in range(confined.AT_ONCE):
        confined._places.acquire()

    def waiting() -> None:
        told.append(len(told))
        if len(told) == 2:
            confined._places.release()

    try:
        assert list(read(b"a,b\n1,2\n", waiting=waiting).columns[0]) == ["1"]
    finally:
        confined._places.release()
    assert told == [0, 1]


def test_who_leaves_while_a_file_is_read_ends_its_process() -> None:
    class Left(BaseException):
        pass

    def leave(share: float, row: int) -> None:
        raise Left

    with pytest.raises(Left):
        read(b"a,b\n1,2\n", tell=leave)
    assert confined._places.acquire(blocking=False)
    confined._places.release()


def test_a_process_that_is_killed_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for code, why in (
        ("import os; os.abort()", ReadFault.BROKE_THE_READER),
        ("import os; os.kill(os.getpid(), 9)", ReadFault.TOO_SLOW),
    ):
        monkeypatch.setattr(confined, "COMMAND", (sys.executable, "-c", code))
        with reading.spooled(b"a,b\n") as file, pytest.raises(Unreadable) as caught:
            confined.laid_out(file, "")
        assert caught.value.why is why


def test_a_process_without_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(confined, "COMMAND", (sys.executable, "-c", "import time; time.sleep(600)"))
    monkeypatch.setattr(confined, "SPARE_SECONDS", 0.2)
    began = time.monotonic()
    with reading.spooled(b"a,b\n") as file, pytest.raises(Unreadable) as caught:
        confined.laid_out(file, "")
    assert (caught.value.why, time.monotonic() - began < 60) == (ReadFault.TOO_SLOW, True)
