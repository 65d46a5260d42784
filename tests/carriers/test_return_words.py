"""Words that say that a parcel goes back, and words that only say what might come."""

import pytest

from core.carriers.return_words import EVERY_LANGUAGE, says_return

GOES_BACK = [
    "Delivered, To Original Sender", "Delivered to sender", "Returning package to shipper", "반송 배달완료", "배달완료 (발송인)", "발송인에게 반환",
    "Returned to sender on November 17", "송하인 배달완료", "고객 거절", "보관기간 경과 후 반송", "返戻", "快件退签", "返回发件人",
]  # fmt: skip
MIGHT = [
    "7일 후 반송", "수취인부재 (3일 후 반송)", "반송 취소", "반품불가 상품", "返送中止", "Held; will be returned to sender on November 30",
    "Item will be returned to sender after 15 days", "Schedule redelivery or your item will be returned to sender", "발송인 접수",
]  # fmt: skip


@pytest.mark.parametrize("words", GOES_BACK)
def test_these_say_that_it_goes_back(words: str) -> None:
    assert says_return(words, EVERY_LANGUAGE)


@pytest.mark.parametrize("words", MIGHT)
def test_these_do_not(words: str) -> None:
    assert not says_return(words, EVERY_LANGUAGE)
