"""One order as each source writes it, every column of its file, and the line that our own import file would have for it.

All people are invented. `head = text` stands one a line, in the order of the file; an empty text is an empty cell.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """A file of one order: whose it is, which of its forms, its row by head, and what is read of it."""

    layout: str
    form: str
    row: dict[str, str]
    read: dict[str, str]
    sheet: str = "Sheet1"

    @property
    def name(self) -> str:
        return f"{self.layout} {self.form}".strip()


def _pairs(text: str) -> dict[str, str]:
    lines = [line.partition(" =") for line in text.strip("\n").splitlines()]
    return {head.strip(): value.strip().replace("\\n", "\n") for head, _, value in lines}


def _sample(layout: str, form: str, row: str, read: str, sheet: str = "Sheet1") -> Sample:
    return Sample(layout, form, _pairs(row), _pairs(read), sheet)


NAVER = _sample(
    "naver",
    "",
    """
상품주문번호 = 2026112810000011
주문번호 = 2026112890000011
배송속성 = 일반배송
풀필먼트사(주문 기준) =
택배사(주문 기준) =
배송방법(구매자 요청) = 택배,등기,소포
배송방법 = 택배,등기,소포
택배사 = CJ대한통운
송장번호 =
발송일 =
판매채널 = 스마트스토어
구매자명 = 구매자
구매자ID = abcd****
수취인명 = 홍길동
주문상태 = 발송대기
주문세부상태 = 발주확인
수량클레임 여부 =
결제위치 = 모바일
결제일 = 2026-11-28 09:05:10
상품번호 = 9000000001
상품명 = 린넨 셔츠
상품종류 = 단일상품
반품안심케어 =
멤버십N배송 =
옵션정보 = 색상: 화이트 / 사이즈: M
옵션관리코드 = OPT-1
수량 = 2
옵션가격 = 0
상품가격 = 29000
최종 상품별 할인액 = 0
최초 상품별 할인액 = 0
판매자 부담 할인액 = 0
최종 상품별 총 주문금액 = 58000
최초 상품별 총 주문금액 = 58000
사은품 =
발주확인일 = 2026-11-28 10:00:00
발송기한 = 2026-12-02 23:59:59
발송처리일 =
송장출력일 =
배송비 형태 = 선결제
배송비 묶음번호 = 2026112850000001
배송비 유형 = 유료
배송비 합계 = 3000
제주/도서 추가배송비 = 0
배송비 할인액 = 0
판매자 상품코드 = P-100
판매자 내부코드1 =
판매자 내부코드2 =
수취인연락처1 = 010-0000-0001
수취인연락처2 = 02-000-0001
통합배송지 = 서울특별시 가나구 다라로 1 (마바동) 가나빌딩 3층
기본배송지 = 서울특별시 가나구 다라로 1 (마바동)
상세배송지 = 가나빌딩 3층
구매자연락처 = 010-9999-9999
우편번호 = 01234
배송메세지 = 부재시 문 앞에 놓아주세요
출고지 = 경기도 이천시
결제수단 = 신용카드
네이버페이 주문관리 수수료 = 100
매출연동 수수료 = 100
정산예정금액 = 57000
개인통관고유부호 =
주문일시 = 2026-11-28 09:04:50
배송희망일 = 2026-12-05
구독신청회차 =
구독진행회차 =
구독배송희망일 =
배송태그 유형 =
출입방법 유형 = 공동현관 비밀번호
출입방법 내용 = 1234#
수령위치 유형 = 문앞
수령위치 내용 =
""",
    """
shipment_no = 2026112850000001
order_no = 2026112890000011
ordered_at = 2026-11-28T09:04:50+09:00
ship_by = 2026-12-02
warehouse = 경기도 이천시
policy = 택배,등기,소포
request = 부재시 문 앞에 놓아주세요\\n배송희망일: 2026-12-05\\n출입방법 내용: 1234#
recipient = 홍길동
phone = 010-0000-0001
address = 서울특별시 가나구 다라로 1 (마바동) 가나빌딩 3층
postal_code = 01234
country = KR
product_id = P-100
product_name = 린넨 셔츠
product_option = 색상: 화이트 / 사이즈: M
quantity = 2
""",
    "발주발송관리",
)

NAVER_OLD = _sample(
    "naver",
    "of 2021, with the plain heads again in brackets",
    """
상품주문번호 = 2026112810000011
주문번호 = 2026112890000011
배송방법(구매자 요청) = 택배,등기,소포
배송방법 = 택배,등기,소포
택배사 =
송장번호 =
발송일 =
판매채널 = 스마트스토어
구매자명 = 구매자
구매자ID = abcd****
수취인명 = 홍길동
주문상태 = 결제완료
주문세부상태 = 발주확인
결제위치 = PC
결제일 = 2026-11-28 09:05:10
상품번호 = 9000000001
상품명 = 린넨 셔츠
상품종류 = 조합형옵션상품
옵션정보 = 색상: 화이트
옵션관리코드 =
수량 = 1
옵션가격 = 0
상품가격 = 29000
상품별 할인액 = 0
판매자 부담 할인액 = 0
상품별 총 주문금액 = 29000
사은품 =
발주확인일 = 2026-11-28 10:00
발송기한 = 2026-12-02 23:59
발송처리일 =
송장출력일 =
배송비 형태 = 선결제
배송비 묶음번호 = 2026112850000001
배송비 유형 = 유료
배송비 합계 = 3000
제주/도서 추가배송비 = 0
배송비 할인액 = 0
판매자 상품코드 =
판매자 내부코드1 =
판매자 내부코드2 =
수취인연락처1 = 010-0000-0001
수취인연락처2 =
배송지 = 서울특별시 가나구 다라로 1 가나빌딩 3층
구매자연락처 = 010-9999-9999
우편번호 = 01234
배송메세지 =
출고지 = 경기도 이천시
결제수단 = 신용카드
수수료 과금구분 =
수수료결제방식 =
결제수수료 = 100
매출연동 수수료 = 100
매출연동 수수료 구분 =
정산예정금액 = 57000
유입경로 =
구매자 주민등록번호 =
개인통관고유부호 =
주문일시 = 2026-11-28 09:04
배송속성 =
배송희망일 =
(수취인연락처1) = 01000000001
(수취인연락처2) =
(우편번호) = 01234
(기본주소) = 서울특별시 가나구 다라로 1
(상세주소) = 가나빌딩 3층
(구매자연락처) = 01099999999
""",
    """
