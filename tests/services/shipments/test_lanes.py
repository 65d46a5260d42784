"""The scan trap: a wrong scan never ends as a registration under a company that such parcels do not go with."""

from dataclasses import replace

import pytest

from core.domain.errors import NeedsConfirming
from core.domain.invoice_number import Level, check
from core.domain.number_faults import NumberFault
from core.domain.reasons import Names, Reason, Why
from core.services.shipments import invoices, lanes
from core.services.shipments.invoices import Entry, InvoiceReason
from core.services.shipments.lanes import CompanyReason, LaneDoubt, UsualCompanies
from core.services.shipments.scan import ScanVerdict
from core.store import history
from core.store.database import Store
from tests.builders import ADDRESS, CJ, CJ_OTHER, HANJIN, NOW, RULES, a_shipment, a_store, an_invoice, requested
from tests.services.shipments.test_scan import number_of, scan

WRONG_DIGIT, SWAPPED, MISSING, DOUBLED = "632976615494", "632976165493", "63297661549", "6632976615493"
EAN_13, ORDER, PHONE, LINK = "8801234567893", "O-S-1", "010-1234-5678", "https://example.kr/parcel?no=632976615493"
POST, SF = "6865109394355", "142093847561"


def a_lane(*gone: tuple[str, str]) -> Store:
    """Two shipments that wait, S-1 and S-2, and what such parcels went with lately: carrier and number."""
    sent = [a_shipment(f"S-9{at}", invoice=an_invoice(number, carrier=code)) for at, (code, number) in enumerate(gone)]
    return a_store(a_shipment("S-1"), a_shipment("S-2"), *sent)


LANES: list[tuple[tuple[str, str], ...]] = [
    (("cj", CJ_OTHER),),
    (("cj", CJ_OTHER), ("cj", CJ), ("korea_post", POST)),
    (("cj", CJ), ("sf", SF)),
    (("sf", SF), ("sf", SF), ("cj", CJ)),
    (("cj", CJ), ("hanjin", HANJIN), ("logen", "95825729134")),
    (("cj", CJ), ("other", "RIDER7")),
    (),
]


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: "+".join(code for code, _ in lane) or "nothing yet")
@pytest.mark.parametrize(
    "scanned", [WRONG_DIGIT, SWAPPED, MISSING, DOUBLED, "S-1", "S-2", EAN_13, ORDER, PHONE, LINK, "", "632976615493 (1/2)"]
)
def test_no_wrong_scan_ends_registered_without_a_question(lane: tuple[tuple[str, str], ...], scanned: str) -> None:
    store = a_lane(*lane)
    result = scan(store, "S-1", scanned)
    assert result.verdict in (ScanVerdict.REFUSED, ScanVerdict.ASK, ScanVerdict.RESTARTED), result
    assert number_of(store) is None


@pytest.mark.parametrize("lane", [lane for lane in LANES if lane], ids=lambda lane: "+".join(code for code, _ in lane))
def test_no_company_that_the_lane_does_not_use_is_offered(lane: tuple[tuple[str, str], ...]) -> None:
    used = {code for code, _ in lane}
    for scanned in (WRONG_DIGIT, SWAPPED, MISSING, DOUBLED, EAN_13):
        result = scan(a_lane(*lane), "S-1", scanned)
        assert set(result.proposals) == used


@pytest.mark.parametrize("wrong", [WRONG_DIGIT, SWAPPED])
def test_a_wrong_digit_is_called_that_and_where_to_look_is_said(wrong: str) -> None:
    result = scan(a_lane(("cj", CJ), ("sf", SF)), "S-1", wrong)
    why = result.whys[0]
    assert (result.verdict, result.field, result.carrier) == (ScanVerdict.REFUSED, "invoice_no", "cj")
    assert (why.reason, why.form, why.values["first"], why.values["last"]) == (NumberFault.CHECK_DIGIT, "alone", 3, 12)


