"""The file with numbers that a source takes, made of the lines that came from it."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from zoneinfo import ZoneInfo

import pyarrow as pa

from core.domain.carriers import Carrier, Rules
from core.domain.errors import Refused
from core.domain.reasons import Names, Why
from core.domain.visit import Visit
from core.files.order_layouts import Handback, HandbackColumn, HandbackForm, Head, OrderLayout
from core.files.refusals import ReadFault, Unreadable
from core.files.xlsx.filling import filled
from core.files.xlsx.writing import workbook
from core.services.handback.reasons import HandbackReason
from core.store import sources
from core.store.database import Row, Store

_LOCAL = {"KR": re.compile("[가-힣]"), "JP": re.compile("[ぁ-んァ-ヶ一-龠]")}
_CONTROLS = re.compile("[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class HandbackFile:
    """One file as its source takes it."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class HandedBack:
    """What goes to one source: its files, the shipments with the numbers in them, and what is to be said of them."""

    layout: str
    title: str
    files: tuple[HandbackFile, ...]
    rows: tuple[Row, ...] = field(repr=False)
    notes: tuple[Why, ...] = ()

    @property
    def message(self) -> Why:
        """How many numbers it holds, in words."""
        return HandbackReason.HANDED(title=self.title, count=len(self.rows))

    def as_json(self) -> dict[str, object]:
        named = [{name: row[name] for name in ("shipment_no", "order_no", "carrier", "invoice_no")} for row in self.rows]
        notes = [str(note) for note in self.notes]
        return {
            "layout": self.layout,
            "message": str(self.message),
            "files": [file.name for file in self.files],
            "shipments": named,
            "notes": notes,
        }


LinesBehind = Mapping[tuple[int, int], Sequence[Row]]
"""The source's lines by the shipment that they came in for and the one that holds their goods."""


def _behind(row: Row) -> tuple[int, int]:
    return row["shipment_id"], row["holder_id"]


