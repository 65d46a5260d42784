"""Answers of the services as they come over the wire, one builder per noun; what a test does not say is ordinary."""

from typing import Any

DAY = "2026-11-"


def node(code: str | None, time: Any, text: str = "", place: str = "") -> dict[str, Any]:
    """One event of tracker.delivery."""
    where = {"name": place, "countryCode": "KR"} if place else None
    return {"time": time, "status": {"code": code, "name": None}, "location": where, "description": text}


def track(*nodes: dict[str, Any], last: dict[str, Any] | None = None) -> dict[str, Any]:
    """A track of tracker.delivery; its lastEvent is the last of the nodes unless another is said."""
    newest = last or (nodes[-1] if nodes else None)
    latest = {name: value for name, value in newest.items() if name != "location"} if newest else None
    return {"lastEvent": latest, "events": {"edges": [{"node": one} for one in nodes]}}


def graphql_error(code: str, message: str, *path: str) -> dict[str, Any]:
    return {"message": message, "path": list(path) or None, "extensions": {"code": code}}


def event(sub_status: str | None, time: str | None, text: str = "", place: str = "", **fields: Any) -> dict[str, Any]:
    """One event of 17TRACK."""
    return {"time_iso": time, "sub_status": sub_status, "stage": None, "description": text, "location": place} | fields


def accepted(number: str, status: str, sub_status: str | None, *events: dict[str, Any], **info: Any) -> dict[str, Any]:
    """An accepted entry of 17TRACK, newest event first as it sends them."""
    newest = {"latest_event": events[0]} if events else {}
    track_info = {
        "latest_status": {"status": status, "sub_status": sub_status, "sub_status_descr": None},
        "tracking": {"providers": [{"provider": {"key": 100002, "name": "UPS"}, "events": list(events)}]},
    }
    return {"number": number, "carrier": 100002, "track_info": track_info | newest | info}


def seventeen(*entries: dict[str, Any], rejected: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"code": 0, "data": {"accepted": list(entries), "rejected": list(rejected)}}


def rejected(number: str, code: int, message: str = "") -> dict[str, Any]:
    return {"number": number, "carrier": 0, "error": {"code": code, "message": message}}


def checkpoint(tag: str, subtag: str | None, time: Any, message: str = "", **fields: Any) -> dict[str, Any]:
    """One checkpoint of AfterShip."""
    return {"slug": "ups", "tag": tag, "subtag": subtag, "checkpoint_time": time, "message": message, "location": None} | fields


def tracking(tag: str, subtag: str | None, *checkpoints: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A tracking of AfterShip."""
    given = {"id": "t-1", "tracking_number": "1Z999AA10123456784", "slug": "ups", "tag": tag, "subtag": subtag}
    return given | {"checkpoints": list(checkpoints), "updated_at": f"{DAY}20T12:00:00+00:00"} | fields


def detail(
    status: str, time: Any, message: str = "", detail: str | None = "status_update", city: str | None = None
) -> dict[str, Any]:
    """One tracking detail of EasyPost."""
    where = {"object": "TrackingLocation", "city": city, "state": None, "country": None, "zip": None}
    said = {"object": "TrackingDetail", "status": status, "status_detail": detail, "message": message, "datetime": time}
    return said | {"tracking_location": where, "source": "USPS", "carrier_code": ""}


def tracker(status: str, *details: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A tracker of EasyPost."""
    given = {"id": "trk_1", "object": "Tracker", "tracking_code": "9400110898825022579493", "status": status, "carrier": "USPS"}
    return given | {"status_detail": None, "tracking_details": list(details), "updated_at": f"{DAY}20T12:00:00Z"} | fields


def dhl_event(code: str | None, time: Any, text: str = "", place: str = "", country: str = "DE") -> dict[str, Any]:
    """One event of DHL Unified, or the status of a shipment."""
    where = {"address": {"addressLocality": place, "countryCode": country}}
    return {"timestamp": time, "location": where, "statusCode": code, "status": text, "description": text}


def shipment(status: dict[str, Any] | None, *events: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A shipment of DHL Unified, newest event first as it sends them."""
    return {"id": "00340434292135100124", "service": "parcel-de", "status": status, "events": list(events)} | fields


def ship24_event(code: str | None, milestone: str, time: Any, text: str = "", **fields: Any) -> dict[str, Any]:
    """One event of Ship24, with the fields that it calls deprecated: their zone is that of UTC whatever the time is."""
    given = {"eventId": f"{milestone} {time}", "trackingNumber": "1", "status": text, "occurrenceDatetime": time, "order": None}
    old = {"hasNoTime": False, "utcOffset": None, "datetime": f"{time}.000Z"}
    said = {
        "location": None,
        "sourceCode": "usps-tracking",
        "courierCode": "us-post",
        "statusCode": code,
        "statusMilestone": milestone,
    }
    return given | said | old | fields


def ship24_tracking(milestone: str, code: str | None, *events: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A tracking of Ship24, newest event first as it sends them."""
    tracker = {"trackerId": "26148317", "trackingNumber": "9400110898825022579493", "isSubscribed": True, "isTracked": True}
    delivery = {"estimatedDeliveryDate": None, "courierEstimatedDeliveryDate": None, "signedBy": None}
    shipment = {"shipmentId": "f4f888d7", "statusCode": code, "statusMilestone": milestone, "delivery": delivery}
    return {"tracker": tracker, "shipment": shipment, "events": list(events)} | fields


def sweet(level: int, written: Any, text: str = "", place: str = "", **fields: Any) -> dict[str, Any]:
    """One line of the journey as SweetTracker writes it."""
    given = {
        "code": None,
        "kind": text,
        "level": level,
        "manName": "김기사",
        "manPic": "",
        "telno": "02-1234-5678",
        "telno2": "",
    }
    return given | {"remark": None, "time": 0, "timeString": written, "where": place} | fields


def sweet_answer(level: int, *details: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An answer of SweetTracker, oldest line first as it sends them."""
    named = {
        "receiverName": "홍*동",
        "receiverAddr": "서울",
        "senderName": "상점",
        "recipient": "",
        "itemName": "책",
        "result": "Y",
    }
    given = {"complete": level == 6, "completeYN": "Y" if level == 6 else "N", "invoiceNo": "632976615493", "level": level}
    ends = {"firstDetail": details[0], "lastDetail": details[-1]} if details else {}
    return given | named | {"estimate": None, "trackingDetails": list(details)} | ends | fields


def sweet_error(code: str, msg: str = "no") -> dict[str, Any]:
    return {"status": False, "code": code, "msg": msg}