@pytest.mark.parametrize(
    ("lane", "carrier", "doubt"),
    [
        ((("cj", CJ),), "sf", LaneDoubt.WRONG_ELSEWHERE),
        ((("cj", CJ), ("sf", SF)), "sf", LaneDoubt.WRONG_ELSEWHERE),
        ((("cj", CJ),), "other", LaneDoubt.WRONG_ELSEWHERE),
        ((("korea_post", POST),), "sf", LaneDoubt.NOT_USED),
        ((), "sf", LaneDoubt.UNPROVEN),
    ],
)
def test_another_company_needs_a_confirmation_that_the_history_keeps(
    lane: tuple[tuple[str, str], ...], carrier: str, doubt: Reason
) -> None:
    store = a_lane(*lane)
    asked = scan(store, "S-1", WRONG_DIGIT, carrier=carrier)
    assert (asked.verdict, asked.reason, number_of(store)) == (ScanVerdict.ASK, doubt, None)
    assert scan(store, "S-1", WRONG_DIGIT, carrier=carrier, confirmed=True).verdict is ScanVerdict.CONFIRMED
    assert history.of_shipment(store, 1)[0]["reason"] == f"Confirmed: {asked.message}"


def test_a_wrong_digit_that_another_company_of_the_lane_would_take_by_chance_is_still_a_wrong_digit() -> None:
    mistyped = [CJ_OTHER[:at] + digit + CJ_OTHER[at + 1 :] for at in range(2, 12) for digit in "0123456789"]
    lucky = next(number for number in mistyped if check("hanjin", number, RULES).ok and not check("cj", number, RULES).ok)
    result = scan(a_lane(("cj", CJ_OTHER), ("hanjin", HANJIN)), "S-1", lucky)
    assert (result.verdict, result.carrier, result.reason) == (ScanVerdict.REFUSED, "cj", NumberFault.CHECK_DIGIT)


@pytest.mark.parametrize(
    ("lane", "number", "carrier"),
    [
        ((("cj", CJ), ("hanjin", HANJIN)), "515596435911", "hanjin"),
        ((("cj", CJ), ("korea_post", POST)), "6865109394362", "korea_post"),
        ((("cj", CJ), ("sf", SF)), "142093847577", "sf"),
        ((("ems", "EE123456785KR"), ("dhl", "3318810025")), "LP257594783SG", "ems"),
    ],
)
def test_right_numbers_of_a_lane_are_registered_at_once(lane: tuple[tuple[str, str], ...], number: str, carrier: str) -> None:
    result = scan(a_lane(*lane), "S-1", number)
    assert (result.verdict, result.carrier) == (ScanVerdict.REGISTERED, carrier)


def test_a_number_of_a_form_that_nobody_documents_stays_with_the_lanes_company_and_is_asked_about() -> None:
    result = scan(a_lane(("lotte", "232009815833")), "S-1", "95825729134")
    assert (result.verdict, result.carrier, result.reason) == (ScanVerdict.ASK, "lotte", NumberFault.UNDOCUMENTED)


def test_it_is_no_way_out_for_a_number_that_another_company_of_the_lane_has_the_form_of() -> None:
    logen = scan(a_lane(("lotte", "232009815833"), ("logen", "95825729134")), "S-1", "95825729142")
    assert logen.carrier == "logen"


def test_a_lane_of_the_shop_itself_takes_its_own_numbers() -> None:
    result = scan(a_lane(("own", "DL1042")), "S-1", "DL1043")
    assert (result.verdict, result.carrier) == (ScanVerdict.REGISTERED, "own")


def test_a_first_number_without_a_check_digit_is_asked_about_and_the_next_like_it_is_not() -> None:
    store = a_lane(("cj", CJ), ("korea_post", "1234509876543"))
    asked = scan(store, "S-1", POST)
    assert (asked.verdict, asked.carrier, asked.reason) == (ScanVerdict.ASK, "korea_post", LaneDoubt.UNPROVEN)
    assert scan(store, "S-1", POST, confirmed=True).verdict is ScanVerdict.CONFIRMED
    assert scan(store, "S-2", "6865109394362").verdict is ScanVerdict.REGISTERED


def test_a_form_asks_too_before_a_mistyped_number_goes_with_a_company_that_takes_any() -> None:
    store = a_lane(("cj", CJ))
    with pytest.raises(NeedsConfirming) as doubt:
        invoices.register(store, RULES, "S-1", Entry("sf", WRONG_DIGIT), **requested({}))
    assert doubt.value.reason is LaneDoubt.WRONG_ELSEWHERE
    assert invoices.register(store, RULES, "S-1", Entry("sf", WRONG_DIGIT, confirmed=True), **requested({}))