class Making:
    """Makes the files of one source."""

    def __init__(self, store: Store, rules: Rules, layout: OrderLayout, handback: Handback, visit: Visit) -> None:
        self.store, self.rules, self.layout, self.handback = store, rules, layout, handback
        self.zone: ZoneInfo = layout.zone or visit.clock.zone
        self.now = visit.clock.now.astimezone(self.zone)
        self.other = next((column.otherwise for column in handback.columns if column.known == "carrier"), "")
        self.stand_ins: dict[str, None] = {}
        self.guessed: dict[str, None] = {}
        self.known: Mapping[str, Callable[[Row], str]] = {
            "order_no": lambda row: row["order_no"],
            "shipment_no": lambda row: row["shipment_no"],
            "invoice_no": lambda row: row["invoice_no"],
            "recipient": lambda row: row["recipient"],
            "carrier": lambda row: self._company(row["carrier"]),
            "carrier_name": lambda row: self._name(row["carrier"]),
            "url": lambda row: self._url(row),
            "day": lambda row: f"{row['invoiced_at'].astimezone(self.zone):%Y-%m-%d}",
            "day_slashes": lambda row: f"{row['invoiced_at'].astimezone(self.zone):%Y/%m/%d}",
        }

    def made(self, rows: Sequence[Row]) -> HandedBack:
        lines = sources.lines_of(self.store, rows)
        same = self.handback.form is HandbackForm.SAME
        held, notes = (rows, ()) if same else self._held(rows, lines)
        files = self._workbooks(held, lines) if same else (self._file(held, lines),)
        stand_ins = (HandbackReason.STANDS_IN(head=head) for head in self.stand_ins)
        names = Names(self.guessed)
        guessed = [HandbackReason.GUESSED(title=self.layout.title, names=names)] if names else []
        notes = (*notes, *stand_ins, *guessed, *self._boxes(held))
        return HandedBack(self.layout.name, self.layout.title, files, tuple(held), notes)

    def _boxes(self, rows: Sequence[Row]) -> Iterator[Why]:
        """What is said of further boxes whose numbers a source has no row for."""
        found = [] if self.handback.by_parcel else sources.boxes_of(self.store, rows)
        if found:
            names = Names(f"{row['invoice_no']} ({row['shipment_no']})" for row in found)
            yield HandbackReason.FURTHER_BOXES(count=len(found), title=self.layout.title, names=names)

    def _held(self, rows: Sequence[Row], lines: LinesBehind) -> tuple[Sequence[Row], tuple[Why, ...]]:
        """The rows that the file's encoding can hold, and what is said of the others. Raises Refused when it can hold none."""
        held = [row for row in rows if all(map(self._holds, chain(*self._cells(row, lines))))]
        if len(held) == len(rows):
            return held, ()
        kept = set(map(_behind, held))
        names = Names(row["order_no"] for row in rows if _behind(row) not in kept)
        lost = HandbackReason.LETTERS(title=self.layout.title, names=names)
        if not held:
            raise Refused(lost)
        return held, (lost,)

    def _holds(self, text: str) -> bool:
        try:
            text.encode(self.handback.encoding)
        except UnicodeEncodeError:
            return False
        return True

    def _workbooks(self, rows: Sequence[Row], lines: LinesBehind) -> tuple[HandbackFile, ...]:
        """The very workbooks that came, with numbers, and the company where another one took the parcel."""
        texts: dict[int, dict[int, dict[str, str]]] = defaultdict(dict)
        for row in rows:
            for line in lines.get(_behind(row), ()):
                cells = {"number": row["invoice_no"]}
                if self._other_company(row, line):
                    cells["company"] = self._company(row["carrier"])
                texts[line["file_id"]][line["file_row"]] = cells
        return tuple(self._workbook(file_id, cells) for file_id, cells in texts.items())

    def _workbook(self, file_id: int, cells: Mapping[int, Mapping[str, str]]) -> HandbackFile:
        file = sources.file_of(self.store, file_id)
        if file is None or file["content"] is None:
            raise Refused(HandbackReason.GONE(title=self.layout.title))
        columns = {"number": self.handback.number, "company": self.handback.company}
        used = {name for row in cells.values() for name in row}
        try:
            content = filled(file["content"], {name: columns[name] for name in columns if name in used}, cells)
        except Unreadable as error:
            raise Refused(self._unfilled(error)) from error
        return HandbackFile(file["name"], content)

    def _unfilled(self, error: Unreadable) -> Why:
        if error.why is ReadFault.FORMULA:
            return HandbackReason.FORMULA(title=self.layout.title, cell=error.named["cell"])
        return HandbackReason.ODD_WORKBOOK(title=self.layout.title)

    def _other_company(self, row: Row, line: Row) -> bool:
        said = next((line["said"].get(name, "") for name in self.handback.company if name in line["said"]), "")
        named = self.rules.named(said) if said else None
        return named is None or named.code != row["carrier"]

    def _file(self, rows: Sequence[Row], lines: LinesBehind) -> HandbackFile:
        heads = [column.head for column in self.handback.columns]
        cells = [texts for row in rows for texts in self._cells(row, lines)]
        form, name = self.handback.form, f"{self.handback.name}-{self.now:%Y%m%d-%H%M}"
        if form is HandbackForm.XLSX:
            table = pa.table([pa.array([row[at] for row in cells], pa.string()) for at in range(len(heads))], names=heads)
            return HandbackFile(f"{name}.xlsx", workbook(self.handback.sheet, table, heads))
        text = _separated([heads, *cells], "\t" if form is HandbackForm.TSV else ",", self.handback.quote_all)
        ending = "txt" if form is HandbackForm.TSV else "csv"
        return HandbackFile(f"{name}.{ending}", text.encode(self.handback.encoding))

    def _cells(self, row: Row, lines: LinesBehind) -> list[list[str]]:
        told = self._told_lines(lines.get(_behind(row), ()))
        return [[self._text(column, row, line["said"]) for column in self.handback.columns] for line in told]

    def _told_lines(self, lines: Sequence[Row]) -> Sequence[Row]:
        return lines if self.handback.by_line else lines[:1]

    def _text(self, column: HandbackColumn, row: Row, said: Mapping[str, str]) -> str:
        if column.known:
            return _CONTROLS.sub(" ", self.known[column.known](row)) or column.otherwise
        if taken := next((text for head in column.take if (text := said.get(_kept(head), ""))), ""):
            return _CONTROLS.sub(" ", taken)
        if column.otherwise_known:
            self.stand_ins[column.head] = None
            return self.known[column.otherwise_known](row)
        return column.otherwise

    def _company(self, code: str) -> str:
        """What the source calls the company: as its layout says, else what it calls all others, else its name where the source is at home,
        which is a guess where the source has names of its own."""
        if name := self.handback.carriers.get(code) or self.other:
            return name
        carrier = self.rules.carriers.get(code)
        name = _local_name(carrier, self.layout.country) if carrier else code
        if self.handback.carriers:
            self.guessed[name] = None
        return name

    def _name(self, code: str) -> str:
        carrier = self.rules.carriers.get(code)
        return carrier.english if carrier else code

    def _url(self, row: Row) -> str:
        carrier = self.rules.carriers.get(row["carrier"])
        return carrier.url.replace("{number}", row["invoice_no"]) if carrier and carrier.url else ""


def _kept(head: Head) -> str:
    return head[0]


def _local_name(carrier: Carrier, country: str) -> str:
    script = _LOCAL.get(country)
    return next((name for name in carrier.aliases if script and script.search(name)), carrier.english)


def _separated(rows: Sequence[Sequence[str]], delimiter: str, quote_all: bool) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, delimiter=delimiter, lineterminator="\r\n", quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    )
    writer.writerows(rows)
    return text.getvalue()
