"""The order files of shops and marketplaces are known, and come in whole without a mapping."""

import zlib
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis.strategies import randoms

from core.files.order_layouts import recognised
from tests.services.importing.order_files import a_csv, a_workbook, imported, read
from tests.services.importing.order_samples import SAMPLES, Sample

each = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


@each
def test_a_source_is_known_and_its_order_read_whole(sample: Sample) -> None:
    report = imported(a_csv([sample.row])).as_json()
    assert report["layout"] == sample.layout
    assert (report["refused"], report["left_empty"], report["warnings"], report["left_out"]) == ([], [], [], [])
    assert report["read"] == [sample.read]


RARE = {"山田太郎": "山﨑髙太郎㈱", "홍길동": "홍똠방각하"}


@each
@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [
        ("utf-8", ";"),
        ("utf-8-sig", ","),
        ("utf-8-sig", "\t"),
        ("utf-16", "\t"),
        ("utf-16", ","),
        ("cp949", ","),
        ("cp932", ","),
    ],
)
def test_in_whatever_characters_a_file_is_written(sample: Sample, encoding: str, delimiter: str) -> None:
    row = {head: RARE.get(text, text) for head, text in sample.row.items()}
    try:
        file = a_csv([row], encoding, delimiter)
    except UnicodeEncodeError:
        return
    assert read(file) == [{name: RARE.get(text, text) for name, text in sample.read.items()}]


@each
def test_as_a_workbook_with_rows_above_the_heads(sample: Sample) -> None:
    above = [("다운로드 받은 파일로 처리하는 방법 / お知らせ / How to use this file",), (), ("", "2026-11-30", "3")]
    assert read(a_workbook([sample.row], sample.sheet, above)) == [sample.read]
    assert read(a_csv([sample.row], above=[("Notice: keep this file",), (), ("as of", "2026-11-30")])) == [sample.read]


@each
def test_heads_in_any_order_some_missing_and_unknown_ones_beside_them(sample: Sample) -> None:
    heads = list(sample.row)
    mixed = sorted(heads, key=lambda head: zlib.crc32(head.encode()))
    row = {"메모 memo メモ": "x", **{head: sample.row[head] for head in mixed}, "Zzz": "y"}
    report = imported(a_csv([row])).as_json()
    assert (report["layout"], report["read"]) == (sample.layout, [sample.read])
    assert {"메모 memo メモ", "Zzz"} <= set(report["unused"])
    # Columns that nothing was read of may be missing.
    used = [head for head in heads if head not in report["unused"] and sample.row[head]]
    assert read(a_csv([{head: row[head] for head in used}])) == [sample.read]


@each
def test_what_is_listed_as_not_used_says_nothing(sample: Sample) -> None:
    unused = dict.fromkeys(imported(a_csv([sample.row])).unused, "something else")
    assert len(unused) < len(sample.row)
    assert read(a_csv([sample.row | unused])) == [sample.read]


@each
@settings(max_examples=60)
@given(seed=randoms(use_true_random=False))
def test_half_of_its_columns_are_never_taken_for_another_source(sample: Sample, seed: Random) -> None:
    heads = seed.sample(sorted(sample.row), max(2, len(sample.row) // 2))
    found = recognised(heads)
    assert found is None or found.name == sample.layout
