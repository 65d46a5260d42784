"""The mapping that a file's headers and first rows suggest; what they leave open is said, never guessed."""

from collections.abc import Mapping as Table
from collections.abc import Sequence

from core.files.choosing import COLUMN_OF, UNIT_OF, header_key
from core.services.importing.cells import Problem, clean, date_and_time, example, one_line
from core.services.importing.columns import COLUMNS, DATED, title
from core.services.importing.mapping import Mapping

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
    doubts: list[str] = []
    for name in (name for name in columns if name in DATED):
        texts = dict.fromkeys(one_line(clean(row.get(columns[name][0], ""))) for row in sample_rows)
        found, doubt = _format(name, [text for text in texts if text and isinstance(date_and_time(text, ()), Problem)])
        formats |= {name: found} if found else {}
        doubts.extend(doubt)
    weight = columns.get("weight_kg", ("",))[0]
    return Mapping(columns=columns, formats=formats, weight_unit=UNIT_OF.get(header_key(weight), "kg"), doubts=tuple(doubts))


def _format(name: str, texts: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """The one format that reads all these texts, or the sentences a person has to answer."""
    words = [text for text in texts if not any(character.isdigit() for character in text)]
    doubts = [f'{title(name)}: "{word}" is no date. If it means empty, add it to the blank words.' for word in words[:3]]
    dates = [text for text in texts if text not in words]
    fitting = _fitting(dates)
    if len(fitting) == 1:
        return tuple(fitting), doubts
    if fitting:
        choice = " or ".join(f"{example(form)} ({form})" for form in fitting)
        return (), [
            *doubts,
            f"{title(name)}: {dates[0]} can be read in several ways. Choose how 23 November is written: {choice}.",
        ]
    if dates:
        doubts.append(f"{title(name)}: {dates[0]} has a date format we do not know. Name it in the mapping.")
    return (), doubts


def _fitting(texts: Sequence[str]) -> list[str]:
    """The formats that read every text, one for each different way of understanding them."""
    ways: dict[tuple[object, ...], str] = {}
    for form in _FORMATS if texts else ():
        readings = []
        for text in texts:
            reading = date_and_time(text, (form,))
            if isinstance(reading, Problem):
                break
            readings.append(reading)
        else:
            ways.setdefault(tuple(readings), form)
    return list(ways.values())
