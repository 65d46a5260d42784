"""What a file is, by its heads, and its rows in our columns."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from core.domain import permissions
from core.domain.carriers import Rules
from core.domain.errors import Refused
from core.domain.order_sources import Parcels, no_parcels
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.reasons import Why
from core.files.headers import header_key
from core.files.number_lists import columns_of
from core.files.order_layouts import OWN, HandbackForm, OrderLayout, layouts, recognised
from core.files.read import Source
from core.files.xlsx.archive import is_workbook
from core.files.xlsx.sheet import INVOICE_FIELDS
from core.services.importing.mapping import ColumnMapping, parse_mapping
from core.services.importing.proposing import propose
from core.services.importing.reasons import RowFinding, TableFault, TakenForText
from core.services.importing.rows import Finding
from core.services.importing.translating import ShopHome, TranslatedFile, translated
from core.services.shipments.changes import Request
from core.store import sources
from core.store.database import Store


class FileKind(StrEnum):
    """What a file of rows can be."""

    ORDERS = "orders"
    OWN = "own"
    KEPT = "kept"
    NUMBERS = "numbers"
    INVOICES = "invoices"
    UNKNOWN = "unknown"


_WHAT = {
    FileKind.OWN: TakenForText.OWN,
    FileKind.KEPT: TakenForText.KEPT,
    FileKind.NUMBERS: TakenForText.NUMBERS,
    FileKind.INVOICES: TakenForText.INVOICES,
    FileKind.UNKNOWN: TakenForText.UNKNOWN,
}
FOR_UPLOAD = (FileKind.NUMBERS, FileKind.INVOICES)
"""What is registered on the Upload page, not imported."""


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
    kept: ColumnMapping | None = None,
    layout: str | None = None,
    parcels: Parcels = no_parcels,
) -> RecognisedFile:
    """The file as orders of the layout that its heads tell, or of the one that a person says; "" are columns matched by hand.

    `kept` is how the shop read a file with these heads before: it comes first. `parcels` are those of orders that came in before. Raises Refused like `translated`.
    """
    if layout is None and kept:
        return RecognisedFile(FileKind.KEPT, "", mapped(source, kept))
    found = recognised(source.headers) if layout is None else layouts().get(layout)
    if layout and found and found.marks:
        _require_like(found, source)
    if found is None or found.name == OWN:
        file = mapped(source, _proposed(source, shop))
        for_upload = _for_upload(source, file.mapping) if layout is None else None
        kind = FileKind.OWN if found else for_upload or FileKind.UNKNOWN
        return RecognisedFile(kind, found.name if found else "", file)
    return RecognisedFile(FileKind.ORDERS, found.name, translated(source, found, rules, shop, parcels))


def _require_like(layout: OrderLayout, source: Source) -> None:
    """Raises Refused when none of the heads that the layout needs is in the file."""
    known = frozenset(header_key(header) for header in source.headers if header)
    if layout.has("order_no", known):
        return
    like = recognised(source.headers)
    names = (like.title if like else "", layout.title)
    raise Refused(TableFault.NOT_OF("like" if like else "alone", title=names[1], other=names[0]))


def kept_mapping(store: Store, source: Source, *, person: Person) -> ColumnMapping | None:
    """How a file with these heads was read before, once a person had matched its columns; None for the first time. Raises Forbidden."""
    permissions.require(person, Act.IMPORT)
    text = sources.mapping_of(store, _heads(source))
    return parse_mapping(text) if text else None


def parcels_before(store: Store, *, person: Person) -> Parcels:
    """What asks for the parcels of orders that came in before. Raises Forbidden."""
    permissions.require(person, Act.IMPORT)
    return partial(sources.parcels, store)


def keep_mapping(store: Store, source: Source, mapping: ColumnMapping, *, request: Request) -> None:
    """Keeps how the file is read, for the next one with these heads. Raises Forbidden."""
    request.require(Act.IMPORT)
    text, heads = mapping.as_toml(), _heads(source)
    if sources.mapping_of(store, heads) != text:
        store.write(lambda connection: sources.keep_mapping(connection, heads, text, by=request.by.name, at=request.at))


def _heads(source: Source) -> list[str]:
    return [header_key(header) for header in source.headers if header]


def with_content(recognised: RecognisedFile, content: Callable[[], bytes]) -> RecognisedFile:
    """The file with its bytes kept, where it is itself what its source wants back."""
    source, layout = recognised.file.source, layouts().get(recognised.layout)
    if source.origin is None or layout is None or layout.handback is None or layout.handback.form is not HandbackForm.SAME:
        return recognised
    data = content()
    if is_workbook(data):
        return _with_source(recognised, replace(source, origin=replace(source.origin, content=data)))
    why = Finding(source.rows[0] if len(source) else 0, "", (RowFinding.CANNOT_GO_BACK(title=layout.title),))
    apart = _with_source(recognised, replace(source, origin=None))
    return replace(apart, file=replace(apart.file, notes=(why, *apart.file.notes)))


def _with_source(recognised: RecognisedFile, source: Source) -> RecognisedFile:
    return replace(recognised, file=replace(recognised.file, source=source))


def mapped(source: Source, mapping: ColumnMapping) -> TranslatedFile:
    """The file as it stands, read by this mapping."""
    taken = {header for name in mapping.mapped for header in mapping.headers_of(name)}
    return TranslatedFile(source, mapping, tuple(header for header in source.headers if header and header not in taken))


def _for_upload(source: Source, proposed: ColumnMapping) -> FileKind | None:
    """What the file is where it brings numbers for shipments that are here, not shipments; None where it does not."""
    header = proposed.columns.get("invoice_no", ("",))[0]
    if not proposed.missing or not any(row.get(header) for row in source.sample() if header):
        return None
    if set(INVOICE_FIELDS) <= proposed.columns.keys():
        return FileKind.INVOICES
    return FileKind.NUMBERS if columns_of(source.headers) else None


def _proposed(source: Source, shop: ShopHome) -> ColumnMapping:
    proposed = propose(source.headers, source.sample())
    if "country" in proposed.mapped:
        return proposed
    return replace(proposed, defaults={"country": shop.country})
