"""One cell: what it is understood as, or why it is not."""

from zoneinfo import ZoneInfo

import pytest

from tests.builders import a_store, nov, the
from tests.services.importing.given import a_file, imported, refusal, run, seoul


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("ordered_at", "", "Ordered is empty. Fill it in."),
        ("ordered_at", "2026-02-30", "no date that exists"),
        ("ordered_at", "03/04/2026", "does not say which is day and which is month"),
        ("ordered_at", "46300", "a date as Excel counts days"),
        ("ordered_at", "0026-11-10", "is in the year 26"),
        ("ordered_at", "20261110", "is no date as expected"),
        ("ordered_at", "2026-W46-2T10:00:00", "is no date as expected"),
        ("ordered_at", "2026-11-10T10:00+0", "is no date as expected"),
        ("shipment_no", "1.23E+11", "was shortened by Excel"),
        ("shipment_no", "---", "no letter and no digit"),
        ("order_no", "#N/A", "the Excel error #N/A"),
        ("order_no", "#GETTING_DATA", "the Excel error #GETTING_DATA"),
        ("order_no", "########", "its column was too narrow"),
        ("order_no", "x" * 65, "has 65 characters; 64 fit"),
        ("weight_kg", "1,234", "the comma may mark decimals or thousands"),
        ("weight_kg", "-1", "is below zero"),
        ("weight_kg", "13 kg", "is not a weight"),
        ("freight", "99999999999", "more than fits"),
        ("quantity", "0", "no quantity"),
        ("quantity", "1.5", "no quantity"),
        ("kind", "refund", "neither standard nor exchange"),
        ("currency", "WONS", "no currency code"),
        ("carrier", "Hanjn", "If it is Hanjin, write that"),
        ("recipient", "Andr\ufffd", "damaged character"),
    ],
)
def test_a_cell_that_cannot_be_read_refuses_its_row_with_the_reason(column: str, text: str, said: str) -> None:
    extra = {"product_name": "Mug"} if column == "quantity" else {}
    report = run(a_store(), a_file({column: text, **extra}, {"shipment_no": "S-2"}))
    assert [(finding.row, finding.field) for finding in report.refused] == [(2, column)]
    assert said in report.refused[0].reason
    assert report.new == 1


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-10T09:00:00Z", "2026-11-10 18:00", "2026-11-10T18:00:00", "2026-11-10T18:00:00.000", "2026-11-10T09:00+00:00",
        "2026-11-10T18:00:00.000000000+0900", "２０２６-１１-１０ １８:００", " 2026-11-10T18:00:00 ",
    ],
)  # fmt: skip
def test_every_iso_form_of_one_moment_is_that_moment(text: str) -> None:
    assert the(imported(ordered_at=text)).ordered_at == nov(10)


def test_formats_of_the_mapping_are_read_and_an_ambiguous_pair_of_them_is_not_guessed() -> None:
    file = a_file({"ordered_at": "10-Nov-26"}, {"shipment_no": "S-2", "ordered_at": "03/04/2026"})
    report = run(a_store(), file, '[formats]\ndates = ["%d-%b-%y", "%d/%m/%Y", "%m/%d/%Y"]')
    assert report.new == 1
    assert "can be read as 2026-03-04 00:00 and 2026-04-03 00:00" in refusal(report)


def test_a_time_that_the_clocks_skipped_is_refused() -> None:
    report = run(a_store(), a_file({"ordered_at": "2026-03-08 02:30"}), zone=ZoneInfo("America/New_York"))
    assert "the clocks of America/New_York skipped" in refusal(report)


def test_the_zone_of_a_mapping_reads_times_but_days_are_the_shops() -> None:
    store = a_store()
    run(store, a_file({"ordered_at": "2026-11-10 09:00", "delivered_at": "2026-11-12"}), '[formats]\nzone = "UTC"')
    assert (the(store).ordered_at, the(store).state.delivered_at) == (nov(10), seoul(12))


def test_numbers_keep_their_zeros_and_texts_stay_texts() -> None:
    store = imported(
        shipment_no="００１２-３",
        order_no="000045",
        recipient="=cmd|'/c calc'!A0",
        city="ﾔﾏﾀﾞ",
        address="1 Road\r\n\u200b Flat 2",
    )
    shipment = the(store, "0012-3")
    assert (shipment.order_no, shipment.address.recipient) == ("000045", "=cmd|'/c calc'!A0")
    assert (shipment.address.city, shipment.address.address) == ("ﾔﾏﾀﾞ", "1 Road\nFlat 2")


@pytest.mark.parametrize(
    ("word", "code"), [("臺灣", "TW"), ("U.S.A.", "US"), ("미국 (US)", "US"), ("Korea, Republic of", "KR"), ("EL", "GR")]
)
def test_a_country_is_taken_by_any_of_its_names(word: str, code: str) -> None:
    assert the(imported(country=word), "S-1").address.country == code


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        (
            "Congo",
            '"Congo" is not clear: write the code of the one that is meant, CD (Congo - Kinshasa) or CG (Congo - Brazzaville).',
        ),
        ("Germny", '"Germny" is not clear: if it is Germany, write DE.'),
        ("N/A", '"N/A" is no country we know. Write its code of two letters, such as KR.'),
    ],
)
def test_a_country_that_is_not_clear_is_refused_with_what_it_may_be(word: str, reason: str) -> None:
    assert refusal(run(a_store(), a_file({"country": word}))) == f"Country: {reason}"
