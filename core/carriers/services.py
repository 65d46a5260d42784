"""The tracking services that can be asked, and which of them serves which shipping company until an admin chooses another."""

import re
from collections.abc import Mapping

from core.carriers import aftership, dhl, easypost, seventeen_track, tracker_delivery
from core.carriers.service import Service

SERVICES: Mapping[str, Service] = {
    module.NAME: module for module in (tracker_delivery, seventeen_track, aftership, easypost, dhl)
}
DEFAULT_SERVICE: Mapping[str, str | None] = {
    "cj": tracker_delivery.NAME,
    "hanjin": tracker_delivery.NAME,
    "lotte": tracker_delivery.NAME,
    "logen": tracker_delivery.NAME,
    "korea_post": tracker_delivery.NAME,
    "ems": tracker_delivery.NAME,
    "yamato": tracker_delivery.NAME,
    "sagawa": tracker_delivery.NAME,
    "japan_post": seventeen_track.NAME,
    "sf": seventeen_track.NAME,
    "ups": seventeen_track.NAME,
    "fedex": seventeen_track.NAME,
    "dhl": seventeen_track.NAME,
    "usps": seventeen_track.NAME,
    "other": None,
}
_ALSO = {"17track": seventeen_track.NAME, "trackerdelivery": tracker_delivery.NAME, "deliverytracker": tracker_delivery.NAME}
_ALSO |= {"dhlunified": dhl.NAME, "dhluniversal": dhl.NAME, "17tracknet": seventeen_track.NAME}


def named(words: str) -> Service | None:
    """The service of this name, code or title; case, dots, blanks and a trailing version do not matter. None when unknown."""
    plain = re.sub(r"[\W_]", "", re.sub(r"\s+v?\d[\d.\-]*$", "", words.strip().lower()))
    for name, service in SERVICES.items():
        if plain in (re.sub(r"[\W_]", "", name), re.sub(r"[\W_]", "", service.TITLE.lower())):
            return service
    return SERVICES.get(_ALSO.get(plain, ""))
