"""The mapping that a file's headers and first rows suggest; what they leave open is said, never guessed."""

from collections.abc import Mapping as Table
from collections.abc import Sequence

from core.domain.reasons import Names, Why
from core.files.choosing import COLUMN_OF, UNIT_OF, header_key
from core.services.importing.cells import clean, date_and_time, example, one_line
from core.services.importing.columns import COLUMNS, DATED, title
from core.services.importing.mapping import Mapping
from core.services.importing.reasons import MappingDoubt

_DAYS = (
    *("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y. %m. %d", "%Y-%m-%d"),
    *("%d/%m/%y", "%m/%d/%y", "%y/%m/%d", "%d-%m-%y", "%m-%d-%y", "%y-%m-%d", "%d.%m.%y", "%y.%m.%d", "%Y%m%d"),
    *("%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %b %y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%Y年%m月%d日", "%Y년 %m월 %d일"),
)
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_FORMATS = tuple(day + clock for day in _DAYS for clock in _CLOCKS)


def propose(headers: Sequence[str], sample_rows: Sequence[Table[str, str]]) -> Mapping:
    """Our columns by the headers' names in English, Korean and Japanese, with the date formats the sample rows have.

    `doubts` says where day and month could be either way and which words are no dates, so that a person decides.
    """
    columns: dict[str, tuple[str, ...]] = {}
    for header in headers:
        name = COLUMN_OF.get(header_key(header))
        if name in COLUMNS and name not in columns:
            columns[name] = (header,)
    formats: dict[str, tuple[str, ...]] = {}
    doubts: list[Why] = []
    for name in (name for name in columns if name in DATED):
        texts = dict.fromkeys(one_line(clean(row.get(columns[name][0], ""))) for row in sample_rows)
        found, doubt = _format(name, [text for text in texts if text and isinstance(date_and_time(text, ()), Why)])
        formats |= {name: found} if found else {}
        doubts.extend(doubt)
    weight = columns.get("weight_kg", ("",))[0]
    return Mapping(columns=columns, formats=formats, weight_unit=UNIT_OF.get(header_key(weight), "kg"), doubts=tuple(doubts))


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
