"""The demo shop that is measured, made once and kept in the system's temporary folder."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from core.carriers import rules as carrier_rules
from core.demo import make_demo
from core.store import engine, opening
from core.store.database import SCHEMA, Store

ZONE, HOME = ZoneInfo("Asia/Seoul"), "KR"
FOLDER = Path(tempfile.gettempdir()) / "shipdesk-bench"
STEP = ".making"
SAMPLE = 500
_SEEN = {
    "shipment": "shipment_no, ordered_at, recipient, country, status::VARCHAR, carrier, invoice_no, promised_on, delivered_at",
    "item": "shipment_id, product_id",
    "checkpoint": "shipment_id, happened_at, stage",
    "history": "shipment_id, changed_at, action",
}


def demo(count: int) -> Path:
    """The file of a demo shop with that many shipments: one that was made by an older schema is brought up to date."""
    made, schema = _made(), _digest(SCHEMA.glob("*.sql"))
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
        _fill(store, count, datetime.now(UTC))
    finally:
        store.close()


def _fill(store: Store, count: int, now: datetime) -> None:
    make_demo(store, carrier_rules.load(), shipments=count, now=now, zone=ZONE, home=HOME)


@cache
def _made() -> str:
    """A text that changes whenever the demo makes other rows: what it makes of a small shop at a fixed hour."""
    store = Store.open()
    try:
        _fill(store, SAMPLE, datetime(2026, 11, 30, 12, tzinfo=UTC))
        seen = [str(store.rows(f"SELECT bit_xor(hash({columns})) AS seen FROM {table}")) for table, columns in _SEEN.items()]
    finally:
        store.close()
    return hashlib.sha256("".join(seen).encode()).hexdigest()[:8]


def _bring_up_to_date(older: Path, file: Path) -> None:
    shutil.copyfile(older, file)
    connection = opening.connect(file, None)
    opening.migrate(connection, None, SCHEMA)  # without a path: what was before is kept already
    connection.close()


def _forget(file: Path) -> None:
    """Removes a file with what stands beside it."""
    for left in (file, *file.parent.glob(f"{file.name}.*"), file.with_name(file.name + "-wal")):
        with suppress(FileNotFoundError, IsADirectoryError):
            left.unlink()


def _digest(sources: Iterator[Path]) -> str:
    """A text that changes whenever one of the sources, or the format of files, does."""
    digest = hashlib.sha256(engine.STORAGE.encode())
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:8]
