"""The workbooks of the upload: the sample, the rows to mend, and the file with its results."""

from collections.abc import Sequence

import pyarrow.compute as pc

from core.domain.carriers import Rules
from core.domain.language import tr
from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.sorting import Order
from core.domain.visit import Visit
from core.files.refusals import Unreadable
from core.files.xlsx import marking, templates
from core.services.shipments import queries
from core.services.uploading.registering import TO_MEND, Preview, UploadResult
from core.store.database import Store


def waiting(store: Store, wanted: Selection, *, visit: Visit, order: Order | None = None) -> list[str]:
    """All shipments under the filter that wait for an invoice, in the order of the list."""
    visit.require()
    rows = queries.everything(store, wanted.but(tab=Tab.PREPARING), order or Order(), visit=visit)
    numbers: list[str] = rows.filter(pc.is_null(rows["invoice_no"]))["shipment_no"].to_pylist()
    return numbers


def sample(rules: Rules, shipment_nos: Sequence[str]) -> bytes:
    """The workbook to fill, with the first of these shipments, as many as fit in one upload."""
    return templates.sample(_companies(rules), shipment_nos)


def to_mend(preview: Preview, rules: Rules) -> bytes:
    """Only the rows that are refused or to confirm, in the form of the sample, with their row and the reason."""
    rows = {row.number: row for row in preview.sheet.rows}
    lines = [line for line in preview.lines if line.verdict in TO_MEND]
    return templates.to_mend(_companies(rules), [(rows[line.row], line.reason) for line in lines])


def with_results(data: bytes, result: UploadResult) -> bytes:
    """The uploaded workbook with a column Result; a new one with the same rows when it cannot be written safely."""
    sheet = result.preview.sheet
    marks = {sheet.header_row: tr("Result")} | {row.row: row.sentence for row in result.rows}
    try:
        return marking.with_marks(data, sheet.title, marks)
    except Unreadable:
        return templates.results([(row, done.sentence) for row, done in zip(sheet.rows, result.rows, strict=True)])


def _companies(rules: Rules) -> list[str]:
    return [carrier.name for carrier in rules.offered.values()]
