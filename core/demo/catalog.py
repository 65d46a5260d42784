"""The invented shop as data: products, warehouses, policies, lanes, staff, and what buyers ask for."""

from dataclasses import dataclass

DAY = 86_400
HOUR = 3_600


@dataclass(frozen=True)
class Warehouse:
    """`offset`: hours from UTC. `workdays`: from Monday. Parcels go through `hub` and leave the country at `gateway`."""

    code: str
    country: str
    city: str
    offset: int
    cutoff_hour: float
    workdays: tuple[bool, ...]
    hub: str
    gateway: str
    staff: tuple[str, ...]
    slow_on_mondays: bool = False


_MONDAY_TO_FRIDAY = (True, True, True, True, True, False, False)
_MONDAY_TO_SATURDAY = (True, True, True, True, True, True, False)

WAREHOUSES = (
    Warehouse("ICN1", "KR", "인천", 9, 14, _MONDAY_TO_SATURDAY, "대전 허브", "인천공항",
              ("Hana Seo", "Minjun Ok", "Dawon Pyo")),
    Warehouse("TYO2", "JP", "川崎", 9, 13, _MONDAY_TO_FRIDAY, "川崎ベース", "成田空港",
              ("Aoi Mizuki", "Ren Tachikawa"), slow_on_mondays=True),
    Warehouse("LAX1", "US", "Torrance, CA", -8, 12, _MONDAY_TO_FRIDAY, "Ontario, CA Hub", "Los Angeles Airport",
              ("Dana Reyes-Holt", "Marcus Adeyo")),
)  # fmt: skip

WAREHOUSE_SHARES: dict[str, tuple[int, int, int]] = {
    "KR": (100, 0, 0),
    "JP": (35, 65, 0),
    "US": (42, 0, 58),
    "CA": (40, 0, 60),
    "MX": (35, 0, 65),
    "AU": (70, 20, 10),
    "TW": (80, 20, 0),
}
WAREHOUSE_SHARES_ELSEWHERE = (86, 8, 6)

# Times that these companies tell come without a zone.
LOCAL_TIMES = ("sf", "sagawa")

# Five weeks ago this carrier opened a hub: its numbers come from a new block since, and parcels for one area get stuck there.
STRUGGLING_CARRIER = "lotte"
STRUGGLING_AREA = "KR south"
STRUGGLING_DAYS = 35
STRUGGLING_NUMBERS = "25#########?"
STRUGGLING_HUB = "구미 신설 허브"


@dataclass(frozen=True)
class Policy:
    """`options` with their weights; freight is `base` and `per_kg` in the currency."""

    name: str
    currency: str
    base: float
    per_kg: float
    options: tuple[tuple[str, int], ...]


POLICIES = (
    Policy("Standard", "KRW", 3000, 400, (("Front door", 62), ("Security desk", 20), ("Parcel locker", 14), ("Cold pack", 4))),
    Policy("Parcel Post", "KRW", 3500, 500, (("Front door", 70), ("Post office pick-up", 18), ("Signature", 12))),
    Policy("Quick Rider", "KRW", 12000, 0, (("Same day", 80), ("By appointment", 20))),
    Policy("Global Express", "USD", 19.5, 9.9, (("Duties unpaid", 68), ("Duties paid", 26), ("Signature", 6))),
    Policy("Global Standard", "USD", 11.9, 6.4, (("Duties unpaid", 80), ("Duties paid", 20))),
    Policy("Japan Local", "JPY", 620, 180, (("Front door", 64), ("Time slot", 22), ("Convenience store", 14))),
    Policy("US Local", "USD", 5.95, 1.8, (("Ground", 74), ("Two-day", 20), ("Signature", 6))),
)  # fmt: skip


@dataclass(frozen=True)
class LanePolicy:
    """A policy and carrier on a lane: its share, days from pick-up to the first attempt (P10, P50, P90, P99), days promised."""

    policy: str
    carrier: str
    share: float
    days: tuple[float, float, float, float]
    promise: int


