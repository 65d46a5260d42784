"""Opening the database file and bringing its schema up to date, with a copy of what was before."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from core.domain.errors import Unavailable
from core.domain.reasons import Why
from core.store import backup
from core.store.engine import COMMON, STORAGE, Connection, is_in_use, transaction
from core.store.filling import fill
from core.store.reasons import StoreFault

SCHEMA = Path(__file__).with_name("schema")
BEFORE = ".before-"
"""What the copy from before a migration has in its name."""


def connect(path: Path | None, threads: int | None) -> Connection:
    """The database at `path`, in memory without one. Raises Unavailable when it cannot be opened."""
    config: dict[str, Any] = {"storage_compatibility_version": STORAGE} if path else {}
    if threads:
        config["threads"] = threads
    try:
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(str(path) if path else ":memory:", config=config)
    except duckdb.Error as error:
        raise Unavailable(_why_not_opened(path, str(error))) from error
    except OSError as error:
        raise Unavailable(StoreFault.NO_FOLDER(path=path, why=error.strerror)) from error
    for setting in COMMON:
        connection.execute(setting)
    connection.execute("SET checkpoint_threshold = '64MB'")
    connection.execute("SET disabled_compression_methods = 'dict_fsst'")  # for files that were made in a newer format
    return connection


def _why_not_opened(path: Path | None, error: str) -> Why:
    return (StoreFault.OPEN_ELSEWHERE if is_in_use(error) else StoreFault.NOT_OURS)(path=path)


def newest_version(schema: Path = SCHEMA) -> int:
    """The version of the schema that these steps lead to."""
    return max(_steps(schema))


def migrate(connection: Connection, path: Path | None, schema: Path) -> None:
    """Brings the database up to date by the steps of `schema`, each in a transaction of its own.

    A copy of what was before stands beside the file first. Raises Unavailable when it is no database of ours, or a newer one.
    """
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if tables and "schema_version" not in tables:
        raise Unavailable(StoreFault.NOT_OURS(path=path))
    connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL, applied_at TIMESTAMPTZ NOT NULL)")
    have = {version for (version,) in connection.execute("SELECT version FROM schema_version").fetchall()}
    steps = _steps(schema)
    if have and max(have) > max(steps):
        raise Unavailable(StoreFault.NEWER(path=path, version=max(have), known=max(steps)))
    backup.no_copy_any_more(connection)
    missing = [version for version in steps if version not in have]
    if missing and have and path:
        backup.before_migration(connection, path.with_name(f"{path.stem}{BEFORE}{max(missing):03}{path.suffix}"))
    for version in missing:
        _apply(connection, version, steps[version])
    if missing:
        connection.execute("CHECKPOINT")


def _steps(schema: Path) -> dict[int, Path]:
    return {int(file.name[:3]): file for file in sorted(schema.glob("*.sql"))}


def _apply(connection: Connection, version: int, step: Path) -> None:
    with transaction(connection):
        connection.execute(step.read_text(encoding="utf-8"))
        fill(connection, version)
        applied = {"version": version, "at": datetime.now(UTC)}
        connection.execute("INSERT INTO schema_version VALUES ($version, $at)", applied)
