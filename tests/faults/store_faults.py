"""The store under people at work while its disk fills up, fails or goes, and while its file is taken away under it.

`faults()` yields one `Seen` for each. Nothing acknowledged may be lost, every refusal is one reason at once, and writing goes on by
itself where it can.
"""

import argparse
import contextlib
import io
import random
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from core.domain.errors import Unavailable
from core.store.database import Store
from core.store.reasons import StoreFault
from core.store.writer import LONGEST_COMMIT
from tests import crash
from tests.faults import places
from tests.faults.clerks import PATIENCE, Clerks, at_work, until

AT_ONCE, SOON = 1.0, 5.0
"""Seconds: within which a refusal is said, and a fault is noticed and its end too, on a machine that is busy."""


@dataclass(frozen=True)
class Seen:
    """One fault: its name, what was seen, and whether it was as it should be."""

    name: str
    said: str
    ok: bool


Fault = Callable[[], Seen]


def faults(names: tuple[str, ...] = (), kills: int = 8) -> Iterator[Seen]:
    """Every fault, or those of these names, and that many kills; what this machine does not let us make is said to be skipped."""

    def killed_under_load() -> Seen:
        return killed(kills)

    for fault in (*FAULTS, killed_under_load):
        name = named(fault)
        if names and name not in names:
            continue
        try:
            yield fault()
        except places.CannotMount as why:
            yield Seen(name, f"skipped: {why}", True)
        except Exception as error:
            yield Seen(name, f"{type(error).__name__}: {error}", False)


def named(fault: Fault) -> str:
    """What a fault is called."""
    return fault.__name__.replace("_", " ")


def disk_full() -> Seen:
    with places.tmpfs() as disk, opened(disk) as store, at_work(store) as clerks:
        filler = places.fill(disk)
        noticed = until(lambda: paused(store) is StoreFault.DISK_FULL)
        refused_until(clerks, StoreFault.DISK_FULL)
        reading = clerks.read()
        filler.unlink()
        went_on = goes_on(clerks)
        return judged("disk full", clerks, StoreFault.DISK_FULL, noticed, went_on, reads=reading)


def disk_full_while_nobody_writes() -> Seen:
    with places.tmpfs() as disk, opened(disk) as store:
        filler = places.fill(disk)
        noticed = until(lambda: paused(store) is StoreFault.DISK_FULL)
        filler.unlink()
        went_on = until(lambda: store.paused is None)
        ok = noticed < SOON and went_on < SOON
        return Seen(
            "disk full while nobody writes", f"noticed after {noticed:.1f} s, over {went_on:.1f} s after space came", ok
        )


def disk_full_when_the_engine_checkpoints() -> Seen:
    """The engine ends all use of the database then: it is opened again, and nobody is told that something failed that was saved."""
    with places.tmpfs("24m") as disk, opened(disk) as store, at_work(store) as clerks:
        filler = places.fill(disk)
        with contextlib.suppress(Unavailable, duckdb.Error), store._engine.cursor() as cursor:
            cursor.execute("CHECKPOINT")
        again = until(lambda: store.health.reopened)
        readable = until(lambda: clerks.read() >= len(clerks.saved))
        filler.unlink()
        went_on = goes_on(clerks)
        seen = judged("disk full when the engine checkpoints", clerks, StoreFault.DISK_FULL, again, went_on, reads=readable)
        return Seen(seen.name, f"opened again after {again:.1f} s, {seen.said}", seen.ok and readable < SOON)


def disk_full_after_a_commit() -> Seen:
    """A commit that was saved is acknowledged although the checkpoint after it failed."""
    with places.tmpfs("24m") as disk, opened(disk) as store:
        store.write(lambda c: c.execute("SET checkpoint_threshold = '1MB'").fetchall())
        store.write(lambda c: c.execute("CREATE TABLE ballast (n BIGINT, t VARCHAR)").fetchall())
        clerks = Clerks(store)
        filler = places.fill(disk, leave=1_600_000)
        acknowledged = 0
        while not store.health.reopened and not store.paused:
            with contextlib.suppress(Unavailable):
                store.write(lambda c: c.execute(_BALLAST).fetchall())
                acknowledged += 1
        kept = until(lambda: rows_of(store, "ballast") >= acknowledged * 1000)
        filler.unlink()
        went_on = goes_on(clerks)
        exact = rows_of(store, "ballast") == acknowledged * 1000
        said = f"opened again {store.health.reopened} times, {acknowledged} bulks acknowledged, all of them there: {exact}"
        ok = exact and store.health.reopened > 0 and kept < SOON and went_on < SOON
        return Seen("disk full after a commit", f"{said}, writing again after {went_on:.1f} s", ok)


