"""The headers by which the three columns are known, in English, Korean and Japanese."""

import re
from unicodedata import category, normalize

_NAMES = {
    "shipment_no": "shipment no, shipment number, shipment num, shipment id, shipment, shipment code, ship no, shipping no, "
    "shipping number, delivery no, delivery number, package no, package number, shipment_no, 배송번호, 출고번호, 출하번호, "
    "발송번호, 선적번호, 출고지시번호, 배송 no, 출고 no, 출하 no, 出荷番号, 配送番号, 発送番号, 出荷no, 配送no, 発送no, 出荷指示番号, "
    "出荷id, 配送id",
    "carrier": "shipping company, carrier, courier, carrier name, carrier code, courier name, courier company, shipper, "
    "shipping carrier, delivery company, transport company, shipping co, carrier company, 택배사, 배송사, 택배회사, 배송회사, "
    "운송사, 운송회사, 배송업체, 택배업체, 물류사, 택배사명, 배송사명, 택배사코드, 運送会社, 配送会社, 配送業者, 運送業者, 宅配会社, "
    "宅配業者, 運送会社名, 配送会社名, 配送業者名, 運送業者名, 配送会社コード, 運送会社コード",
    "invoice_no": "invoice no, invoice number, invoice num, invoice, invoice id, tracking no, tracking number, tracking num, "
    "tracking id, tracking code, tracking, waybill no, waybill number, waybill, air waybill no, air waybill, awb, awb no, "
    "awb number, 송장번호, 운송장번호, 운송장, 송장, 송장 no, 운송장 no, 등기번호, 택배송장번호, 배송송장번호, 送り状番号, 送り状no, 伝票番号, "
    "伝票no, 送り状, 追跡番号, 追跡no, お問い合わせ番号, お問合せ番号, お問い合わせ伝票番号, お問合せ伝票番号, 問い合わせ番号, 問合せ番号, "
    "お問い合わせ送り状番号, お問い合わせno, 荷物番号",
}
_DECORATION = re.compile(r"\b(required|mandatory)\b|필수|입력|必須|入力", re.IGNORECASE)
_PARTS = re.compile(r"[\n\r/|()\[\]{}<>・:,;]+")


def field_of(text: str) -> str:
    """The field a header names, "" for none or for several at once."""
    if len(text) > 100:
        return ""
    narrow = _DECORATION.sub("", normalize("NFKC", text))
    if exact := _FIELDS.get(_key(narrow)):
        return exact
    parts = [_FIELDS.get(_key(part), "") for part in _PARTS.split(narrow) if _key(part)]
    found = {part for part in parts if part}
    return found.pop() if len(found) == 1 and parts[0] else ""


def _key(text: str) -> str:
    """One width, no case, letters and digits only."""
    return "".join(c for c in normalize("NFKC", text).casefold() if category(c)[0] in "LNM")


_FIELDS = {_key(name): field for field, names in _NAMES.items() for name in names.split(",")}
