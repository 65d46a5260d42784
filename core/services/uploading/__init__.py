"""Invoices from a workbook: read, judged row by row, registered together, handed back with the results."""

from core.files.choosing import read_sheet
from core.files.limits import LARGEST, MOST_ROWS
from core.files.number_lists import NumberList, read_invoices
from core.files.opening import bytes_of
from core.files.xlsx.sheet import Sheet, typed_sheet
from core.services.uploading.judging import judge_sheet
from core.services.uploading.matching import Candidate, MatchedList, MatchedRow, match
from core.services.uploading.reasons import MODIFY_SWITCH, MatchReason, Repair, RowReason
from core.services.uploading.registering import Line, Preview, RowResult, UploadResult, register
from core.services.uploading.templates import sample, to_mend, waiting, with_results

__all__ = [
    "LARGEST",
    "MODIFY_SWITCH",
    "MOST_ROWS",
    "Candidate",
    "Line",
    "MatchReason",
    "MatchedList",
    "MatchedRow",
    "NumberList",
    "Preview",
    "Repair",
    "RowReason",
    "RowResult",
    "Sheet",
    "UploadResult",
    "bytes_of",
    "judge_sheet",
    "match",
    "read_invoices",
    "read_sheet",
    "register",
    "sample",
    "to_mend",
    "typed_sheet",
    "waiting",
    "with_results",
]
