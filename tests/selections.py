"""Selections as hypothesis makes them: of each kind of dimension any value that it can have."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from core.domain.dimensions import AnyOf, Behind, DayRange, Days, Dimension, HourRange, Hours, OfFigure, OneOf, Searched
from core.domain.figures import Cohort, Figure, Part
from core.domain.periods import FIRST_DAY, LAST_DAY, Period
from core.domain.search import Search, SearchKey, search_values
from core.domain.selection import DIMENSIONS, Selection

_DAYS = st.dates(FIRST_DAY, LAST_DAY)
_HOURS = st.none() | st.integers(0, 99_999)


def a_value(dimension: Dimension) -> st.SearchStrategy[Any]:
    """Any value of the dimension. A kind of dimension that is not known here has to be added."""
    match dimension:
        case OneOf():
            return st.sampled_from([*dimension.names, dimension.nothing])
        case AnyOf():
            one = st.sampled_from(["", *dimension.values]) if dimension.values else st.text(max_size=8)
            return st.lists(one, unique=True, max_size=3).map(tuple)
        case Searched():
            keys = st.sampled_from([key for key in SearchKey if key is not SearchKey.RECIPIENT])
            return st.builds(Search, keys, st.text(max_size=20).map(search_values))
        case DayRange():
            return st.builds(lambda first, days: Days(first, min(first + timedelta(days=days), LAST_DAY)), _DAYS, st.integers(0, 999)) | (
                st.builds(Days, _DAYS) | st.builds(Days, st.none(), _DAYS) | st.just(Days())
            )  # fmt: skip
        case HourRange():
            return st.builds(Hours, _HOURS, _HOURS)
        case OfFigure():
            return st.none() | st.builds(Behind, st.sampled_from(Figure), st.sampled_from(Part), _periods())
    raise NotImplementedError(dimension)


def selections() -> st.SearchStrategy[Selection]:
    """Any selection at all."""
    some = st.fixed_dictionaries({}, optional={name: a_value(dimension) for name, dimension in DIMENSIONS.items()})
    return some.map(lambda said: Selection(**said))


def narrowing(dimension: Dimension) -> Any:
    """A value of the dimension that leaves shipments out: none of an ordinary shop has it."""
    match dimension:
        case OneOf():
            return list(dimension.names)[-1]
        case AnyOf():
            return (list(dimension.values)[-1] if dimension.values else "nowhere",)
        case Searched():
            return Search(values=("nothing",))
        case DayRange():
            return Days(last=date(2001, 1, 1))
        case HourRange():
            return Hours(99_999)
        case OfFigure():
            return Behind(Figure.RETURN, Part.NUMERATOR, Period(date(2001, 1, 1), date(2001, 1, 1)))
    raise NotImplementedError(dimension)


def _periods() -> st.SearchStrategy[Period]:
    return st.builds(
        lambda first, days, cohort: Period(first, min(first + timedelta(days=days), LAST_DAY), cohort),
        _DAYS,
        st.integers(0, 999),
        st.sampled_from(Cohort),
    )