LANES: dict[tuple[str, str], tuple[LanePolicy, ...]] = {
    ("KR", "KR metro"): (
        LanePolicy("Standard", "cj", 42, (1, 1, 2, 4), 3),
        LanePolicy("Standard", "hanjin", 18, (1, 1, 2, 4), 3),
        LanePolicy("Standard", "lotte", 17, (1, 1, 2, 4), 3),
        LanePolicy("Standard", "logen", 9, (1, 1, 2.4, 5), 3),
        LanePolicy("Parcel Post", "korea_post", 12.4, (1, 1.3, 2, 4), 4),
        LanePolicy("Quick Rider", "other", 1, (0, 0, 1, 2), 2),
        LanePolicy("Quick Rider", "own", 0.6, (0, 0, 1, 2), 2),
    ),
    ("KR", "KR south"): (
        LanePolicy("Standard", "cj", 40, (1, 1, 2, 4), 3),
        LanePolicy("Standard", "hanjin", 18, (1, 1.2, 2, 5), 4),
        LanePolicy("Standard", "lotte", 20, (1, 1.2, 2, 5), 4),
        LanePolicy("Standard", "logen", 10, (1, 1.4, 2.6, 5), 4),
        LanePolicy("Parcel Post", "korea_post", 12, (1, 1.4, 2.3, 5), 4),
    ),
    ("KR", "KR islands"): (
        LanePolicy("Standard", "cj", 44, (2, 2, 4, 7), 5),
        LanePolicy("Standard", "hanjin", 16, (2, 2.4, 4, 8), 5),
        LanePolicy("Standard", "lotte", 12, (2, 2.6, 4.4, 8), 5),
        LanePolicy("Parcel Post", "korea_post", 28, (2, 2, 3, 6), 5),
    ),
    ("KR", "JP"): (
        LanePolicy("Global Standard", "ems", 58, (4, 6.4, 10, 17), 13),
        LanePolicy("Global Express", "dhl", 20, (2, 3.6, 6, 10), 8),
        LanePolicy("Global Express", "fedex", 22, (2, 3.8, 6, 10), 8),
    ),
    ("KR", "Greater China"): (
        LanePolicy("Global Standard", "sf", 48, (4, 5.4, 9, 15), 12),
        LanePolicy("Global Standard", "ems", 32, (5, 8, 13, 22), 16),
        LanePolicy("Global Express", "dhl", 20, (3, 4, 6, 10), 8),
    ),
    ("KR", "South-East Asia"): (
        LanePolicy("Global Standard", "ems", 46, (6, 9, 14, 22), 17),
        LanePolicy("Global Express", "dhl", 30, (3, 4.3, 7, 11), 9),
        LanePolicy("Global Standard", "sf", 24, (5, 7, 10, 17), 14),
    ),
    ("KR", "North America"): (
        LanePolicy("Global Standard", "ems", 52, (9, 13, 20, 32), 22),
        LanePolicy("Global Express", "fedex", 20, (4, 5.4, 8, 14), 10),
        LanePolicy("Global Express", "ups", 14, (4, 5.7, 9, 14), 10),
        LanePolicy("Global Express", "dhl", 14, (4, 5.2, 8, 13), 10),
    ),
    ("KR", "Europe"): (
        LanePolicy("Global Standard", "ems", 48, (9, 13, 20, 33), 23),
        LanePolicy("Global Express", "dhl", 30, (4, 5, 8, 13), 10),
        LanePolicy("Global Express", "fedex", 14, (4, 5.8, 9, 14), 11),
        LanePolicy("Global Express", "ups", 8, (4, 6, 9, 15), 11),
    ),
    ("KR", "Elsewhere"): (
        LanePolicy("Global Standard", "ems", 50, (8, 12, 20, 34), 22),
        LanePolicy("Global Express", "dhl", 30, (4, 5.4, 9, 15), 11),
        LanePolicy("Global Express", "fedex", 20, (4, 5.6, 9, 16), 11),
    ),
    ("JP", "JP"): (
        LanePolicy("Japan Local", "yamato", 46, (1, 1, 2, 3), 3),
        LanePolicy("Japan Local", "sagawa", 34, (1, 1.2, 2, 4), 4),
        LanePolicy("Japan Local", "japan_post", 20, (1, 1.4, 2.4, 4), 4),
    ),
    ("JP", "Elsewhere"): (
        LanePolicy("Global Standard", "japan_post", 46, (7, 11, 17, 26), 19),
        LanePolicy("Global Express", "dhl", 30, (3, 4, 7, 12), 9),
        LanePolicy("Global Express", "fedex", 24, (3, 4.4, 7, 12), 9),
    ),
    ("US", "North America"): (
        LanePolicy("US Local", "usps", 46, (2, 3, 5, 9), 6),
        LanePolicy("US Local", "ups", 30, (2, 3, 4, 7), 6),
        LanePolicy("US Local", "fedex", 24, (2, 3, 4.4, 8), 6),
    ),
    ("US", "Elsewhere"): (
        LanePolicy("Global Standard", "usps", 44, (7, 10, 17, 28), 19),
        LanePolicy("Global Express", "ups", 30, (4, 5, 8, 14), 10),
        LanePolicy("Global Express", "dhl", 26, (3, 5, 8, 13), 10),
    ),
}


