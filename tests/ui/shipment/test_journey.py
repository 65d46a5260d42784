"""The two timelines of a shipment: where it was and for how long, and who changed what."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from core import languages
from core.domain.errors import Conflict
from core.domain.history import HistoryAction
from core.domain.language import Language, speaking
from core.domain.shipment import Shipment, Stage, ZoneFrom
from core.domain.status import Counting
from core.services.shipments import actions, invoices, queries
from core.services.shipments.changes import Request
from core.services.shipments.invoices import Entry
from core.services.shipments.queries import WholeShipment
from core.store.database import Store
from core.ui.kit.timeline import TimelineItem
from core.ui.shipment import journey
from core.ui.shipment.sentences import JourneyText
from tests.builders import (
    ADDRESS,
    CJ,
    CJ_OTHER,
    HANA,
    JUN,
    NOW,
    RULES,
    SEOUL,
    a_checkpoint,
    a_scan_arrives,
    a_shipment,
    a_store,
    a_visit,
    an_invoice,
    nov,
)


def whole(store: Store, now: datetime = NOW) -> WholeShipment:
    found = queries.whole(store, "S-1", visit=a_visit(now, SEOUL))
    assert found is not None
    return found


def expected(whole: WholeShipment, on: date = date(2026, 11, 19)) -> WholeShipment:
    """The same, with a day that the carrier estimates."""
    return replace(whole, tracking={"estimated_on": on})


def tracked(shipment: Shipment, now: datetime = NOW) -> list[TimelineItem]:
    return journey.tracking(whole(a_store(shipment), now), SEOUL, now, SEOUL)


def changed(store: Store) -> list[TimelineItem]:
    return journey.history(whole(store), RULES, SEOUL, NOW)


def titles(items: Iterable[TimelineItem]) -> list[str]:
    return [item["title"] for item in items]


ON_ITS_WAY = a_shipment(
    scans=[
        a_checkpoint(Stage.OUT_FOR_DELIVERY, nov(15, 1)),
        a_checkpoint(Stage.PICKED_UP, nov(13), place="Icheon"),
        a_checkpoint(Stage.IN_TRANSIT, nov(13, 18, 36), text="간선하차", place="Okcheon"),
    ]
)


def test_a_journey_is_told_newest_first_from_the_order_on() -> None:
    assert titles(tracked(ON_ITS_WAY)) == [
        "Out for delivery",
        "In transit",
        "Picked up",
        "Processed: invoice registered",
        "Prepared for shipment",
        "Ordered",
    ]


def test_each_state_says_how_long_it_lasted_and_the_last_one_that_it_goes_on() -> None:
    assert [item["right"] for item in tracked(ON_ITS_WAY)] == [
        "32 h, and counting",
        "30 h 24 min",
        "9 h 36 min",
        "24 h 0 min",
        "24 h 0 min",
        "24 h 0 min",
    ]


def test_moments_are_in_the_viewers_zone_and_texts_say_what_and_where() -> None:
    items = tracked(ON_ITS_WAY)
    assert [(item["at"], item["text"]) for item in items[1:5]] == [
        ("14 Nov 03:36", "간선하차, Okcheon"),
        ("13 Nov 18:00", "Icheon"),
        ("12 Nov 18:00", f"Invoice No. {CJ}"),
        ("11 Nov 18:00", "Warehouse Icheon"),
    ]


RETURNED = a_shipment(
    scans=[
        a_checkpoint(stage, nov(day))
        for stage, day in ((Stage.PICKED_UP, 10), (Stage.DELIVERED, 11), (Stage.PICKED_UP, 13), (Stage.DELIVERED, 15))
    ],
    ordered_at=nov(8),
    released_at=nov(9),
    invoice=an_invoice(at=nov(9, 12)),
)


def test_a_way_back_is_told_as_one_and_says_when_it_ended() -> None:
    items = tracked(RETURNED)
    assert [(item["title"], item["moved"] and item["moved"]["word"], item["faint"]) for item in items[:4]] == [
        ("Returned", "Returned", False),
        ("Picked up", "Returning", False),
        ("Delivered", "Delivered", False),
        ("Picked up", "Dispatched", False),
    ]
    spent = {word: span.days for word, span, _ in journey.times(RETURNED, NOW)}
    assert (spent["Delivered"], spent["Returning"], "Returned" in spent) == (2, 2, False)


@pytest.mark.parametrize(
    ("scans", "why"),
    [
        ([(Stage.PICKED_UP, 1), (Stage.DELIVERED, 2)], Counting.BEFORE_RELEASE),
        ([(Stage.DELIVERED, 13), (Stage.RETURNED, 14), (Stage.PICKED_UP, 15)], Counting.USED_AGAIN),
    ],
    ids=["an earlier parcel", "a later parcel"],
)
def test_what_is_of_another_parcel_of_the_number_is_shown_and_called_so(scans: list[tuple[Stage, int]], why: Counting) -> None:
    points = [a_checkpoint(stage, nov(day)) for stage, day in scans]
    items = tracked(a_shipment(scans=points, ordered_at=nov(1)))
    other = next(item for item in items if item["text"] == str(why()))
    assert (other["faint"], other["moved"], other["right"]) == (True, None, "")


def test_a_place_that_the_text_names_is_not_said_twice() -> None:
    items = tracked(a_shipment(scans=[a_checkpoint(text="Arrived at Okcheon hub", place="Okcheon")]))
    assert items[0]["text"] == "Arrived at Okcheon hub"


@pytest.mark.parametrize("stage", [Stage.DELIVERED, Stage.RETURNED])
def test_a_journey_that_is_over_counts_no_further(stage: Stage) -> None:
    over = a_shipment(scans=[a_checkpoint(stage)], closed_at=None if stage is Stage.DELIVERED else nov(15))
    assert tracked(over)[0]["right"] == ""


def test_every_stage_and_every_change_has_an_icon_and_an_unknown_code_is_called_so() -> None:
    assert (set(journey.STAGE_ICONS), set(journey.ACTION_ICONS)) == (set(Stage), set(HistoryAction))
    items = tracked(a_shipment(scans=[a_checkpoint(None, code="NOTE_17")]))
    assert (items[0]["title"], items[0]["icon"]) == ("Unknown code NOTE_17", "question")


def test_the_scan_that_moved_the_status_says_where_to_and_the_others_do_not() -> None:
    moved = [item["moved"] for item in tracked(ON_ITS_WAY)]
    assert [chip["word"] if chip else "" for chip in moved] == ["", "Shipping", "Dispatched", "", "", ""]


def test_an_unknown_code_is_shown_as_recorded_and_without_effect() -> None:
    first, second = tracked(
        a_shipment(scans=[a_checkpoint(None, nov(14), code="X1", text="고객확인"), a_checkpoint(at=nov(13))])
    )[:2]
    assert (first["faint"], first["text"], first["right"]) == (True, f"고객확인. {Counting.UNKNOWN_CODE()}", "")
    assert (second["faint"], second["right"]) == (False, "3 d 0 h, and counting")


def test_events_of_an_earlier_use_of_the_number_stand_below_the_order_and_do_not_count() -> None:
    items = tracked(a_shipment(scans=[a_checkpoint(Stage.DELIVERED, nov(1), text="Delivered"), a_checkpoint(at=nov(13))]))
    assert (items[-1]["faint"], items[-1]["text"]) == (True, f"Delivered. {Counting.BEFORE_ORDER()}")
    assert (items[0]["title"], items[-1]["moved"], items[-1]["right"]) == ("In transit", None, "")


def test_a_scan_stamped_after_the_delivery_is_shown_but_counts_for_nothing() -> None:
    items = tracked(a_shipment(scans=[a_checkpoint(Stage.DELIVERED, nov(15)), a_checkpoint(Stage.IN_TRANSIT, nov(15, 10))]))
    assert [(item["title"], item["faint"]) for item in items[:2]] == [("In transit", True), ("Delivered", False)]
    assert items[0]["text"] == str(Counting.AFTER_THE_END())


def test_a_time_without_a_zone_is_marked() -> None:
    items = tracked(a_shipment(scans=[a_checkpoint(zone_from=ZoneFrom.CARRIER), a_checkpoint(at=nov(14))]))
    assert [item["assumed"] for item in items[:2]] == ["", str(JourneyText.ZONE_ASSUMED())]


def test_the_carriers_own_estimate_stands_on_top_with_how_far_it_is_from_the_promise() -> None:
    seen = whole(a_store(a_shipment(scans=[a_checkpoint()], promised_on=date(2026, 11, 17))))
    items = journey.tracking(expected(seen), SEOUL, NOW, SEOUL)
    assert [(item["at"], item["title"], item["text"]) for item in items[:2]] == [
        ("19 Nov", "Expected by the carrier", "2 d after the promise"),
        ("17 Nov", "Promised date", ""),
    ]


def test_an_estimate_is_not_shown_of_what_has_arrived() -> None:
    seen = whole(a_store(a_shipment(scans=[a_checkpoint(Stage.DELIVERED)])))
    assert titles(journey.tracking(expected(seen), SEOUL, NOW, SEOUL))[0] == "Delivered"


def test_the_time_in_each_state_is_summed_until_now() -> None:
    spent = [(word, span.total_seconds() / 3600, still) for word, span, still in journey.times(ON_ITS_WAY, NOW)]
    assert spent == [("Preparing", 24, False), ("Processed", 24, False), ("Dispatched", 9.6, False), ("Shipping", 62.4, True)]


def test_a_second_time_in_a_state_is_added_to_the_first() -> None:
    stages = [Stage.OUT_FOR_DELIVERY, Stage.ATTEMPT_FAILED, Stage.OUT_FOR_DELIVERY]
    twice = a_shipment(scans=[a_checkpoint(stage, nov(13 + day)) for day, stage in enumerate(stages)])
    spent = {word: span.days for word, span, _ in journey.times(twice, NOW)}
    assert spent == {"Preparing": 1, "Processed": 1, "Shipping": 2, "Redelivery": 1}


def test_the_state_of_a_journey_that_is_over_takes_no_more_time() -> None:
    delivered = a_shipment(scans=[a_checkpoint(), a_checkpoint(Stage.DELIVERED, nov(15))])
    assert [(word, still) for word, _, still in journey.times(delivered, NOW)][-1] == ("Shipping", False)


def test_scans_of_one_moment_come_in_the_order_of_a_parcels_way() -> None:
    at_once = a_shipment(scans=[a_checkpoint(Stage.OUT_FOR_DELIVERY, nov(15)), a_checkpoint(Stage.PICKED_UP, nov(15))])
    assert titles(tracked(at_once))[:2] == ["Out for delivery", "Picked up"]


def test_a_promise_is_late_by_the_shops_calendar_whatever_the_viewers() -> None:
    shipment, evening = a_shipment(promised_on=date(2026, 11, 15)), nov(15, 14)
    seen = whole(a_store(shipment), evening)
    auckland, shop = ZoneInfo("Pacific/Auckland"), SEOUL
    assert journey.tracking(seen, auckland, evening, shop)[0]["text"] == ""


def test_the_same_number_at_another_company_is_told_as_that() -> None:
    store = a_store(a_shipment(invoice=an_invoice()))
    invoices.modify(store, RULES, "S-1", Entry("sf", CJ), request=Request(HANA, NOW))
    assert changed(store)[0]["title"] == str(JourneyText.SAME_NUMBER())


def test_the_old_numbers_scans_are_never_shown_as_the_new_journey() -> None:
    store = a_store(ON_ITS_WAY)
    invoices.modify(store, RULES, "S-1", Entry("cj", CJ_OTHER), request=Request(HANA, NOW))
    items = journey.tracking(whole(store), SEOUL, NOW, SEOUL)
    assert titles(items) == ["Processed: invoice registered", "Prepared for shipment", "Ordered"]
    assert items[0]["text"] == f"Invoice No. {CJ_OTHER}"


def test_without_an_invoice_there_is_only_the_preparation() -> None:
    assert titles(tracked(a_shipment())) == ["Prepared for shipment", "Ordered"]
    assert titles(tracked(a_shipment(released_at=None))) == ["Ordered"]


@pytest.mark.parametrize(
    ("promised", "text"),
    [(date(2026, 11, 17), ""), (date(2026, 11, 16), ""), (date(2026, 11, 15), "1 d past the promise"),
     (date(2026, 11, 6), "10 d past the promise")],
)  # fmt: skip
def test_an_open_promise_stands_on_top_with_how_late_it_is(promised: date, text: str) -> None:
    first = tracked(a_shipment(promised_on=promised))[0]
    assert (first["title"], first["at"], first["text"]) == ("Promised date", f"{promised.day} Nov", text)


def test_a_promise_that_was_kept_or_given_up_is_not_shown() -> None:
    for shipment in (
        a_shipment(scans=[a_checkpoint(Stage.DELIVERED)], promised_on=date(2026, 11, 20)),
        a_shipment(scans=[a_checkpoint(Stage.RETURNED)], promised_on=date(2026, 11, 20), closed_at=nov(15)),
    ):
        assert "Promised date" not in titles(tracked(shipment))


def test_the_present_moment_is_marked_while_a_flag_is_up() -> None:
    flagged = tracked(a_shipment(scans=[a_checkpoint(Stage.ATTEMPT_FAILED)]))
    assert [item["hue"] for item in flagged] == ["orange", None, None, None]
    assert all(item["hue"] is None for item in tracked(ON_ITS_WAY))


def test_every_change_is_told_newest_first_with_who_from_where_and_what_it_led_to() -> None:
    store = a_store(a_shipment())
    invoices.register(store, RULES, "S-1", Entry("cj", CJ), request=Request(JUN, nov(14)))
    invoices.modify(store, RULES, "S-1", Entry("cj", CJ_OTHER), request=Request(HANA, nov(15)))
    invoices.delete(store, "S-1", request=Request(HANA, nov(16, 1)), reason="Wrong label")
    items = changed(store)
    assert [(item["at"], item["title"], item["right"]) for item in items] == [
        ("16 Nov 10:00", f"Invoice {CJ_OTHER} deleted", "→ Preparing"),
        ("15 Nov 18:00", f"Invoice {CJ} → {CJ_OTHER}", ""),
        ("14 Nov 18:00", f"Invoice {CJ} registered", "→ Processed"),
    ]
    assert [item["text"] for item in items] == [
        "Hana Seo · Form · batch B-4 · Wrong label",
        "Hana Seo · Form · batch B-3",
        "CJ Logistics · Jun Park · Scan · batch B-2",
    ]


def test_what_carriers_said_of_an_earlier_number_stays_in_the_history() -> None:
    store = a_store(ON_ITS_WAY)
    assert changed(store) == []
    invoices.modify(store, RULES, "S-1", Entry("cj", CJ_OTHER), request=Request(HANA, NOW))
    assert [(item["title"], item["faint"]) for item in changed(store)[1:]] == [
        ("Out for delivery", True),
        ("In transit", True),
        ("Picked up", True),
    ]
    assert changed(store)[2]["text"] == f"CJ Logistics {CJ} · 간선하차 · Okcheon"
    invoices.delete(store, "S-1", request=Request(HANA, NOW))
    assert titles(changed(store)).count("In transit") == 1


def test_of_the_whole_way_the_latest_moment_that_counts_can_stand_alone() -> None:
    odd = a_checkpoint(None, nov(15, 2), code="77")
    for shipment, title in (
        (a_shipment(), "Prepared for shipment"),
        (a_shipment(scans=[*ON_ITS_WAY.journey, odd]), "Out for delivery"),
    ):
        assert titles(journey.latest(whole(a_store(shipment)), SEOUL, NOW)) == [title]


def test_an_address_tells_each_field_that_changed() -> None:
    store = a_store(a_shipment())
    actions.edit_address(store, "S-1", replace(ADDRESS, city="Busan", phone="1"), home="KR", request=Request(HANA, NOW))
    item = changed(store)[0]
    assert item["title"] == "Address edited"
    assert item["text"].endswith("010-0000-1234 → 1 · Seoul → Busan")


def test_a_carriers_news_tells_the_status_before_and_after() -> None:
    store = a_store(a_shipment(invoice=an_invoice()))
    a_scan_arrives(store, "S-1", Stage.PICKED_UP, nov(14))
    assert [(item["title"], item["right"]) for item in changed(store)] == [("Status Processed → Dispatched", "")]


def test_a_reship_names_the_new_shipment_and_a_delivery_by_hand_its_reason() -> None:
    store = a_store(a_shipment(scans=[a_checkpoint(Stage.RETURNED)]))
    actions.reship(store, "S-1", request=Request(HANA, NOW))
    assert titles(changed(store)) == ["Re-shipped as S-1-R1"]
    other = a_store(a_shipment(scans=[a_checkpoint()]))
    actions.mark_delivered(other, "S-1", reason="Signed copy", request=Request(HANA, NOW))
    assert (titles(changed(other)), changed(other)[0]["right"]) == (["Marked as delivered"], "→ Delivered")
    assert changed(other)[0]["text"].endswith(" · Signed copy")


def test_a_conflict_says_who_saved_what_and_when() -> None:
    store = a_store(a_shipment())
    invoices.register(store, RULES, "S-1", Entry("cj", CJ), request=Request(JUN, NOW, version=1))
    with pytest.raises(Conflict) as conflict:
        invoices.modify(store, RULES, "S-1", Entry("cj", CJ_OTHER), request=Request(HANA, NOW, version=1))
    said = journey.who_saved(conflict.value.change, RULES, SEOUL, NOW)
    assert said == f"Jun Park at 16 Nov 18:00: Invoice {CJ} registered."


def test_a_conflict_of_which_nothing_is_known_says_so() -> None:
    assert journey.who_saved(None, RULES, SEOUL, NOW) == "It has changed since you opened it."


def test_a_name_in_a_conflict_cannot_be_markup() -> None:
    change = {"changed_by": "*Jun*", "changed_at": NOW, "source": "form", "action": "closed", "before": {}, "after": {}}
    assert journey.who_saved(change, RULES, SEOUL, NOW) == r"\*Jun\* at 16 Nov 18:00: Closed."


@pytest.mark.parametrize(
    ("by", "called"), [("CJ Logistics", RULES.carriers["cj"].local[Language.KOREAN]), ("Carriers", "택배사")]
)
def test_who_told_something_is_called_as_the_reader_calls_them(by: str, called: str) -> None:
    change = {"changed_by": by, "changed_at": NOW, "source": "carrier", "action": "closed", "before": {}, "after": {}}
    with speaking(languages.speech_of(Language.KOREAN)):
        assert called in journey.who_saved(change, RULES, SEOUL, NOW)
