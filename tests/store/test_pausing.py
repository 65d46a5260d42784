"""A few of the faults of `tests.faults`, for real: what is acknowledged is kept, and writing goes on by itself."""

import pytest

from tests.faults import places, store_faults
from tests.faults.store_faults import Fault

SHORT = (
    store_faults.disk_full,
    store_faults.disk_full_after_a_commit,
    store_faults.file_deleted_and_put_back,
    store_faults.file_moved_and_stopped,
    store_faults.file_replaced,
    store_faults.log_deleted_alone,
)


@pytest.mark.parametrize("fault", SHORT, ids=store_faults.named)
def test_a_fault_under_people_at_work_loses_nothing(fault: Fault) -> None:
    try:
        seen = fault()
    except places.CannotMount as why:
        pytest.skip(str(why))
    assert seen.ok, seen.said