def no_room_for_another_file() -> Seen:
    with places.tmpfs(files=20) as disk, opened(disk) as store, at_work(store) as clerks:
        store.write(lambda c: None)
        with store._engine.cursor() as cursor:
            checkpointed = until(lambda: checkpoint(cursor))
        made = []
        with contextlib.suppress(OSError):
            while True:
                made.append(disk / f"file-{len(made)}")
                made[-1].touch()
        clerks.save("while there is no room")
        for file in made:
            file.unlink(missing_ok=True)
        went_on = goes_on(clerks)
        only = set(clerks.refused) <= {StoreFault.DISK_FULL}
        lost = lost_after_closing(clerks)
        said = f"{len(clerks.refused)} refused, {len(lost)} of {len(clerks.saved)} lost, writing again after {went_on:.1f} s"
        return Seen("no room for another file", said, only and not lost and went_on < SOON and checkpointed < SOON)


def file_limit() -> Seen:
    """The system lets no file grow beyond a size: as a quota does."""
    import resource

    with places.folder() as place, opened(place) as store, at_work(store) as clerks:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        size = (place / "shop.duckdb.wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20_000, hard))
        try:
            noticed = until(lambda: paused(store) is StoreFault.DISK_FULL)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        return judged("file limit", clerks, StoreFault.DISK_FULL, noticed, goes_on(clerks))


def no_room_for_a_large_question() -> Seen:
    """It is told so, and nothing else is stopped."""
    with places.tmpfs("12m") as disk, opened(disk) as store, at_work(store) as clerks:
        with store._engine.cursor() as cursor:
            cursor.execute("SET memory_limit = '60MB'")
            cursor.execute(f"SET temp_directory = '{disk / 'spilled'}'")
        told: object = None
        try:
            store.rows(_LARGE)
        except Unavailable as refusal:
            told = refusal.reason
        saved = clerks.save("after the question")
        ok = told is StoreFault.NO_TEMP_SPACE and saved and not clerks.wrong
        return Seen("no room for a large question", f"told {told}, saved afterwards: {saved}, {len(clerks.wrong)} faults", ok)


def file_deleted() -> Seen:
    with places.folder() as place, opened(place) as store, at_work(store) as clerks:
        for file in (store_file(store), log_of(store)):
            file.unlink()
        noticed = until(lambda: paused(store) is StoreFault.DELETED)
        refused_until(clerks, StoreFault.DELETED)
        copy = Path(str(store.rescue().values["copy"]))
        shutil.copy(copy, place / "look.duckdb")
        lost = clerks.lost(place / "look.duckdb")
        said = closed(store)
        left = databases(place)
        told = f"noticed after {noticed:.1f} s, {len(lost)} of {len(clerks.saved)} lost in the file that one press wrote"
        ok = (
            noticed < SOON
            and not lost
            and not clerks.wrong
            and "rescued" in said
            and left == sorted([place / "look.duckdb", copy])
        )
        return Seen("file deleted", told, ok)


def file_deleted_and_put_back() -> Seen:
    """What one press wrote is moved to where the file was: the desk goes on with it."""
    with places.folder() as place, opened(place) as store, at_work(store) as clerks:
        store_file(store).unlink()
        noticed = until(lambda: paused(store) is StoreFault.DELETED)
        refused_until(clerks, StoreFault.DELETED)
        copy = Path(str(store.rescue().values["copy"]))
        copy.rename(store_file(store))
        went_on = goes_on(clerks)
        return judged("file deleted and put back", clerks, StoreFault.DELETED, noticed, went_on)


def file_deleted_and_engine_broken() -> Seen:
    """Nothing can be read any more, and all of it is in the file that one press writes."""
    with places.tmpfs("24m") as disk, opened(disk) as store, at_work(store) as clerks:
        store_file(store).unlink()
        noticed = until(lambda: paused(store) is StoreFault.DELETED)
        filler = places.fill(disk)
        with contextlib.suppress(Unavailable, duckdb.Error), store._engine.cursor() as cursor:
            cursor.execute("CHECKPOINT")
        broken = store._engine.broken
        filler.unlink()
        store.rescue().values["copy"].rename(store_file(store))
        went_on = goes_on(clerks)
        seen = judged("file deleted and engine broken", clerks, StoreFault.DELETED, noticed, went_on)
        return Seen(seen.name, seen.said, seen.ok and broken)


def file_moved_and_back() -> Seen:
    with places.folder() as place, opened(place) as store, at_work(store) as clerks:
        file = store_file(store)
        file.rename(place / "elsewhere.duckdb")
        noticed = until(lambda: paused(store) is StoreFault.MOVED)
        refused_until(clerks, StoreFault.MOVED)
        (place / "elsewhere.duckdb").rename(file)
        return judged("file moved and back", clerks, StoreFault.MOVED, noticed, goes_on(clerks))


def file_moved_and_stopped() -> Seen:
    with places.folder() as place, opened(place) as store, at_work(store) as clerks:
        store_file(store).rename(place / "elsewhere.duckdb")
        noticed = until(lambda: paused(store) is StoreFault.MOVED)
        said = closed(store)
        lost = clerks.lost(place / "elsewhere.duckdb")
        told = f"{len(lost)} of {len(clerks.saved)} lost in the file where it is now"
        return Seen("file moved and stopped", told, noticed < SOON and not lost and "elsewhere" in said)


def file_deleted_and_stopped() -> Seen:
    with places.folder() as place, opened(place) as store, at_work(store) as clerks:
        for file in (store_file(store), log_of(store)):
            file.unlink()
        said = closed(store)
        left = databases(place)
        lost = clerks.lost(left[0]) if len(left) == 1 else clerks.saved
        told = f"{len(lost)} of {len(clerks.saved)} lost in the file that stopping left"
        return Seen("file deleted and stopped", told, not lost and str(left[0]) in said)


def folder_renamed_and_back() -> Seen:
    with places.folder() as place:
        (place / "desk").mkdir()
        with opened(place / "desk") as store, at_work(store) as clerks:
            (place / "desk").rename(place / "away")
            noticed = until(lambda: paused(store) is StoreFault.MOVED)
            refused_until(clerks, StoreFault.MOVED)
            (place / "away").rename(place / "desk")
            return judged("folder renamed and back", clerks, StoreFault.MOVED, noticed, goes_on(clerks))


def folder_renamed_and_stopped() -> Seen:
    with places.folder() as place:
        (place / "desk").mkdir()
        with opened(place / "desk") as store, at_work(store) as clerks:
            (place / "desk").rename(place / "away")
            noticed = until(lambda: paused(store) is StoreFault.MOVED)
            said = closed(store)
            lost = clerks.lost(place / "away" / "shop.duckdb")
            told = f"{len(lost)} of {len(clerks.saved)} lost in the file where it is now"
            return Seen("folder renamed and stopped", told, noticed < SOON and not lost and "away" in said)


def file_replaced() -> Seen:
    with places.folder() as place, opened(place) as store, at_work(store) as clerks:
        other = place / "other.duckdb"
        shutil.copy(store_file(store), other)
        content = other.read_bytes()
        other.replace(store_file(store))
        noticed = until(lambda: paused(store) is StoreFault.REPLACED)
        refused_until(clerks, StoreFault.REPLACED)
        said = closed(store)
        kept = list(place.glob("*rescued*.duckdb"))
        lost = clerks.lost(kept[0]) if kept else clerks.saved
        untouched = store_file(store).read_bytes() == content
        told = f"noticed after {noticed:.1f} s, {len(lost)} of {len(clerks.saved)} lost in the file that stopping left"
        ok = noticed < SOON and not lost and untouched and "rescued" in said and not clerks.wrong
        return Seen("file replaced", f"{told}, the other file untouched: {untouched}", ok)


def file_overwritten() -> Seen:
    with places.folder() as place, opened(place) as store, at_work(store) as clerks:
        older = place / "older.duckdb"
        shutil.copy(store_file(store), older)
        with store._engine.cursor() as cursor:
            until(lambda: checkpoint(cursor))
        until(lambda: store._writer.file._iteration == store._writer.file._headers()[1])
        store_file(store).write_bytes(older.read_bytes())
        noticed = until(lambda: paused(store) is StoreFault.OVERWRITTEN)
        content = store_file(store).read_bytes()
        refused_until(clerks, StoreFault.OVERWRITTEN)
        closed(store)
        untouched = store_file(store).read_bytes() == content
        told = f"noticed after {noticed:.1f} s, what was written over it untouched by stopping: {untouched}"
        return Seen("file overwritten", told, noticed < SOON and untouched and not clerks.wrong)


def file_read_only() -> Seen:
    with places.folder() as place, opened(place) as store, at_work(store) as clerks:
        file = store_file(store)
        mode = stat.S_IMODE(file.stat().st_mode)
        file.chmod(0o444)
        noticed = until(lambda: paused(store) is StoreFault.READ_ONLY)
        refused_until(clerks, StoreFault.READ_ONLY)
        file.chmod(mode)
        return judged("file read-only", clerks, StoreFault.READ_ONLY, noticed, goes_on(clerks))


def file_immutable() -> Seen:
    with places.folder() as place, opened(place) as store, at_work(store) as clerks:
        file = str(store_file(store))
        places.run("chattr", "+i", file)
        try:
            noticed = until(lambda: paused(store) is StoreFault.READ_ONLY)
            with contextlib.suppress(Unavailable, duckdb.Error), store._engine.cursor() as cursor:
                cursor.execute("CHECKPOINT")
            refused_until(clerks, StoreFault.READ_ONLY)
            readable = until(lambda: clerks.read() >= len(clerks.saved))
        finally:
            places.run("chattr", "-i", file)
        return judged("file immutable", clerks, StoreFault.READ_ONLY, noticed, goes_on(clerks), reads=readable)


def disk_turned_read_only() -> Seen:
    with places.device() as disk, opened(disk.mounted) as store, at_work(store) as clerks:
        disk.turn_read_only()
        return _of_a_bad_disk("disk turned read-only", clerks)


def disk_fails() -> Seen:
    with places.device() as disk, opened(disk.mounted) as store, at_work(store) as clerks:
        store.write(lambda c: c.execute("CREATE TABLE ballast (n BIGINT, t VARCHAR)").fetchall())
        disk.fails()
        with contextlib.suppress(Unavailable):
            while not store.paused:
                store.write(lambda c: c.execute(_BALLAST).fetchall())
        return _of_a_bad_disk("disk fails", clerks)


def _of_a_bad_disk(name: str, clerks: Clerks) -> Seen:
    noticed = until(lambda: clerks.store.paused)
    refused_until(clerks, StoreFault.READ_ONLY, StoreFault.DISK_ERROR, StoreFault.DISK_FULL)
    others = set(clerks.refused) - {StoreFault.READ_ONLY, StoreFault.DISK_ERROR, StoreFault.DISK_FULL, StoreFault.REOPENING}
    said = f"noticed after {noticed:.1f} s as {paused(clerks.store)}, slowest answer {clerks.slowest:.1f} s"
    read = clerks.read()
    ok = noticed < SOON and clerks.slowest < SOON and read >= len(clerks.saved) and not (others or clerks.wrong)
    return Seen(name, f"{said}, {read} of {len(clerks.saved)} still read {sorted(others)} {clerks.wrong[:2]}", ok)


def disk_taken_away_and_back() -> Seen:
    with places.device() as disk, opened(disk.mounted) as store, at_work(store) as clerks:
        disk.unmount()
        noticed = until(lambda: paused(store) is StoreFault.DISK_GONE)
        refused_until(clerks, StoreFault.DISK_GONE)
        disk.mount()
        return judged("disk taken away and back", clerks, StoreFault.DISK_GONE, noticed, goes_on(clerks))


def disk_does_not_answer() -> Seen:
    """Those who wait are told so, and what was on its way is saved when it answers again."""
    with places.device() as disk, opened(disk.mounted) as store, at_work(store, people=3) as clerks:
        with disk.frozen():
            noticed = until(lambda: paused(store) is StoreFault.NO_ANSWER)
            refused_until(clerks, StoreFault.NO_ANSWER)
        went_on = goes_on(clerks)
        lost = lost_after_closing(clerks)
        said = f"noticed after {noticed:.1f} s, writing again after {went_on:.1f} s, {len(lost)} of {len(clerks.saved)} lost"
        ok = noticed < LONGEST_COMMIT + SOON and went_on < SOON and not (lost or clerks.wrong)
        return Seen("disk does not answer", f"{said} {clerks.wrong[:2]}", ok)


def log_deleted_alone() -> Seen:
    """What was only in it is written into the database itself, so that even a kill loses nothing."""
    with places.folder() as place, opened(place) as store, at_work(store) as clerks:
        log_of(store).unlink()
        again = until(lambda: not store._writer.file.log_is_lost())
        clerks.save("after it")
        saved = list(clerks.saved)
        copy = place / "as-after-a-kill.duckdb"
        store._writer.run(lambda: as_after_a_kill(store_file(store), copy))
        kept = Clerks(store, saved).lost(copy)
        said = f"saved elsewhere after {again:.1f} s, {len(kept)} of {len(saved)} lost in the file as a kill would leave it"
        return Seen("log deleted alone", said, again < SOON and not kept and not clerks.wrong)


def killed(count: int) -> Seen:
    with places.folder() as place:
        done = crash.kills(count, place, random.Random())
    return Seen("killed under load", crash.line(done), not any(kill.wrong for kill in done))


FAULTS: tuple[Fault, ...] = (
    disk_full,
    disk_full_while_nobody_writes,
    disk_full_when_the_engine_checkpoints,
    disk_full_after_a_commit,
    no_room_for_another_file,
    file_limit,
    no_room_for_a_large_question,
    file_deleted,
    file_deleted_and_put_back,
    file_deleted_and_engine_broken,
    file_moved_and_back,
    file_moved_and_stopped,
    file_deleted_and_stopped,
    folder_renamed_and_back,
    folder_renamed_and_stopped,
    file_replaced,
    file_overwritten,
    file_read_only,
    file_immutable,
    disk_turned_read_only,
    disk_fails,
    disk_taken_away_and_back,
    disk_does_not_answer,
    log_deleted_alone,
)

_BALLAST = "INSERT INTO ballast SELECT range, gen_random_uuid()::VARCHAR FROM range(1000)"
_LARGE = """
SELECT count(*) AS n FROM (SELECT a.range || '-' || b.range AS k, count(*) FROM range(3000) a, range(3000) b GROUP BY ALL)
"""


@contextlib.contextmanager
def opened(place: Path) -> Iterator[Store]:
    store = Store.open(place / "shop.duckdb", threads=1)
    try:
        yield store
    finally:
        closed(store)


def closed(store: Store) -> str:
    """What closing said to whoever stopped it."""
    with contextlib.redirect_stderr(io.StringIO()) as said:
        store.close()
    return said.getvalue()


def paused(store: Store) -> object:
    return store.paused.reason if store.paused else None


def store_file(store: Store) -> Path:
    assert store.path
    return store.path


def databases(place: Path) -> list[Path]:
    """The databases in the folder, and logs of them, without notes beside them."""
    return sorted(file for file in place.iterdir() if file.suffix in (".duckdb", ".wal"))


def log_of(store: Store) -> Path:
    return store_file(store).with_name(store_file(store).name + ".wal")


def refused_until(clerks: Clerks, *reasons: StoreFault) -> None:
    """Waits until somebody was refused for one of these reasons, which must happen."""
    assert until(lambda: set(reasons) & set(clerks.refused)) < PATIENCE, f"nobody was refused for {reasons}"


def goes_on(clerks: Clerks) -> float:
    """How many seconds it took until something was saved again."""
    return until(lambda: clerks.save("goes on"))


def checkpoint(cursor: duckdb.DuckDBPyConnection) -> bool:
    with contextlib.suppress(duckdb.TransactionException):
        cursor.execute("CHECKPOINT")
        return True
    return False


def rows_of(store: Store, table: str) -> int:
    with contextlib.suppress(Unavailable):
        return int(store.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"])
    return -1


def as_after_a_kill(file: Path, copy: Path) -> None:
    shutil.copy(file, copy)
    log = file.with_name(file.name + ".wal")
    if log.exists():
        shutil.copy(log, copy.with_name(copy.name + ".wal"))


def lost_after_closing(clerks: Clerks) -> list[str]:
    closed(clerks.store)
    return clerks.lost(store_file(clerks.store))


def judged(name: str, clerks: Clerks, reason: StoreFault, noticed: float, went_on: float, *, reads: float = 0) -> Seen:
    """Noticed soon, said at once and for this reason, over soon, and everything acknowledged is in the file when it is opened again."""
    time.sleep(0.05)
    slowest, lost = clerks.slowest, lost_after_closing(clerks)
    others = {str(one) for one in clerks.refused} - {reason, StoreFault.REOPENING, StoreFault.CLOSING}
    said = (
        f"noticed after {noticed:.1f} s, slowest answer {slowest:.1f} s, writing again after {went_on:.1f} s, "
        f"{len(lost)} of {len(clerks.saved)} lost"
    )
    if others or clerks.wrong:
        said += f", also {sorted(others)} {clerks.wrong[:2]}"
    ok = noticed < SOON and went_on < SOON and reads >= 0 and reads != float("inf")
    return Seen(name, said, ok and slowest < SOON and not (lost or others or clerks.wrong))


def main() -> int:
    """Prints a line for each; 1 when one was not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.store_faults", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--kills", type=int, default=8)
    wanted = parser.parse_args()
    wrong = 0
    for seen in faults(tuple(wanted.names), wanted.kills):
        wrong += not seen.ok
        print(f"{'ok ' if seen.ok else 'BAD'} {seen.name}: {seen.said}", flush=True)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
