"""What carriers say: the codes they scan with, the meaning of each, and their words for it."""

from dataclasses import dataclass

from core.domain.history import ChangeSource
from core.domain.shipment import Stage

SOURCE = ChangeSource.CARRIER
BY_HAND = "BY_HAND"

CODES: dict[str, Stage | None] = {
    "INFO_RECEIVED": Stage.INFO_RECEIVED,
    "NUMBER_REFUSED": Stage.INVALID_NUMBER,
    "PICKED_UP": Stage.PICKED_UP,
    "HUB_IN": Stage.IN_TRANSIT,
    "HUB_OUT": Stage.IN_TRANSIT,
    "EXPORTED": Stage.IN_TRANSIT,
    "IMPORTED": Stage.IN_TRANSIT,
    "CUSTOMS_HOLD": Stage.EXCEPTION,
    "CUSTOMS_CLEARED": Stage.IN_TRANSIT,
    "SORTED": Stage.IN_TRANSIT,
    "DELAYED": Stage.EXCEPTION,
    "BRANCH_IN": Stage.IN_TRANSIT,
    "OUT_FOR_DELIVERY": Stage.OUT_FOR_DELIVERY,
    "ATTEMPT_FAILED": Stage.ATTEMPT_FAILED,
    "READY_FOR_PICKUP": Stage.AVAILABLE_FOR_PICKUP,
    "DELIVERED": Stage.DELIVERED,
    "RETURNED": Stage.RETURNED,
    "RETURN_TAKEN": Stage.PICKED_UP,
    "RETURN_DONE": Stage.DELIVERED,
    "CANCELLED": Stage.CANCELLED,
    "LOST": Stage.LOST,
    "NOTE_17": None,
}


@dataclass(frozen=True)
class Slot:
    """A scan that a journey may have: its code, and where it happens: one of `Sites`."""

    name: str
    code: str
    site: str


SITES = ("depot", "hub", "gateway out", "gateway in", "sorting", "branch", "city")

SLOTS = (
    Slot("info", "INFO_RECEIVED", "depot"),
    Slot("refused", "NUMBER_REFUSED", "depot"),
    Slot("cancelled", "CANCELLED", "depot"),
    Slot("picked up", "PICKED_UP", "depot"),
    Slot("hub in", "HUB_IN", "hub"),
    Slot("hub in again", "HUB_IN", "hub"),
    Slot("hub out", "HUB_OUT", "hub"),
    Slot("exported", "EXPORTED", "gateway out"),
    Slot("imported", "IMPORTED", "gateway in"),
    Slot("customs hold", "CUSTOMS_HOLD", "gateway in"),
    Slot("customs cleared", "CUSTOMS_CLEARED", "gateway in"),
    Slot("sorted", "SORTED", "sorting"),
    Slot("delayed", "DELAYED", "sorting"),
    Slot("branch", "BRANCH_IN", "branch"),
    Slot("note", "NOTE_17", "branch"),
    Slot("out 1", "OUT_FOR_DELIVERY", "branch"),
    Slot("failed 1", "ATTEMPT_FAILED", "city"),
    Slot("out 2", "OUT_FOR_DELIVERY", "branch"),
    Slot("failed 2", "ATTEMPT_FAILED", "city"),
    Slot("out 3", "OUT_FOR_DELIVERY", "branch"),
    Slot("failed 3", "ATTEMPT_FAILED", "city"),
    Slot("ready", "READY_FOR_PICKUP", "branch"),
    Slot("delivered", "DELIVERED", "city"),
    Slot("returned", "RETURNED", "depot"),
    Slot("lost", "LOST", "sorting"),
    Slot("picked up again", "PICKED_UP", "depot"),
    Slot("sorted again", "SORTED", "sorting"),
    Slot("out again", "OUT_FOR_DELIVERY", "branch"),
    Slot("delivered again", "DELIVERED", "city"),
    Slot("return taken", "RETURN_TAKEN", "city"),
    Slot("return done", "RETURN_DONE", "depot"),
)
SLOT = {slot.name: position for position, slot in enumerate(SLOTS)}

LANGUAGES = ("ko", "ja", "en")

SORTING_NAMES = {"ko": "{} 물류터미널", "ja": "{} 仕分けセンター", "en": "{} sorting centre"}
BRANCH_NAMES = {"ko": "{} 대리점", "ja": "{} 営業所", "en": "{} delivery station"}

