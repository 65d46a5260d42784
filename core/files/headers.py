"""The columns of the desk's files, in and out: the headers that each is known by in other files.

Only headers with one meaning stand here: "delivery date" may be a promise or a fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from unicodedata import category, normalize
from zoneinfo import available_timezones

from core.domain.fields import FIELDS
from core.domain.language import in_english, worded


@worded("exported")
@dataclass(frozen=True)
class Header:
    """Other names for a field than that of `FIELDS`, with commas between them.

    `exported` is its head in files of the list where that is another one, `translated` are its name and that head in the other
    languages; `weak` are names that may mean something else and count only where no other name is there.
    """

    exported: str = ""
    english: str = ""
    korean: str = ""
    japanese: str = ""
    weak: str = ""
    translated: str = ""


HEADERS: Mapping[str, Header] = {
    "shipment_no": Header(
        english="shipment number, shipment num, shipment id, shipment, shipment code, ship no, shipping no, shipping "
        "number, delivery no, delivery number, package no, package number",
        korean="배송번호, 출고번호, 출하번호, 발송번호, 선적번호, 출고지시번호, 배송 no, 출고 no, 출하 no",
        japanese="出荷番号, 配送番号, 発送番号, 出荷no, 配送no, 発送no, 出荷指示番号, 出荷id, 配送id",
        translated="배송번호, 出荷番号",
    ),
    "order_no": Header(
        english="order number, order id, order, sales order",
        korean="주문번호",
        japanese="注文番号, 受注番号, オーダー番号",
        weak="상품주문번호",
        translated="주문번호, 注文番号",
    ),
    "kind": Header(
        english="order type, shipment type",
        korean="구분, 배송구분, 주문구분",
        japanese="種別, 区分",
        translated="일반 / 클레임, 通常 / クレーム",
    ),
    "ordered_at": Header(
        english="order date, order time, order datetime, date of order, purchase date, ordered on",
        korean="주문일시, 주문일, 주문일자",
        japanese="注文日, 注文日時, 受注日, 受注日時",
        weak="결제일, 결제일시, paid at, payment date, 入金日",
        translated="주문일시, 注文日時",
    ),
    "released_at": Header(
        english="release date, ready at, prepared at",
        korean="출고준비일, 출고지시일, 출고일시",
        japanese="出荷準備日, 出荷指示日",
        translated="출고 준비일, 出荷準備日",
    ),
    "invoiced_at": Header(
        english="invoice registered at, label created at, shipped at, shipped date, ship date, dispatched at, fulfilled at",
        korean="송장등록일, 송장등록일시, 송장입력일, 발송일, 발송일시, 발송일자, 발송처리일",
        japanese="送り状登録日, 伝票登録日, 発送日, 発送日時",
        translated="송장 등록, 送り状登録",
    ),
    "picked_up_at": Header(
        english="pickup date",
        korean="집화일, 집하일, 집화일시",
        japanese="集荷日, 集荷日時",
        translated="집화, 集荷",
    ),
    "first_attempt_at": Header(
        english="first delivery attempt",
        korean="첫배송시도, 최초배송시도일",
        japanese="初回配達日時, 初回配達",
        translated="첫 배송 시도, 初回配達試行",
    ),
    "delivered_at": Header(
        english="delivered on, delivered date, date delivered, actual delivery date",
        korean="배송완료일, 배송완료일시, 배달완료일",
        japanese="配達完了日, 配達完了日時, 配達完了",
        translated="배송완료, 配達完了",
    ),
    "promised_on": Header(
        english="promised delivery date, promise date, scheduled delivery date, expected delivery date",
        korean="배송약속일, 배송예정일, 도착예정일",
        japanese="お届け予定日, 配達予定日",
        translated="도착예정일, お届け予定日",
    ),
    "ship_by": Header(
        english="ship by date, latest ship date, dispatch by",
        korean="발송기한, 발송마감일, 출고예정일, 주문시 출고예정일",
        japanese="出荷期限, 発送期限, 発送予定日",
        translated="발송기한, 出荷期限",
    ),
    "warehouse": Header(
        english="warehouse name, fulfil from, fulfillment center, ship from",
        korean="창고, 출고지, 물류센터",
        japanese="倉庫, 出荷元",
        translated="창고, 倉庫",
    ),
    "policy": Header(
        english="shipping method, ship mode, shipment mode",
        korean="배송정책, 배송방법, 배송방식",
        japanese="配送方法, 配送ポリシー",
        translated="배송정책, 配送設定",
    ),
    "option": Header(
        english="delivery option",
        korean="배송옵션",
        japanese="配送オプション",
        translated="배송 옵션, 配送オプション",
    ),
    "weight_kg": Header(
        english="weight (kilograms)",
        korean="무게, 중량, 무게(kg), 중량(kg)",
        japanese="重量, 重量(kg)",
        translated="무게, 重量",
    ),
    "freight": Header(
        english="freight cost, shipping cost, shipping fee, delivery fee, freight cost (usd)",
        korean="배송비, 운임, 택배비",
        japanese="送料, 運賃",
        translated="운임, 運賃",
    ),
    "currency": Header(
        english="currency code",
        korean="통화, 통화코드",
        japanese="通貨",
        translated="통화, 通貨",
    ),
    "request": Header(
        english="delivery note, delivery instructions, buyer note, customer note",
        korean="배송메시지, 배송메세지, 배송요청사항, 배송시 요구사항, 요청사항, 배송 요청",
        japanese="配送要望, 配達要望, 配送要請事項, 備考",
        translated="배송메시지, 配送要請事項",
    ),
    "recipient": Header(
        english="recipient name, receiver, consignee, ship to name, shipping name, ship name",
        korean="수취인, 수취인명, 수취인이름, 수령인, 수령인명, 받는분, 받는분 성명, 받는사람",
        japanese="受取人, 受取人名, お届け先名, お届け先氏名, 宛名, 届け先氏名, 発送先名, 送り先名, 送付先氏名",
        translated="수취인, お届け先",
    ),
    "phone": Header(
        english="phone number, telephone, mobile, recipient phone, ship to phone, shipping phone, ship phone number",
        korean="전화번호, 연락처, 휴대폰, 수취인연락처, 수취인연락처1, 수취인전화번호, 수령인 휴대전화, 수령인 휴대폰, 받는분 전화번호",
        japanese="電話番号, お届け先電話番号, 受取人電話番号, 発送電話番号, 送り先電話番号, 送付先電話番号",
        translated="전화번호, 電話番号",
    ),
    "address": Header(
        english="address line, street, street address, shipping address, address 1",
        korean="주소, 배송지, 통합배송지, 수취인주소, 수령인 주소(전체), 받는분 주소",
        japanese="住所, お届け先住所, 届け先住所",
        translated="주소, 住所",
    ),
    "city": Header(
        english="town, ship to city, shipping city, ship city",
        korean="도시, 시군구",
        japanese="市区町村, 市",
        translated="도시, 市区町村",
    ),
    "region": Header(
        english="state, province, prefecture, county, ship to state, shipping province, shipping state, ship state",
        korean="시도, 지역",
        japanese="都道府県, 州",
        translated="시/도, 都道府県",
    ),
    "postal_code": Header(
        english="postcode, zip, zip code, ship to zip, ship to postal code, shipping zip, shipping postcode, ship postal code, ship zipcode",
        korean="우편번호, 수령인 우편번호, 수취인 우편번호, 받는분 우편번호",
        japanese="郵便番号, お届け先郵便番号, 受取人郵便番号, 発送郵便番号, 送り先郵便番号",
        translated="우편번호, 郵便番号",
    ),
    "country": Header(
        english="country code, destination country, ship to country, shipping country, ship country",
        korean="국가, 국가코드, 배송국가, 나라",
        japanese="国, 国家, 国名, 国コード",
        translated="국가, 国",
    ),
    "product_option": Header(
        english="variant, variation, item options",
        korean="옵션정보, 옵션명, 상품옵션, 주문옵션",
        japanese="オプション情報, 商品オプション",
        translated="옵션정보, 商品オプション",
    ),
    "product_id": Header(
        english="product no, product number, sku, item sku, lineitem sku, item no, article no",
        korean="상품번호, 상품코드, 제품코드, 품번",
        japanese="商品番号, 商品コード, 品番",
        weak="item id, item number",
        translated="상품번호, 商品番号",
    ),
    "product_name": Header(
        "Product",
        english="item name, item title, item description, lineitem name, description, title",
        korean="상품명, 제품명, 품명",
        japanese="商品名, 品名",
        weak="item, 등록상품명",
        translated="상품명, 상품, 商品名, 商品",
    ),
    "quantity": Header(
        english="qty, pieces, line item quantity, item quantity, item qty, quantity to ship",
        korean="수량, 개수, 구매수(수량)",
        japanese="数量, 個数, 受注数量",
        weak="quantity purchased",
        translated="수량, 数量",
    ),
    "carrier": Header(
        english="courier, carrier name, carrier code, courier name, courier company, shipper, shipping carrier, "
        "delivery company, transport company, shipping co, carrier company",
        korean="택배사, 배송사, 택배회사, 배송회사, 운송사, 운송회사, 배송업체, 택배업체, 물류사, 택배사명, 배송사명, 택배사코드",
        japanese="運送会社, 配送会社, 配送業者, 運送業者, 宅配会社, 宅配業者, 運送会社名, 配送会社名, 配送業者名, 運送業者名, "
        "配送会社コード, 運送会社コード",
        translated="택배사, 配送会社",
    ),
    "invoice_no": Header(
        english="invoice number, invoice num, invoice, invoice id, tracking no, tracking number, tracking num, "
        "tracking id, tracking code, tracking, waybill no, waybill number, waybill, air waybill no, air "
        "waybill, awb, awb no, awb number",
        korean="송장번호, 운송장번호, 운송장, 송장, 송장 no, 운송장 no, 등기번호, 택배송장번호, 배송송장번호",
        japanese="送り状番号, 送り状no, 発送伝票番号, 配送伝票番号, 送り状, 追跡番号, 追跡no, お問い合わせ番号, お問合せ番号, "
        "お問い合わせ伝票番号, お問合せ伝票番号, 問い合わせ番号, 問合せ番号, お問い合わせ送り状番号, お問い合わせno, 荷物番号",
        weak="伝票番号, 伝票no",
        translated="송장번호, 送り状番号",
    ),
    "items": Header(translated="상품 줄 수, 商品の行数"),
    "status": Header(translated="상태, ステータス"),
    "word": Header(translated="세부 상태, 詳細ステータス"),
    "reason": Header(translated="이유, 理由"),
    "status_since": Header(translated="상태 변경 시각, ステータス変更日時"),
    "flag": Header(translated="알림, 警告"),
}

WEIGHTS: Mapping[str, str] = {
    "g": "weight (g), weight (grams), 무게(g), 중량(g), 重量(g)",
    "lb": "weight (lb), weight (lbs), 무게(lb), 중량(lb), 重量(lb)",
    "oz": "weight (oz), 무게(oz), 중량(oz), 重量(oz)",
}
"""More headers of `weight_kg`, by the unit that they name."""


def head_in_english(name: str) -> str:
    """The English head of the column in the desk's own files."""
    header = HEADERS[name]
    return in_english(header, "exported") or FIELDS.in_english[name]