shipment_no = 2026112850000001
order_no = 2026112890000011
ordered_at = 2026-11-28T09:04:00+09:00
ship_by = 2026-12-02
warehouse = 경기도 이천시
policy = 택배,등기,소포
recipient = 홍길동
phone = 010-0000-0001
address = 서울특별시 가나구 다라로 1 가나빌딩 3층
postal_code = 01234
country = KR
product_id = 9000000001
product_name = 린넨 셔츠
product_option = 색상: 화이트
quantity = 1
""",
    "발주발송관리",
)

COUPANG = _sample(
    "coupang",
    "",
    """
번호 = 1
묶음배송번호 = 642538971006401429
주문번호 = 30000000000001
택배사 = 한진택배
운송장번호 =
분리배송 Y/N = 분리배송가능
분리배송 출고예정일 =
주문시 출고예정일 = 2026-12-01
출고일(발송일) =
주문일 = 2026-11-28 09:00:11
등록상품명 = 린넨 셔츠
등록옵션명 = 화이트 M
노출상품명(옵션명) = 린넨 셔츠, 화이트 M
노출상품ID = 7000000001
옵션ID = 80000000001
최초등록등록상품명/옵션명 = 린넨 셔츠
업체상품코드 = P-100
바코드 = 8800000000001
결제액 = 29,000
배송비구분 = 무료
배송비 = 0
도서산간 추가배송비 = 0
구매수(수량) = 3
옵션판매가(판매단가) = 29,000
구매자 = 구매자
구매자전화번호 = 010-9999-9999
수취인이름 = 홍길동
수취인전화번호 = 0502-000-0002
우편번호 = 01234
수취인 주소 = 서울특별시 가나구 다라로 1 (마바동) 가나빌딩 3층
배송메세지 = 경비실에 맡겨주세요
상품별 추가메시지 = 이름 새김: HONG
주문자 추가메시지 =
배송완료일 =
구매확정일자 =
개인통관번호(PCCC) =
통관용수취인전화번호 =
기타 =
결제위치 = Android app
배송유형 = 판매자배송
""",
    """
shipment_no = 642538971006401429
order_no = 30000000000001
ordered_at = 2026-11-28T09:00:11+09:00
ship_by = 2026-12-01
policy = 판매자배송
request = 경비실에 맡겨주세요\\n이름 새김: HONG
recipient = 홍길동
phone = 0502-000-0002
address = 서울특별시 가나구 다라로 1 (마바동) 가나빌딩 3층
postal_code = 01234
country = KR
product_id = P-100
product_name = 린넨 셔츠, 화이트 M
product_option = 화이트 M
quantity = 3
""",
    "Delivery",
)

COUPANG_OLD = _sample(
    "coupang",
    "of 39 columns",
    """
번호 = 1
묶음배송번호 = 1863148812
주문번호 = 5000087866634
택배사 =
운송장번호 =
분리배송 Y/N = N
분리배송 출고예정일 =
주문시 출고예정일 = 2026-12-02
출고일(발송일) =
주문일 = 2026-11-28 09:03:21
등록상품명 = 린넨 셔츠
등록옵션명 = 화이트 M
노출상품명(옵션명) =
노출상품ID = 7000000001
옵션ID = 80000000001
최초등록옵션명 = 화이트 M
업체상품코드 =
바코드 =
결제액 = 29000
배송비구분 = 무료
배송비 = 0
도서산간 추가배송비 = 0
구매수(수량) = 1
옵션판매가(판매단가) = 29000
구매자 = 구매자
구매자전화번호 = 010-9999-9999
수취인이름 = 홍길동
수취인전화번호 = 010-0000-0001
우편번호 = 01234
수취인 주소 = 서울특별시 가나구 다라로 1
배송메세지 =
상품별 추가메시지 =
주문자 추가메시지 =
배송완료일 =
구매확정일자 =
개인통관번호(PCCC) =
통관용구매자전화번호 =
기타 =
결제위치 = PC
""",
    """
shipment_no = 1863148812
order_no = 5000087866634
ordered_at = 2026-11-28T09:03:21+09:00
ship_by = 2026-12-02
recipient = 홍길동
phone = 010-0000-0001
address = 서울특별시 가나구 다라로 1
postal_code = 01234
country = KR
product_id = 80000000001
product_name = 린넨 셔츠
product_option = 화이트 M
quantity = 1
""",
    "Delivery",
)

CAFE24 = _sample(
    "cafe24",
    "",
    """
쇼핑몰 = 한국어 쇼핑몰
주문번호 = 20261128-0000015
품목별 주문번호 = 20261128-0000015-01
배송번호 = D-20261128-0000015-00
운송장번호 =
배송업체 =
주문상태 = 상품준비중
주문일시 = 2026-11-28 09:00:11
결제일시(입금확인일) = 2026-11-28 09:01:00
주문상품명 = 린넨 셔츠
주문상품명(옵션포함) = 린넨 셔츠(색상=화이트)
상품옵션 = 색상=화이트
상품번호 = 11
상품코드 = P00000AB
상품품목코드 = P00000AB000A
자체품목코드 = P-100
수량 = 2
주문자명 = 구매자
주문자 휴대전화 = 010-9999-9999
수령인 = 홍길동
수령인 휴대전화 = 010-0000-0001
수령인 전화번호 = 02-000-0001
수령인 우편번호 = 01234
수령인 주소(전체) = 서울특별시 가나구 다라로 1 가나빌딩 3층
수령인 주소 = 서울특별시 가나구 다라로 1
수령인 상세 주소 = 가나빌딩 3층
배송메시지 = 문 앞
배송국가 = 대한민국
희망배송일 = 2026-12-05
총 결제금액 = 58000
브랜드 = 자체
""",
    """
shipment_no = D-20261128-0000015-00
order_no = 20261128-0000015
ordered_at = 2026-11-28T09:00:11+09:00
request = 문 앞\\n희망배송일: 2026-12-05
recipient = 홍길동
phone = 010-0000-0001
address = 서울특별시 가나구 다라로 1 가나빌딩 3층
postal_code = 01234
country = KR
product_id = P-100
product_name = 린넨 셔츠(색상=화이트)
product_option = 색상=화이트
quantity = 2
""",
)

ESM = _sample(
    "esm",
    "",
    """
