"""A shop that is changed at random is the same shop in a file and on a server, with the same ids, byte for byte.

`python -m tests.services.keeping.test_same_on_both 1000` does more of it.
"""

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.buyer_message import BuyerTold, Way
from core.domain.errors import ShipdeskError
from core.domain.history import ChangeSource
from core.domain.invoice_number import complete
from core.domain.language import Language
from core.domain.shipment import Address, Shipment, Stage
from core.domain.views import ViewPage
from core.services import importing, uploading
from core.services.importing import FileOrder, ShopHome
from core.services.keeping import exporting
from core.services.people import views
from core.services.shipments import actions, forgetting, invoices, parcels, scan, undo, worklist
from core.services.shipments.changes import Actor, Request
from core.services.shipments.invoices import Entry
from core.services.shipments.scan import Scan, ScanDesk
from core.store.database import Store
from core.store.stores import open_store
from tests import engines
from tests.builders import ADA, NOW, RULES, SEOUL, a_scan_arrives, a_visit, no_sign_in, staff, the
from tests.postgres_server import NoServer, binaries

CHANGES, SHIPMENTS, COME = 160, 40, 3
_NOTES = """
SELECT shipment_no, history_id FROM history JOIN shipment USING (shipment_id) WHERE action = 'noted' ORDER BY history_id"""
STAGES = (Stage.PICKED_UP, Stage.IN_TRANSIT, Stage.OUT_FOR_DELIVERY, Stage.ATTEMPT_FAILED, Stage.DELIVERED, Stage.RETURNED)


