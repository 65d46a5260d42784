"""Which companies parcels like one go with, and what to think of a number that is to go with another or that proves nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.domain.carriers import OTHER, TAKES_ANY, Rules, some_companies
from core.domain.invoice_number import CheckedNumber, Level, check, clean, fitting, propose
from core.domain.number_faults import NumberFault
from core.domain.reasons import Names, Reason, Why
from core.domain.shipment import ParcelLane, Shipment
from core.domain.values import once
from core.domain.visit import Visit
from core.store import proposals as lately
from core.store import shipments
from core.store.database import Connection, Row, Store

LATELY = timedelta(days=60)
_ABOUT_FORMS = (NumberFault.FITS_NONE, NumberFault.FITS_ANOTHER, NumberFault.FITS_OTHERS)
MOST_NAMED = 5


class LaneDoubt(Reason):
    """Why a number is asked about before it goes with a company."""

    NOT_USED = (
        "not_used",
        "Such parcels go with {usual:or}, not with {company}. Look at the label; confirm only if {company} stands on it.",
    )
    UNPROVEN = (
        "unproven",
        "Nothing in {number} shows that it is a number of {company}, and none of those of late began like it. "
        "Compare it with the label, character by character.",
    )
    WRONG_ELSEWHERE = (
        "wrong_elsewhere",
        "{number} looks like a {other} number with a wrong digit, and {company} takes any. "
        "Compare it with the label; confirm only if {company} stands on it.",
    )


class CompanyReason(Reason):
    """Why a company is proposed for a number, or why the clerk has to choose one."""

    PROPOSED = (
        "proposed",
        {
            "alone": "Shipping company proposed: such parcels go with {company}, and the number fits it alone.",
            "like": "Shipping company proposed: such parcels go with {company}, and its numbers of late begin like this one.",
            "form": "Shipping company proposed: the number fits {company} alone.",
        },
    )
    MAY_BE = (
        "may_be",
        "Shipping company is empty, and the number may be of {companies:or}. Choose the one that stands on the label.",
    )
    FITS_NONE_OF_LANE = (
        "fits_none_of_lane",
        "Shipping company is empty, and the number fits none of those that such parcels go with ({usual:or}). "
        "Compare it with the label, or choose the company that stands there.",
    )
    FITS_ELSEWHERE = (
        "fits_elsewhere",
        "Shipping company is empty. Such parcels go with {usual:or}, and the number fits {companies:or}. "
        "Choose the company that stands on the label.",
    )
    NOT_SHOWN = (
        "not_shown",
        "Shipping company is empty, and the number does not show which it is. Choose the one that stands on the label.",
    )


@dataclass(frozen=True)
class UsualCompanies:
    """The companies that parcels like one went with lately, those of its country first, and how their numbers began.

    `country` is where such parcels go, "" where nothing is known of them. `usual` are the same without "other" and the shop itself,
    which take any number, unless such parcels mostly go with one of them.
    """

    used: tuple[str, ...] = ()
    begun: frozenset[tuple[str, str]] = frozenset()
    country: str = ""

    @once
    def usual(self) -> tuple[str, ...]:
        return (
            self.used if TAKES_ANY.intersection(self.used[:1]) else tuple(code for code in self.used if code not in TAKES_ANY)
        )

    def is_like(self, code: str, number: str) -> bool:
        """Whether a number of the company lately began like this one."""
        return (code, _beginning(number)) in self.begun


@dataclass(frozen=True)
class Offer:
    """What a number may go with: `codes` to choose from, `best` unless the clerk chooses, "" to ask for one.

    `fits` are those that take it, of the lane's usual companies where there are some. `checked` is the number checked for each of
    these whose form it has. Where it is right for none, the best is the one whose form it has, which refuses it, or else the most usual
    one, which refuses it or has it confirmed.
    """

    lane: UsualCompanies
    codes: tuple[str, ...]
    best: str
    fits: tuple[str, ...] = ()
    checked: Mapping[str, CheckedNumber] = field(default_factory=dict)

    @property
    def left(self) -> str:
        """The only company that the lane and the number leave, "" for none and for several.

        Of several that take it, the one whose numbers of late began like it is left, unless only another proves it; "other" and the shop
        itself, which take any number, are left only where their numbers began like it.
        """
        if not self.lane.usual:
            return self.best
        proven = [code for code in self.fits if self.checked[code].proven]
        like = [code for code in self.fits if self.lane.is_like(code, self.checked[code].canonical)]
        known = [code for code in like if code in proven or not proven] if len(like) == 1 else []
        left = self.fits if len(self.fits) == 1 else known
        return next((code for code in left if code not in TAKES_ANY or code in like), "")


@dataclass(frozen=True)
class Proposal:
    """The number as it is checked for the only company that is left, why that is proposed, and what to ask before it is taken."""

    number: CheckedNumber
    why: Why
    doubts: tuple[Why, ...]


def lane_of(store: Store, rules: Rules, shipment: Shipment, at: datetime) -> UsualCompanies:
    """What parcels of this policy and destination went with in the last weeks."""
    return store.snapshot(lambda connection: lanes_within(connection, rules, [shipment.lane], at))[shipment.lane]


def lanes_within(
    connection: Connection, rules: Rules, wanted: Iterable[ParcelLane], at: datetime
) -> Mapping[ParcelLane, UsualCompanies]:
    """The same for all these lanes, within a transaction."""
    rows: dict[ParcelLane, list[Row]] = {lane: [] for lane in wanted}
    for row in lately.numbers(connection, rows, since=at - LATELY) if rows else []:
        if row["carrier"] in rules.offered:
            rows[ParcelLane(row["policy"], row["destination"], row["country"])].append(row)
    return {lane: _usual(of_lane, lane.country) for lane, of_lane in rows.items()}


def lanes_of(connection: Connection, rules: Rules, shipment_nos: Iterable[str], at: datetime) -> Mapping[str, UsualCompanies]:
    """The same by Shipment No. as it stands on the desk; of a number that does not exist, nothing."""
    lanes = shipments.lanes(connection, shipment_nos)
    known = lanes_within(connection, rules, lanes.values(), at)
    return defaultdict(UsualCompanies, {number: known[lane] for number, lane in lanes.items()})


def _usual(rows: Iterable[Row], country: str) -> UsualCompanies:
    begun = frozenset((row["carrier"], _beginning(row["number"])) for row in rows)
    return UsualCompanies(tuple(dict.fromkeys(row["carrier"] for row in rows)), begun, country)


def offer(lane: UsualCompanies, rules: Rules, number: str) -> Offer:
    """The companies for the number: those of the lane, however wrong it is; for a lane without any, those that it fits, the parcel's
    country's own first."""
    if not lane.usual:
        fits = tuple(sorted(propose(number, rules), key=lambda code: rules.carriers[code].home != lane.country))
        sure = len(fits) == 1 and check(fits[0], number, rules).proven
        return Offer(lane, fits, fits[0] if sure else "", fits)
    form = clean(number)
    checked = {code: _checked(code, number, rules) for code in lane.usual if rules.carriers[code].has_form(form)}
    takes = sorted((code for code in checked if checked[code].ok), key=lambda code: _rank(lane, checked[code]))
    rest = sorted((code for code in lane.used if code not in takes), key=lambda code: not rules.carriers[code].has_form(form))
    fits = tuple(code for code in takes if _mistaken_for(lane, checked, checked[code]) is None)
    best = next(iter(fits), "") or next((code for code in rest if code in lane.usual), "")
    return Offer(lane, (*takes, *rest), best, fits, checked)


