"""What a file is, by its heads, and its rows in our columns."""

from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from enum import StrEnum

from core.domain.carriers import Rules
from core.domain.reasons import Why
from core.files.headers import header_key
from core.files.order_layouts import OWN, HandbackForm, layouts, recognised
from core.files.read import Source
from core.services.importing.mapping import Mapping
from core.services.importing.proposing import propose
from core.services.importing.reasons import TakenForText
from core.services.importing.translating import ShopHome, TranslatedFile, translated


class FileKind(StrEnum):
    """What a file of rows can be."""

    ORDERS = "orders"
    OWN = "own"
    KEPT = "kept"
    UNKNOWN = "unknown"


_WHAT = {FileKind.OWN: TakenForText.OWN, FileKind.KEPT: TakenForText.KEPT, FileKind.UNKNOWN: TakenForText.UNKNOWN}


@dataclass(frozen=True)
class RecognisedFile:
    """A file, what it was taken for, and what it is in our columns."""

    kind: FileKind
    layout: str
    file: TranslatedFile

    @property
    def what(self) -> Why:
        """What it was taken for, in words."""
        if self.kind is FileKind.ORDERS:
            return TakenForText.ORDERS(title=layouts()[self.layout].title)
        return _WHAT[self.kind]()


def recognise(
    source: Source,
    rules: Rules,
    shop: ShopHome,
    *,
    kept: Table[frozenset[str], Mapping] | None = None,
    layout: str | None = None,
) -> RecognisedFile:
    """The file as orders of the layout that its heads tell, or of the one that a person says.

    `kept` are mappings that the shop corrected before, by the heads they were made for: they come first. Raises Refused like
    `translated`.
    """
    heads = frozenset(header_key(header) for header in source.headers if header)
    if layout is None and kept and heads in kept:
        return RecognisedFile(FileKind.KEPT, "kept", mapped(source, kept[heads]))
    found = recognised(source.headers) if layout is None else layouts().get(layout)
    if found is None or found.name == OWN:
        kind = FileKind.OWN if found else FileKind.UNKNOWN
        return RecognisedFile(kind, found.name if found else "", mapped(source, _proposed(source, shop)))
    return RecognisedFile(FileKind.ORDERS, found.name, translated(source, found, rules, shop))


def with_content(recognised: RecognisedFile, content: Callable[[], bytes]) -> RecognisedFile:
    """The file with its bytes kept, where it is itself what its source wants back."""
    source, layout = recognised.file.source, layouts().get(recognised.layout)
    if source.origin is None or layout is None or layout.handback is None or layout.handback.form is not HandbackForm.SAME:
        return recognised
    kept = replace(source, origin=replace(source.origin, content=content()))
    return replace(recognised, file=replace(recognised.file, source=kept))


def mapped(source: Source, mapping: Mapping) -> TranslatedFile:
    """The file as it stands, read by this mapping."""
    taken = {header for name in mapping.mapped for header in mapping.headers_of(name)}
    return TranslatedFile(source, mapping, tuple(header for header in source.headers if header and header not in taken))


def _proposed(source: Source, shop: ShopHome) -> Mapping:
    proposed = propose(source.headers, source.sample())
    if "country" in proposed.mapped:
        return proposed
    return replace(proposed, defaults={"country": shop.country})
