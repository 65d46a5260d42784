"""Numbers that go back to the sources of the orders."""

from core.services.handback.handing import NumbersOfSource, again, hand_over, handed_before, prepared, sources_waiting, waiting
from core.services.handback.making import HandbackFile, HandedBack
from core.services.handback.reasons import HandbackReason

__all__ = [
    "HandbackFile",
    "HandbackReason",
    "HandedBack",
    "NumbersOfSource",
    "again",
    "hand_over",
    "handed_before",
    "prepared",
    "sources_waiting",
    "waiting",
]
