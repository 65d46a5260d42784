"""Texts come in the language of whoever reads: whole sentences, Korean particles by sound, English where a translation is missing."""

import threading
from dataclasses import dataclass

import pytest

from core.domain.language import (
    Language,
    NamedEnum,
    Speech,
    Vocabulary,
    carried,
    filled,
    marked,
    particle,
    speaking,
    tr,
    worded,
)
from core.domain.reasons import Names, Reason

KOREAN = Speech(
    Language.KOREAN,
    {
        "Open": "열기",
        "{carrier} is shut": "{carrier:을} 닫았습니다",
        "{most} or {last}": "{most} 또는 {last}",
        'By {names:or}, not by "{last}"': '{names:or으로}, "{last:"은} 아님',
    },
)


class Shut(Reason):
    SHUT = "shut", "{carrier} is shut"
    ONE_OF = "one_of", "{names:or}"
    BY = "by", 'By {names:or}, not by "{last}"'


@worded("label")
@dataclass(frozen=True)
class Door:
    key: str
    label: str = "Open"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("한진택배", "한진택배를"),
        ("CJ대한통운", "CJ대한통운을"),
        ("B-12", "B-12를"),
        ("B-13", "B-13을"),
        ("우체국(EMS)", "우체국(EMS)를"),
        ("DHL", "DHL을"),
        ("", "를"),
    ],
)
def test_a_particle_follows_the_sound_of_what_it_stands_behind(text: str, said: str) -> None:
    assert text + particle(text, "을") == said


@pytest.mark.parametrize(("text", "said"), [("서울", "로"), ("부산", "으로"), ("제주", "로"), ("7", "로"), ("3", "으로")])
def test_behind_l_the_way_somewhere_is_as_behind_a_vowel(text: str, said: str) -> None:
    assert particle(text, "으로") == said


def test_a_reason_is_said_in_the_language_of_whoever_reads() -> None:
    why = Shut.SHUT(carrier="한진택배")
    assert str(why) == "한진택배 is shut"
    with speaking(KOREAN):
        assert str(why) == "한진택배를 닫았습니다"
    assert str(why) == "한진택배 is shut"


def test_a_particle_follows_a_list_and_a_closing_mark() -> None:
    with speaking(KOREAN):
        assert str(Shut.BY(names=Names(("서울", "부산")), last="제주")) == '서울 또는 부산으로, "제주"는 아님'


class Kind(NamedEnum):
    OPEN = marked("Open")


def test_a_named_value_is_said_in_the_language_of_whoever_reads_the_sentence() -> None:
    why = Shut.BY(names=Names([Kind.OPEN]), last=Kind.OPEN)
    assert str(why) == 'By Open, not by "Open"'
    with speaking(KOREAN):
        assert str(why) == '열기로, "열기"는 아님'


def test_names_follow_each_other_as_the_language_has_them() -> None:
    with speaking(KOREAN):
        assert str(Shut.ONE_OF(names=Names(("A", "B", "C")))) == "A, B 또는 C"


def test_vocabularies_and_worded_fields_hold_english_and_give_the_language() -> None:
    words, door = Vocabulary({"open": "Open"}), Door("door")
    assert (words["open"], door.label) == ("Open", "Open")
    with speaking(KOREAN):
        assert (words["open"], dict(words), door.label) == ("열기", {"open": "열기"}, "열기")


def test_what_is_not_translated_is_said_in_english_and_counted() -> None:
    speech = Speech(Language.KOREAN, {"Open": "열기"})
    with speaking(speech):
        assert (tr("Close"), tr("Close"), tr("열기"), filled("{n} doors", {"n": 2})) == ("Close", "Close", "열기", "2 doors")
    assert speech.missing == {"Close": 2, "{n} doors": 1}


def test_a_language_is_spoken_in_its_own_thread_alone() -> None:
    said: list[str] = []
    with speaking(KOREAN):
        other = threading.Thread(target=lambda: said.append(tr("Open")))
        other.start()
        other.join()
        said.append(tr("Open"))
    assert said == ["Open", "열기"]


def test_what_is_carried_to_another_thread_speaks_there_too() -> None:
    said: list[str] = []
    with speaking(KOREAN):
        other = threading.Thread(target=carried(lambda: said.append(tr("Open"))))
    other.start()
    other.join()
    assert said == ["열기"]