@dataclass(frozen=True)
class Rare:
    """Companies that get a parcel of a lane now and then, in turn: their share beside the hundred of the others."""

    share: float
    carriers: tuple[str, ...]


_RARE_IN_KOREA = Rare(
    4,
    ("coupang", "gs_postbox", "cu", "kyungdong", "daesin", "ilyang", "chunil", "hapdong", "kunyoung", "nonghyup", "homepick", "woori",
     "slx", "yongma", "pantos"),
)  # fmt: skip
RARE: dict[tuple[str, str], Rare] = {
    ("KR", "KR metro"): _RARE_IN_KOREA,
    ("KR", "KR south"): _RARE_IN_KOREA,
    ("KR", "Greater China"): Rare(16, ("china_post", "yto", "sto", "hongkong_post")),
    ("KR", "South-East Asia"): Rare(25, ("jt", "ninja_van", "kerry", "flash")),
    ("KR", "North America"): Rare(20, ("canada_post", "purolator", "cainiao", "yunexpress", "fourpx", "yanwen")),
    ("KR", "Europe"): Rare(
        40,
        ("dhl_paket", "tnt", "gls", "dpd", "dpd_uk", "evri", "royal_mail", "parcelforce", "yodel", "la_poste", "postnl", "bpost",
         "correos", "poste_italiane", "swiss_post", "postnord", "inpost"),
    ),
    ("KR", "Elsewhere"): Rare(30, ("australia_post", "nz_post", "aramex")),
    ("JP", "JP"): Rare(14, ("seino", "fukuyama", "nippon_express", "meitetsu", "tonami", "daiichi", "niigata", "kurume", "ecohai")),
    ("US", "North America"): Rare(8, ("ontrac", "amazon")),
}  # fmt: skip

SHIP_WITHIN_WORKDAYS = {"Quick Rider": 0, "Global Standard": 2}
SHIP_WITHIN_WORKDAYS_ELSE = 1

# Orders: how each hour of a shop's day, each weekday from Monday and each season weighs.
HOURS = (18, 10, 6, 4, 3, 4, 8, 16, 30, 46, 58, 62, 60, 58, 56, 54, 50, 48, 50, 58, 70, 78, 66, 40)
WEEKDAYS = (1.16, 1.1, 1.06, 1.02, 0.94, 0.8, 0.92)
GROWTH = 4.0
SEASONS = (  # first and last (month, day), weight
    ((1, 20), (2, 4), 1.25),
    ((5, 1), (5, 8), 1.2),
    ((9, 12), (9, 22), 1.3),
    ((11, 8), (11, 13), 1.45),
    ((11, 24), (12, 1), 1.35),
    ((12, 2), (12, 19), 1.3),
)
SALE = (1.7, 2.3, 2.8, 3.0, *(3.2,) * 14)  # the last days: a sale is on
DAYS_BACK, DAYS_AHEAD = 400, 60

MODIFIED_BECAUSE = (
    "The label was printed again",
    "Two digits were swapped",
    "Wrong parcel was scanned",
    "송장 재발행",
)
REFUSED_BECAUSE = ("The carrier did not know the number; new label", "Number was cancelled at the carrier; new label")
DELETED_BECAUSE = ("The box was repacked", "Held back at the buyer's wish", "Damaged while packing; goods replaced")
BY_HAND_BECAUSE = (
    "The buyer confirmed by mail that it arrived",
    "The rider confirmed by phone",
    "수취 확인 - 고객 통화",
    "Proof of delivery received from the carrier",
)
CLOSED_BECAUSE = ("Refunded", "Refunded; goods back in stock", "Claim filed with the carrier", "구매자 환불 완료")