TEXTS: dict[str, dict[str, tuple[str, ...]]] = {
    "ko": {
        "INFO_RECEIVED": ("송장 정보 접수",),
        "NUMBER_REFUSED": ("등록되지 않은 송장번호입니다",),
        "PICKED_UP": ("집화처리",),
        "HUB_IN": ("허브 도착",),
        "HUB_OUT": ("허브 출발",),
        "EXPORTED": ("발송국 출발",),
        "IMPORTED": ("도착국 도착",),
        "CUSTOMS_HOLD": ("통관 보류 - 서류 확인 중", "통관 지연", "통관 심사 대기"),
        "CUSTOMS_CLEARED": ("통관 완료",),
        "SORTED": ("간선하차",),
        "DELAYED": ("물량 증가로 배송 지연", "기상 악화로 배송 지연", "주소 확인 중"),
        "BRANCH_IN": ("배송지 대리점 도착",),
        "OUT_FOR_DELIVERY": ("배송출발",),
        "ATTEMPT_FAILED": ("미배달 - 수취인 부재", "미배달 - 주소 불명", "미배달 - 연락 두절"),
        "READY_FOR_PICKUP": ("수령 대기 중 (보관함)",),
        "DELIVERED": ("배송완료",),
        "RETURNED": ("반송 완료 - 발송인 인수",),
        "RETURN_TAKEN": ("반품 집화처리",),
        "RETURN_DONE": ("반품 배송완료",),
        "CANCELLED": ("집화 취소",),
        "LOST": ("분실 확인",),
        "NOTE_17": ("스캔 17",),
    },
    "ja": {
        "INFO_RECEIVED": ("伝票情報受付",),
        "NUMBER_REFUSED": ("伝票番号誤り",),
        "PICKED_UP": ("荷物受付",),
        "HUB_IN": ("ベース到着",),
        "HUB_OUT": ("発送済み",),
        "EXPORTED": ("輸出通関済み",),
        "IMPORTED": ("到着国到着",),
        "CUSTOMS_HOLD": ("通関保留 - 書類確認中", "通関遅延", "通関検査待ち"),
        "CUSTOMS_CLEARED": ("通関完了",),
        "SORTED": ("作業店通過",),
        "DELAYED": ("遅延 - 交通事情", "遅延 - 天候不良", "調査中 - 住所確認"),
        "BRANCH_IN": ("配達店到着",),
        "OUT_FOR_DELIVERY": ("配達中",),
        "ATTEMPT_FAILED": ("ご不在(持戻)", "住所不明のため持戻", "ご連絡つかず持戻"),
        "READY_FOR_PICKUP": ("営業所で保管中",),
        "DELIVERED": ("配達完了",),
        "RETURNED": ("返品 - 発送人へ返却済み",),
        "RETURN_TAKEN": ("返品集荷",),
        "RETURN_DONE": ("返品お届け済み",),
        "CANCELLED": ("集荷取消",),
        "LOST": ("紛失確認",),
        "NOTE_17": ("スキャン 17",),
    },
    "en": {
        "INFO_RECEIVED": ("Shipment information received",),
        "NUMBER_REFUSED": ("Invalid tracking number",),
        "PICKED_UP": ("Picked up",),
        "HUB_IN": ("Arrived at origin facility",),
        "HUB_OUT": ("Departed origin facility",),
        "EXPORTED": ("Departed country of origin",),
        "IMPORTED": ("Arrived in destination country",),
        "CUSTOMS_HOLD": ("Held by customs - documents requested", "Customs clearance delay", "Awaiting customs inspection"),
        "CUSTOMS_CLEARED": ("Released by customs",),
        "SORTED": ("Processed through sorting facility",),
        "DELAYED": ("Delay - volume", "Delay - weather", "Address being verified"),
        "BRANCH_IN": ("Arrived at delivery facility",),
        "OUT_FOR_DELIVERY": ("Out for delivery",),
        "ATTEMPT_FAILED": ("Attempted - recipient not available", "Attempted - address incomplete", "Attempted - no access"),
        "READY_FOR_PICKUP": ("Available for pick-up",),
        "DELIVERED": ("Delivered",),
        "RETURNED": ("Returned to shipper",),
        "RETURN_TAKEN": ("Return picked up",),
        "RETURN_DONE": ("Return delivered to shipper",),
        "CANCELLED": ("Cancelled before pick-up",),
        "LOST": ("Declared lost after trace",),
        "NOTE_17": ("Scan 17",),
    },
}  # fmt: skip