@pytest.mark.parametrize(
    ("number", "level"),
    [(WRONG_DIGIT, Level.REFUSE), (MISSING, Level.WARN), (DOUBLED, Level.WARN), (EAN_13, Level.WARN)],
)
def test_a_number_that_does_not_fit_proposes_no_company_that_takes_any_digits(number: str, level: Level) -> None:
    answer = check("cj", number, RULES)
    assert answer.fault
    assert answer.level is level
    assert not {"SF Express", "Korea Post", "Other"} & set(answer.fault.values.get("others", ()))


@pytest.mark.parametrize("number", ["S-2611-05", "O-2611-05"])
def test_a_number_of_the_shop_itself_is_asked_about(number: str) -> None:
    store = a_store(a_shipment("S-2611-05", order_no="O-2611-05"))
    with pytest.raises(NeedsConfirming) as doubt:
        invoices.register(store, RULES, "S-2611-05", Entry("other", number), **requested({}))
    assert doubt.value.reason is InvoiceReason.OWN_NUMBER


@pytest.mark.parametrize(
    ("used", "begun", "number", "left"),
    [
        (("cj", "hanjin"), {("cj", "6312")}, CJ, "cj"),
        (("cj", "hanjin"), {("cj", "6312"), ("hanjin", "6312")}, CJ, ""),
        (("cj", "hanjin"), {("cj", "5712"), ("hanjin", "5312")}, CJ, ""),
        (("cj", "hanjin"), {("hanjin", "5712")}, CJ_OTHER, ""),
        (("cj", "sf"), {("sf", "6312")}, CJ, ""),
        (("cj", "sf"), {("sf", "6312")}, WRONG_DIGIT, "sf"),
        (("cj", "sf"), {("cj", "6312")}, WRONG_DIGIT, ""),
        (("other", "cj"), {("cj", "6312")}, CJ, "cj"),
        (("other", "cj"), set(), CJ, ""),
        (("other",), {("other", "RI")}, "RIDER7", "other"),
        (("other",), {("other", "AB")}, "RIDER7", ""),
        (("cj", "other"), set(), "RIDER7", ""),
    ],
)
def test_one_company_is_left_where_the_lane_and_the_number_leave_no_other(
    used: tuple[str, ...], begun: set[tuple[str, str]], number: str, left: str
) -> None:
    assert lanes.offer(UsualCompanies(used, frozenset(begun)), RULES, number).left == left


@pytest.mark.parametrize("used", ["lotte", "gls", "cj"])
@pytest.mark.parametrize("number", ["1Z999AA10123456784", "EE123456785KR"])
def test_a_number_with_another_companys_letters_is_refused_as_that_and_not_asked_about(used: str, number: str) -> None:
    usual = UsualCompanies((used,), frozenset())
    assert lanes.offer(usual, RULES, number).left == ""
    result = scan(a_lane((used, {"lotte": "232009815833", "gls": "95825729134", "cj": CJ}[used])), "S-1", number)
    assert (result.verdict, result.carrier) == (ScanVerdict.REFUSED, used)
    assert result.reason in (NumberFault.FITS_ANOTHER, NumberFault.FITS_OTHERS)


def test_a_form_that_takes_anything_of_usual_length_proposes_nothing_until_such_numbers_went_with_the_company() -> None:
    number = "95825729134"
    for begun, company in (("11", ""), (f"{number[:2]}{len(number)}", "gls")):
        offered = lanes.offer(UsualCompanies(("gls",), frozenset({("gls", begun)})), RULES, number)
        found = lanes.proposal(offered, RULES, number)
        assert (found.number.carrier if found else "") == company
    assert lanes.unproposed(lanes.offer(UsualCompanies(("gls",)), RULES, number), RULES, number).reason is CompanyReason.MAY_BE