def heads_in_english(name: str) -> set[str]:
    """The heads that the column has in the desk's own files in English, as they are compared."""
    header = HEADERS[name]
    return _keys(f"{name},{FIELDS.in_english[name]},{in_english(header, 'exported')}")


def own_heads(name: str) -> set[str]:
    """The heads that the column has in the desk's own files in any language, as they are compared."""
    return heads_in_english(name) | _keys(HEADERS[name].translated)


def header_key(text: str) -> str:
    """The form in which headers are compared: one width, no case, letters and digits only, without a zone in brackets at the end."""
    head, bracket, zone = text.rstrip().removesuffix(")").rpartition(" (")
    text = head if bracket and zone in _zones() else text
    return "".join(c for c in normalize("NFKC", text).casefold() if category(c)[0] in "LNM")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _keys(texts: str) -> set[str]:
    return {header_key(text) for text in texts.split(",") if text}


def _certain(name: str, header: Header) -> set[str]:
    """The heads that mean the column wherever they stand."""
    return heads_in_english(name) | _keys(f"{header.english},{header.korean},{header.japanese}")


UNIT_OF = {header_key(text): unit for unit, texts in WEIGHTS.items() for text in texts.split(",")}
COLUMN_OF = {
    key: name for name, header in HEADERS.items() for key in _certain(name, header) | _keys(header.weak) | own_heads(name)
} | dict.fromkeys(UNIT_OF, "weight_kg")
WEAK = frozenset(
    key for name, header in HEADERS.items() for key in (_keys(header.weak) | own_heads(name)) - _certain(name, header)
)
"""Heads that count only where no other head of their column is there."""