아이디 = G(shop)
구분 = 신규주문
주문번호 = 4000000001
장바구니번호(결제번호) = 5000000001
상품번호 = 1000000001
상품명 = 린넨 셔츠
수량 = 1
주문옵션 = 색상:화이트
추가구성 = 양말 1개
사은품 =
판매금액 = 29000
판매자 관리코드 = P-100
판매자 상세관리코드 = P-100-W
구매자명 = 구매자
구매자ID = buyer**
구매자 휴대폰 = 010-9999-9999
구매자 전화번호 =
수령인명 = 홍길동
수령인 휴대폰 = 010-0000-0001
수령인 전화번호 = 02-000-0001
우편번호 = 01234
주소 = 서울특별시 가나구 다라로 1 가나빌딩 3층
배송시 요구사항 = 문 앞
배송비 = 선결제
배송비 금액 = 3000
배송번호 = 2000000001
배송지연사유 =
SKU번호 및 수량 =
택배사명(발송방법) =
송장번호 =
주문일자(결제확인전) = 2026-11-28 09:00:11
결제완료일 = 2026-11-28 09:05:00
주문확인일자 = 2026-11-28 10:00:00
발송마감일 = 2026-12-01
발송일자 =
배송완료일자 =
발송정책 = 순차발송
배송점포 =
정산예정금액 = 27000
서비스이용료 = 2000
판매자쿠폰할인 = 0
구매쿠폰적용금액 = 0
(옥션)우수회원할인 = 0
복수구매할인 = 0
스마일캐시적립 = 0
""",
    """
shipment_no = 2000000001
order_no = 4000000001
ordered_at = 2026-11-28T09:00:11+09:00
ship_by = 2026-12-01
policy = 순차발송
request = 문 앞
recipient = 홍길동
phone = 010-0000-0001
address = 서울특별시 가나구 다라로 1 가나빌딩 3층
postal_code = 01234
country = KR
product_id = P-100
product_name = 린넨 셔츠
product_option = 색상:화이트, 양말 1개
quantity = 1
""",
)

ESM_OLD = _sample(
    "esm",
    "of older heads",
    """
아이디* = shop
상품번호* = 1000000001
주문번호* = 4000000001
주문옵션 = 색상:화이트
상품명 = 린넨 셔츠
수량 = 1
추가구성 =
사은품 = 손수건
판매금액 = 29000
구매자ID = buyer**
구매자명 = 구매자
수령인명 = 홍길동
배송비 = 선결제
수령인 휴대폰 = 010-0000-0001
수령인 전화번호 =
주소 = 서울특별시 가나구 다라로 1
우편번호 = 01234
배송시 요구사항 =
(옥션)복수구매할인 = 0
(옥션)우수회원할인 = 0
SKU번호 및 수량 =
결제완료일 = 2026-11-28 09:05:00
구매자 전화번호 =
구매자 휴대폰 = 010-9999-9999
발송예정일 = 2026-12-01
발송일자 =
배송번호 =
송장번호(방문수령인증키) =
택배사명(발송방법) =
""",
    """
shipment_no = 4000000001
order_no = 4000000001
ordered_at = 2026-11-28T09:05:00+09:00
ship_by = 2026-12-01
request = 사은품: 손수건
recipient = 홍길동
phone = 010-0000-0001
address = 서울특별시 가나구 다라로 1
postal_code = 01234
country = KR
product_id = 1000000001
product_name = 린넨 셔츠
product_option = 색상:화이트
quantity = 1
""",
)

SHOPIFY = _sample(
    "shopify",
    "",
    """
Name = #1001
Email = jane@example.com
Financial Status = paid
Paid at = 2026-11-28 09:14:02 +0100
Fulfillment Status = unfulfilled
Fulfilled at =
Accepts Marketing = no
Currency = USD
Subtotal = 58.00
Shipping = 5.00
Taxes = 0.00
Total = 63.00
Discount Code =
Discount Amount = 0.00
Shipping Method = Standard
Created at = 2026-11-28 09:14:01 +0100
Lineitem quantity = 2
Lineitem name = Linen shirt - White / M
Lineitem price = 29.00
Lineitem compare at price =
Lineitem sku = P-100
Lineitem requires shipping = true
Lineitem taxable = true
Lineitem fulfillment status = pending
Billing Name = Bill Roe
Billing Street = 9 Bill St
Billing Address1 = 9 Bill St
Billing Address2 =
Billing Company =
Billing City = Billtown
Billing Zip = '99999
Billing Province = CA
Billing Country = US
Billing Phone =
Shipping Name = Jane Roe
Shipping Street = 1 Example St, Apt 2
Shipping Address1 = 1 Example St
Shipping Address2 = Apt 2
Shipping Company = Acme Ltd
Shipping City = Springfield
Shipping Zip = '00123
Shipping Province = IL
Shipping Country = US
Shipping Phone = '+1 555 000 0001
Notes = Leave at door
Note Attributes =
Cancelled at =
Payment Method = Shopify Payments
Payment Reference = abc
Refunded Amount = 0.00
Vendor = Shop
Outstanding Balance = 0.00
Employee =
Location =
Device ID =
Id = 5000000000001
Tags =
Risk Level = Low
Source = web
Lineitem discount = 0.00
Tax 1 Name =
Tax 1 Value =
Tax 2 Name =
Tax 2 Value =
Tax 3 Name =
Tax 3 Value =
Tax 4 Name =
Tax 4 Value =
Tax 5 Name =
Tax 5 Value =
Phone =
Receipt Number =
Duties =
Billing Province Name = California
Shipping Province Name = Illinois
Payment ID = abc
Payment Terms Name =
Next Payment Due At =
Payment References = abc
""",
    """
shipment_no = #1001
order_no = #1001
ordered_at = 2026-11-28T17:14:01+09:00
policy = Standard
request = Leave at door
recipient = Jane Roe
phone = +1 555 000 0001
address = 1 Example St, Apt 2
city = Springfield
region = IL
postal_code = 00123
country = US
product_id = P-100
product_name = Linen shirt - White / M
quantity = 2
""",
)

WOOCOMMERCE = _sample(
    "woocommerce",
    "",
    """
Order Number = 3021
Order Status = Processing
Order Date = 2026-11-28 09:14
Customer Note = Leave at door
First Name (Billing) = Bill
Last Name (Billing) = Roe
Company (Billing) =
Address 1&2 (Billing) = 9 Bill St
City (Billing) = Billtown
State Code (Billing) = CA
Postcode (Billing) = 99999
Country Code (Billing) = US
Email (Billing) = bill@example.com
Phone (Billing) = +1 555 000 0001
First Name (Shipping) = Jane
Last Name (Shipping) = Roe
Address 1&2 (Shipping) = 1 Example St Apt 2
City (Shipping) = Springfield
State Code (Shipping) = IL
Postcode (Shipping) = 00123
Country Code (Shipping) = US
Payment Method Title = Card
Cart Discount Amount = 0
Order Subtotal Amount = 58
Shipping Method Title = Flat rate
Order Shipping Amount = 5
Order Refund Amount = 0
Order Total Amount = 63
Order Total Tax Amount = 0
SKU = P-100
Item # = 1
Item Name = Linen shirt
Quantity (- Refund) = 2
Item Cost = 29
Coupon Code =
Discount Amount =
Discount Amount Tax =
""",
    """