LONG_PRODUCT = (
    "Weekend gift set “Quiet Rivers” – stoneware teapot 1.2 l, four cups, bamboo tray, two tins of roasted barley tea and a "
    "hand-folded card (limited winter edition, colour assorted, refill pouch included)"
)

# Product ID, name, grams, how well it sells.
PRODUCTS: tuple[tuple[str, str, int, int], ...] = (
    ("P-10017", "달빛 머그컵 350ml", 420, 90),
    ("P-10023", "모래결 세라믹 접시 2인 세트", 1380, 54),
    ("P-10031", "솔잎향 고체 샴푸바", 110, 82),
    ("P-10048", "하루견과 틴케이스 24봉", 760, 75),
    ("P-10052", "린넨 북커버 (A5, 먹색)", 140, 40),
    ("P-10060", "접이식 노트북 스탠드 라이트", 690, 61),
    ("P-10077", "온결 무릎담요 100x140", 820, 48),
    ("P-10085", "보리차 티백 50입", 210, 66),
    ("P-10091", "유자 젤리 스틱 10개입", 260, 70),
    ("P-10104", "Pebble wireless charger", 230, 64),
    ("P-10119", "Canvas tote “Harbour”", 310, 58),
    ("P-10126", "Fountain pen Kite, fine nib", 90, 44),
    ("P-10133", "Ink bottle, rain grey, 50 ml", 260, 31),
    ("P-10147", "Dot-grid notebook, 192 pages", 340, 73),
    ("P-10158", "Desk lamp Firefly, warm white", 1240, 37),
    ("P-10162", "Cork yoga mat 183 cm", 1900, 29),
    ("P-10171", "Enamel camping kettle 1 l", 780, 27),
    ("P-10189", "Merino socks, two pairs", 160, 85),
    ("P-10195", "Rain jacket Tarn, size M", 540, 46),
    ("P-10196", "Rain jacket Tarn, size L", 560, 42),
    ("P-10208", "LED 무드등 ‘반딧불’", 330, 38),
    ("P-10214", "핸드드립 커피 필터 100매", 240, 52),
    ("P-10222", "콜드브루 원액 500ml x 2", 1160, 47),
    ("P-10239", "매일 수분크림 80ml", 180, 95),
    ("P-10240", "매일 수분크림 80ml 리필 2개", 260, 51),
    ("P-10251", "쌀겨 클렌징 밤", 150, 63),
    ("P-10267", "시트 마스크 초록 10매", 290, 98),
    ("P-10274", "수면 안대 ‘구름’", 70, 33),
    ("P-10288", "抹茶ラテの素 12袋", 230, 45),
    ("P-10293", "真鍮のしおり 三日月", 40, 28),
    ("P-10305", "手ぬぐい 波紋 藍", 80, 39),
    ("P-10317", "木製カトラリー 4点セット", 210, 30),
    ("P-10322", "保温弁当箱 二段 900ml", 640, 34),
    ("P-10336", "Travel adapter, five sockets", 280, 57),
    ("P-10341", "USB-C cable, braided, 2 m", 85, 88),
    ("P-10359", "Noise-soft earbuds Wren", 120, 69),
    ("P-10363", "Phone case Glacier, clear", 60, 77),
    ("P-10378", "Keyboard wrist rest, walnut", 450, 36),
    ("P-10382", "Puzzle “Old Observatory”, 1000 pieces", 890, 26),
    ("P-10397", "Board game Lantern Ferry", 1350, 24),
    ("P-10409", "Kids' raincoat, frog green", 320, 32),
    ("P-10415", "Wooden train, seven cars", 970, 22),
    ("P-10423", "Soy candle “Cedar & Salt”", 410, 72),
    ("P-10438", "Reed diffuser, white fig", 560, 43),
    ("P-10446", "Linen bath towel, stone", 620, 35),
    ("P-10452", "Cast-iron pan 24 cm", 2450, 19),
    ("P-10467", "Chef's knife 18 cm, ash handle", 390, 25),
    ("P-10471", "Spice rack, magnetic", 1120, 20),
    ("P-10486", "Bluetooth speaker Moss", 730, 41),
    ("P-10494", LONG_PRODUCT, 3150, 12),
    ("P-10503", "강아지 노즈워크 매트", 580, 29),
    ("P-10511", "고양이 스크래처 ‘파도’", 1640, 23),
    ("P-10529", "간식 세트 ‘산책 후’ 6종", 480, 40),
    ("P-10535", "캠핑 랜턴 800루멘", 510, 38),
    ("P-10542", "경량 침낭 (봄가을)", 1280, 17),
    ("P-10558", "등산 스틱 2개 1조", 620, 21),
    ("P-10564", "Sonnencreme-Stick LSF 50", 75, 55),
    ("P-10573", "Badesalz „Waldlichtung“ 600 g", 660, 26),
    ("P-10581", "Carnet de voyage, papier aquarelle", 470, 24),
    ("P-10599", "Savon au miel, lot de trois", 330, 37),
    ("P-10607", "Abanico plegable “Azahar”", 95, 18),
    ("P-10612", "Manta de algodón 130×170", 910, 22),
    ("P-10628", "竹炭除味包 四入", 520, 27),
    ("P-10634", "桂花乌龙茶 150克", 220, 33),
    ("P-10649", "Replacement blades, pack of 8", 45, 50),
    ("P-10655", "Water bottle Drift 750 ml", 290, 80),
    ("P-10663", "스테인리스 텀블러 500ml (각인 가능 / 무료 선물포장 / 색상: 안개 파랑)", 380, 74),
    ("P-10678", "Tablet sleeve 11 inch, felt", 190, 34),
    ("P-10684", "Plant pot, self-watering, 17 cm", 840, 28),
    ("P-10699", "Seed box “Balcony herbs”", 150, 30),
)  # fmt: skip

