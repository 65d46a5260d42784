"""Invoices from a workbook: read, judged row by row, registered together, handed back with the results."""

from core.files.choosing import read_sheet
from core.files.limits import LARGEST, MOST_ROWS
from core.files.opening import bytes_of
from core.files.xlsx.sheet import Sheet, typed_sheet
from core.services.uploading.judging import judge_sheet
from core.services.uploading.reasons import MODIFY_SWITCH, Repair, RowReason
from core.services.uploading.registering import Line, Preview, RowResult, UploadResult, register
from core.services.uploading.templates import sample, to_mend, waiting, with_results

__all__ = [
    "LARGEST",
    "MODIFY_SWITCH",
    "MOST_ROWS",
    "Line",
    "Preview",
    "Repair",
    "RowReason",
    "RowResult",
    "Sheet",
    "UploadResult",
    "bytes_of",
    "judge_sheet",
    "read_sheet",
    "register",
    "sample",
    "to_mend",
    "typed_sheet",
    "waiting",
    "with_results",
]
