"""A placeholder is asked about wherever a number comes in, and what staff confirm is kept."""

import json
from pathlib import Path

import pytest

from core import __main__ as command_line
from core.domain.errors import NeedsConfirming
from core.domain.number_faults import NumberFault
from core.domain.verdicts import RowVerdict
from core.services.shipments import invoices
from core.services.shipments.invoices import Entry
from core.store import history
from tests.builders import HANJIN, RULES, a_shipment, a_store, an_invoice, requested
from tests.services.uploading.given import lines, reasons, waiting
from tests.workbook_builders import a_workbook

PASSES_MOD_7, ZEROS_DROPPED = "000000000000", "0000000000"


def test_a_form_asks_and_the_confirmation_is_in_the_history() -> None:
    store = a_store(a_shipment())
    with pytest.raises(NeedsConfirming) as doubt:
        invoices.register(store, RULES, "S-1", Entry("hanjin", PASSES_MOD_7), **requested({}))
    assert doubt.value.reason is NumberFault.PLACEHOLDER
    assert invoices.register(store, RULES, "S-1", Entry("hanjin", PASSES_MOD_7, confirmed=True), **requested({}))
    assert history.of_shipment(store, 1)[0]["reason"].startswith("Confirmed:")


def test_so_does_modifying_to_one() -> None:
    store = a_store(a_shipment(invoice=an_invoice(HANJIN, carrier="hanjin")))
    with pytest.raises(NeedsConfirming):
        invoices.modify(store, RULES, "S-1", Entry("other", "TEST1"), **requested({}))


@pytest.mark.parametrize("text", [PASSES_MOD_7, "123456789012", "TEST"])
def test_a_row_of_a_file_or_a_grid_is_never_ready(text: str) -> None:
    company = "Hanjin" if text == PASSES_MOD_7 else "Other"
    for store in (None, waiting(1)):
        line = lines(("S-1", company, text), store=store)[0]
        assert (line.verdict, reasons(line)) == (RowVerdict.CONFIRM, [NumberFault.PLACEHOLDER])
        assert lines(("S-1", company, text), store=store, confirmed=frozenset({2}))[0].verdict is RowVerdict.READY


@pytest.mark.parametrize("text", [ZEROS_DROPPED, "없음", "N/A", "-", "?", "0"])
def test_nothing_is_restored_to_a_number_or_guessed(text: str) -> None:
    assert lines(("S-1", "Yamato", text))[0].verdict is RowVerdict.REFUSED


def test_the_command_line_registers_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "invoices.xlsx"
    file.write_bytes(a_workbook(("S-1", "Hanjin", PASSES_MOD_7)))
    assert command_line.main(["register", str(file), "--offline", "--json"]) == 0
    assert [row["verdict"] for row in json.loads(capsys.readouterr().out)["rows"]] == ["confirm"]
    assert command_line.main(["check-number", "hanjin", PASSES_MOD_7, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["level"] == "warn"
