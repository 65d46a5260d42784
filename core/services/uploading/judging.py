"""The verdict on every row of a file: by its shape, by the other rows, and by what the desk knows."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from unicodedata import category, normalize

from core.domain.carriers import OTHER, Carrier, Rules
from core.domain.invoice_number import READABLE, CheckedNumber, Level, check, clean, with_leading_zero
from core.domain.permissions import Act
from core.domain.reasons import Names, Reason, Why
from core.domain.shop_numbers import are_decimals, number_key, plain_number, search_form, without_decimals
from core.domain.texts import APOSTROPHES, BLANKS_OUTSIDE_CF, KOREAN_DASHES, LINE_BREAKS, cleaned, is_hyphen, is_visible
from core.domain.verdicts import RowVerdict
from core.domain.wrappings import Wrapping, meant, unwrapped
from core.files.xlsx.sheet import INVOICE_FIELDS, TITLES, Sheet, SheetCell, SheetRow
from core.services.shipments import invoices, lanes
from core.services.shipments.changes import Request
from core.services.shipments.invoices import Foreseen, InvoiceReason
from core.services.shipments.lanes import UsualCompanies
from core.services.uploading.reasons import Oddity, Repair, RowReason
from core.services.uploading.registering import WRITTEN, Line, Preview, entries_of, in_a_row, refused, with_outcome
from core.store import shipments
from core.store.database import Connection, Store

MOST_LOOKED_UP = 25
MOST_ROWS_NAMED = 5
MOST_ZEROS = 3

_RUNNING = re.compile(r"(\d+)(?=\D*$)")


def judge_sheet(
    sheet: Sheet,
    rules: Rules,
    store: Store | None,
    *,
    modify: bool,
    request: Request,
    confirmed: frozenset[int] = frozenset(),
) -> Preview:
    """One line per row; nothing is written. `confirmed` are the numbers of the rows whose warning was answered.

    Days are said in the zone of the request's moment. Without a store the file is judged alone: shape, digits, carrier, number rules, duplicates in the file.
    """
    request.require(Act.UPLOAD)
    at, decimals = request.at, _with_decimals(sheet.rows)
    lines: Sequence[Line] = [_line(row, rules, row.number in confirmed, decimals) for row in sheet.rows]
    if store:
        lines = _by_keys(store, store.snapshot(lambda connection: _as_stored(connection, lines)))
    lines = _Companies(rules, decimals, confirmed).proposed(lines, sheet.rows, _lanes(store, rules, lines, at))
    lines = _beside_each_other(lines, rules, confirmed)
    if store:
        entries = entries_of([line for line in lines if line.verdict in (*WRITTEN, RowVerdict.CONFIRM)], confirmed)
        foreseen = store.snapshot(
            lambda connection: _suggested(connection, invoices.judge(connection, rules, entries, modify=modify, at=at)[0])
        )
        lines = tuple(with_outcome(line, foreseen.get(line.shipment_no)) for line in lines)
    return Preview(sheet, lines, at, modify, confirmed)


def _with_decimals(rows: Sequence[SheetRow]) -> frozenset[str]:
    """The columns of numbers in which every one has decimals: they are then no part of the numbers."""
    numbers = [_numbers_of(row) for row in rows if not row.is_header]
    return frozenset(
        name for name in ("shipment_no", "invoice_no") if are_decimals(plain_number(cells[name].text) for cells in numbers)
    )


def _as_stored(connection: Connection, lines: Sequence[Line]) -> list[Line]:
    """The lines with each Shipment No. as it stands on the desk, where it is there in another spelling."""
    stored = shipments.stored_nos(connection, [line.shipment_no for line in lines if line.verdict is not RowVerdict.LEFT])
    return [_spelled(line, stored.get(line.shipment_no, line.shipment_no)) for line in lines]


def _spelled(line: Line, stored: str) -> Line:
    if stored == line.shipment_no or line.verdict is RowVerdict.LEFT:
        return line
    verdict = RowVerdict.REPAIRED if line.verdict is RowVerdict.READY else line.verdict
    return replace(line, shipment_no=stored, verdict=verdict, repairs=(*line.repairs, Repair.AS_STORED(number=stored)))


def _line(row: SheetRow, rules: Rules, is_confirmed: bool, decimals: frozenset[str]) -> Line:
    """The row judged alone; `decimals` are the columns whose numbers stand there with some."""
    carrier = None if row.company.fault else rules.named(row.company.text)
    typed = {name: _typed(cell, name in decimals) for name, cell in _numbers_of(row).items()}
    line = _as_read(row, carrier.code if carrier else "", typed)
    if row.is_header:
        return refused(line, "shipment_no", RowReason.REPEATS_HEADERS())
    if _is_empty(row.company) and _is_empty(row.invoice_no):
        return replace(line, verdict=RowVerdict.LEFT, repairs=())
    number = typed["invoice_no"]
    if carrier:
        line = _by_number(line, check(carrier.code, number, rules), carrier, is_confirmed)
    else:
        line = _by_characters(line, number, rules)
    faults = _faults(row, line, decimals)
    if carrier is None and "carrier" not in faults and not _is_empty(row.company):
        faults["carrier"] = _unknown_company(row.company.text, rules)
    return _refused_for(line, faults) if faults else line


def _is_empty(cell: SheetCell) -> bool:
    return not cell.fault and not is_visible(cell.text)


def _numbers_of(row: SheetRow) -> dict[str, SheetCell]:
    return {"shipment_no": row.shipment_no, "invoice_no": row.invoice_no}


def _typed(cell: SheetCell, decimals: bool) -> str:
    """The number as it stands there, without its decimals where they are none of it."""
    return without_decimals(plain_number(cell.text)) if decimals else cell.text


def _as_read(row: SheetRow, carrier: str, typed: Mapping[str, str]) -> Line:
    """The row with its numbers cleaned, before they are judged."""
    trusted = "" if row.invoice_no.fault else row.invoice_no.text
    shipment_no, invoice_no = cleaned_shipment_no(typed["shipment_no"]), clean(typed["invoice_no"]) if trusted else ""
    inner, wrappings = unwrapped(trusted)
    repairs = (
        *_repairs(Repair.SHIPMENT_NO, row.shipment_no.text, shipment_no),
        *_repairs(Repair.INVOICE_NO, inner, invoice_no, wrappings),
    )
    company = row.company.text.strip()
    return Line(row.number, shipment_no, carrier, company, invoice_no, row.invoice_no.text, repairs=repairs)


def _by_number(line: Line, number: CheckedNumber, carrier: Carrier, is_confirmed: bool) -> Line:
    if number.level is not Level.OK and (whole := with_leading_zero(number.cleaned, carrier)):
        proved = replace(number, cleaned=whole, canonical=whole, level=Level.OK, fault=None)
        repairs = (*line.repairs, Repair.LEADING_ZERO(number=whole))
        return replace(line, invoice_no=whole, number=proved, verdict=RowVerdict.REPAIRED, repairs=repairs)
    if number.level is Level.REFUSE:
        return refused(line, "invoice_no", *map(in_a_row, number.faults))
    line = replace(line, number=number)
    if number.level is Level.WARN and not is_confirmed:
        reasons = tuple(map(in_a_row, number.faults))
        return replace(line, verdict=RowVerdict.CONFIRM, field="invoice_no", reasons=reasons)
    return replace(line, verdict=RowVerdict.REPAIRED if line.repairs else RowVerdict.READY)


def _by_characters(line: Line, typed: str, rules: Rules) -> Line:
    """The line without a known company, refused when no company could have such a number."""
    if not line.invoice_no or (line.invoice_no.isascii() and line.invoice_no.isalnum()):
        return line
    return refused(line, "invoice_no", *map(in_a_row, check(OTHER, typed, rules).faults))


def _faults(row: SheetRow, line: Line, decimals: frozenset[str]) -> dict[str, Why]:
    """By field, what is wrong with the cells themselves, and with the number where its cell can be trusted."""
    cells = dict(zip(INVOICE_FIELDS, (row.shipment_no, row.company, row.invoice_no), strict=True))
    found = {name: fault for name, cell in cells.items() if (fault := _fault(name, cell, name in decimals))}
    if line.verdict is RowVerdict.REFUSED:
        found.setdefault("invoice_no", line.reasons[0])
    return found


def _fault(name: str, cell: SheetCell, decimals: bool) -> Why | None:
    if cell.fault:
        return RowReason.UNREADABLE(title=TITLES[name], fault=cell.fault)
    if name != "carrier" and not decimals and (whole := without_decimals(plain_number(cell.text))):
        return RowReason.DECIMALS(title=TITLES[name], text=cell.text.strip(), whole=whole)
    return None if name == "carrier" or is_visible(cell.text) else RowReason.EMPTY(title=TITLES[name])


def _unknown_company(text: str, rules: Rules) -> Why:
    said = text.strip()[:60]
    if near := rules.nearest(text):
        return RowReason.UNKNOWN_COMPANY("near", text=said, near=near.name)
    return RowReason.UNKNOWN_COMPANY("alone", text=said, companies=rules.companies)


def _refused_for(line: Line, faults: Mapping[str, Why]) -> Line:
    """The line refused for all of them, under the first field."""
    fields = [name for name in INVOICE_FIELDS if name in faults]
    some_empty = any(fault.reason is RowReason.EMPTY for fault in faults.values())
    return refused(line, fields[0], *(faults[name] for name in fields), *([RowReason.FILL_ALL()] if some_empty else []))


# Rows without a company.


def _lanes(store: Store | None, rules: Rules, lines: Sequence[Line], at: datetime) -> Mapping[str, UsualCompanies]:
    """What parcels like those of the rows without a company went with lately, by Shipment No."""
    nameless = [line.shipment_no for line in lines if _is_nameless(line)]
    if store is None or not nameless:
        return defaultdict(UsualCompanies)
    return store.snapshot(lambda connection: lanes.lanes_of(connection, rules, nameless, at))


def _is_nameless(line: Line) -> bool:
    return not line.carrier and line.verdict in WRITTEN


@dataclass(frozen=True)
class _Companies:
    """Proposes a company where a row names none, and refuses the row where the lane and the number leave none or several."""

    rules: Rules
    decimals: frozenset[str]
    confirmed: frozenset[int]

    def proposed(self, lines: Sequence[Line], rows: Sequence[SheetRow], usual: Mapping[str, UsualCompanies]) -> list[Line]:
        return [
            self._proposed(line, _typed(row.invoice_no, "invoice_no" in self.decimals), usual[line.shipment_no])
            if _is_nameless(line)
            else line
            for line, row in zip(lines, rows, strict=True)
        ]

    def _proposed(self, line: Line, typed: str, lane: UsualCompanies) -> Line:
        found = lanes.answer(lanes.offer(lane, self.rules, typed), self.rules, typed)
        if isinstance(found, Why):
            return refused(line, lanes.field_of(found), in_a_row(found))
        carrier = self.rules.carriers[found.number.carrier]
        line = replace(line, carrier=carrier.code, repairs=(found.why, *line.repairs), doubts=found.doubts)
        return _by_number(line, found.number, carrier, line.row in self.confirmed)


# Rows beside each other.


def _beside_each_other(lines: Sequence[Line], rules: Rules, confirmed: frozenset[int]) -> tuple[Line, ...]:
    """The rows with their in-file verdicts: two numbers for one shipment are refused, a repeated row is unchanged, and one
    number for several shipments needs confirming."""
    by_row = {line.row: line for line in lines}
    numbered = [line for line in lines if line.shipment_no and READABLE.fullmatch(line.invoice_no)]
    for group in _groups(numbered, lambda line: number_key(line.shipment_no)):
        by_row |= {line.row: line for line in _one_shipment(group)}
    live = [line for line in by_row.values() if line.verdict in (*WRITTEN, RowVerdict.CONFIRM)]
    for group in _groups(live, _number):
        by_row |= {line.row: _shared(line, group, rules) for line in group if line.row not in confirmed}
    return tuple(by_row[line.row] for line in lines)


def _groups(lines: Iterable[Line], key: Callable[[Line], Hashable]) -> list[list[Line]]:
    groups: dict[Hashable, list[Line]] = defaultdict(list)
    for line in lines:
        groups[key(line)].append(line)
    return [group for group in groups.values() if len(group) > 1]


def _number(line: Line) -> str:
    """The number of the line, whatever its spelling."""
    return line.number.canonical if line.number else line.invoice_no


def _one_shipment(group: Sequence[Line]) -> list[Line]:
    if len(set(map(_number, group))) > 1 or len({line.carrier for line in group if line.carrier}) > 1:
        return [_contradicted(line, group) for line in group]
    first, *others = [line for line in group if line.verdict is not RowVerdict.REFUSED] or group[:1]
    same = RowReason.SAME_ROW(row=first.row)
    return [replace(line, verdict=RowVerdict.UNCHANGED, field="", reasons=(same,), repairs=()) for line in others]


def _contradicted(line: Line, group: Sequence[Line]) -> Line:
    why = _with_others(RowReason.SECOND_INVOICE, line, group)
    if line.verdict is RowVerdict.REFUSED:
        return replace(line, reasons=(*line.reasons, why))
    return refused(line, "shipment_no", why)


def _shared(line: Line, group: Sequence[Line], rules: Rules) -> Line:
    carrier = rules.carriers[line.carrier].name
    why = _with_others(RowReason.SHARED_NUMBER, line, group, carrier=carrier, invoice_no=line.invoice_no)
    reasons = (*line.reasons, why) if line.verdict is RowVerdict.CONFIRM else (why,)
    return replace(line, verdict=RowVerdict.CONFIRM, field="invoice_no", reasons=reasons)


def _with_others(reason: Reason, line: Line, group: Iterable[Line], **values: str) -> Why:
    others = [str(other.row) for other in group if other.row != line.row]
    more = len(others) - MOST_ROWS_NAMED
    form = "one" if len(others) == 1 else "many" if more > 0 else "other"
    return reason(form, rows=Names(others[:MOST_ROWS_NAMED]), more=more, **values)


def _by_keys(store: Store, lines: Sequence[Line]) -> Sequence[Line]:
    """The lines, those for no shipment's number under the number that the keys or the scanner meant, where there is one."""
    numbers = [line.shipment_no for line in lines if line.verdict is not RowVerdict.LEFT]
    odd = {number: form for number in numbers if (form := meant(number)) != number}
    if not odd:
        return lines
    forms = {search_form(text) for pair in odd.items() for text in pair}
    known = store.snapshot(lambda connection: shipments.spelled(connection, forms))
    put = {no: known[form] for no, text in odd.items() if (form := search_form(text)) in known and search_form(no) not in known}
    return [
        _renamed(line, put[line.shipment_no]) if line.shipment_no in put and line.verdict is not RowVerdict.LEFT else line
        for line in lines
    ]


