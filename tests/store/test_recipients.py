"""Recipients as the store finds them, by name and phone."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.search import Search, SearchKey
from core.services.shipments import actions
from core.services.shipments.changes import Request
from core.store import database, lists, recipients, shipments
from core.store.database import Store
from core.store.filling import fill
from tests.builders import ADDRESS, HANA, NOW, a_shipment, a_store, add, opened

PEOPLE = [
    ("Minji Kim", "010-1111-5678"),
    ("김민지", "+82 10-2222-5678"),
    ("김 민지아", "010-3333-0001"),
    ("山田　太郎", "03-1234-9999"),
    ("ﾔﾏﾀﾞ ﾊﾅｺ", ""),
    ("O'Brien", "5678"),
    ("Jun Lee", "010-1234-4321"),
]


def shop() -> Store:
    return a_store(
        *(
            a_shipment(f"S-{n}", address=replace(ADDRESS, recipient=name, phone=phone))
            for n, (name, phone) in enumerate(PEOPLE, 1)
        )
    )


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Minji Kim", [1]),
        ("minji kim", [1]),
        ("MINJI", [1]),
        ("ＫＩＭ", [1]),
        ("Kim Minji", [1]),
        ("Kim, Minji", [1]),
        ("김민지", [2]),
        ("김 민지", [2]),
        ("김민", [2, 3]),
        ("민지아", [3]),
        ("山田太郎", [4]),
        ("山田 太郎", [4]),
        ("太郎", [4]),
        ("やまだ", [5]),
        ("ヤマダ　ハナコ", [5]),
        ("obrien", [6]),
        ("5678", [1, 2, 6]),
        ("2222-5678", [2]),
        ("010-2222-5678", [2]),
        ("1234", []),
        ("678", []),
        ("Nobody", []),
        ("%", []),
        ("' OR 1=1 --", []),
    ],
)
def test_recipients_are_found_by_name_and_by_the_end_of_their_phone(text: str, ids: list[int]) -> None:
    assert sorted(recipients.found(shop(), [text])[text]) == ids


def test_a_name_alone_hides_the_longer_ones_and_its_beginning_finds_all() -> None:
    answers = recipients.found(shop(), ["김민지", "김민"])
    assert (answers["김민지"], sorted(answers["김민"])) == ([2], [2, 3])


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("Minji Kim", {"Minji Kim": [1]}),
        ("Minji Kim 김민지 Jun Lee", {"Minji Kim": [1], "김민지": [2], "Jun Lee": [7]}),
        ("Minji Kim Nobody Here", {"Minji Kim": [1], "Nobody Here": []}),
        ("Nobody Here", {"Nobody Here": []}),
    ],
)
def test_several_names_on_one_line_are_told_apart(line: str, values: dict[str, list[int]]) -> None:
    assert lists.searched(shop(), Search(SearchKey.RECIPIENT, (line,))) == values


def test_of_a_name_with_too_many_shipments_the_last_ones_are_found_and_no_other_name_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recipients, "MOST_FOUND", 2)
    names = ("Jun Lee", "Minji Kim", "Minji Kim", "Minji Kim", "Minji Kimura", "Minji Kimura", "Minji Kimura")
    store = a_store(*(a_shipment(f"S-{n}", address=replace(ADDRESS, recipient=name)) for n, name in enumerate(names, 1)))
    found = recipients.found(store, ["Minji Kim", "Jun Lee", "Kimu"])
    assert {text: sorted(ids) for text, ids in found.items()} == {"Minji Kim": [3, 4], "Jun Lee": [1], "Kimu": [6, 7]}
    assert lists.cut_short(found) == {"Minji Kim": 2, "Kimu": 2}


def test_a_part_of_a_name_that_was_not_looked_for_is_not_called_unknown() -> None:
    parts = [f"Nobody {n}" for n in range(recipients.MOST_IN_PARTS)]
    found = recipients.found(shop(), [*parts, "Jun Lee", "Kimu"])
    assert lists.cut_short(found) == {"Kimu": 0}


def test_a_thousand_names_are_asked_at_once() -> None:
    names = [f"Person {n}" for n in range(1000)]
    answers = recipients.found(shop(), [*names, "Jun Lee"])
    assert answers["Jun Lee"] == [7] and not any(answers[name] for name in names)


def test_a_changed_recipient_is_found_by_the_new_name_only() -> None:
    store = shop()
    actions.edit_address(store, "S-1", replace(ADDRESS, recipient="Sora Han", phone="1"), home="KR", request=Request(HANA, NOW))
    answers = recipients.found(store, ["Sora Han", "Minji Kim", "5678"])
    assert (answers["Sora Han"], answers["Minji Kim"], sorted(answers["5678"])) == ([1], [], [2, 6])


@pytest.mark.about_files("a file of an older version")
def test_an_older_database_is_filled_as_new_shipments_are() -> None:
    people = [*PEOPLE, ("Séan Ó", "n/a"), ("박 서준 (B동)", "02)123-4567"), ("ＡＢＣ　店", "０１０"), ("ẞ", "٣"), ("", "")]
    store = a_store(
        *(a_shipment(f"S-{n}", address=replace(ADDRESS, recipient=name, phone=phone)) for n, (name, phone) in enumerate(people))
    )
    before = store.rows("SELECT shipment_id, recipient_key FROM shipment ORDER BY shipment_id")
    store.write(lambda connection: connection.execute("UPDATE shipment SET recipient_key = ''") and None)
    store.write(lambda connection: fill(connection, 6))
    assert store.rows("SELECT shipment_id, recipient_key FROM shipment ORDER BY shipment_id") == before


def test_recipients_of_a_database_that_did_not_know_this_search_are_found(tmp_path: Path) -> None:
    older, path = tmp_path / "schema", tmp_path / "shop.duckdb"
    older.mkdir()
    for step in sorted(database.SCHEMA.glob("00[123]_*.sql")):
        shutil.copy(step, older)
    store = Store.open(path, threads=1, schema=older)
    row = shipments.row_of(a_shipment(address=replace(ADDRESS, recipient="ﾔﾏﾀﾞ ﾊﾅｺ", phone="010-2222-5678")))
    known = store.read("SELECT * FROM shipment").schema.names
    row = {name: value for name, value in row.items() if name in known}
    names = ", ".join(row)
    places = ", ".join(f"${name}" for name in row)
    store.write(lambda connection: connection.execute(f"INSERT INTO shipment ({names}) VALUES ({places})", row) and None)
    keys = "INSERT INTO search_key VALUES ('shipment_no', 'S1', 1), ('order_no', 'O\u2212S1', 1)"
    store.write(lambda connection: connection.execute(keys) and None)
    store.close()
    store = opened(Store.open(path, threads=1))
    assert recipients.found(store, ["やまだ", "5678"]) == {"やまだ": [1], "5678": [1]}
    assert lists.search(store, SearchKey.ORDER_NO, ["O-S-1"]) == {"O-S-1": [1]}
    add(store, a_shipment("S-2"))
    assert recipients.found(store, ["Ada Kim"]) == {"Ada Kim": [2]}
