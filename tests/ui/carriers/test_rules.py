"""Which companies have a rule about the check digit."""

from core.ui.carriers import rules as carrier_rules
from tests.builders import RULES


def test_only_companies_with_a_check_digit_have_a_rule_about_it() -> None:
    without = [code for code, carrier in RULES.carriers.items() if not carrier_rules.has_check_digit(carrier)]
    assert "sf" in without
    assert not {"cj", "ups", "fedex", "logen"} & set(without)