shipment_no = 3021
order_no = 3021
ordered_at = 2026-11-28T09:14:00+09:00
policy = Flat rate
request = Leave at door
recipient = Jane Roe
phone = +1 555 000 0001
address = 1 Example St Apt 2
city = Springfield
region = IL
postal_code = 00123
country = US
product_id = P-100
product_name = Linen shirt
quantity = 2
""",
)

WOOCOMMERCE_KEYS = _sample(
    "woocommerce",
    "with keys as heads",
    """
order_id = 4415
order_number = #4415
order_number_formatted = #4415
date = 2026-11-28 04:48:06
status = processing
shipping_total = 0
tax_total = 0
order_total = 58.14
payment_method = card
shipping_method = Free Shipping
customer_id = 861
billing_first_name = Bill
billing_last_name = Roe
billing_email = bill@example.com
billing_phone = 5550000001
billing_address_1 = 9 Bill St
billing_address_2 =
billing_postcode = 99999
billing_city = Billtown
billing_state = CA
billing_country = US
shipping_first_name = Jane
shipping_last_name = Roe
shipping_address_1 = 1 Example St
shipping_address_2 = Apt 2
shipping_postcode = 00123
shipping_city = Springfield
shipping_state = IL
shipping_country = US
shipping_company =
customer_note =
item_id = 1
item_product_id = 77
item_name = Linen shirt
item_sku = P-100
item_quantity = 2
item_total = 58.14
order_notes = paid by card
""",
    """
shipment_no = #4415
order_no = #4415
ordered_at = 2026-11-28T04:48:06+09:00
policy = Free Shipping
recipient = Jane Roe
phone = 5550000001
address = 1 Example St, Apt 2
city = Springfield
region = IL
postal_code = 00123
country = US
product_id = P-100
product_name = Linen shirt
quantity = 2
""",
)

AMAZON = _sample(
    "amazon",
    "",
    """
order-id = 250-0000000-0000001
order-item-id = 00000000000011
purchase-date = 2026-11-28T01:02:03+00:00
payments-date = 2026-11-28T01:05:00+00:00
reporting-date = 2026-11-28T06:00:00+00:00
promise-date = 2026-12-01T14:59:59+00:00
days-past-promise = 0
buyer-email = x@marketplace.example
buyer-name = Buyer
payment-method-details = Standard
buyer-phone-number = 03-0000-0001
sku = P-100
product-name = Linen shirt
quantity-purchased = 3
quantity-shipped = 1
quantity-to-ship = 2
ship-service-level = Standard
recipient-name = 山田太郎
ship-address-1 = 例町1-2
ship-address-2 = 例ビル
ship-address-3 = 3階
ship-city = 架空区
ship-state = 東京都
ship-postal-code = 105-0000
ship-country = JP
payment-method =
cod-collectible-amount =
already-paid =
payment-method-fee =
scheduled-delivery-start-date = 2026-12-03T00:00:00+09:00
scheduled-delivery-end-date =
points-granted = 0
is-prime = false
is-business-order = false
purchase-order-number =
price-designation =
is-premium-order = false
is-transparency = false
default-ship-from-address-name = Shop
default-ship-from-city = 大阪市
default-ship-from-country = JP
is-buyer-requested-cancellation = false
verge-of-cancellation = false
verge-of-lateShipment = false
signature-confirmation-recommended = false
""",
    """
shipment_no = 250-0000000-0000001
order_no = 250-0000000-0000001
ordered_at = 2026-11-28T10:02:03+09:00
ship_by = 2026-12-01
policy = Standard
request = scheduled-delivery-start-date: 2026-12-03T00:00:00+09:00
recipient = 山田太郎
phone = 03-0000-0001
address = 例町1-2, 例ビル, 3階
city = 架空区
region = 東京都
postal_code = 105-0000
country = JP
product_id = P-100
product_name = Linen shirt
quantity = 2
""",
)

AMAZON_ORDERS = _sample(
    "amazon",
    "of new orders, without a day to ship by",
    """
order-id = 111-0000000-0000001
order-item-id = 00000000000011
purchase-date = 2026-11-28T01:02:03+00:00
payments-date = 2026-11-28T01:05:00+00:00
buyer-email = x@marketplace.example
buyer-name = Buyer
buyer-phone-number =
sku = P-100
product-name = Linen shirt
quantity-purchased = 1
currency = USD
item-price = 29.00
item-tax = 0
shipping-price = 5
shipping-tax = 0
ship-service-level = Expedited
recipient-name = Jane Roe
ship-address-1 = 1 Example St
ship-address-2 =
ship-address-3 =
ship-city = Springfield
ship-state = IL
ship-postal-code = 00123
ship-country = US
ship-phone-number = +1 555 000 0001 ext. 12345
delivery-start-date =
delivery-end-date =
delivery-time-zone =
delivery-Instructions = Ring the bell
sales-channel = Amazon.com
""",
    """
shipment_no = 111-0000000-0000001
order_no = 111-0000000-0000001
ordered_at = 2026-11-28T10:02:03+09:00
policy = Expedited
request = Ring the bell
recipient = Jane Roe
phone = +1 555 000 0001 ext. 12345
address = 1 Example St
city = Springfield
region = IL
postal_code = 00123
country = US
product_id = P-100
product_name = Linen shirt
quantity = 1
""",
)

RAKUTEN = _sample(
    "rakuten",
    "",
    """
注文番号 = 300000-20261128-0000000001
ステータス = 発送待ち
注文日時 = 2026-11-28 10:00:05
注文確定日時 = 2026-11-28 10:30:05
支払方法名 = クレジットカード
配送方法 = 宅配便
配送区分 = 常温
注文者姓 = 購入
注文者名 = 者
送付先ID = 100000001
送付先郵便番号1 = 060
送付先郵便番号2 = 0001
送付先住所都道府県 = 北海道
送付先住所郡市区 = 札幌市架空区
送付先住所それ以降の住所 = 例一条1-2-3
送付先姓 = 山田
送付先名 = 太郎
送付先姓カナ = ヤマダ
送付先名カナ = タロウ
送付先電話番号1 = 011
送付先電話番号2 = 000
送付先電話番号3 = 0001
商品管理番号 = p-100
商品番号 = P-100-M
SKU管理番号 = P-100
システム連携用SKU番号 = 77
商品名 = リネンシャツ
SKU情報 = カラー:白
項目・選択肢 =
単価 = 2900
個数 = 1
お届け時間帯 = 1416
お届け日指定 = 2026-12-02
コメント = [備考:]\\n置き配希望
お荷物伝票番号 =
""",
    """