def _renamed(line: Line, shipment_no: str) -> Line:
    inner, wrappings = unwrapped(line.shipment_no)
    told = _repairs(Repair.SHIPMENT_NO, inner, shipment_no, wrappings or (Wrapping.KEYBOARD,))
    repairs = (*told, *(one for one in line.repairs if one.reason is not Repair.SHIPMENT_NO))
    verdict = RowVerdict.REPAIRED if line.verdict is RowVerdict.READY else line.verdict
    return replace(line, shipment_no=shipment_no, repairs=() if verdict is RowVerdict.REFUSED else repairs, verdict=verdict)


# Shipments that a mistyped number can only mean: the same letters and digits, or a zero that is missing.


def _suggested(connection: Connection, foreseen: Mapping[str, Foreseen]) -> dict[str, Foreseen]:
    """With the shipment that was meant, for the first few numbers that do not exist, as the search is not free."""
    unknown = [number for number, one in foreseen.items() if one.field == "shipment_no" and _is_unknown(one)]
    meant = _meant(connection, unknown[:MOST_LOOKED_UP])
    near = {number: (RowReason.NEAR_SHIPMENT(near=shipment_no),) for number, shipment_no in meant.items()}
    return {**foreseen, **{number: replace(foreseen[number], whys=whys) for number, whys in near.items()}}


