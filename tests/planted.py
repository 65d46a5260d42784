"""A desk on which everything personal is a marker: in shipments, history, carriers' words, and file names."""

from dataclasses import replace
from datetime import timedelta

from core.domain.history import ChangeSource
from core.domain.people import Person
from core.domain.shipment import Address, Shipment, Stage
from core.services import importing
from core.services.shipments import actions
from core.services.shipments.changes import Actor, Request
from core.store.database import Store
from tests.builders import CJ, HANA, NOW, RULES, SEOUL, a_checkpoint, a_shipment, add, an_invoice, nov

PLANTED = Address("Qumarkname Zorp", "010-7777-8642", "91 Qumarkstreet", "Seoul", "Mapo", "QM-55501", "KR")
REQUEST = "Qumarkrequest: the code of the door is 4477"
EDITED = replace(PLANTED, recipient="Qumarksecond Zorp", phone="010-7777-9753", address="92 Qumarkavenue")
MARKERS = ("Qumark", "qumark", "Zorp", "zorp", "7777-8642", "77778642", "7777-9753", "77779753", "QM-55501", "QM55501")
"""None of these may reach a viewer, nor be left when they were forgotten."""


def markers_in(text: str) -> list[str]:
    return [marker for marker in MARKERS if marker in text]


def shipments() -> list[Shipment]:
    """One waiting and edited later, one on its way, one that failed, one delivered to somebody who signed."""
    named = {"address": PLANTED, "request": REQUEST}
    words = {"text": "Signed by Qumarkname Zorp, 010-7777-8642", "place": "91 Qumarkstreet, Seoul"}
    failed = {"text": "Nobody at 91 Qumarkstreet", "place": "Seoul HUB"}
    return [
        a_shipment("S-1", order_no="O-1", **named),
        a_shipment(
            "S-2", order_no="O-1", invoice=an_invoice(CJ), scans=[a_checkpoint(Stage.EXCEPTION, nov(13), **words)], **named
        ),
        a_shipment("S-3", order_no="O-3", scans=[a_checkpoint(Stage.ATTEMPT_FAILED, nov(14), **failed)], **named),
        a_shipment("S-4", order_no="O-4", scans=[a_checkpoint(Stage.DELIVERED, nov(14), **words)], **named),
    ]


def plant(store: Store, by: Person = HANA.person) -> Store:
    """Adds them, and what people did with them since."""
    add(store, *shipments())
    request = Request(Actor(by), NOW)
    actions.edit_address(store, "S-1", EDITED, home="KR", request=request)
    actions.mark_delivered(store, "S-2", request=request, reason="Qumarkname Zorp called")
    later = Request(Actor(by, ChangeSource.IMPORT), NOW + timedelta(minutes=1))
    file = (
        "Shipment No.,Order No.,Ordered,Country,Recipient,Phone,Address,Request\n"
        f"S-5,O-5,2026-11-10,KR,{PLANTED.recipient},{PLANTED.phone},{PLANTED.address},{REQUEST}\n"
    )
    source = importing.read(file.encode(), "Qumarkname Zorp.csv")
    mapping = importing.propose(source.headers, source.sample())
    report = importing.run(store, RULES, source, mapping, request=later, zone=SEOUL, home="KR")
    assert report.new == 1, report
    return store
