"""A shop of one's own in the place of the demo shop: what is invented goes, and what people brought in themselves stays."""

from dataclasses import dataclass

from core.domain import batch_notes, permissions
from core.domain.batch_notes import ShopNote
from core.domain.errors import Refused
from core.domain.history import ChangeSource
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.reasons import Names, Why
from core.services.keeping.reasons import OwnShopFault, OwnShopText
from core.services.shipments.changes import Request
from core.store import history, own_shop
from core.store.database import Connection, Store

MOST_NAMED = 5


@dataclass(frozen=True)
class ShopParts:
    """How many shipments are invented, and how many are the shop's own."""

    invented: int
    own: int

    @property
    def told(self) -> tuple[Why, Why]:
        """What goes and what stays when the invented ones are taken out."""
        return OwnShopText.GOES(count=self.invented), OwnShopText.STAYS("" if self.own else "none", count=self.own)


def demo_shop(store: Store, *, person: Person) -> ShopParts | None:
    """What the shop is made of while it is the demo shop; None where nothing is invented. Raises Forbidden."""
    permissions.require(person, Act.SEE)
    return ShopParts(**own_shop.counts(store)) if history.has_demo(store) else None


def begin_own_shop(store: Store, *, request: Request) -> ShopParts:
    """How many invented shipments went with all that was said of them, and how many own ones stayed as they were.

    All of it is one transaction, and a batch of its own says who did it; where nothing is invented, nothing is written. Raises
    Forbidden, and Refused while a shipment of the shop's own is in one parcel with an invented one.
    """
    request.require(Act.BEGIN_OWN_SHOP)

    def job(connection: Connection) -> ShopParts:
        ids = own_shop.invented(connection)
        parts = ShopParts(ids.num_rows, own_shop.shipments(connection) - ids.num_rows)
        if not ids.num_rows:
            return parts
        if tied := own_shop.put_together(connection, ids):
            named = Names(dict.fromkeys(row["own_no"] for row in tied[:MOST_NAMED]))
            raise Refused(OwnShopFault.PUT_TOGETHER("one" if len(tied) == 1 else "other", shipments=named))
        own_shop.take_out(connection, ids)
        _note(connection, parts, request)
        return parts

    return store.write(job)


def _note(connection: Connection, parts: ShopParts, request: Request) -> None:
    history.open_batch(
        connection,
        by=request.by.name,
        at=request.at,
        source=ChangeSource.OWN_SHOP,
        note=batch_notes.kept(ShopNote.BEGUN(count=parts.invented)),
        request_key=request.request_key,
    )