def _is_unknown(one: Foreseen) -> bool:
    return any(why.reason is InvoiceReason.NO_SHIPMENT for why in one.whys)


def _meant(connection: Connection, numbers: Sequence[str]) -> dict[str, str]:
    """By number, the one shipment it can only mean."""
    forms = {number: _forms(number) for number in numbers}
    known = shipments.spelled(connection, {form for some in forms.values() for form in some}) if forms else {}
    found = {number: {known[form] for form in some if form in known} for number, some in forms.items()}
    return {number: next(iter(some)) for number, some in found.items() if len(some) == 1}


def _forms(number: str) -> list[str]:
    padded = [_RUNNING.sub("0" * zeros + r"\g<1>", number, count=1) for zeros in range(1, MOST_ZEROS + 1)]
    return list(dict.fromkeys(search_form(text) for text in (number, *padded)))


# What a spreadsheet or a keyboard does to a number and what can be taken back, because it is provable.

_REMOVED = (
    Oddity.SPACES, Oddity.LINE_BREAKS, Oddity.HYPHENS, Oddity.INVISIBLE, Oddity.APOSTROPHES, Oddity.PUNCTUATION
)  # fmt: skip


def cleaned_shipment_no(text: str) -> str:
    """The number in one width, without blanks around it and invisible characters."""
    narrow = "".join("-" if c in KOREAN_DASHES else normalize("NFKC", c) for c in cleaned(text) if category(c) != "Cf")
    return plain_number(" ".join("".join(c for c in narrow if c not in BLANKS_OUTSIDE_CF).split()))