shipment_no = 300000-20261128-0000000001
order_no = 300000-20261128-0000000001
ordered_at = 2026-11-28T10:00:05+09:00
policy = 宅配便
option = 常温
request = [備考:]\\n置き配希望\\nお届け日指定: 2026-12-02\\nお届け時間帯: 1416
recipient = 山田 太郎
phone = 011-000-0001
address = 例一条1-2-3
city = 札幌市架空区
region = 北海道
postal_code = 060-0001
country = JP
product_id = P-100
product_name = リネンシャツ
product_option = カラー:白
quantity = 1
""",
)

RAKUTEN_OLD = _sample(
    "rakuten",
    "of the years before 2019",
    """
受注番号 = 300000-20261128-0000000001
受注ステータス = 発送待ち
カード決済ステータス = 与信済
入金日 =
配送日 =
お届け時間帯 = 1416
お届け日指定 = 2026-12-02
担当者 =
ひとことメモ =
メール差込文(お客様へのメッセージ) =
ギフトチェック = 0
コメント =
注文日時 = 2026-11-28 10:00:05
複数送付先フラグ = 0
合計 = 2900
送料 = 0
請求金額 = 2900
同梱ID =
注文者郵便番号１ = 999
注文者郵便番号２ = 9999
注文者住所：都道府県 = 大阪府
注文者住所：都市区 = 架空市
注文者住所：町以降 = 9-9
注文者名字 = 購入
注文者名前 = 者
注文者電話番号１ = 09
注文者電話番号２ = 9999
注文者電話番号３ = 9999
決済方法 = クレジットカード
配送方法 = 宅配便
配送区分 =
お荷物伝票番号 =
のし =
送付先郵便番号１ = 060
送付先郵便番号２ = 0001
送付先住所：都道府県 = 北海道
送付先住所：都市区 = 札幌市架空区
送付先住所：町以降 = 例一条1-2-3
送付先名字 = 山田
送付先名前 = 太郎
送付先名字フリガナ = ヤマダ
送付先名前フリガナ = タロウ
送付先電話番号１ = 011
送付先電話番号２ = 000
送付先電話番号３ = 0001
商品ID = 10000001
商品名 = リネンシャツ
商品番号 = P-100
商品URL =
単価 = 2900
個数 = 1
項目・選択肢 = カラー:白
納期情報 =
あす楽希望 = 0
配送会社 =
""",
    """
shipment_no = 300000-20261128-0000000001
order_no = 300000-20261128-0000000001
ordered_at = 2026-11-28T10:00:05+09:00
policy = 宅配便
request = お届け日指定: 2026-12-02\\nお届け時間帯: 1416
recipient = 山田 太郎
phone = 011-000-0001
address = 例一条1-2-3
city = 札幌市架空区
region = 北海道
postal_code = 060-0001
country = JP
product_id = P-100
product_name = リネンシャツ
product_option = カラー:白
quantity = 1
""",
)

NEXT_ENGINE = _sample(
    "next_engine",
    "",
    """
店舗伝票番号 = NE-001
受注日 = 2026/11/28 10:00:05
受注郵便番号 = 9999999
受注住所１ = 大阪府架空市9-9
受注住所２ =
受注名 = 購入者
受注名カナ =
受注電話番号 = 0999999999
受注メールアドレス = x@example.com
発送郵便番号 = 0600001
発送先住所１ = 北海道札幌市架空区例一条1-2-3
発送先住所２ = 例ビル㈱髙橋内
発送先名 = 山﨑太郎
発送先カナ = ヤマザキ
発送電話番号 = 0110000001
支払方法 = クレジットカード
発送方法 = ヤマト(発払い)B2v6
商品計 = 2900
税金 = 0
発送料 = 0
手数料 = 0
ポイント = 0
その他費用 = 0
合計金額 = 2900
ギフトフラグ = 0
時間帯指定 = 午前中
日付指定 = 2026/12/02
作業者欄 =
備考 = 置き配希望
商品名 = リネンシャツ
商品コード = P-100
商品価格 = 2900
受注数量 = 1
商品オプション = 白
出荷済フラグ = 0
顧客区分 =
顧客コード =
消費税率（%） = 10
のし =
ラッピング =
メッセージ =
""",
    """
shipment_no = NE-001
order_no = NE-001
ordered_at = 2026-11-28T10:00:05+09:00
policy = ヤマト(発払い)B2v6
request = 置き配希望\\n日付指定: 2026/12/02\\n時間帯指定: 午前中
recipient = 山﨑太郎
phone = 0110000001
address = 北海道札幌市架空区例一条1-2-3 例ビル㈱髙橋内
postal_code = 0600001
country = JP
product_id = P-100
product_name = リネンシャツ
product_option = 白
quantity = 1
""",
)

NEXT_ENGINE_SEARCH = _sample(
    "next_engine",
    "of its order search",
    """
店舗名 = 本店
伝票番号 = 12345
受注番号 = NE-001
受注日 = 2026-11-28 10:00:05
取込日 = 2026-11-28 11:00:00
受注キャンセル区分 = 0
受注キャンセル名 = 有効な受注です。
受注キャンセル日 =
受注状態区分 = 20
受注状態名 = 納品書印刷待ち
発送方法区分 = 20
発送方法名 = ヤマト(発払い)B2v6
支払名 = クレジットカード
総合計 = 2900
入金状況名 = 入金済み
備考 = 置き配希望
出荷確定日 =
出荷予定日 = 2026-11-29
作業用欄 =
配達希望日 = 2026-12-02
配達希望時間帯名 = 午前中
発送伝票番号 =
発送伝票備考欄 =
購入者名 = 購入者
購入者住所1 = 大阪府架空市9-9
送り先名 = 山田太郎
送り先カナ = ヤマダタロウ
送り先郵便番号 = 0600001
送り先住所1 = 北海道札幌市架空区例一条1-2-3
送り先住所2 =
送り先電話番号 = 0110000001
明細行番号 = 1
商品コード = P-100
商品名 = リネンシャツ
商品OP = 白
受注数 = 2
キャンセルフラグ = 0
""",
    """
