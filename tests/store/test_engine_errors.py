"""What an error of the engine means, by its class and its message: only a real conflict is worth another try."""

import errno
import os
from pathlib import Path

import duckdb
import pytest

from core.domain.reasons import Reason
from core.store.engine_errors import EngineTrouble, cause_of, trouble_of
from core.store.reasons import StoreFault
from core.store.refusals import refusal

WROTE = 'TransactionContext Error: Failed to commit: Could not write file "/data/shop.duckdb.wal": {}'
OPENED = 'IO Error: Cannot open file "/data/shop.duckdb": {}'
CHECKPOINTED = 'FATAL Error: Failed to create checkpoint because of error: Could not write file "/data/shop.duckdb": {}'


def words(code: int) -> str:
    return os.strerror(code)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (duckdb.TransactionException("TransactionContext Error: Conflict on update!"), EngineTrouble.CONFLICT),
        (duckdb.TransactionException("Catalog write-write conflict on alter with x"), EngineTrouble.CONFLICT),
        (duckdb.TransactionException("Current transaction is aborted (please ROLLBACK)"), EngineTrouble.OTHER),
        (duckdb.TransactionException(WROTE.format(words(errno.ENOSPC))), EngineTrouble.DISK_FULL),
        (duckdb.TransactionException(WROTE.format(words(errno.EDQUOT))), EngineTrouble.DISK_FULL),
        (duckdb.TransactionException(WROTE.format(words(errno.EFBIG))), EngineTrouble.DISK_FULL),
        (duckdb.TransactionException(WROTE.format(words(errno.EIO))), EngineTrouble.DISK_ERROR),
        (duckdb.TransactionException(WROTE.format(words(errno.EROFS))), EngineTrouble.READ_ONLY),
        (duckdb.IOException(OPENED.format(words(errno.EACCES))), EngineTrouble.READ_ONLY),
        (duckdb.IOException(OPENED.format(words(errno.ESTALE))), EngineTrouble.DISK_ERROR),
        (duckdb.FatalException(CHECKPOINTED.format(words(errno.ENOSPC))), EngineTrouble.FATAL),
        (duckdb.ConversionException("No space left on device"), EngineTrouble.OTHER),
        (duckdb.IOException(f'Cannot open file "/a/{words(errno.ENOSPC)}/b": {words(errno.EIO)}'), EngineTrouble.DISK_ERROR),
    ],
)
def test_an_error_is_one_kind_of_trouble(error: duckdb.Error, trouble: EngineTrouble) -> None:
    assert trouble_of(error) is trouble


def test_a_commit_that_is_saved_is_told_from_one_that_is_not() -> None:
    saved = duckdb.FatalException("FATAL Error: Transaction COMMIT succeeded and is durable, but the autocheckpoint failed.")
    assert trouble_of(saved) is EngineTrouble.SAVED_THEN_FATAL
    again = duckdb.FatalException("Failed: database has been invalidated because of a previous fatal error.")
    assert trouble_of(again) is EngineTrouble.FATAL


def test_the_engines_own_errors_are_understood(tmp_path: Path) -> None:
    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE one (n INTEGER PRIMARY KEY); INSERT INTO one VALUES (1)")
        with pytest.raises(duckdb.Error) as twice:
            engine.execute("INSERT INTO one VALUES (1)")
        other = engine.cursor()
        engine.execute("BEGIN; UPDATE one SET n = 2")
        other.execute("BEGIN")
        with pytest.raises(duckdb.Error) as met:
            other.execute("UPDATE one SET n = 3")
        with pytest.raises(duckdb.Error) as no_folder:
            duckdb.connect(str(tmp_path / "no" / "folder.duckdb"))
    assert trouble_of(twice.value) is EngineTrouble.CONSTRAINT
    assert trouble_of(met.value) is EngineTrouble.CONFLICT
    assert (trouble_of(no_folder.value), cause_of(no_folder.value)) == (EngineTrouble.DISK_ERROR, errno.ENOENT)


@pytest.mark.parametrize(
    ("error", "reason", "form"),
    [
        (duckdb.TransactionException(WROTE.format(words(errno.EDQUOT))), StoreFault.DISK_FULL, "quota"),
        (duckdb.TransactionException(WROTE.format(words(errno.ENOSPC))), StoreFault.DISK_FULL, "space"),
        (duckdb.TransactionException(WROTE.format(words(errno.EROFS))), StoreFault.READ_ONLY, "disk"),
        (duckdb.TransactionException(WROTE.format(words(errno.EPERM))), StoreFault.READ_ONLY, "file"),
    ],
)
def test_a_refusal_names_the_cause(error: duckdb.Error, reason: Reason, form: str) -> None:
    why = refusal(Path("/data/shop.duckdb"), error)
    assert why and (why.reason, why.form) == (reason, form)
    assert "/data/shop.duckdb" in str(why)


def test_what_is_the_jobs_own_fault_is_no_refusal() -> None:
    assert refusal(None, duckdb.ConstraintException("Duplicate key")) is None
