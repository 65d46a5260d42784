"""What is personal about a shipment: what says who receives it and where. It is hidden from whoever may not see it, and it can be forgotten.

Country, region and city stay, which figures and lanes are made of. What carriers and people wrote in their own words is hidden and
forgotten with the rest: a text may repeat a name, a phone, or who signed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from core.domain.search import SearchKey
from core.domain.shipment import Checkpoint, Shipment
from core.domain.sorting import Order, Sort
from core.domain.texts import letters_of

PERSONAL_FIELDS = ("recipient", "phone", "address", "postal_code", "request")
"""The fields of a shipment that are personal, as its row and its history name them."""
WORDS = ("reason", "exception")
"""What stands with a shipment in somebody's own words."""
KEYS = (SearchKey.RECIPIENT,)
"""What finds shipments by what is personal."""
SAID = ("q",)
"""The parts of a link that may name somebody: what was typed into the search box."""
MASK = "•••"
_OF_ADDRESS = PERSONAL_FIELDS[:-1]
_OF_HISTORY = frozenset((*PERSONAL_FIELDS, "source_hash"))
"""The same in a row of history, with the digest of the file it was read from, which could be guessed back."""
_SHORTEST = 3
"""A shorter word in Latin letters or digits tells nobody apart."""


def masked(text: str) -> str:
    """What is shown in place of the text; of none, none."""
    return MASK if text else ""


def hidden(shipment: Shipment) -> Shipment:
    """The shipment as somebody sees it who may not see personal data."""
    own = _own_words(shipment)
    told = tuple(_without_words(checkpoint, own) for checkpoint in shipment.checkpoints)
    return replace(_without(shipment, masked), checkpoints=told)


def forgotten(shipment: Shipment, at: datetime) -> Shipment:
    """The shipment after its personal data were forgotten at this moment; a second time changes nothing."""
    bare = tuple(map(wordless, shipment.checkpoints))
    return replace(_without(shipment, _nothing), checkpoints=bare, forgotten_at=shipment.forgotten_at or at)


def wordless(checkpoint: Checkpoint) -> Checkpoint:
    """What was told of a forgotten shipment as far as it is kept: when, at which stage, under which code.

    A service may make its name of an event from the words in it.
    """
    return replace(checkpoint, text="", place="", told_as="")


def hidden_change(change: Mapping[str, Any]) -> dict[str, Any]:
    """A row of history as somebody sees it who may not see personal data: what changed is named, and neither from nor to what."""
    return _changed(change, masked)


def forgotten_change(change: Mapping[str, Any]) -> dict[str, Any]:
    """A row of history after the personal data in it were forgotten."""
    return _changed(change, _nothing)


def without_personal_sort(order: Order) -> Order:
    """The order for somebody who may not see personal data: one by recipient would tell their alphabet, and falls back."""
    return Order() if order.sort is Sort.RECIPIENT else order


def names(text: str, shipment: Shipment, changes: Iterable[Mapping[str, Any]] = ()) -> bool:
    """Whether the text names the recipient, or says anything else that is personal about this shipment now or in its history."""
    return not _harmless(text, _own_words(shipment).union(*map(_words_of_change, changes)))


def _without(shipment: Shipment, put: Callable[[str], str]) -> Shipment:
    address = replace(shipment.address, **{name: put(getattr(shipment.address, name)) for name in _OF_ADDRESS})
    return replace(
        shipment,
        address=address,
        request=put(shipment.request),
        state=replace(shipment.state, reason=None, exception=None),
    )


def _without_words(checkpoint: Checkpoint, own: frozenset[str]) -> Checkpoint:
    """Without its words, and without a place or a code that names the recipient."""
    place, code = (text if _harmless(text, own) else "" for text in (checkpoint.place, checkpoint.code))
    return replace(checkpoint, text="", place=place, code=code)


def _changed(change: Mapping[str, Any], put: Callable[[str], str]) -> dict[str, Any]:
    sides = {side: _fields(change[side], put) for side in ("before", "after")}
    return {**change, **sides, "reason": put(change["reason"])}


def _fields(fields: Mapping[str, Any], put: Callable[[str], str]) -> dict[str, Any]:
    return {name: put(value or "") if name in _OF_HISTORY else value for name, value in fields.items()}


def _nothing(text: str) -> str:
    return ""


def _own_words(shipment: Shipment) -> frozenset[str]:
    """The words of the personal data, without those that city and region say too."""
    address = shipment.address
    texts = [*(getattr(address, name) for name in _OF_ADDRESS), shipment.request]
    return _words(" ".join(texts)) - _words(f"{address.city} {address.region}")


def _words_of_change(change: Mapping[str, Any]) -> frozenset[str]:
    sides = (change["before"], change["after"])
    return _words(" ".join(side.get(name) or "" for side in sides for name in PERSONAL_FIELDS))


def _words(text: str) -> frozenset[str]:
    words = map(letters_of, re.findall(r"\w+", text))
    return frozenset(word for word in words if len(word) >= (_SHORTEST if word.isascii() else _SHORTEST - 1))


def _harmless(text: str, own: frozenset[str]) -> bool:
    if not text or not own:
        return True
    return not _words(text) & own and not any(
        word in letters_of(text) for word in own if len(word) > _SHORTEST or not word.isascii()
    )
