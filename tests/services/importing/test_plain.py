"""What is read by columns is what is read line by line: the same values, the same findings, whatever stands in the cells."""

import csv
import io
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.config import ROOT
from core.domain.invoice_number import check, complete, settled
from core.domain.recipients import recipient_key
from core.domain.shop_numbers import search_form
from core.domain.texts import cleaned
from core.files.spool import Spool
from core.services import importing
from core.services.importing import COLUMNS, ColumnMapping, parse_mapping
from core.services.importing.cells import CellMoment, CellReader
from core.services.importing.columns import Form
from core.services.importing.drafting import Keeping, draft_file
from core.services.importing.drafts import FilePart, Findings, Terms, draft
from core.services.importing.pieces import grouped
from core.services.importing.plain import EPOCH, PLAIN_LETTERS, local_days, read_plain
from core.services.importing.rows import CellWriting
from core.services.importing.shaping import Lines, PlainShipments, of_drafts
from core.services.importing.words import ColumnReader
from core.store.forms import recipient_keys, search_forms
from tests.builders import NOW, RULES, SEOUL

ZONES = ("Asia/Seoul", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe")
_CHARACTERS = st.sampled_from(" \t\n-+.,:/#='\"\\TZEe0123456789aB가あ中éﾃＡ１　\u00a0\u200b\ufeff\ufffd\u0301ー－")
_TEXTS = st.text(_CHARACTERS, max_size=12)
_MOMENTS = st.from_regex(r"\A(19|20)\d\d-[01]\d-[0-3]\d([T ][0-2]\d:[0-6]\d(:[0-6]\d)?(Z|[+-][0-2]\d:[0-6]\d)?)?\Z")
_FORMS = {column.form: name for name, column in COLUMNS.items()}


@pytest.mark.parametrize("form", [Form.NUMBER, Form.INVOICE_NO, Form.TEXT, Form.LINES, Form.MOMENT, Form.DATE])
@given(texts=st.lists(_TEXTS | _MOMENTS | st.text(max_size=6), max_size=20), zone=st.sampled_from(ZONES))
@example(
    texts=["2026-02-29", "2026-03-29T02:30:00", "2026-11-01 02:30", "2026-11-23T10:00:00+25:00", "1969-12-31"], zone=ZONES[1]
)
@example(texts=["x" * 300, "A  B", "#N/A", "=1", "1.0", "1E+5", "e+", "+82", "a\u0301", "2026-11-23T24:00:00"], zone=ZONES[0])
def test_a_plain_text_means_what_it_means_by_itself(form: Form, texts: list[str], zone: str) -> None:
    name = _FORMS[form]
    found = read_plain(form, pa.array(texts, pa.string()), COLUMNS[name].longest, ZoneInfo(zone))
    parse, writing = CellReader(ColumnMapping(), ZoneInfo(zone), RULES).parser(name), CellWriting(COLUMNS[name].is_number)
    for text, value, plain in zip(texts, found.values.to_pylist(), found.plain, strict=True):
        if plain:
            alone = parse(text)
            if isinstance(alone, CellMoment):
                assert not alone.whole_day
                alone = (alone.at - EPOCH) // timedelta(microseconds=1)
            assert (writing.understood(text), value) == (text, alone)


def test_plain_letters_are_seen_and_stand_for_themselves() -> None:
    ranges = [PLAIN_LETTERS[at] + PLAIN_LETTERS[at + 2] for at, mark in enumerate(PLAIN_LETTERS[1:]) if mark == "-"]
    letters = [chr(code) for first, last in ranges for code in range(ord(first), ord(last) + 1)]
    assert len(letters) > 30_000
    assert [one for one in letters if cleaned(one) != one or one.split() != [one]] == []


@given(moments=st.lists(st.datetimes(NOW.replace(year=1990, tzinfo=None), NOW.replace(tzinfo=None)), max_size=20))
@pytest.mark.parametrize("zone", ZONES)
def test_days_of_many_moments_are_the_days_of_each(zone: str, moments: list[Any]) -> None:
    aware = [moment.replace(tzinfo=NOW.tzinfo) for moment in moments]
    given_as = np.array([(moment - EPOCH) // timedelta(microseconds=1) for moment in aware], np.int64)
    expected = [(moment.astimezone(ZoneInfo(zone)).date() - EPOCH.date()).days for moment in aware]
    assert local_days(given_as, ZoneInfo(zone)).tolist() == expected


@given(texts=st.lists(_TEXTS, max_size=20), others=st.lists(_TEXTS, min_size=20, max_size=20))
def test_search_forms_of_a_column_are_those_of_each_text(texts: list[str], others: list[str]) -> None:
    others = others[: len(texts)]
    given_as, beside = pa.array(texts, pa.string()), pa.array(others, pa.string())
    assert search_forms(given_as).to_pylist() == list(map(search_form, texts))
    assert recipient_keys(given_as, beside).to_pylist() == list(map(recipient_key, texts, others))


@given(number=st.text("0123456789ABCDKRZ", max_size=22) | st.from_regex(r"\A(\d)\1{3,}\d?\Z"))
@example("123456789012")
@example("EE123456785KR")
@example("01012345678")
@example("A1234567890B")
def test_a_number_that_is_settled_is_one_that_the_whole_check_takes(number: str) -> None:
    for code, carrier in RULES.carriers.items():
        if one_form := settled(number, carrier, RULES.countries):
            checked = check(code, number, RULES)
            assert (checked.level, checked.fault, checked.cleaned, checked.canonical) == ("ok", None, number, one_form)


def test_good_numbers_of_most_companies_are_settled_at_once() -> None:
    assert settled(complete(RULES.carriers["cj"], "63297661549"), RULES.carriers["cj"], RULES.countries) == "632976615493"
    assert settled("EE123456785KR", RULES.carriers["ems"], RULES.countries) == "EE123456785KR"
    assert settled("632976615494", RULES.carriers["cj"], RULES.countries) == ""


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_a_file_by_columns_is_the_same_as_line_by_line(seed: int) -> None:
    random = Random(seed)
    file, mapping = _file(random)
    source = importing.read(file, "shipments.csv")
    terms = Terms(mapping, RULES, ZoneInfo(random.choice(ZONES)), NOW)
    with closing(Spool()) as spool:
        drafted = draft_file(source, terms, Keeping(spool, np.array([], np.int64)))
        kept = list(spool)
    found, reader = Findings(source.rows), ColumnReader(source, CellReader(mapping, terms.zone, RULES))
    rows = np.arange(len(source))
    made = draft(FilePart(reader.part(rows), rows.tolist(), reader.decimals, found), terms)
    groups = drafted.groups.of_rows[[place for _, place in made]].tolist()
    by_line = of_drafts([one for one, _ in made], groups, [place for _, place in made])
    tables = list(zip(*kept, strict=True)) or [(by_line.shipments.slice(0, 0),), (by_line.items.slice(0, 0),)]
    for pieces, whole, order in zip(tables, (by_line.shipments, by_line.items), ("place", "line"), strict=True):
        keys = [("group", "ascending"), (order, "ascending")]
        assert pa.concat_tables(pieces).sort_by(keys).to_pylist() == whole.sort_by(keys).to_pylist()
    assert drafted.refused == found.all_refused()
    assert drafted.left_empty == tuple(sorted(found.left_empty, key=lambda one: one.place))
    warned = [one for one in drafted.warnings if one.field not in ("promised_on", "ship_by")]  # doubts are of the whole column
    assert warned == sorted(found.warnings, key=lambda one: one.place)


def test_most_of_an_ordinary_file_is_put_together_by_columns() -> None:
    source = importing.read(ROOT / "data" / "sample_shipments.csv")
    mapping = importing.own_columns(source.headers)
    reader, rows = ColumnReader(source, CellReader(mapping, SEOUL, RULES)), np.arange(len(source))
    columns = {name: reader.read(name, rows) for name in mapping.mapped}
    shipments = PlainShipments(
        Lines(rows, grouped(reader, lambda share: None).of_rows, reader.broken(rows)),
        columns,
        Terms(mapping, RULES, SEOUL, NOW),
    )
    assert len(shipments.groups) == 9
    assert shipments.odd.sum() <= 1


def _file(random: Random) -> tuple[bytes, ColumnMapping]:
    """A file as shops might write it at their worst, some of it in order, and how it is read."""
    names = [name for name, column in COLUMNS.items() if column.required or random.random() < 0.85]
    random.shuffle(names)
    oddness = random.choice((0, 0.05, 0.3))
    rows = [_row(random, number, oddness) for number in range(random.randrange(1, 15))]
    rows += [_line(random, random.choice(rows), oddness) for _ in range(random.randrange(10))]
    random.shuffle(rows)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*names, "beside"])
    writer.writerows([*(row[name] for name in names), random.choice(("", "2026-11-09"))] for row in rows)
    if oddness and random.random() < 0.3:
        writer.writerow([*(rows[0][name] for name in names), "", "more than the header has"])
    columns = "\n".join(f'{name} = "{name}"' for name in names)
    return text.getvalue().encode(), parse_mapping(f"[columns]\n{columns}\n" + "\n".join(_mapped(random)))


def _mapped(random: Random) -> list[str]:
    sections = (
        '[lenient]\ncolumns = ["weight_kg", "delivered_at", "first_attempt_at", "promised_on", "kind"]',
        '[blank]\nwords = ["n/a", "-", "Door"]',
        '[formats]\ndates = ["%d.%m.%Y %H:%M"]\nzone = "Europe/Berlin"',
        '[assumed]\nreleased_at = "beside"',
        '[defaults]\nkind = "exchange"\nwarehouse = "Gimpo"',
        '[values.kind]\n"odd" = "standard"\n"standard" = "exchange"',
        '[lines]\nsum = ["weight_kg"]\nfirst = ["ordered_at"]\nlast = ["delivered_at"]',
    )
    return [section for section in sections if random.random() < 0.2]


def _row(random: Random, number: int, oddness: float) -> dict[str, str]:
    at, moments = NOW.replace(day=1) + timedelta(minutes=random.randrange(10_000)), list[str]()
    for _ in range(6):
        moments.append(random.choice(("", _moment(random, at))) if moments else _moment(random, at))
        at += timedelta(minutes=random.randrange(-300 if random.random() < oddness else 0, 2000))
    told = dict(
        zip(
            ("ordered_at", "released_at", "invoiced_at", "picked_up_at", "first_attempt_at", "delivered_at"),
            moments,
            strict=True,
        )
    )
    abroad = random.random() < 0.2
    numbers = ("", complete(RULES.carriers["cj"], f"6{number:03d}{random.randrange(10**7):07d}"))
    return {
        **dict.fromkeys(COLUMNS, ""),
        **{name: _text(random, oddness) for name in ("policy", "option", "request", "recipient", "address", "region", "product_option")},
        **told,
        **_line(random, {}, oddness),
        "shipment_no": _odd(random, oddness, f"S-{number:03d}", ("", f'="S-{number:03d}"', f"Ｓ－{number:03d}")),
        "order_no": _odd(random, oddness, f"O-{number}", ("", "1.23E+11", "12.0", "Ｏ１")),
        "kind": _odd(random, oddness, "standard", ("교환", "odd")),
        "promised_on": _odd(random, oddness, "2026-11-20", ("2026-02-29", "20/11/2026")),
        "ship_by": random.choice(("2026-11-19", "")),
        "warehouse": random.choice(("Icheon", "n/a", "")),
        "weight_kg": _odd(random, oddness, random.choice(("1", "1.250", "")), ("-1", "1,5", "1e2")),
        "freight": _odd(random, oddness, random.choice(("3000", "3,000.50", "")), ("x", "0.005")),
        "currency": _odd(random, oddness, "KRW", ("usd", "kr")),
        "phone": _odd(random, oddness, "010-1234-5678", ("+82-10-1", "０１０-1", "(02) 123")),
        "city": "Seoul",
        "postal_code": _odd(random, oddness, "04524", ("4524.0", "1" * 45)),
        "country": _odd(random, oddness, "JP" if abroad else "KR", ("Korea", "Atlantis")),
        "carrier": (carrier := random.choice(("cj", "CJ대한통운", ""))),
        "invoice_no": _odd(random, oddness, random.choice(numbers) if carrier else "", ("123456789012", "TEST", f"A{number}", "632976615494")),
    }  # fmt: skip


def _line(random: Random, of: dict[str, str], oddness: float) -> dict[str, str]:
    """Another line of the shipment."""
    product = {
        "product_id": random.choice(("P-1", "P-2", "")),
        "product_name": random.choice(("Mug", "Linen shirt, Red", "")),
        "product_option": random.choice(("", "Red")),
        "quantity": _odd(random, oddness, random.choice(("1", "2", "")), ("0", "１")),
    }
    left_empty = {name: "" for name in of if name not in ("shipment_no", "order_no") and random.random() < 0.1}
    return {**of, **left_empty, **product} if of else product


def _moment(random: Random, at: datetime) -> str:
    return random.choice(
        (
            f"{at:%Y-%m-%dT%H:%M:%S+09:00}",
            f"{at:%Y-%m-%dT%H:%M:%SZ}",
            f"{at:%Y-%m-%d %H:%M}",
            f"{at:%Y-%m-%d}",
            f"{at:%d.%m.%Y %H:%M}",
        )
        if random.random() < 0.3
        else (f"{at:%Y-%m-%dT%H:%M:%S+09:00}",)
    )


def _text(random: Random, oddness: float) -> str:
    odd = ("#N/A", "####", "a\u200bb", "A\ufffdB", '="x"', "two\nlines", "n/a", "Ada  Kim", "x" * 3000)
    return _odd(random, oddness, random.choice(("김하나", "Ada Kim", "Zoë Ünal", "あいこ", 'O\'Neil "Q" \\', "Door", "")), odd)


def _odd(random: Random, oddness: float, usual: str, others: Sequence[str]) -> str:
    return random.choice(others) if random.random() < oddness / 2 else usual
