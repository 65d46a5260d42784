"""Notes of batches: stored as codes, said in the language of whoever reads."""

import json

import pytest

from core import languages
from core.domain.batch_notes import FileNote, kept, told
from core.domain.history import ChangeSource
from core.domain.language import Language, speaking

SELECTED = FileNote.SELECTED(count=3)


def batch(note: str, source: ChangeSource = ChangeSource.EXPORT) -> dict[str, str]:
    return {"note": note, "source": source}


def test_a_note_is_said_in_the_language_of_the_reader_and_not_of_the_writer() -> None:
    with speaking(languages.speech_of(Language.KOREAN)):
        note, in_korean = kept(SELECTED), str(SELECTED)
    assert told(batch(note)) == str(SELECTED) != in_korean
    assert json.loads(note)["values"] == {"count": 3}


@pytest.mark.parametrize(
    "note",
    [
        "File with personal data: 3 selected",
        "",
        "{broken",
        "{}",
        '{"code": "of a later version", "form": "", "values": {}}',
        '{"code": "selected", "form": "", "values": {}}',
        '{"code": "selected", "form": "", "values": 3}',
    ],
)
def test_what_is_no_such_note_is_left_as_it_is(note: str) -> None:
    assert told(batch(note)) is None


def test_a_file_of_such_a_name_is_a_file() -> None:
    assert told(batch(kept(SELECTED), ChangeSource.IMPORT)) is None
