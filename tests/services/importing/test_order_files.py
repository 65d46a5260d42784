"""The order files of shops and marketplaces are known, and come in whole without a mapping."""

import zlib
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis.strategies import randoms
from openpyxl import Workbook

from core.files.order_layouts import OWN, recognised
from core.services.importing.reasons import RowFinding
from tests.services.importing.order_files import a_csv, a_workbook, imported, read
from tests.services.importing.order_samples import NAVER, SAMPLES, Sample
from tests.workbook_builders import saved

each = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
OFTEN = ("naver", "rakuten", "shopify", "own")
MORE = pytest.mark.long("Korean, Japanese and English orders are read; how a file is written is no part of its source")
of_some = pytest.mark.parametrize(
    "sample", [pytest.param(one, marks=() if one.name in OFTEN else MORE) for one in SAMPLES], ids=lambda sample: sample.name
)


@each
def test_a_source_is_known_and_its_order_read_whole(sample: Sample) -> None:
    report = imported(a_csv([sample.row]))
    assert report.layout == sample.layout
    assert (report.refused, report.left_empty, report.left_out) == ((), (), ())
    assert {finding.whys[0].reason for finding in report.warnings} <= {RowFinding.CANNOT_GO_BACK}
    assert report.as_json()["read"] == [sample.read]


RARE = {"山田太郎": "山﨑髙太郎㈱", "홍길동": "홍똠방각하"}


@of_some
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


def _in_jis(text: str) -> str:
    return "".join(letter for letter in text if letter not in "㈱髙﨑")


@of_some
@pytest.mark.parametrize("encoding", ["euc_jp", "iso2022_jp"])
def test_japanese_of_older_systems_is_read_in_its_characters(sample: Sample, encoding: str) -> None:
    if not any("\u3041" <= letter <= "\u30ff" for letter in "".join(sample.row)):
        return
    row, line = ({name: _in_jis(text) for name, text in one.items()} for one in (sample.row, sample.read))
    assert read(a_csv([row], encoding)) == [line]


@of_some
def test_what_has_excel_keep_a_cell_as_a_text_is_no_part_of_it(sample: Sample) -> None:
    def written(form: str) -> bytes:
        return a_csv([{head: form.format(text) if text.isdecimal() else text for head, text in sample.row.items()}])

    assert read(written('="{}"')) == [sample.read]
    if sample.layout != OWN:
        assert read(written("'{}")) == [sample.read]


