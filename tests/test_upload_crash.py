"""A registration of a thousand rows is in the file whole, or not at all."""

import random
from pathlib import Path

from tests import upload_crash


def test_a_process_killed_while_it_registers_leaves_all_rows_or_none(tmp_path: Path) -> None:
    done = upload_crash.kills(3, tmp_path, random.Random())
    assert [kill.wrong for kill in done if kill.wrong] == []