shipment_no = NE-001
order_no = NE-001
ordered_at = 2026-11-28T10:00:05+09:00
policy = ヤマト(発払い)B2v6
request = 置き配希望\\n配達希望日: 2026-12-02\\n配達希望時間帯名: 午前中
recipient = 山田太郎
phone = 0110000001
address = 北海道札幌市架空区例一条1-2-3
postal_code = 0600001
country = JP
product_id = P-100
product_name = リネンシャツ
product_option = 白
quantity = 2
""",
)

QOO10 = _sample(
    "qoo10",
    "",
    """
配送状態 = 配送要請
注文番号 = 800000001
カート番号 = 700000001
配送会社 = Sagawa
送り状番号 =
発送日 =
注文日 = 2026/11/28 10:00:00
入金日 = 2026/11/28 10:01:00
お届け希望日 = 2026/12/05
発送予定日 = 2026/12/01
配送完了日 =
配送方法 = 宅配便
商品番号 = 600001
商品名 = リネンシャツ
数量 = 1
オプション情報 = カラー:白
オプションコード = P-100-W
おまけ =
受取人名 = 山田太郎
受取人名(フリガナ) = ヤマダタロウ
受取人電話番号 = +81-3-0000-0001
受取人携帯電話番号 = +81-90-0000-0001
住所 = 東京都架空区例町1-2
郵便番号 = 0600001
国家 = JP
送料の決済 = 購入者
決済サイト = Qoo10
通貨 = JPY
購入者決済金額 = 2900
販売価格 = 2900
割引額 = 0
注文金額の合計 = 2900
供給原価の合計 = 2500
購入者名 = 購入者
購入者名(フリガナ) =
配送要請事項 = 置き配
購入者電話番号 =
購入者携帯電話番号 =
販売者商品コード = P-100
JANコード =
規格番号 =
プレゼント贈り主 =
外部広告 =
素材 =
ギフト注文 =
""",
    """
shipment_no = 700000001
order_no = 800000001
ordered_at = 2026-11-28T10:00:00+09:00
ship_by = 2026-12-01
policy = 宅配便
request = 置き配\\nお届け希望日: 2026/12/05
recipient = 山田太郎
phone = +81-3-0000-0001
address = 東京都架空区例町1-2
postal_code = 0600001
country = JP
product_id = P-100
product_name = リネンシャツ
product_option = カラー:白
quantity = 1
""",
)

EC_CUBE = _sample(
    "ec_cube",
    "",
    """
注文ID = 7
注文番号 = 0000000007
会員ID = 3
お名前(姓) = 購入
お名前(名) = 者
郵便番号 = 9999999
都道府県(名称) = 大阪府
住所1 = 架空市
住所2 = 9-9
メールアドレス = x@example.com
TEL = 0999999999
ショップ用メモ欄 =
対応状況(ID) = 1
対応状況(名称) = 新規受付
注文日 = 2026/11/28 10:00
入金日 =
支払方法(名称) = クレジットカード
お問い合わせ = 置き配希望
注文詳細ID = 11
商品ID = 1
商品規格ID = 10
商品名 = リネンシャツ
商品コード = P-100
規格名1 = カラー
規格名2 = サイズ
規格分類名1 = 白
規格分類名2 = M
価格 = 2900
個数 = 1
税率 = 10
明細区分(ID) = 1
明細区分(名称) = 商品
出荷ID = 8
配送先_お名前(姓) = 山田
配送先_お名前(名) = 太郎
配送先_お名前(セイ) = ヤマダ
配送先_お名前(メイ) = タロウ
配送先_会社名 =
配送先_郵便番号 = 0600001
配送先_都道府県(ID) = 1
配送先_都道府県(名称) = 北海道
配送先_住所1 = 札幌市架空区
配送先_住所2 = 例一条1-2-3
配送先_TEL = 0110000001
配送業者(ID) = 1
配送業者(名称) = サンプル宅配
お届け時間(名称) = 午前
お届け希望日 = 2026/12/02
発送日 =
出荷伝票番号 =
配達用メモ =
""",
    """
shipment_no = 8
order_no = 0000000007
ordered_at = 2026-11-28T10:00:00+09:00
policy = サンプル宅配
request = 置き配希望\\nお届け希望日: 2026/12/02\\nお届け時間(名称): 午前
recipient = 山田 太郎
phone = 0110000001
address = 札幌市架空区 例一条1-2-3
region = 北海道
postal_code = 0600001
country = JP
product_id = P-100
product_name = リネンシャツ
product_option = 白, M
quantity = 1
""",
)

EC_CUBE_3 = _sample(
    "ec_cube",
    "3, with telephones and postal codes in pieces",
    """
注文ID = 7
会員ID = 3
お名前(姓) = 購入
お名前(名) = 者
メールアドレス = x@example.com
TEL1 = 09
TEL2 = 9999
TEL3 = 9999
郵便番号1 = 999
郵便番号2 = 9999
都道府県(名称) = 大阪府
住所1 = 架空市
住所2 = 9-9
お問い合わせ =
ショップ用メモ欄 =
対応状況(名称) = 新規受付
注文日 = 2026-11-28 10:00:00
商品ID = 1
商品規格ID = 10
商品名 = リネンシャツ
商品コード = P-100
規格分類名1 = 白
規格分類名2 =
価格 = 2900
個数 = 1
配送ID = 8
配送先_お名前(姓) = 山田
配送先_お名前(名) = 太郎
配送先_お名前(セイ) = ヤマダ
配送先_お名前(メイ) = タロウ
配送先_会社名 =
配送先_郵便番号1 = 060
配送先_郵便番号2 = 0001
配送先_都道府県(ID) = 1
配送先_都道府県(名称) = 北海道
配送先_住所1 = 札幌市架空区
配送先_住所2 = 例一条1-2-3
配送先_TEL1 = 011
配送先_TEL2 = 000
配送先_TEL3 = 0001
配送業者(名称) = サンプル宅配
お届け時間(名称) =
お届け日 = 2026-12-02
""",
    """
shipment_no = 8
order_no = 7
ordered_at = 2026-11-28T10:00:00+09:00
policy = サンプル宅配
request = お届け日: 2026-12-02
recipient = 山田 太郎
phone = 011-000-0001
address = 札幌市架空区 例一条1-2-3
region = 北海道
postal_code = 060-0001
country = JP
product_id = P-100
product_name = リネンシャツ
product_option = 白
quantity = 1
""",
)

SHIPSTATION = _sample(
    "shipstation",
    "",
    """