def proposal(offered: Offer, rules: Rules, number: str) -> Proposal | None:
    """The company that the lane and the number alone leave, for a clerk who names none; None where they do not."""
    code = offered.left
    if not code:
        return None
    checked = offered.checked.get(code) or check(code, number, rules)
    known = checked.proven or offered.lane.is_like(code, checked.canonical)
    if not known and code not in fitting(number, rules):
        return None
    alone = len(offered.fits) == 1 and code not in TAKES_ANY
    form = "form" if not offered.lane.usual else "alone" if alone else "like"
    why = CompanyReason.PROPOSED(form, company=checked.company)
    return Proposal(checked, why, tuple(doubts(offered, rules, checked)))


def proposed(store: Store, rules: Rules, shipment_no: str, number: str, *, visit: Visit) -> Proposal | Why:
    """The proposal for a number that is to go with this shipment, or why there is none."""
    visit.require()
    lanes = store.snapshot(lambda connection: lanes_of(connection, rules, [shipment_no], visit.clock.now))
    return answer(offer(lanes[shipment_no], rules, number), rules, number)


def answer(offered: Offer, rules: Rules, number: str) -> Proposal | Why:
    """The proposal for the number, or why there is none: the same wherever a number is entered without a company."""
    return proposal(offered, rules, number) or unproposed(offered, rules, number)


