"""Hours and their sign."""

from core.domain.figures import Segment
from core.ui.delays import hours


def test_hours_carry_their_sign() -> None:
    assert [hours.signed(spent) for spent in (63.2, -4.6, 0.3, 1234)] == ["+63", "\u22125", "0", "+1,234"]
    assert set(hours.OURS) < set(Segment)
