"""The tracking services that can be asked."""

import re
from collections.abc import Mapping

from core.carriers import aftership, dhl, easypost, seventeen_track, ship24, sweettracker, tracker_delivery
from core.carriers.service import Service

SERVICES: Mapping[str, Service] = {
    module.NAME: module for module in (tracker_delivery, sweettracker, seventeen_track, aftership, ship24, easypost, dhl)
}
_ALSO = {"17track": seventeen_track.NAME, "trackerdelivery": tracker_delivery.NAME, "deliverytracker": tracker_delivery.NAME}
_ALSO |= {"스마트택배": sweettracker.NAME, "smarttracker": sweettracker.NAME, "스윗트래커": sweettracker.NAME}
_ALSO |= {"dhlunified": dhl.NAME, "dhluniversal": dhl.NAME, "17tracknet": seventeen_track.NAME}


def named(words: str) -> Service | None:
    """The service of this name, code or title; case, dots, blanks and a trailing version do not matter. None when unknown."""
    plain = re.sub(r"[\W_]", "", re.sub(r"\s+v?\d[\d.\-]*$", "", words.strip().lower()))
    for name, service in SERVICES.items():
        if plain in (re.sub(r"[\W_]", "", name), re.sub(r"[\W_]", "", service.TITLE.lower())):
            return service
    return SERVICES.get(_ALSO.get(plain, ""))
