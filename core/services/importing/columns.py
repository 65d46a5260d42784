"""The columns of a shipment file: what each is called, means and looks like, and the headers it is known by."""

from dataclasses import dataclass
from enum import StrEnum
from unicodedata import category, normalize


class Form(StrEnum):
    """How the cells of a column are read."""

    NUMBER = "number"  # an identification: letters and digits, in one width
    TEXT = "text"
    LINES = "lines"  # a text that may have several lines
    MOMENT = "moment"
    DATE = "date"
    KIND = "kind"
    WEIGHT = "weight"
    MONEY = "money"
    CURRENCY = "currency"
    COUNTRY = "country"
    QUANTITY = "quantity"
    CARRIER = "carrier"


@dataclass(frozen=True)
class Column:
    """One of our columns; `title` is its name on screen, `meaning` and `looks` are what the documentation says."""

    name: str
    title: str
    form: Form
    meaning: str
    looks: str
    required: bool = False
    longest: int = 200


_MOMENT = "ISO 8601, with a zone or in the shop's zone; a date alone will do"
_DATE = "YYYY-MM-DD"
_TEXT = "text"

COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        Column("shipment_no", "Shipment No.", Form.NUMBER, "the shop's own number of the shipment", _TEXT, True, longest=64),
        Column("order_no", "Order No.", Form.NUMBER, "the order it belongs to", _TEXT, True, longest=64),
        Column("kind", "General / Claim", Form.KIND, "an ordinary order or an exchange", "`standard` or `exchange`"),
        Column("ordered_at", "Ordered", Form.MOMENT, "when the buyer ordered", _MOMENT, True),
        Column("released_at", "Released", Form.MOMENT, "when it was prepared for shipment", _MOMENT),
        Column("invoiced_at", "Invoice registered", Form.MOMENT, "when the invoice number was registered", _MOMENT),
        Column("picked_up_at", "Picked up", Form.MOMENT, "the carrier's first physical scan", _MOMENT),
        Column("first_attempt_at", "First attempt", Form.MOMENT, "the first attempt to deliver", _MOMENT),
        Column("delivered_at", "Delivered", Form.MOMENT, "the delivery", _MOMENT),
        Column("promised_on", "Promised date", Form.DATE, "the day the buyer was promised", _DATE),
        Column("ship_by", "Ship by", Form.DATE, "the day by which it was to be handed over", _DATE),
        Column("warehouse", "Warehouse", Form.TEXT, "where it leaves from", _TEXT),
        Column("policy", "Shipping policy", Form.TEXT, "how it is sent", _TEXT),
        Column("option", "Shipping option", Form.TEXT, "the finer choice within the policy", _TEXT),
        Column("weight_kg", "Weight", Form.WEIGHT, "the weight", "kilograms, such as `1.25`"),
        Column("freight", "Freight", Form.MONEY, "what the carriage costs", "a number, rounded to cents"),
        Column("currency", "Currency", Form.CURRENCY, "the currency of the freight", "ISO 4217, such as `KRW`"),
        Column("request", "Shipping request", Form.LINES, "what the buyer wrote at checkout", "text, lines", longest=2000),
        Column("recipient", "Recipient", Form.TEXT, "who receives it; needed for sending", _TEXT),
        Column("phone", "Phone", Form.NUMBER, "the recipient's telephone", _TEXT, longest=40),
        Column("address", "Address", Form.LINES, "street and number; needed for sending", "text, lines", longest=500),
        Column("city", "City", Form.TEXT, "city or town", _TEXT),
        Column("region", "Region", Form.TEXT, "state, province or prefecture", _TEXT),
        Column("postal_code", "Postal code", Form.NUMBER, "postal code", _TEXT, longest=20),
        Column("country", "Country", Form.COUNTRY, "where it goes", "ISO 3166 code of 2 or 3 letters, or a name", True),
        Column("product_id", "Product ID", Form.NUMBER, "the shop's number of the product on this line", _TEXT),
        Column("product_name", "Product name", Form.TEXT, "its name; the Product ID stands in", _TEXT, longest=500),
        Column("quantity", "Quantity", Form.QUANTITY, "how many; 1 when empty", "a whole number from 1"),
        Column("carrier", "Shipping company", Form.CARRIER, "who transports it", "code, name or alias, such as `cj`"),
        Column("invoice_no", "Invoice No.", Form.TEXT, "the carrier's tracking number", "text; checked as everywhere"),
    )
}

REQUIRED = tuple(name for name, column in COLUMNS.items() if column.required)
ITEM = ("product_id", "product_name", "quantity")
ADDRESS = ("recipient", "phone", "address", "city", "region", "postal_code", "country")
TIMES = tuple(name for name, column in COLUMNS.items() if column.form is Form.MOMENT)
DATED = tuple(name for name, column in COLUMNS.items() if column.form in (Form.MOMENT, Form.DATE))
SUMMABLE = tuple(name for name, column in COLUMNS.items() if column.form in (Form.WEIGHT, Form.MONEY))

