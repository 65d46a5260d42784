"""What the server cannot hold does not end a look-up in a fault."""

from core.domain.shipment import Status
from core.store.postgres.adapter import plain


def test_a_null_character_goes_as_the_one_for_an_unknown_one_within_lists_too() -> None:
    assert plain("S\0-1") == "S\ufffd-1"
    assert plain(["\0", Status.DELIVERED]) == ["\ufffd", "delivered"]
