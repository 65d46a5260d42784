"""Lists of numbers as shipping companies' own programs give them back: which column is what, and which program wrote it.

Only what stands in such lists beside the headers of `core.files.headers` is named here. A list has a number and something to know the
recipient by: a name, a phone, an address or the shop's own number.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from unicodedata import normalize

from core.domain.errors import Refused
from core.domain.reasons import Reason
from core.files import read as reading
from core.files import refusals
from core.files.choosing import read_sheet
from core.files.headers import COLUMN_OF, UNIT_OF, header_key
from core.files.limits import HEADER_WITHIN, LARGEST, MOST_ROWS
from core.files.order_layouts import recognised
from core.files.refusals import ReadFault, Unreadable
from core.files.source import Source
from core.files.xlsx.sheet import INVOICE_FIELDS, Sheet


class ListFault(Reason):
    """Why a text is no list of numbers."""

    NOT_SEPARATED = (
        "not_separated",
        "The text is not separated into columns. Save it with tabs or commas between them, or as Excel Workbook (.xlsx).",
    )
    ORDERS = (
        "orders",
        "These are orders of {title}, and no number is in them yet. Import them on the Data page, or with python -m core import.",
    )
    NO_LIST = (
        "no_list",
        "The file is CSV text, and no list of numbers of a shipping company: such a list has a column with the number, such as "
        "운송장번호, 伝票番号 or Tracking number, and columns with the recipient, the phone, the address or the order. "
        "With our Shipment No., fill the sample file (.xlsx): CSV loses leading zeros and long numbers.",
    )


WORDS: Mapping[str, str] = {
    "invoice_no": "발송장번호, 택배운송장번호, 배송운송장번호, 운송장 번호(택배), 発送伝票番号, お荷物伝票番号, 送り状ナンバー, お問い合せ送り状no, "
    "お問い合せ送り状番号, お問合せ送り状no, お問合せ送り状番号, お問い合わせ送り状no, お問い合せ番号, お問い合せno, 配送伝票番号, "
    "tracking numbers, parcel number, parcel no, consignment number, consignment no, shipment tracking number",
    "order_no": "고객주문번호, 거래처주문번호, 주문 no, 고객사주문번호, 쇼핑몰주문번호, 관리번호, 고객관리번호, 자체관리번호, お客様管理番号, お客様側管理番号, "
    "お客様管理no, 管理番号, 出荷管理番号, 受注no, 注文no, 注文id, reference, reference no, reference number, reference 1, "
    "customer reference, customer ref, shipper reference, your reference, order reference, order ref, po number",
    "recipient": "수하인, 수하인명, 수하인성명, 수하인이름, 수하인 성함, 받는분성명, 받는분이름, 받는분명, 받는분성함, 받는분 성명(업체명), 받는사람이름, "
    "받는사람성명, 받는사람명, 수령자, 수령자명, 수령인명, 수령인이름, 수취인이름, 수취인성명, 수취자, 수취자명, 수취고객명, 배송받는분, "
    "お届け先名称, お届け先氏名, お届け先お名前, お届け先名前, お届け先名漢字, 届け先名, 届け先名称, 届先名, 配送先名, 配送先氏名, "
    "送付先名, 送付先氏名, 受取人氏名, 受取人, 荷受人, 荷受人名, 荷受人名称, 宛先名, 宛先, receiver name, receivers name, "
    "consignee name, recipient full name, ship to, shipto name, deliver to, delivery name, addressee, to name",
    "name": "성명, 이름, 성함, 고객명, 고객 성명, 氏名, お名前, 名前, 顧客名, name, full name, customer, customer name, contact name",
    "more_name": "받는분회사명, 수하인회사명, 수취인회사명, お届け先会社・部門, お届け先会社, お届け先部門, お届け先法人名, company name, "
    "recipient company, consignee company, receiver company",
    "phone": "수하인전화, 수하인전화번호, 수하인휴대폰, 수하인휴대전화, 수하인휴대폰번호, 수하인핸드폰, 수하인연락처, 수하인기타연락처, 받는분전화, 받는분전화번호, "
    "받는분휴대폰, 받는분휴대전화, 받는분핸드폰, 받는분연락처, 받는분기타연락처, 받는분이동통신, 받는사람전화번호, 받는사람연락처, 받는사람휴대폰, "
    "수령인연락처, 수령인전화번호, 수령인휴대폰, 수령인휴대전화, 수령자연락처, 수령자전화번호, 수취인전화, 수취인휴대폰, 수취인휴대전화, "
    "수취인핸드폰, 수취인기타연락처, 휴대전화, 휴대전화번호, 휴대폰번호, 핸드폰, 핸드폰번호, 전화, 고객전화번호, 연락처번호, "
    "お届け先電話, お届け先tel, お届け先携帯電話番号, お届け先携帯番号, 届け先電話番号, 届け先電話, 届先電話番号, 配送先電話番号, "
    "送付先電話番号, 受取人電話番号, 荷受人電話番号, 宛先電話番号, 電話, 携帯電話, 携帯電話番号, tel, tel no, phone no, mobile number, "
    "mobile no, mobile phone, cell, cell phone, contact, contact no, contact number, contact phone, receiver phone, receiver mobile, "
    "receiver tel, receiver phone number, consignee phone, consignee tel, consignee mobile, consignee telephone, "
    "recipient mobile, recipient tel, recipient phone number, ship to phone, delivery phone, to phone",
    "whole_address": "받는분주소(전체), 받는분 총주소, 받는분전체주소, 수하인주소(전체), 수하인전체주소, 수취인주소(전체), full address",
    "address": "수하인주소, 수하인상세주소, 수하인기본주소, 수하인 주소지, 받는분주소, 받는분상세주소, 받는분기본주소, 받는분기타주소, 받는사람주소, "
    "받는사람상세주소, 수령인주소, 수령인상세주소, 수령자주소, 수취인상세주소, 수취인기본주소, 배송지주소, 배송주소, 배달지주소, 배달주소, "
    "도착지주소, 상세주소, 기본주소, お届け先アパートマンション名, お届け先都道府県, お届け先市区町村, お届け先市区郡町村, お届け先町番地, "
    "お届け先丁目番地号, お届け先建物名, お届け先ビル名, 届け先住所, 届先住所, 配送先住所, 送付先住所, 受取人住所, 荷受人住所, 宛先住所, 建物名, "
    "receiver address, receivers address, consignee address, recipient address, delivery address, ship to address, "
    "destination address, to address, address line, ship to street, receiver street",
    "city": "recipient city, receiver city, consignee city, ship to city, delivery city, destination city, to city",
    "region": "recipient state, receiver state, consignee state, ship to state, delivery state, receiver province",
    "postal_code": "수하인우편번호, 받는분우편번호, 받는사람우편번호, 수령인우편번호, 수취인우편번호, 배송지우편번호, 배달지우편번호, お届け先郵便番号, "
    "届け先郵便番号, 届先郵便番号, 配送先郵便番号, 送付先郵便番号, 受取人郵便番号, 荷受人郵便番号, 宛先郵便番号, recipient postal code, "
    "recipient zip, receiver postal code, receiver zip, receiver postcode, consignee postal code, consignee zip, consignee postcode, "
    "ship to zip, ship to postal code, delivery postcode, postal, zip postal code",
    "ordered_on": "주문접수일, 주문날짜, 注文年月日",
    "dispatched_on": "집화일자, 집하일자, 집화일시, 집하일시, 집화일, 집하일, 발송일, 발송일자, 발송일시, 출고일, 출고일자, 접수일, 접수일자, 접수일시, 출하일, "
    "배송접수일, 出荷日, 発送日, 発送日時, 集荷日, 集荷日時, 引受日, 引受日時, 出荷年月日, 発送年月日, ship date, shipping date, "
    "shipment date, shipped date, shipped at, pickup date, pick up date, dispatch date, despatch date, dispatched at, date shipped",
    "weight_kg": "실중량, 중량 kg, 무게 kg, 실무게, 실측중량, actual weight, gross weight, weight kg, weight(kg), 実重量",
}
"""Headers of such lists by what they mean, with commas between them. A number behind one (수하인주소1) makes it one of several."""

PROGRAMS: Mapping[str, str] = {
    "yamato": "送り状種類, クール区分, お届け先アパートマンション名",
    "sagawa": "お問い合せ送り状no, お問い合せ送り状番号",
    "japan_post": "お客様側管理番号",
    "korea_post": "등기번호",
}
"""By shipping company the headers that only its own program writes."""

_FROM_HEADERS = {
    "shipment_no": "shipment_no", "order_no": "order_no", "recipient": "recipient", "phone": "phone", "address": "address", "city": "city",
    "region": "region", "postal_code": "postal_code", "ordered_at": "ordered_on", "weight_kg": "weight_kg", "carrier": "carrier",
    "invoice_no": "invoice_no",
}  # fmt: skip
_NEITHER = "shipper, 결제일, 결제일시, paid at, payment date, 入金日"
"""Headers of other files that mean something else here: a shipper is who sends."""
_LATE_NUMBERS = ("伝票番号, 伝票no, 荷物番号, 送り状", "invoice, invoice number, invoice no, invoice num, invoice id")
"""Headers that hold the number only where no better one does: a slip may be the desk's own, an invoice the shop's."""
_KNOWN_BY = ("recipient", "phone", "address", "order_no")


def _keys(texts: str) -> list[str]:
    return [header_key(text) for text in texts.split(",")]


_FIELD_OF: Mapping[str, str] = {
    **{key: _FROM_HEADERS[name] for key, name in COLUMN_OF.items() if name in _FROM_HEADERS and key not in _keys(_NEITHER)},
    **{key: name for name, texts in WORDS.items() for key in _keys(texts)},
}
_LATE = {key: rank for rank, texts in enumerate(_LATE_NUMBERS, 1) for key in _keys(texts)}
_PROGRAM_OF = {key: code for code, texts in PROGRAMS.items() for key in _keys(texts)}
_WRITTEN_IN = {"KR": re.compile("[가-힣]"), "JP": re.compile("[ぁ-ヿ一-鿿]")}
_NUMBERED = re.compile(r"\d{1,2}$")
_PARTS = re.compile(r"[\n\r/|()\[\]{}<>:]+")
_MAY_BE_A_LIST = (
    ReadFault.NO_HEADER, ReadFault.HEADER_MISSING, ReadFault.HEADER_DOUBLED, ReadFault.CSV, ReadFault.NO_SPREADSHEET
)  # fmt: skip
_FIXED_BLANKS = re.compile(rb"[ ]{2,}")


@dataclass(frozen=True)
class NumberList:
    """A list of numbers as it was read: by field the places of its columns, and which rows of the source say something.

    `program` is the company whose program wrote it, "" where any may have.
    """

    source: Source = field(repr=False)
    headers: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]
    places: tuple[int, ...] = field(repr=False)
    digest: str = ""

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def program(self) -> str:
        written = {_PROGRAM_OF[key] for header in self.headers if (key := header_key(header)) in _PROGRAM_OF}
        return written.pop() if len(written) == 1 else ""

    @property
    def country(self) -> str:
        """Where programs write the header of the number so, two letters; "" for anywhere."""
        header = self.headers[self.columns["invoice_no"][0]]
        return next((country for country, letters in _WRITTEN_IN.items() if letters.search(header)), "")

    @property
    def weight_unit(self) -> str:
        keys = [header_key(self.headers[place]) for place in self.columns.get("weight_kg", ())]
        return next((UNIT_OF[key] for key in keys if key in UNIT_OF), "kg")

    def cells(self, name: str, place: int) -> list[str]:
        """What stands in the columns of a field in the row at this place, blank ones left out."""
        cells = (self.source.columns[column][place].strip() for column in self.columns.get(name, ()))
        return [cell for cell in cells if cell]

    def faults(self, name: str) -> dict[int, str]:
        """By place of the row, why its cell of a field, or all of it, cannot be trusted."""
        found = dict(self.source.broken)
        for column in self.columns.get(name, ()):
            found = {**self.source.faults_of(column), **found}
        return found

    def repeats_headers(self, place: int) -> bool:
        """Whether the row is the header once more."""
        column = self.columns["invoice_no"][0]
        return header_key(self.source.columns[column][place]) == header_key(self.headers[column])


def read_invoices(data: bytes, name: str, waiting: Callable[[], None] | None = None) -> Sheet | NumberList:
    """The workbook with our three columns, or the list of numbers that the file is, of whatever kind.

    A file with our three columns is that workbook when every row has its Shipment No., or when nothing in it tells who receives. `waiting` is called
    while other files are read first. Raises Refused with one sentence for every file that is neither.
    """
    try:
        sheet = read_sheet(data, name, waiting)
    except Refused as refusal:
        cause = refusal.__cause__
        if not isinstance(cause, Unreadable) or cause.why not in _MAY_BE_A_LIST:
            raise
        if found := _list_instead(data, name, waiting, cause.why):
            return found
        raise
    if all(row.shipment_no.text.strip() or row.shipment_no.fault for row in sheet.rows):
        return sheet
    return _read_list(data, name, waiting) or sheet


def _list_instead(data: bytes, name: str, waiting: Callable[[], None] | None, why: ReadFault) -> NumberList | None:
    """The list that a file is which is no workbook with our columns; None where the reason why it is none says it best."""
    try:
        found = _read_list(data, name, waiting)
    except Refused as refusal:
        if why is ReadFault.NO_SPREADSHEET and refusal.reason is not ListFault.NOT_SEPARATED:
            return None
        raise
    if found is None and why is ReadFault.CSV:
        raise Refused(ListFault.NO_LIST())
    return found


def columns_of(headers: Sequence[str]) -> Mapping[str, tuple[int, ...]] | None:
    """By field the places of the columns that hold it; None when the headers are not those of a list of numbers."""
    found: dict[str, list[int]] = {}
    ranks: dict[int, int] = {}
    for place, header in enumerate(headers):
        if name := _field(header):
            found.setdefault(name, []).append(place)
            ranks[place] = _LATE.get(header_key(header), 0)
    numbers = sorted(found.get("invoice_no", ()), key=lambda place: (ranks[place], place))
    names = found.pop("name", [])
    if not found.get("recipient") and names:
        found["recipient"] = names[:1]
    if whole := found.pop("whole_address", []):
        found["address"] = whole
    if slips := [place for place in numbers[1:] if ranks[place]]:
        found["order_no"] = [*found.get("order_no", ()), *slips]
    first, *more = found.get("recipient") or [-1]
    if more:
        found["recipient"], found["more_name"] = [first], [*more, *found.get("more_name", [])]
    if (
        not numbers
        or not any(name in found for name in _KNOWN_BY)
        or set(INVOICE_FIELDS) >= found.keys() - {"order_no"} >= {"shipment_no"}
    ):
        return None
    return {name: tuple(places) for name, places in {**found, "invoice_no": numbers[:1]}.items()}


def _field(header: str) -> str:
    """What a header means here, also with a number behind it or in two languages; "" for something else."""
    if len(header) > 100:
        return ""
    key = header_key(header)
    if name := _FIELD_OF.get(key) or _FIELD_OF.get(_NUMBERED.sub("", key)):
        return name
    parts = [_FIELD_OF.get(header_key(part), "") for part in _PARTS.split(normalize("NFKC", header)) if header_key(part)]
    return parts[0] if parts and set(parts) == {parts[0]} else ""


def _read_list(data: bytes, name: str, waiting: Callable[[], None] | None) -> NumberList | None:
    """The list in the file; None where it is none. Orders of a source without a number are no rows of it.

    Raises Refused for one that is not separated, or has more rows than an upload takes.
    """
    if len(data) > LARGEST:
        raise Refused(refusals.of_upload(Unreadable(ReadFault.TOO_BIG)))
    source = reading.read(data, name, waiting=waiting)
    found = _found(source, data)
    if found is None and len(source.headers) == 1 and columns_of(source.headers[0].split()):
        cut = _cut_at_blanks(data)
        found = _found(reading.read(cut, name, waiting=waiting), data) if cut else None
        if found is None:
            raise Refused(ListFault.NOT_SEPARATED())
    if found is None:
        return None
    layout = recognised(source.headers)
    if layout and layout.marks:
        faulty = found.faults("invoice_no")
        found = replace(found, places=tuple(at for at in found.places if at in faulty or found.cells("invoice_no", at)))
        if not found.places:
            raise Refused(ListFault.ORDERS(title=layout.title))
    if not found.places:
        raise Refused(refusals.of_upload(Unreadable(ReadFault.HEADER_ONLY)))
    if len(found.places) > MOST_ROWS:
        raise Refused(refusals.of_upload(Unreadable(ReadFault.TOO_MANY_DATA_ROWS, count=len(found.places))))
    return found


def _found(source: Source, data: bytes) -> NumberList | None:
    """The rows below the first one that has the headers of a list; None when none has."""
    for first in range(min(HEADER_WITHIN, len(source) + 1)):
        headers = tuple(column[first - 1].strip() for column in source.columns) if first else source.headers
        if columns := columns_of(headers):
            made = NumberList(source, headers, columns, (), hashlib.sha256(data).hexdigest())
            faulty = made.faults("invoice_no")
            said = [place for place in range(first, len(source)) if place in faulty or _says_something(made, place)]
            return replace(made, places=tuple(said))
    return None


def _says_something(made: NumberList, place: int) -> bool:
    """Whether the row is one of a parcel: it has a number, or more than one thing to know it by; sums below a list have not."""
    return bool(made.cells("invoice_no", place)) or sum(bool(made.cells(name, place)) for name in _KNOWN_BY) > 1


def _cut_at_blanks(data: bytes) -> bytes | None:
    """The text with a tab in place of each run of blanks; None when its lines do not all come apart into as many pieces as its header."""
    if b"\0" in data or b"\t" in data:
        return None
    lines = [_FIXED_BLANKS.split(line.strip()) for line in data.splitlines() if line.strip()]
    widest = max(map(len, lines), default=0)
    first = next((place for place, line in enumerate(lines) if len(line) == widest), 0)
    if widest == 1 or any(len(line) != widest for line in lines[first:]):
        return None
    return b"\n".join(b"\t".join(line) for line in lines)
