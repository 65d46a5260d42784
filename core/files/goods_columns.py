"""Orders whose goods stand side by side in one row, each as `name:Blue Mug|sku:MUG-B|quantity:2`: a row for each of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.files.source import Source, known_faults

_KEY = r"[a-z][a-z_]*:"
_PARTS = re.compile(rf"(?<!\\)\|(?={_KEY})")
_ESCAPED = re.compile(r"\\([|;:\\])")


@dataclass(frozen=True)
class GoodsColumns:
    """Where the goods of an order stand: one in each head that is `each` with a number behind it, or all in the head `together`, with `;`
    between them. Each of the `parts` becomes a head, `each` with its name behind it; `less` is the part that was taken back of `quantity`.
    """

    each: str
    together: str
    parts: tuple[str, ...]
    quantity: str
    less: str

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads that the parts get."""
        return tuple(f"{self.each}{part}" for part in self.parts)

    def columns_in(self, source: Source) -> tuple[int, ...]:
        """The columns of the file that hold goods, by their places."""
        numbered = re.compile(rf"{re.escape(self.each)}\d+")
        return tuple(at for at, head in enumerate(source.headers) if head == self.together or numbered.fullmatch(head.strip()))


def spread(source: Source, goods: GoodsColumns) -> Source:
    """The file with a row for each of the goods, under the number of the row that it stood in; a row without goods stays as it is."""
    columns = goods.columns_in(source)
    if not columns:
        return source
    texts = [list(source.columns[column]) for column in columns]
    lines = [
        (place, told) for place, cells in enumerate(zip(*texts, strict=True)) for told in list(_lines(cells, goods)) or [{}]
    ]
    places = [place for place, _ in lines]
    kept = [column for column in range(len(source.headers)) if column not in columns]
    parts = tuple([told.get(part, "") for _, told in lines] for part in goods.parts)
    again = [list(source.columns[column]) for column in kept]
    return replace(
        source,
        headers=(*(source.headers[column] for column in kept), *goods.heads),
        columns=(*([texts[place] for place in places] for texts in again), *parts),
        rows=[source.rows[place] for place in places],
        unreadable={at: source.unreadable[column] for at, column in enumerate(kept) if column in source.unreadable},
        laid=None,
        known=known_faults(source, kept, places, _lost_in(source, columns)),
    )


def _lost_in(source: Source, columns: Sequence[int]) -> Mapping[int, str]:
    """By place of the row why a cell with goods in it cannot be trusted."""
    return {place: fault for column in columns for place, fault in source.faults_of(column).items()}


def _lines(cells: Sequence[str], goods: GoodsColumns) -> Iterator[Mapping[str, str]]:
    for cell in filter(None, map(str.strip, cells)):
        first = re.match(_KEY, cell)
        for text in re.split(rf"(?<!\\);\s*(?={first[0]})", cell) if first else [cell]:
            yield _told(text, goods)


def _told(text: str, goods: GoodsColumns) -> Mapping[str, str]:
    """What is told of one of the goods, by part; a text of another form is its name."""
    pairs = [piece.partition(":") for piece in _PARTS.split(text)] if re.match(_KEY, text) else []
    told = {key: _ESCAPED.sub(r"\1", value).strip() for key, _, value in reversed(pairs)}
    if not told:
        return {goods.parts[0]: text}
    amount, less = told.get(goods.quantity, ""), told.get(goods.less, "").lstrip("-")
    if amount.isdecimal() and less.isdecimal():
        told[goods.quantity] = str(max(int(amount) - int(less), 0))
    return told
