"""The demo shop that is measured, made once and kept in the system's temporary folder."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core import demo as demo_shop
from core.carriers import rules as carrier_rules
from core.demo import make_demo
from core.store import statements
from core.store.database import SCHEMA, Store
from core.store.opening import BEFORE

ZONE, HOME = ZoneInfo("Asia/Seoul"), "KR"
FOLDER = Path(tempfile.gettempdir()) / "shipdesk-bench"
STEP = ".making"


def demo(count: int) -> Path:
    """The file of a demo shop with that many shipments: one that was made by an older schema is brought up to date."""
    made, schema = _digest(Path(demo_shop.__file__).parent.glob("*.py")), _digest(SCHEMA.glob("*.sql"))
    file = FOLDER / f"demo-{count}-{made}-{schema}.duckdb"
    if not file.exists():
        FOLDER.mkdir(exist_ok=True)
        partial = file.with_suffix(STEP)
        partial.unlink(missing_ok=True)
        older = max(FOLDER.glob(f"demo-{count}-{made}-????????.duckdb"), key=lambda one: one.stat().st_mtime, default=None)
        if older:
            _bring_up_to_date(older, partial)
        else:
            _make(partial, count)
        partial.rename(file)
        _forget(partial)
        if older:
            _forget(older)
    return file


def rows_of(file: Path) -> Path:
    """What copies of its rows in other databases are called by, without an ending: whatever the schema is."""
    return file.with_name(file.stem.rpartition("-")[0])


@contextmanager
def working_copy(file: Path) -> Iterator[Path]:
    """A copy to write to, gone afterwards."""
    copy = file.with_stem(f"{file.stem}-work")
    shutil.copyfile(file, copy)
    try:
        yield copy
    finally:
        _forget(copy)


def _make(file: Path, count: int) -> None:
    store = Store.open(file)
    try:
        make_demo(store, carrier_rules.load(), shipments=count, now=datetime.now(UTC), zone=ZONE, home=HOME)
    finally:
        store.close()


def _bring_up_to_date(older: Path, file: Path) -> None:
    shutil.copyfile(older, file)
    try:
        Store.open(file).close()
    finally:
        for before in file.parent.glob(f"{file.stem}{BEFORE}*"):
            before.unlink()


def _forget(file: Path) -> None:
    """Removes a file with what stands beside it."""
    for left in (file, *file.parent.glob(f"{file.name}.*"), file.with_name(file.name + "-wal")):
        with suppress(FileNotFoundError, IsADirectoryError):
            left.unlink()


def _digest(sources: Iterator[Path]) -> str:
    """A text that changes whenever one of the sources, or the format of files, does."""
    digest = hashlib.sha256(statements.STORAGE.encode())
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:8]
