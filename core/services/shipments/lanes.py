"""Which companies parcels like one go with, and what to think of a number that is to go with another or that proves nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.domain.carriers import TAKES_ANY, Rules
from core.domain.invoice_number import CheckedNumber, Level, check, clean, propose
from core.domain.number_faults import NumberFault
from core.domain.reasons import Names, Reason, Why
from core.domain.shipment import Shipment
from core.store import proposals as lately
from core.store.database import Connection, Store

LATELY = timedelta(days=60)


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


@dataclass(frozen=True)
class UsualCompanies:
    """The companies that parcels like one went with lately, those of its country first, and how their numbers began.

    `usual` are the same without "other" and the shop itself, which take any number, unless such parcels mostly go with one of them.
    """

    used: tuple[str, ...] = ()
    begun: frozenset[tuple[str, str]] = frozenset()

    @property
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

    `checked` is the number checked for each of the lane's usual companies. Where it is right for none, the best is the one whose form
    it has, which refuses it, or else the most usual one, which refuses it or has it confirmed.
    """

    lane: UsualCompanies
    codes: tuple[str, ...]
    best: str
    checked: Mapping[str, CheckedNumber] = field(default_factory=dict)


def lane_of(store: Store, rules: Rules, shipment: Shipment, at: datetime) -> UsualCompanies:
    """What parcels of this policy and destination went with in the last weeks."""
    return store.snapshot(lambda connection: lane_within(connection, rules, shipment, at))


def lane_within(connection: Connection, rules: Rules, shipment: Shipment, at: datetime) -> UsualCompanies:
    """The same within a transaction."""
    rows = lately.numbers(
        connection,
        policy=shipment.policy,
        destination=shipment.destination,
        country=shipment.address.country,
        since=at - LATELY,
    )
    known = [row for row in rows if row["carrier"] in rules.offered]
    begun = frozenset((row["carrier"], _beginning(row["number"])) for row in known)
    return UsualCompanies(tuple(dict.fromkeys(row["carrier"] for row in known)), begun)


def offer(lane: UsualCompanies, rules: Rules, number: str) -> Offer:
    """The companies for the number: those of the lane, however wrong it is; for a lane without any, those that it fits."""
    checked = {code: _alone(check(code, number, rules)) for code in lane.usual}
    if not checked:
        fits = propose(number, rules)
        sure = len(fits) == 1 and check(fits[0], number, rules).proven
        return Offer(lane, fits, fits[0] if sure else "")
    form = clean(number)
    fit = (code for code in checked if checked[code].ok and rules.carriers[code].has_form(form))
    takes = sorted(fit, key=lambda code: _rank(lane, checked[code]))
    rest = sorted((code for code in lane.used if code not in takes), key=lambda code: not rules.carriers[code].has_form(form))
    best = next((code for code in takes if _mistaken_for(lane, checked, checked[code]) is None), "")
    return Offer(lane, (*takes, *rest), best or next((code for code in rest if code in checked), ""), checked)


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


def _alone(number: CheckedNumber) -> CheckedNumber:
    """A wrong digit without the companies that the number would fit: another one is not the way out of it."""
    wrong = number.fault and number.fault.reason is NumberFault.CHECK_DIGIT
    return replace(number, fault=replace(number.fault, form="alone")) if wrong and number.fault else number


def _beginning(number: str) -> str:
    """What numbers of one kind share: their first two characters and, of digits, how many they are."""
    return f"{number[:2]}{len(number)}" if number.isdigit() else number[:2]
