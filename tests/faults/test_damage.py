"""A damaged desk says so, says what is still good, and never gives less than it had without a word."""

import random
from pathlib import Path

import pytest

from tests.faults.damage import Damage, a_desk, damages, held_by, outcome

TRIED = 6


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damage") / "desk"
    folder.mkdir()
    return a_desk(folder)


def test_damage_of_any_kind_anywhere_is_told(desk: Path) -> None:
    dice = random.Random()
    whole = held_by(desk, desk.parent.parent / "whole")
    tried = dice.sample(list(damages(desk, dice, 1)), TRIED)
    wrong = [seen for one in tried if not (seen := outcome(desk, one, whole))[2]]
    assert wrong == []


def test_a_desk_without_damage_is_whole(desk: Path) -> None:
    whole = held_by(desk, desk.parent.parent / "untouched")
    assert outcome(desk, Damage("nothing", lambda _: None), whole)[1].startswith("whole")
