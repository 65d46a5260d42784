"""Where an order came from: the source's own lines behind each shipment, kept for handing its number back."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SourceLine:
    """One line of a source's file: its row, what it said under the heads that are handed back, and whether it had the number."""

    row: int
    said: Mapping[str, str] = field(repr=False)
    told: bool = False


@dataclass(frozen=True)
class Origin:
    """The file that shipments came in: its layout and name, its lines by Shipment No., and its bytes where the very file goes back."""

    layout: str
    name: str
    lines: Mapping[str, tuple[SourceLine, ...]] = field(repr=False)
    content: bytes | None = field(default=None, repr=False)
