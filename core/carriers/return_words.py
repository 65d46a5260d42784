"""The words by which carriers say that a parcel goes back to its sender, by language: for services without a code for it."""

from functools import cache

KOREAN = (
    "반송", "반품", "회송", "수취거절", "수취거부", "수취인거절", "수취인거부", "수령거절", "수령거부", "인수거절", "인수거부", "배송거부", "배달거부",
    "고객거절", "고객거부", "발송인반환", "발송인에게", "발송인인도", "발송인배달", "발송인교부", "송하인배달", "송하인인도", "송화인인도", "송화인배달",
    "보내는분반환", "완료발송인", "완료송하인",
)  # fmt: skip
JAPANESE = ("返送", "返品", "返還", "返却", "受取拒否", "受取拒絶", "受取辞退", "受け取り拒否", "受取人拒否", "返戻")
CHINESE = (
    "退回", "退件", "退货", "退貨", "退运", "退運", "拒收", "拒绝签收", "拒絕簽收", "退签", "退還", "返回发件人", "返回寄件人",
)  # fmt: skip
ENGLISH = (
    "to original sender", "to the original sender", "delivered to sender", "delivered to shipper", "returning package to shipper",
    "return to sender", "returned to sender", "returning to sender", "return to the sender", "returned to the sender",
    "returning to the sender", "return to shipper", "returned to shipper", "returning to shipper", "return to the shipper",
    "returned to the shipper", "returning to the shipper", "return to origin", "returned to origin", "returning to origin",
    "back to sender", "back to the sender", "back to shipper", "back to the shipper", "being returned", "return shipment",
    "return delivery", "return pickup", "refused by recipient", "refused by the recipient", "refused by receiver",
    "refused by the receiver", "refused by addressee", "refused by the addressee", "refused by customer", "refused by the customer",
    "recipient refused", "receiver refused", "addressee refused", "customer refused", "delivery refused", "shipment refused",
)  # fmt: skip
GERMAN = (
    "rücksendung",
    "retoure",
    "zurück an den absender",
    "an den absender zurück",
    "annahme verweigert",
    "annahmeverweigerung",
)
EVERY_LANGUAGE = (*KOREAN, *JAPANESE, *CHINESE, *ENGLISH, *GERMAN)

ONLY_IF = (
    "시 반송", "시 반품", "경우 반송", "경우 반품", "일 후 반송", "반송취소", "반품취소", "반송불가", "반품불가", "場合", "中止", "if not", "if refused", "unless",
    "otherwise", "or your item", "will be returned", "will be sent back", "to sender cancel", "逾期", "falls nicht",
)  # fmt: skip
"""With these a text says what might come."""


def says_return(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words is in the text, in whatever case and however it is parted."""
    squeezed = _squeezed(text)
    return any(word in squeezed for word in _all_squeezed(words)) and not any(
        word in squeezed for word in _all_squeezed(ONLY_IF)
    )


@cache
def _all_squeezed(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_squeezed, words))


def _squeezed(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
