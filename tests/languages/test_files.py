"""Files that were made in one language are understood in every other: heads, kinds, companies, dates; nothing changes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.fields import FIELDS
from core.domain.language import Language, speaking
from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.sorting import Order
from core.files import export
from core.files.headers import COLUMN_OF, HEADERS, header_key, own_heads
from core.files.write import Format
from core.languages import speech_of
from core.runtime import Runtime
from core.services import importing
from core.services.importing import FileOrder, ImportReport, ShopHome
from core.services.shipments import exporting
from core.services.shipments.changes import Request
from tests.builders import RULES, SEOUL, a_visit
from tests.desk import SetClock, a_demo_desk
from tests.services.importing.given import IMPORTER


@pytest.fixture(scope="module")
def desk() -> Iterator[Runtime]:
    with a_demo_desk(SetClock(), shipments=60) as made:
        yield made


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("language", Language)
def test_every_head_of_our_files_is_known(language: Language, name: str) -> None:
    with speaking(speech_of(language)):
        said = {FIELDS[name], HEADERS[name].exported} - {""}
    assert {COLUMN_OF.get(header_key(text)) for text in said} == {name}
    assert {header_key(text) for text in said} <= own_heads(name)


@pytest.mark.parametrize("form", [Format.CSV, Format.XLSX])
@pytest.mark.parametrize("language", Language)
def test_an_export_of_the_desk_changes_nothing_when_it_comes_back(
    desk: Runtime, language: Language, form: Format, tmp_path: Path
) -> None:
    visit = a_visit(desk.now())
    rows = exporting.rows(desk.store, Selection(tab=Tab.ALL), Order(), visit=visit)
    file = tmp_path / f"list.{form}"
    with speaking(speech_of(language)):
        file.write_bytes(export.export(rows, form, rules=RULES, zone=SEOUL))
    found = _read_again(desk, file)
    file.write_bytes(export.export(rows, form, rules=RULES, zone=SEOUL))
    assert replace(found, unused=()) == replace(_read_again(desk, file), unused=())
    assert (found.layout, found.new, found.changed, found.refused) == ("own", 0, 0, ())


def _read_again(desk: Runtime, file: Path) -> ImportReport:
    return importing.import_file(
        desk.store,
        RULES,
        FileOrder(file),
        request=Request(IMPORTER, desk.now()),
        shop=ShopHome(SEOUL, "KR"),
        dry_run=True,
    )
