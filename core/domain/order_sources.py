"""Where an order came from: the source's own lines behind each shipment, kept for handing its number back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SourceLine:
    """One line of a source's file: its row, what it said under the heads that are handed back, whether it had the number, its own
    order, and which of the goods of its shipment it stands for, counted from 1; None for none."""

    row: int
    said: Mapping[str, str] = field(repr=False)
    told: bool = False
    order_no: str = ""
    item: int | None = None


@dataclass(frozen=True)
class Origin:
    """The file that shipments came in: its layout and name, its lines by Shipment No., and its bytes where the very file goes back."""

    layout: str
    name: str
    lines: Mapping[str, tuple[SourceLine, ...]] = field(repr=False)
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class KnownParcel:
    """A parcel of an order that came in before: its Shipment No., where it goes, what its source's lines said, and whether it was split
    from another one here."""

    shipment_no: str
    recipient: str = field(repr=False)
    address: str = field(repr=False)
    lines: tuple[Mapping[str, str], ...] = field(repr=False)
    made_here: bool = False


Parcels = Callable[[Sequence[str], Sequence[str]], Mapping[str, Sequence[KnownParcel]]]
"""The parcels of orders that came in as several, or of which the file has several, the second of what it is asked; by Order No."""


def no_parcels(numbers: Sequence[str], split: Sequence[str]) -> Mapping[str, Sequence[KnownParcel]]:
    """Nothing came in before."""
    return {}