Order - Number = SS-1001
Order - Status = Awaiting Shipment
Date - Order Date = 11/28/2026 9:14:01 AM
Date - Paid Date = 11/28/2026 9:15:00 AM
Date - Ship By Date = 11/30/2026 11:59:59 PM
Date - Shipped Date =
Market - Store Name = My shop
Amount - Order Total = 63.00
Bill To - Name = Bill Roe
Ship To - Name = Jane Roe
Ship To - Company = Acme Ltd
Ship To - Address 1 = 1 Example St
Ship To - Address 2 = Apt 2
Ship To - Address 3 =
Ship To - City = Springfield
Ship To - State = IL
Ship To - Postal Code = 00123
Ship To - Country = US
Ship To - Phone = +1 555 000 0001
Service - Requested Service = Standard
Notes - From Buyer = Leave at door
Item - SKU = P-100
Item - Name = Linen shirt
Item - Options = White
Item - Qty = 2
Carrier - Name Actual =
Shipment - Tracking Number =
""",
    """
shipment_no = SS-1001
order_no = SS-1001
ordered_at = 2026-11-28T09:14:01+09:00
ship_by = 2026-11-30
policy = Standard
request = Leave at door
recipient = Jane Roe
phone = +1 555 000 0001
address = 1 Example St, Apt 2
city = Springfield
region = IL
postal_code = 00123
country = US
product_id = P-100
product_name = Linen shirt
product_option = White
quantity = 2
""",
)

SHIPSTATION_PLAIN = _sample(
    "shipstation",
    "with plain heads",
    """
Order # = SS-1001
Order Created Date = 11/28/2026
Order Date Paid = 11/28/2026
Order Total = 63
Order Amount Paid = 63
Order Requested Shipping Service = Standard
Order Total Weight (oz) = 4
Order Custom Field 1 =
Order Source =
Order Notes from Buyer = Leave at door
Order Internal Notes =
Buyer Full Name = Bill Roe
Buyer Phone =
Recipient Full Name =
Recipient First Name = Jane
Recipient Last Name = Roe
Recipient Phone = +1 555 000 0001
Recipient Company = Acme Ltd
Address Line 1 = 1 Example St
Address Line 2 = Apt 2
Address Line 3 = Rear
City = Springfield
State = IL
Postal Code = 00123
Country Code = US
Item SKU = P-100
Item Name = Linen shirt
Item Quantity = 2
Item Unit Price = 29
Item Options = White
""",
    """
shipment_no = SS-1001
order_no = SS-1001
ordered_at = 2026-11-28T00:00:00+09:00
policy = Standard
request = Leave at door
recipient = Jane Roe
phone = +1 555 000 0001
address = 1 Example St, Apt 2, Rear
city = Springfield
region = IL
postal_code = 00123
country = US
product_id = P-100
product_name = Linen shirt
product_option = White
quantity = 2
""",
)

ETSY = _sample(
    "etsy",
    "",
    """
Sale Date = 11/28/26
Item Name = Linen shirt
Buyer = Bill Roe (bill)
Quantity = 2
Price = 29.00
Coupon Code =
Coupon Details =
Discount Amount = 0
Shipping Discount = 0
Order Shipping = 5
Order Sales Tax = 0
Item Total = 58.00
Currency = USD
Transaction ID = 2000000001
Listing ID = 1000000001
Date Paid = 11/28/2026
Date Shipped =
Ship Name = Jane Roe
Ship Address1 = 1 Example St
Ship Address2 = Apt 2
Ship City = Springfield
Ship State = IL
Ship Zipcode = 00123
Ship Country = United States
Order ID = 3000000001
Variations = Color:White
Order Type = online
Listings Type = physical
Payment Type = online_cc
InPerson Discount =
InPerson Location =
VAT Paid by Buyer =
SKU = P-100
""",
    """
shipment_no = 3000000001
order_no = 3000000001
ordered_at = 2026-11-28T00:00:00+09:00
recipient = Jane Roe
address = 1 Example St, Apt 2
city = Springfield
region = IL
postal_code = 00123
country = US
product_id = P-100
product_name = Linen shirt
product_option = Color:White
quantity = 2
""",
)

ETSY_ORDERS = _sample(
    "etsy",
    "of sold orders",
    """
Sale Date = 11/28/26
Order ID = 3000000001
Buyer User ID = bill
Full Name = Jane Roe
First Name = Jane
Last Name = Roe
Number of Items = 2
Payment Method = Credit Card
Date Shipped =
Street 1 = 1 Example St
Street 2 = Apt 2
Ship City = Springfield
Ship State = IL
Ship Zipcode = 00123
Ship Country = United States
Currency = USD
Order Value = 58
Coupon Code =
Coupon Details =
Discount Amount = 0
Shipping Discount = 0
Shipping = 5
Sales Tax = 0
Order Total = 63
Status =
Card Processing Fees = 2
Order Net = 61
Adjusted Order Total =
Adjusted Card Processing Fees =
Adjusted Net Order Amount =
Buyer = bill
Order Type = online
Payment Type = online_cc
InPerson Discount =
InPerson Location =
SKU = P-100
""",
    """
shipment_no = 3000000001
order_no = 3000000001
ordered_at = 2026-11-28T00:00:00+09:00
recipient = Jane Roe
address = 1 Example St, Apt 2
city = Springfield
region = IL
postal_code = 00123
country = US
product_id = P-100
quantity = 2
""",
)

ETSY_BRITISH = _sample(
    "etsy",
    "in British words",
    """
Sale Date = 11/28/26
Item Name = Linen shirt
Buyer = Bill Roe (bill)
Quantity = 2
Price = 29.00
Coupon Code =
Delivery Discount = 0
Order Delivery = 5
Item Total = 58.00
Currency = GBP
Transaction ID = 2000000001
Listing ID = 1000000001
Date Paid = 11/28/2026
Date Posted =
Delivery Name = Jane Roe
Delivery Address1 = 1 Example St
Delivery Address2 =
Delivery City = London
Delivery State =
Delivery Zipcode = N1 1AA
Delivery Country = United Kingdom
Order ID = 3000000001
Variations =
Order Type = online
Listings Type = physical
Payment Type = online_cc
InPerson Discount =
InPerson Location =
VAT Paid by Buyer =
SKU =
""",
    """
shipment_no = 3000000001
order_no = 3000000001
ordered_at = 2026-11-28T00:00:00+09:00
recipient = Jane Roe
address = 1 Example St
city = London
postal_code = N1 1AA
country = GB
product_id = 1000000001
product_name = Linen shirt
quantity = 2
""",
)

EBAY = _sample(
    "ebay",
    "",
    """
