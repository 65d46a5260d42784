"""What each company thinks of a number that is pasted."""

from core.domain.carriers import Check
from core.domain.invoice_number import Level
from core.ui.carriers import number_box
from tests.builders import CJ, RULES

UPS_WRONG = "1Z999AA10123456785"


def test_those_a_number_fits_come_first_then_those_with_only_a_wrong_digit() -> None:
    judged = number_box.opinions(CJ, RULES)
    assert judged[0] == ("cj", judged[0][1])
    assert judged[0][1].level is Level.OK
    assert [verdict.level for _, verdict in judged] == sorted((v.level for _, v in judged), key=list(Level).index)
    near = [code for code, verdict in number_box.opinions(UPS_WRONG, RULES) if not verdict.ok]
    assert near[0] == "ups"


def test_a_digit_to_confirm_stands_between_those_that_fit_and_those_refused() -> None:
    rules = RULES.with_checks({"ups": Check.WARN})
    assert [code for code, _ in number_box.opinions(UPS_WRONG, rules)][:2] == ["other", "ups"]


def test_the_number_is_said_as_it_is_read_and_whom_it_fits() -> None:
    typed = " 6329-7661 5493 "
    assert number_box.summary(typed, number_box.opinions(typed, RULES), RULES).startswith(
        f"Read as **{CJ}**. It fits CJ Logistics"
    )
    assert number_box.summary("1", number_box.opinions("1", RULES), RULES) == "It fits no company as it is."