class Changing:
    """Somebody who changes a shop, by the same dice at the same times whatever it is stored in."""

    def __init__(self, store: Store, folder: Path, seed: int) -> None:
        self.store, self.folder, self.dice, self.turn = store, folder, random.Random(seed), 0
        self.answers: Counter[str] = Counter()

    def change(self, times: int) -> None:
        """That many changes, refused ones among them."""
        acts: dict[Callable[[], object], int] = {
            self.register: 6, self.modify: 2, self.delete: 2, self.scan: 4, self.upload: 2, self.bring_in: 2, self.scanned: 6,
            self.address: 2, self.deliver: 1, self.close: 1, self.reship: 1, self.undo: 3, self.forget: 1,
            self.split: 2, self.join: 2, self.assign: 2, self.snooze: 1, self.done: 1, self.reopen: 1, self.note: 2,
            self.take_back: 1, self.buyer: 1, self.look: 1, self.save_view: 2, self.share_view: 1, self.remove_view: 1,
        }  # fmt: skip
        for _ in range(COME):
            self.bring_in()
        for _ in range(times - COME):
            act = self.dice.choices(list(acts), list(acts.values()))[0]
            try:
                act()
                self.answers[act.__name__] += 1
            except ShipdeskError as refused:
                self.answers[type(refused).__name__] += 1

    def register(self) -> None:
        invoices.register(self.store, RULES, self._no(), self._entry(), request=self._request())

    def modify(self) -> None:
        invoices.modify(self.store, RULES, self._no(), self._entry(), request=self._request())

    def delete(self) -> None:
        invoices.delete(self.store, self._no(), request=self._request())

    def scan(self) -> None:
        wanted = Scan(self._no(), self._number(), "cj", confirmed=self.dice.random() < 0.5)
        scan.register(self.store, RULES, wanted, ScanDesk(), request=self._request(ChangeSource.SCAN))

    def upload(self) -> None:
        rows = [(place, self._no(), "CJ", self._number()) for place in range(2, 8)]
        request = self._request(ChangeSource.UPLOAD)
        sheet = uploading.typed_sheet(f"{self.turn}.xlsx", rows)
        preview = uploading.judge_sheet(sheet, RULES, self.store, modify=False, request=request)
        uploading.register(self.store, RULES, preview, modify=False, request=request)

    def bring_in(self) -> None:
        request, file = self._request(ChangeSource.IMPORT), self.folder / f"{self.turn}.csv"
        rows = (f"{self._no()},O-{n},2026-11-01,KR,Ada Kim {self.turn % 3},12 Byeolbit-ro,P-{n},2" for n in range(12))
        heads = "shipment_no,order_no,ordered_at,country,recipient,address,product_id,quantity"
        file.write_text("\n".join([heads, *dict.fromkeys(rows)]))
        importing.import_file(self.store, RULES, FileOrder(file), dry_run=False, request=request, shop=ShopHome(SEOUL, "KR"))

    def scanned(self) -> None:
        at = self._request().at - timedelta(hours=self.dice.randrange(100))
        a_scan_arrives(self.store, self._no(), self.dice.choice(STAGES), at)

    def address(self) -> None:
        address = Address("Bora Lee", "010-0000-5678", f"{self.turn} Haneul-ro", "Busan", country="KR")
        actions.edit_address(self.store, self._no(), address, home="KR", request=self._request())

    def deliver(self) -> None:
        actions.mark_delivered(self.store, self._no(), reason="The buyer called", request=self._request())

    def close(self) -> None:
        actions.close(self.store, self._no(), reason="Gone", request=self._request())

    def reship(self) -> None:
        actions.reship(self.store, self._no(), request=self._request())

    def undo(self) -> None:
        undo.undo(self.store, self.dice.randint(1, self.turn), request=self._request(), home="KR")

    def forget(self) -> None:
        order = f"O-{self.dice.randrange(12)}"
        forgetting.of_orders(self.store, [order], request=self._request())

    def split(self) -> None:
        shipment = self._there()
        taken = [self.dice.randrange(item.quantity + 1) for item in shipment.items]
        parcels.split(self.store, shipment.shipment_no, taken, request=self._request())

    def join(self) -> None:
        shipment = self._there()
        beside = parcels.alongside(self.store, shipment, visit=a_visit(person=ADA.person))
        others = {one.shipment_no: one.version for one in beside[:2]}
        parcels.put_together(self.store, shipment.shipment_no, others, request=self._request())

    def assign(self) -> None:
        request = self._request()
        name = self.dice.choice((request.by.name, "Hana", ""))
        worklist.assign(self.store, no_sign_in(self.store), self._several(), name, request=request)

    def snooze(self) -> None:
        request = self._request()
        worklist.snooze(self.store, self._several(), request.at.date() + timedelta(days=2), request=request, zone=SEOUL)

    def done(self) -> None:
        worklist.done(self.store, self._several(), request=self._request(), zone=SEOUL)

    def reopen(self) -> None:
        worklist.reopen(self.store, self._several(), request=self._request())

    def note(self) -> None:
        worklist.note(self.store, self._several(), f"Called {self.turn} times.\nNobody “there”.", request=self._request())

    def take_back(self) -> None:
        notes = self.store.rows(_NOTES) or [{"shipment_no": self._no(), "history_id": 0}]
        note = self.dice.choice(notes)
        worklist.take_back(self.store, note["shipment_no"], note["history_id"], request=self._request())

    def buyer(self) -> None:
        told = BuyerTold(self.dice.choice(list(Language)), self.dice.choice(list(Way)), NOW.date())
        worklist.buyer_told(self.store, self._no(), told, request=self._request())

    def look(self) -> None:
        worklist.look(self.store, visit=a_visit(self._request().at))

    def save_view(self) -> None:
        link = {"tab": [self.dice.choice(("all", "delivery"))]}
        views.save(self.store, ViewPage.SHIPMENTS, link, f"View {self.turn}", shared=True, request=self._request())

    def share_view(self) -> None:
        views.share(self.store, self.dice.randint(1, 8), self.dice.random() < 0.5, request=self._request())

    def remove_view(self) -> None:
        views.remove(self.store, self.dice.randint(1, 8), request=self._request())

    def _there(self) -> Shipment:
        rows = self.store.rows("SELECT shipment_no FROM shipment ORDER BY shipment_id")
        return the(self.store, self.dice.choice(rows)["shipment_no"])

    def _several(self) -> list[str]:
        return [self._no() for _ in range(4)]

    def _no(self) -> str:
        return f"S-{self.dice.randrange(SHIPMENTS):03}"

    def _number(self) -> str:
        return complete(RULES.carriers["cj"], f"65{self.dice.randrange(60):09}")

    def _entry(self) -> Entry:
        return Entry("cj", self._number(), confirmed=self.dice.random() < 0.5)

    def _request(self, source: ChangeSource = ChangeSource.FORM) -> Request:
        self.turn += 1
        person = ADA.person if self.turn % 4 else staff("Hana")
        return Request(Actor(person, source), NOW + timedelta(minutes=self.turn), request_key=f"request-{self.turn}")


def text_of(store: Store, folder: Path, changes: int, seed: int) -> tuple[bytes, Counter[str]]:
    """The shop as text, after so many changes; and what was answered."""
    folder.mkdir()
    try:
        somebody = Changing(store, folder, seed)
        somebody.change(changes)
        exporting.export(store, folder / "shop.txt", person=ADA.person)
    finally:
        store.close()
    return (folder / "shop.txt").read_bytes(), somebody.answers


def both(folder: Path, changes: int, seed: int) -> tuple[tuple[bytes, Counter[str]], tuple[bytes, Counter[str]]]:
    """The same changes in a file and on a server."""
    in_file = text_of(Store.open(folder / "shop.duckdb"), folder / "file", changes, seed)
    return in_file, text_of(open_store(engines.new_database()), folder / "server", changes, seed)


def test_random_changes_make_the_same_shop(tmp_path: Path) -> None:
    try:
        binaries()
    except NoServer as error:
        pytest.skip(str(error))
    in_file, on_server = both(tmp_path, CHANGES, seed=7)
    assert in_file[1] == on_server[1]
    assert len(in_file[1]) > 10
    assert in_file[0].splitlines() == on_server[0].splitlines()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        one, other = both(Path(place), int(sys.argv[1]), seed=random.randrange(10**6))
    print(f"{dict(one[1])}\n{len(one[0]):,} bytes, {'the same' if one == other else 'not the same'}")
    sys.exit(one != other)