@of_some
def test_stars_beside_heads_only_say_that_they_must_be_filled(sample: Sample) -> None:
    assert read(a_csv([{f"*{head}": text for head, text in sample.row.items()}])) == [sample.read]
    assert read(a_csv([{f"{head} *": text for head, text in sample.row.items()}])) == [sample.read]


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
@settings(max_examples=20)
@given(seed=randoms(use_true_random=False))
def test_half_of_its_columns_are_never_taken_for_another_source(sample: Sample, seed: Random) -> None:
    heads = seed.sample(sorted(sample.row), max(2, len(sample.row) // 2))
    found = recognised(heads)
    assert found is None or found.name == sample.layout


NO_ORDERS = {
    "Yamato": "お客様管理番号,送り状種類,クール区分,伝票番号,出荷予定日,お届け予定日,配達時間帯,お届け先電話番号,お届け先郵便番号,お届け先住所,お届け先名",
    "Sagawa": "お問い合せ送り状No.,出荷日,お届け先電話番号,お届け先郵便番号,お届け先住所１,お届け先名称１,お客様管理ナンバー,出荷個数",
    "Logen": "번호,수하인명,수하인전화,수하인핸드폰,수하인우편번호,수하인주소1,물품명,수량,운임구분,운송장번호,주문번호",
    "Korea Post": "받는분,받는분 우편번호,받는분 주소,받는분 전화번호,등기번호,접수일자,내용품명",
    "CJ": "예약구분,집하예정일,받는분,받는분전화번호,받는분주소,운송장번호,고객주문번호,품목명,박스수량",
    "invoices": "Shipment No.,Shipping company,Invoice No.",
    "invoices with orders": "Shipment No.,Order No.,Shipping company,Invoice No.,Recipient",
    "back to Naver": "상품주문번호,배송방법,택배사,송장번호",
    "back to Cafe24": "주문번호,배송지번호,PP코드,배송업체,송장번호",
    "back to Amazon": "order-id,order-item-id,quantity,ship-date,carrier-code,carrier-name,tracking-number,ship-method",
    "back to Rakuten": "注文番号,送付先ID,発送明細ID,お荷物伝票番号,配送会社,発送日",
    "back to NextEngine": "伝票番号,発送伝票番号,出荷予定日",
    "any table": "Name,Address,City,State,Country,Phone,Email,Date,Status,Quantity,SKU",
    "a list of customers": "First Name,Last Name,Email,Company,Address1,Address2,City,Province,Country,Zip,Phone,Total Spent,Total Orders,Tags",
}


@pytest.mark.parametrize("heads", NO_ORDERS.values(), ids=NO_ORDERS)
def test_lists_of_carriers_and_files_that_go_back_are_no_orders(heads: str) -> None:
    assert recognised(heads.split(",")) is None
    seeds = [Random(seed) for seed in range(40)]
    assert not any(recognised(seed.sample(heads.split(","), len(heads.split(",")) // 2)) for seed in seeds)


def of_sheets(**sheets: list[list[str]]) -> bytes:
    book = Workbook()
    book.active.append(["안내", "작성 방법"])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for cells in rows:
            sheet.append([None if cell == "" else cell for cell in cells])
    return saved(book)


def test_the_sheet_with_the_orders_is_found_among_others() -> None:
    orders = [list(NAVER.row), list(NAVER.row.values())]
    assert read(of_sheets(배송현황=[["주문번호", "배송상태"], ["1", "배송중"]], 발주발송관리=orders)) == [NAVER.read]
    assert read(of_sheets(반품=orders, 발주발송관리=orders)) == [NAVER.read]
    assert imported(of_sheets(하나=orders, 둘=orders)).verdict == "refused"


def test_a_person_may_say_whose_orders_they_are() -> None:
    bare = {head: NAVER.row[head] for head in ("주문번호", "주문일시", "수취인명", "우편번호", "상품명", "수량")}
    assert imported(a_csv([bare])).layout == ""
    report = imported(a_csv([bare]), layout="naver").as_json()
    assert (report["layout"], report["new"], report["read"][0]["shipment_no"]) == ("naver", 1, "2026112890000011")


def test_a_column_that_stands_there_twice_is_taken_where_both_say_the_same() -> None:
    heads, cells = [*NAVER.row, "수취인명"], [*NAVER.row.values()]
    lines = [",".join(f'"{cell}"' for cell in row) for row in (heads, [*cells, "홍길동"])]
    assert read("\n".join(lines).encode()) == [NAVER.read]
    lines[1] = ",".join(f'"{cell}"' for cell in [*cells, "김철수"])
    report = imported("\n".join(lines).encode())
    assert (report.verdict, "수취인명" in report.message) == ("refused", True)


@pytest.mark.long("files of a few lines are read the same way; `tests.bench` times large imports")
def test_fifty_thousand_lines_are_read() -> None:
    def row(line: int) -> dict[str, str]:
        order = str(2026112890000000 + line // 2)
        said = {"상품주문번호": str(2026112810000000 + line), "주문번호": order, "배송비 묶음번호": order}
        return NAVER.row | said | {"주문일시": f"2026.11.{1 + line // 2 % 27:02} {line // 2 % 24:02}:{line // 2 % 60:02}"}

    file = a_csv([row(line) for line in range(50_000)])
    report = imported(file)
    assert (report.new, report.refused, report.warnings) == (25_000, (), ())


@pytest.mark.parametrize("file", [b"", b"no table", a_csv([dict.fromkeys(NO_ORDERS["Yamato"].split(","), "1")])])
def test_a_dry_run_tells_what_was_read_of_every_file(file: bytes) -> None:
    report = imported(file).as_json()
    assert (report["verdict"], report["read"], report["left_out"]) == ("refused", [], [])