ASKING = 0.42
REQUESTS: dict[str, tuple[str, ...]] = {
    "ko": (
        "문 앞에 놓아주세요.",
        "배송 전 연락 바랍니다.",
        "부재 시 경비실에 맡겨주세요.",
        "벨 누르지 말아주세요. 아기가 자고 있어요.",
        "택배함에 넣어주세요 (비밀번호는 문자로 보내드릴게요).",
        "파손 주의! 던지지 말아주세요.",
        "선물이라 가격표는 빼고 포장 부탁드립니다.",
        "회사로 배송해 주세요. 평일 18시 이전에만 수령 가능하고, 로비 안내 데스크에 맡기신 후 문자 한 통 부탁드립니다. 감사합니다!",
    ),
    "ja": (
        "置き配でお願いします。",
        "不在時は宅配ボックスへお願いします。",
        "配達前にお電話ください。",
        "午前中の配達を希望します。",
        "ギフトのため、明細書を入れないでください。",
        "インターホンが故障しています。ノックをお願いします。",
    ),
    "en": (
        "Please leave it at the front door.",
        "Call me before delivery, please.",
        "Gate code will be sent by text. Do not leave it on the street.",
        "This is a gift: no prices in the box, please.",
        "Leave with the neighbour at no. 12 if I am out.",
        "Fragile! Please add extra padding.",
        "Please combine with my other order if you can. If not, no worries – just make sure both boxes carry my full "
        "name, because reception returns anything with initials only.",
    ),
    "de": (
        "Bitte beim Nachbarn abgeben.",
        "Bitte nicht vor der Haustür abstellen.",
        "Lieferung bitte erst nach 17 Uhr.",
        "Bitte als Geschenk verpacken, ohne Rechnung.",
    ),
    "fr": (
        "Merci de laisser le colis chez la gardienne.",
        "Sonnez deux fois, s'il vous plaît.",
        "Livraison l'après-midi de préférence.",
        "C'est un cadeau, merci de ne pas joindre la facture.",
    ),
    "es": (
        "Dejar en la portería, por favor.",
        "Llamar antes de entregar.",
        "Es un regalo, sin factura, por favor.",
        "Entregar por la tarde, después de las 16 h.",
    ),
    "zh": (
        "请放在门口，谢谢。",
        "送货前请先打电话。",
        "请放快递柜。",
        "易碎品，请小心轻放。",
        "麻煩交給管理員代收。",
    ),
}