def _repairs(repair: Repair, text: str, cleaned: str, wrappings: Sequence[Wrapping] = ()) -> tuple[Why, ...]:
    """How the text became the number, out of its wrappings before; nothing when it was written so."""
    if (text == cleaned and not wrappings) or not cleaned:
        return ()
    if without_decimals(plain_number(text)) == cleaned:
        return (repair("removed", removed=Names([Oddity.DECIMALS]), number=cleaned),)
    kinds = {_kind(c) for c in text}
    changed = Names([*(one for one in wrappings if one is Wrapping.KEYBOARD), *_changed(text, cleaned)])
    off = [one for one in wrappings if one is not Wrapping.KEYBOARD]
    removed = Names([*off, *(kind for kind in _REMOVED if kind in kinds and _is_gone(kind, text, cleaned))])
    form = "both" if changed and removed else "changed" if changed else "removed"
    return (repair(form, changed=changed, removed=removed or Names([Oddity.PUNCTUATION]), number=cleaned),)


def _changed(text: str, cleaned: str) -> list[Oddity]:
    wide, lower = _is_wide(text), _is_lower(text, cleaned)
    if wide and not lower and any(c.isdigit() and not c.isascii() for c in text):
        return [Oddity.WIDE_DIGITS]
    return [oddity for oddity, is_so in ((Oddity.WIDE, wide), (Oddity.LOWER, lower)) if is_so]


def _is_wide(text: str) -> bool:
    return any(normalize("NFKC", c) != c and not normalize("NFKC", c).isspace() for c in text if not c.isascii())


def _is_lower(text: str, cleaned: str) -> bool:
    return any("a" <= c <= "z" for c in text) and not any("a" <= c <= "z" for c in cleaned)


def _kind(character: str) -> Oddity | None:
    if character in LINE_BREAKS:
        return Oddity.LINE_BREAKS
    if character == "\t" or (character.isspace() and category(character) not in ("Cf", "Cc")):
        return Oddity.SPACES
    if character in BLANKS_OUTSIDE_CF or category(character) in ("Cf", "Cc"):
        return Oddity.INVISIBLE
    if is_hyphen(character):
        return Oddity.HYPHENS
    if character in APOSTROPHES:
        return Oddity.APOSTROPHES
    return None if normalize("NFKC", character).isalnum() else Oddity.PUNCTUATION


def _is_gone(kind: Oddity, text: str, cleaned: str) -> bool:
    return sum(_kind(c) is kind for c in cleaned) < sum(_kind(c) is kind for c in text)
