"""The mapping that a file's headers and first rows suggest; what they leave open is said, never guessed."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from core.domain.reasons import Names, Why
from core.files.headers import COLUMN_OF, UNIT_OF, WEAK, header_key
from core.services.importing.cells import clean, date_and_time, example, one_line
from core.services.importing.columns import COLUMNS, DATED, title
from core.services.importing.mapping import ColumnMapping
from core.services.importing.reasons import MappingDoubt

_DAYS = (
    *("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y. %m. %d", "%Y-%m-%d"),
    *("%d/%m/%y", "%m/%d/%y", "%y/%m/%d", "%d-%m-%y", "%m-%d-%y", "%y-%m-%d", "%d.%m.%y", "%y.%m.%d", "%Y%m%d"),
    *("%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %b %y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%Y年%m月%d日", "%Y년 %m월 %d일"),
)
CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_SAMPLED = 300
_FORMATS = tuple(day + clock for day in _DAYS for clock in CLOCKS)
_FIRM, _SLIP = header_key("Shipping company"), header_key("伝票番号")
_RECIPIENTS = tuple(
    map(header_key, ("配送先", "送付先", "発送先", "お届け先", "送り先", "수취인", "수령인", "받는분", "Ship to"))
)
_PROMISE, _PAST_PROMISE = header_key("promise-date"), header_key("days-past-promise")
_OF_A_RECIPIENT = frozenset(
    header_key(f"Shipping {word}") for word in ("Name", "Address", "Address1", "Street", "City", "Zip", "Phone", "Country")
)


def propose(headers: Sequence[str], sample_rows: Sequence[Mapping[str, str]]) -> ColumnMapping:
    """Our columns by the headers' names in English, Korean and Japanese, with the date formats the sample rows have.

    `doubts` says where day and month could be either way and which words are no dates, so that a person decides.
    """
    columns = {name: (header,) for header, name in _columns(headers)}
    formats: dict[str, tuple[str, ...]] = {}
    doubts: list[Why] = []
    for name in (name for name in columns if name in DATED):
        texts = dict.fromkeys(one_line(clean(row.get(columns[name][0], ""))) for row in sample_rows)
        found, doubt = _format(name, [text for text in texts if text and isinstance(date_and_time(text, ()), Why)])
        formats |= {name: found} if found else {}
        doubts.extend(doubt)
    weight = columns.get("weight_kg", ("",))[0]
    return ColumnMapping(
        columns=columns, formats=formats, weight_unit=UNIT_OF.get(header_key(weight), "kg"), doubts=tuple(doubts)
    )


def formats_of(columns: Mapping[str, Sequence[str]], known: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], list[Why]]:
    """The date formats of our dated columns by column, of `known` ones and of those that the texts have besides; and what the texts
    leave open. Where known ones do not read all texts and one other does, it is that one."""
    formats: dict[str, tuple[str, ...]] = {}
    doubts: list[Why] = []
    for name in (name for name in columns if name in DATED):
        texts = [text for text in dict.fromkeys(columns[name]) if text and isinstance(date_and_time(text, ()), Why)][:_SAMPLED]
        used = tuple(form for form in known if any(_reads(text, form) for text in texts))
        rest = [text for text in texts if isinstance(date_and_time(text, used), Why)]
        only = _fitting(texts) if rest else []
        if len(only) == 1:
            formats[name] = tuple(only)
            continue
        found, doubt = _format(name, rest)
        formats[name] = (*used, *found)
        doubts.extend(doubt)
    return {name: forms for name, forms in formats.items() if forms}, doubts


def _reads(text: str, form: str) -> bool:
    return not isinstance(date_and_time(text, (form,)), Why)


def _columns(headers: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each header with the column that it is taken for: the first of a column, those that may mean something else after all others."""
    taken: set[str] = set()
    keys = {header: header_key(header) for header in headers}
    for header in sorted(keys, key=lambda header: keys[header] in WEAK):
        name = COLUMN_OF.get(keys[header], "")
        if name in COLUMNS and name not in taken and not _is_else(keys[header], keys.values()):
            taken.add(name)
            yield header, name


def _is_else(key: str, keys: Collection[str]) -> bool:
    """Whether the heads beside it give a head another meaning: the buyer's, the recipient's firm, a day to ship by, or the shop's own slip."""
    if any(key in other and other.startswith(_RECIPIENTS) for other in keys if other != key):
        return True
    if key == _FIRM:
        return len(_OF_A_RECIPIENT.intersection(keys)) > 1
    if key == _PROMISE:
        return _PAST_PROMISE in keys
    return key == _SLIP and any(other.endswith(_SLIP) for other in keys if other != key)


def _format(name: str, texts: Sequence[str]) -> tuple[tuple[str, ...], list[Why]]:
    """The one format that reads all these texts, or the doubts a person has to answer."""
    words = [text for text in texts if not any(character.isdigit() for character in text)]
    doubts = [MappingDoubt.WORD(title=title(name), text=word) for word in words[:3]]
    dates = [text for text in texts if text not in words]
    fitting = _fitting(dates)
    if len(fitting) == 1:
        return tuple(fitting), doubts
    if fitting:
        choices = Names(f"{example(form)} ({form})" for form in fitting)
        return (), [*doubts, MappingDoubt.SEVERAL_WAYS(title=title(name), text=dates[0], choices=choices)]
    if dates:
        doubts.append(MappingDoubt.UNKNOWN_FORMAT(title=title(name), text=dates[0]))
    return (), doubts


def _fitting(texts: Sequence[str]) -> list[str]:
    """The formats that read every text, one for each different way of understanding them."""
    ways: dict[tuple[object, ...], str] = {}
    for form in _FORMATS if texts else ():
        readings = []
        for text in texts:
            reading = date_and_time(text, (form,))
            if isinstance(reading, Why):
                break
            readings.append(reading)
        else:
            ways.setdefault(tuple(readings), form)
    return list(ways.values())