def test_many_lanes_are_asked_about_at_once_and_each_gets_its_own_answer() -> None:
    places = [replace(ADDRESS, country=country) for country in ("KR", "JP", "US")]
    sent = [
        a_shipment(f"S-{at}", policy=policy, address=place, invoice=an_invoice(number, carrier=code))
        for at, (policy, place, code, number) in enumerate(
            [
                ("A", places[0], "cj", CJ),
                ("A", places[0], "cj", CJ_OTHER),
                ("A", places[1], "hanjin", HANJIN),
                ("B", places[0], "sf", SF),
            ],
            10,
        )
    ]
    waiting = [a_shipment(f"W-{policy}-{place.country}", policy=policy, address=place) for policy in "ABC" for place in places]
    store = a_store(*sent, *waiting)
    numbers = [one.shipment_no for one in waiting]
    known = store.snapshot(lambda connection: lanes.lanes_of(connection, RULES, [*numbers, "S-404"], NOW))
    assert {one.shipment_no: lanes.lane_of(store, RULES, one, NOW) for one in waiting} == {no: known[no] for no in numbers}
    assert [known[no].used for no in ("W-A-KR", "W-A-JP", "W-A-US", "W-B-US", "W-C-KR", "S-404")] == [
        ("cj", "hanjin"),
        ("hanjin", "cj"),
        ("cj", "hanjin"),
        ("sf",),
        (),
        (),
    ]


def test_a_form_that_took_a_proposal_asks_about_a_number_that_proves_nothing() -> None:
    store = a_lane(("korea_post", "1234509876543"))
    entry = Entry("korea_post", POST, proposed=True)
    with pytest.raises(NeedsConfirming) as doubt:
        invoices.register(store, RULES, "S-1", entry, **requested({}))
    assert doubt.value.reason is LaneDoubt.UNPROVEN
    assert invoices.register(store, RULES, "S-1", replace(entry, confirmed=True), **requested({}))


SAID: list[tuple[Why, str]] = [
    (
        LaneDoubt.NOT_USED(usual=Names(["CJ Logistics", "Hanjin"]), company="UPS"),
        "Such parcels go with CJ Logistics or Hanjin, not with UPS. Look at the label; confirm only if UPS stands on it.",
    ),
    (
        LaneDoubt.UNPROVEN(number=POST, company="Korea Post"),
        f"Nothing in {POST} shows that it is a number of Korea Post, and none of those of late began like it. "
        "Compare it with the label, character by character.",
    ),
    (
        LaneDoubt.WRONG_ELSEWHERE(number=WRONG_DIGIT, other="CJ Logistics", company="SF Express"),
        f"{WRONG_DIGIT} looks like a CJ Logistics number with a wrong digit, and SF Express takes any. "
        "Compare it with the label; confirm only if SF Express stands on it.",
    ),
    (
        CompanyReason.PROPOSED("alone", company="Hanjin"),
        "Shipping company proposed: such parcels go with Hanjin, and the number fits it alone.",
    ),
    (
        CompanyReason.PROPOSED("like", company="Hanjin"),
        "Shipping company proposed: such parcels go with Hanjin, and its numbers of late begin like this one.",
    ),
    (CompanyReason.PROPOSED("form", company="UPS"), "Shipping company proposed: the number fits UPS alone."),
    (
        CompanyReason.MAY_BE(companies=Names(["CJ Logistics", "Hanjin"])),
        "Shipping company is empty, and the number may be of CJ Logistics or Hanjin. Choose the one that stands on the label.",
    ),
    (
        CompanyReason.FITS_NONE_OF_LANE(usual=Names(["CJ Logistics", "Hanjin"])),
        "Shipping company is empty, and the number fits none of those that such parcels go with (CJ Logistics or Hanjin). "
        "Compare it with the label, or choose the company that stands there.",
    ),
    (
        CompanyReason.FITS_ELSEWHERE(usual=Names(["CJ Logistics"]), companies=Names(["UPS"])),
        "Shipping company is empty. Such parcels go with CJ Logistics, and the number fits UPS. "
        "Choose the company that stands on the label.",
    ),
    (
        CompanyReason.NOT_SHOWN(),
        "Shipping company is empty, and the number does not show which it is. Choose the one that stands on the label.",
    ),
]


def test_every_doubt_and_every_proposal_has_its_sentence() -> None:
    assert [str(why) for why, _ in SAID] == [sentence for _, sentence in SAID]
    assert {why.reason for why, _ in SAID} == {*LaneDoubt, *CompanyReason}


def test_the_first_parcels_to_a_country_are_offered_its_own_companies_first() -> None:
    to_japan = a_shipment("S-1", address=replace(ADDRESS, country="JP"))
    offered = scan(a_store(to_japan), "S-1", "467960984304").proposals
    homes = [RULES.carriers[code].home for code in offered]
    assert {"JP", "KR"} <= {*homes}
    assert homes == sorted(homes, key=lambda home: home != "JP")