def unproposed(offered: Offer, rules: Rules, number: str) -> Why:
    """Why no company is proposed for the number, and what to do: what is wrong with the number itself, or which to choose from."""
    anyones = check(OTHER, number, rules)
    if anyones.fault and not anyones.ok and anyones.fault.reason not in _ABOUT_FORMS:
        return anyones.fault
    best = offered.checked.get(offered.best)
    if best and best.fault and best.fault.reason is NumberFault.CHECK_DIGIT and not offered.fits:
        return best.fault
    named = {code: carrier.name for code, carrier in rules.carriers.items()}
    if offered.fits:
        return CompanyReason.MAY_BE(companies=Names(named[code] for code in offered.fits[:MOST_NAMED]))
    if not offered.lane.usual:
        return CompanyReason.NOT_SHOWN()
    usual = some_companies([named[code] for code in offered.lane.usual], MOST_NAMED)
    if elsewhere := [code for code in propose(number, rules) if check(code, number, rules).proven]:
        return CompanyReason.FITS_ELSEWHERE(usual=usual, companies=Names(named[code] for code in elsewhere[:MOST_NAMED]))
    return CompanyReason.FITS_NONE_OF_LANE(usual=usual)


def field_of(why: Why) -> str:
    """Which field of an entry such an answer is about: the company, or the number itself, also where it fits none of the lane's."""
    of_company = isinstance(why.reason, CompanyReason) and why.reason is not CompanyReason.FITS_NONE_OF_LANE
    return "carrier" if of_company else "invoice_no"


def doubts(offered: Offer, rules: Rules, number: CheckedNumber) -> list[Why]:
    """What speaks against taking the number for this company without a question."""
    lane, company = offered.lane, number.company
    if number.level is Level.REFUSE:
        return []
    if other := _mistaken_for(lane, offered.checked, number):
        return [LaneDoubt.WRONG_ELSEWHERE(number=number.cleaned, other=other.company, company=company)]
    if lane.usual and number.carrier not in lane.usual:
        return [LaneDoubt.NOT_USED(usual=Names(rules.carriers[code].name for code in lane.usual), company=company)]
    if number.level is Level.OK and not number.proven and not lane.is_like(number.carrier, number.canonical):
        return [LaneDoubt.UNPROVEN(number=number.cleaned, company=company)]
    return []


def may_be_anothers(rules: Rules, number: CheckedNumber) -> bool:
    """Whether the number is that of any other company but for a wrong digit, so that its lane has something to say of it."""
    form = number.cleaned
    rivals = (code for code, carrier in rules.carriers.items() if code != number.carrier and carrier.has_form(form))
    return bool(_wrong({code: _checked(code, form, rules) for code in rivals}))


def _rank(lane: UsualCompanies, number: CheckedNumber) -> tuple[bool, bool, bool]:
    like = lane.is_like(number.carrier, number.canonical)
    return number.level is not Level.OK, not like, not number.proven


def _mistaken_for(lane: UsualCompanies, checked: Mapping[str, CheckedNumber], number: CheckedNumber) -> CheckedNumber | None:
    """The usual company that the number has the form of but for a wrong digit, where this company proves nothing better."""
    if lane.is_like(number.carrier, number.canonical) and (number.proven or not _wrong_like(lane, checked)):
        return None
    wrong = _wrong_like(lane, checked) if number.proven else _wrong(checked)
    return next((one for one in wrong if one.carrier != number.carrier), None)


def _wrong(checked: Mapping[str, CheckedNumber]) -> list[CheckedNumber]:
    return [one for one in checked.values() if one.fault and one.fault.reason is NumberFault.CHECK_DIGIT]


def _wrong_like(lane: UsualCompanies, checked: Mapping[str, CheckedNumber]) -> list[CheckedNumber]:
    return [one for one in _wrong(checked) if lane.is_like(one.carrier, one.canonical)]


def _checked(code: str, number: str, rules: Rules) -> CheckedNumber:
    """The number checked for a company without looking at the others: another one is not the way out of a wrong digit."""
    return check(code, number, rules if code in TAKES_ANY else replace(rules, carriers={code: rules.carriers[code]}))


def _beginning(number: str) -> str:
    """What numbers of one kind share: their first two characters and, of digits, how many they are."""
    return f"{number[:2]}{len(number)}" if number.isdigit() else number[:2]