Sales Record Number = 101
Order Number = 12-00000-00001
Buyer Username = bill
Buyer Name = Bill Roe
Buyer Email = x@example.com
Buyer Note = Leave at door
Buyer Address 1 = 9 Bill St
Buyer Address 2 =
Buyer City = Billtown
Buyer State = CA
Buyer Zip = 99999
Buyer Country = United States
Buyer Tax Identifier Name =
Buyer Tax Identifier Value =
Ship To Name = Jane Roe
Ship To Phone = +1 555 000 0001
Ship To Address 1 = 1 Example St
Ship To Address 2 = Apt 2
Ship To City = Springfield
Ship To State = IL
Ship To Zip = 00123
Ship To Country = United States
Item Number = 190000000001
Item Title = Linen shirt
Custom Label = P-100
Sold Via Promoted Listings = No
Quantity = 2
Sold For = $29.00
Shipping And Handling = $5.00
Item Location = Incheon
Item Zip Code =
Item Country = KR
eBay Collected Tax = $0.00
Total Price = $63.00
Payment Method = PayPal
Sale Date = Nov-28-26
Paid On Date = Nov-28-26
Ship By Date = Dec-01-26
Minimum Estimated Delivery Date = Dec-05-26
Maximum Estimated Delivery Date = Dec-09-26
Shipped On Date =
Feedback Left = No
Feedback Received =
My Item Note =
PayPal Transaction ID =
Shipping Service = USPS Priority Mail
Tracking Number =
Transaction ID = 5000000001
Variation Details = [Color:White]
Global Shipping Program = No
eBay Plus = No
""",
    """
shipment_no = 12-00000-00001
order_no = 12-00000-00001
ordered_at = 2026-11-28T00:00:00+09:00
promised_on = 2026-12-09
ship_by = 2026-12-01
policy = USPS Priority Mail
request = Leave at door
recipient = Jane Roe
phone = +1 555 000 0001
address = 1 Example St, Apt 2
city = Springfield
region = IL
postal_code = 00123
country = US
product_id = P-100
product_name = Linen shirt
product_option = [Color:White]
quantity = 2
""",
)

EBAY_OLD = _sample(
    "ebay",
    "of the old report",
    """
Sales Record Number = 101
User Id = bill
Buyer Fullname = Jane Roe
Buyer Phone Number = 5550000001
Buyer Email = x@example.com
Buyer Address 1 = 1 Example St
Buyer Address 2 =
Buyer City = Springfield
Buyer State = IL
Buyer Zip = 00123
Buyer Country = United States
Order ID = 190000000001-5000000001
Item ID = 190000000001
Transaction ID = 5000000001
Item Title = Linen shirt
Quantity = 1
Sale Price = $29.00
Shipping And Handling = $5.00
Sales Tax = $0.00
Total Price = $34.00
Payment Method = PayPal
Sale Date = 28-Nov-26
Checkout Date = 28-Nov-26
Paid on Date = 28-Nov-26
Shipped on Date =
Shipping Service = USPS First Class
Feedback Left =
Notes to Yourself =
Custom Label =
""",
    """
shipment_no = 190000000001-5000000001
order_no = 190000000001-5000000001
ordered_at = 2026-11-28T00:00:00+09:00
policy = USPS First Class
recipient = Jane Roe
phone = 5550000001
address = 1 Example St
city = Springfield
region = IL
postal_code = 00123
country = US
product_id = 190000000001
product_name = Linen shirt
quantity = 1
""",
)

EBAY_BRITISH = _sample(
    "ebay",
    "in British words",
    """
Sales record number = 101
Order number = 12-00000-00001
Buyer username = bill
Buyer name = Bill Roe
Buyer note =
Buyer address 1 = 9 Bill St
Buyer city = Billtown
Buyer county =
Buyer postcode = N9 9ZZ
Buyer country = United Kingdom
Post to name = Jane Roe
Post to phone = 07000000001
Post to address 1 = 1 Example St
Post to address 2 =
Post to city = London
Post to county = Greater London
Post to postcode = N1 1AA
Post to country = United Kingdom
Item number = 190000000001
Item title = Linen shirt
Custom label = P-100
Quantity = 1
Sold for = £29.00
Postage and packaging = £5.00
Total price = £34.00
Sale date = 28-Nov-26
Paid on date = 28-Nov-26
Post by date = 01-Dec-26
Dispatched on date =
Delivery service = Royal Mail Tracked 48
Tracking number =
Variation details =
""",
    """
shipment_no = 12-00000-00001
order_no = 12-00000-00001
ordered_at = 2026-11-28T00:00:00+09:00
ship_by = 2026-12-01
policy = Royal Mail Tracked 48
recipient = Jane Roe
phone = 07000000001
address = 1 Example St
city = London
region = Greater London
postal_code = N1 1AA
country = GB
product_id = P-100
product_name = Linen shirt
quantity = 1
""",
)

_OWN_READ = """
shipment_no = S-0001
order_no = O-0001
ordered_at = 2026-11-28T09:14:01+09:00
ship_by = 2026-12-01
recipient = 홍길동
phone = 010-0000-0001
address = 서울특별시 가나구 다라로 1
postal_code = 01234
country = KR
product_id = P-100
product_name = 린넨 셔츠
quantity = 2
"""
OWN = _sample("own", "", _OWN_READ, _OWN_READ)
OWN_TITLES = _sample(
    "own",
    "with the titles on screen",
    """
Shipment No. = S-0001
Order No. = O-0001
Ordered = 2026-11-28 09:14:01
Ship by = 2026-12-01
Recipient = 홍길동
Phone = 010-0000-0001
Address = 서울특별시 가나구 다라로 1
Postal code = 01234
Country = 대한민국
Product ID = P-100
Product name = 린넨 셔츠
Quantity = 2
""",
    _OWN_READ,
)

SAMPLES = (
    *(NAVER, NAVER_OLD, COUPANG, COUPANG_OLD, CAFE24, ESM, ESM_OLD, SHOPIFY, WOOCOMMERCE, WOOCOMMERCE_KEYS),
    *(AMAZON, AMAZON_ORDERS, RAKUTEN, RAKUTEN_OLD, NEXT_ENGINE, NEXT_ENGINE_SEARCH, QOO10, EC_CUBE, EC_CUBE_3),
    *(SHIPSTATION, SHIPSTATION_PLAIN, ETSY, ETSY_ORDERS, ETSY_BRITISH, EBAY, EBAY_OLD, EBAY_BRITISH, OWN, OWN_TITLES),
)
