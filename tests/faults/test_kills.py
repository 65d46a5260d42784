"""A backup, a restore and a migration that are killed in the middle leave a desk that goes on."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import kills
from tests.faults.damage import Outcome


@pytest.mark.parametrize("work", [kills.after_a_backup, kills.after_a_restore, kills.after_a_migration])
def test_a_kill_in_the_middle_leaves_a_desk_that_goes_on(tmp_path: Path, work: Callable[[Path, float], Outcome]) -> None:
    name, seen, right = work(tmp_path, random.uniform(0.1, kills.LONGEST[work.__name__]))
    assert right, (name, seen)
