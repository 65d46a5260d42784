"""The keys of the desk: each says one act, and none is somebody else's."""

from core.ui.kit.shortcuts import SHORTCUTS, DeskAct

KEYS = [one.key for one in SHORTCUTS if one.key]
OF_STREAMLIT = {"r", "c"}


def test_every_act_stands_once_and_every_key_says_one() -> None:
    assert [one.act for one in SHORTCUTS] == list(DeskAct)
    assert len(set(KEYS)) == len(KEYS) >= 10


def test_no_key_is_the_beginning_of_another() -> None:
    assert not [key for key in KEYS for other in KEYS if other.startswith(f"{key} ")]


def test_no_key_is_streamlits_own_or_wants_a_modifier() -> None:
    assert not OF_STREAMLIT & {part for key in KEYS for part in key.split()}
    assert all(len(part) == 1 and part == part.lower() for key in KEYS for part in key.split())
