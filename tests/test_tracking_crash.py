"""A server killed while it refreshes loses nothing that it stored, and goes on where it was."""

import random
from pathlib import Path

from tests import tracking_crash


def test_a_refresh_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    file, dice = tmp_path / "shop.duckdb", random.Random()
    tracking_crash.made(file)
    for _ in range(2):
        events, at = tracking_crash.killed(file, dice)
        assert events > 0
        assert tracking_crash.wrong(file, events, at) == []