# Only headers with one meaning: "delivery date" may be a promise or a fact, so it is not here.
_ALIASES: dict[str, str] = {
    "shipment_no": "shipment no, shipment number, shipment id, shipment, delivery no, delivery number, package no, 배송번호, "
    "출고번호, 출하번호, 배송 번호, 出荷番号, 配送番号, 発送番号",
    "order_no": "order no, order number, order id, order, sales order, 주문번호, 상품주문번호, 注文番号, 受注番号, オーダー番号",
    "kind": "kind, general / claim, order type, shipment type, 구분, 배송구분, 주문구분, 種別, 区分",
    "ordered_at": "ordered at, ordered, order date, order time, order datetime, date of order, purchase date, ordered on, "
    "주문일시, 주문일, 주문일자, 결제일, 注文日, 注文日時, 受注日, 受注日時",
    "released_at": "released at, released, release date, ready at, prepared at, 출고준비일, 출고지시일, 출고일시, 出荷準備日, 出荷指示日",
    "invoiced_at": "invoiced at, invoice registered, invoice registered at, label created at, 송장등록일, 송장등록일시, 송장입력일, "
    "送り状登録日, 伝票登録日",
    "picked_up_at": "picked up at, picked up, pickup date, pick-up date, shipped at, shipped date, ship date, dispatched at, "
    "집화일, 집하일, 집화일시, 발송일, 集荷日, 集荷日時, 発送日, 発送日時",
    "first_attempt_at": "first attempt at, first attempt, first delivery attempt, 첫배송시도, 최초배송시도일, 初回配達日時, 初回配達",
    "delivered_at": "delivered at, delivered, delivered on, delivered date, date delivered, actual delivery date, "
    "배송완료일, 배송완료일시, 배달완료일, 配達完了日, 配達完了日時, 配達完了",
    "promised_on": "promised on, promised date, promised delivery date, promise date, scheduled delivery date, "
    "expected delivery date, 배송약속일, 배송예정일, 도착예정일, お届け予定日, 配達予定日",
    "ship_by": "ship by, ship by date, ship-by date, latest ship date, dispatch by, 발송기한, 발송마감일, 出荷期限, 発送期限",
    "warehouse": "warehouse, warehouse name, fulfil from, fulfillment center, ship from, 창고, 출고지, 물류센터, 倉庫, 出荷元",
    "policy": "policy, shipping policy, shipping method, ship mode, shipment mode, 배송정책, 배송방법, 배송방식, 配送方法, 配送ポリシー",
    "option": "option, shipping option, delivery option, 배송옵션, 配送オプション",
    "weight_kg": "weight kg, weight, weight (kg), weight (kilograms), weight (g), weight g, weight (grams), weight (lb), "
    "weight lb, weight (lbs), weight (oz), 무게, 중량, 무게(kg), 무게(g), 중량(kg), 중량(g), 重量, 重量(kg), 重量(g)",
    "freight": "freight, freight cost, shipping cost, shipping fee, delivery fee, freight cost (usd), 배송비, 운임, 택배비, 送料, 運賃",
    "currency": "currency, currency code, 통화, 통화코드, 通貨",
    "request": "request, shipping request, delivery note, delivery instructions, buyer note, customer note, 배송메시지, "
    "배송메세지, 배송요청사항, 요청사항, 배송 요청, 配送要望, 配達要望, 備考",
    "recipient": "recipient, recipient name, receiver, consignee, ship to name, 수취인, 수취인명, 수령인, 받는분, 받는사람, 受取人, "
    "お届け先名, 宛名, 届け先氏名",
    "phone": "phone, phone number, telephone, mobile, recipient phone, 전화번호, 연락처, 휴대폰, 수취인연락처, 수취인전화번호, 電話番号, "
    "お届け先電話番号",
    "address": "address, address line, street, street address, shipping address, address 1, 주소, 배송지, 수취인주소, 住所, "
    "お届け先住所, 届け先住所",
    "city": "city, town, 도시, 시군구, 市区町村, 市",
    "region": "region, state, province, prefecture, county, 시도, 지역, 都道府県, 州",
    "postal_code": "postal code, postcode, zip, zip code, post code, 우편번호, 郵便番号",
    "country": "country, country code, destination country, ship to country, 국가, 국가코드, 나라, 国, 国名, 国コード",
    "product_id": "product id, product no, product number, sku, item no, item id, article no, 상품번호, 상품코드, 제품코드, 품번, "
    "商品番号, 商品コード, 品番",
    "product_name": "product name, product, item, item name, item description, description, title, 상품명, 제품명, 품명, 商品名, 品名",
    "quantity": "quantity, qty, pieces, line item quantity, 수량, 개수, 数量, 個数",
    "carrier": "carrier, shipping company, courier, carrier code, carrier name, 택배사, 배송사, 택배회사, 운송사, 運送会社, 配送会社, "
    "配送業者",
    "invoice_no": "invoice no, invoice number, tracking no, tracking number, tracking id, waybill no, waybill number, "
    "송장번호, 운송장번호, 운송장, 送り状番号, 伝票番号, 追跡番号, お問い合わせ番号",
}


def header_key(text: str) -> str:
    """The form in which headers are compared: one width, no case, letters and digits only."""
    return "".join(c for c in normalize("NFKC", text).casefold() if category(c)[0] in "LNM")


COLUMN_OF: dict[str, str] = {
    header_key(alias): name for name, aliases in _ALIASES.items() for alias in (name, *aliases.split(","))
}
UNIT_OF: dict[str, str] = {
    header_key(f"{word}{written}"): unit
    for unit, forms in {"g": ("g", "grams"), "lb": ("lb", "lbs"), "oz": ("oz",)}.items()
    for written in forms
    for word in ("weight", "무게", "중량", "重量")
}


def title(name: str) -> str:
    """The column's name on screen."""
    return COLUMNS[name].title
