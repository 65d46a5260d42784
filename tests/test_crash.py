"""A process killed while it writes loses nothing that it acknowledged."""

import random
from pathlib import Path

from tests import crash


def test_a_killed_process_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    done = crash.kills(4, tmp_path, random.Random())
    assert [complaint for kill in done for complaint in kill.wrong] == []
    assert sum(len(kill.acknowledged) for kill in done) >= len(done)
