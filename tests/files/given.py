"""Uploaded workbooks as they are read, for the tests of files."""

import pytest

from core.domain.errors import Refused
from core.files.choosing import read_sheet
from core.files.xlsx.sheet import Sheet


def sheet_of(data: bytes) -> Sheet:
    return read_sheet(data, "today.xlsx")


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        sheet_of(data)
    return str(caught.value)
