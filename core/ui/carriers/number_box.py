"""The number box: a number is pasted, and every shipping company says at once what it thinks of it."""

from collections.abc import Sequence

import streamlit as st

from core.domain.carriers import OTHER, Rules
from core.domain.invoice_number import CheckedNumber, Level, check, clean
from core.domain.number_faults import NumberFault
from core.domain.reasons import Names, sentences
from core.runtime import Runtime
from core.ui.carriers.sentences import NumberText
from core.ui.kit import chips, formats, messages
from core.ui.kit.fragments import fragment
from core.ui.kit.table import Row, TableColumn, TableView, table

_COLUMNS = (
    TableColumn("name", "Shipping company", 130, min=110),
    TableColumn("verdict", "Verdict", 106, "chip"),
    TableColumn("why", "Why", None, "prose", min=160),
)


@fragment()
def section(runtime: Runtime) -> None:
    """The box and its answer."""
    with messages.guarded("The number box"):
        st.subheader("What is this number?", anchor=False)
        typed = st.text_input(
            "Invoice No.", key="number_box", placeholder="Paste, scan or type a number", max_chars=120, live=True, width=360
        )
        if not typed or not typed.strip():
            st.caption("Every shipping company says at once whether the number fits it. Nothing is saved.")
            return
        judged = opinions(typed, runtime.rules)
        st.markdown(summary(typed, judged, runtime.rules))
        table(
            _COLUMNS,
            [_row(code, checked, runtime.rules) for code, checked in judged],
            key="opinions",
            caption="What each shipping company thinks of the number",
            view=TableView(shows=typed, height="content"),
        )


def opinions(typed: str, rules: Rules) -> list[tuple[str, CheckedNumber]]:
    """The number checked for every carrier: those it fits first, those to confirm, those where only the check digit is wrong,
    and the rest; each in the order of the screen, "other" last.
    """
    judged = [(code, check(code, typed, rules)) for code in rules.carriers]
    return sorted(judged, key=lambda pair: _place(pair[1]))


def _place(checked: CheckedNumber) -> tuple[int, bool, bool]:
    wrong_digit = checked.fault is not None and checked.fault.reason is NumberFault.CHECK_DIGIT
    return list(Level).index(checked.level), not wrong_digit, checked.carrier == OTHER


def summary(typed: str, judged: Sequence[tuple[str, CheckedNumber]], rules: Rules) -> str:
    """One line: how the number is read, and whom it fits."""
    fits = [rules.carriers[code].name for code, checked in judged if checked.level is Level.OK and code != OTHER]
    number = clean(typed)
    read = [] if number == typed else [NumberText.READ_AS(number=formats.plain(number))]
    fit = NumberText.FITS(names=Names(map(formats.plain, fits))) if fits else NumberText.FITS_NONE()
    return sentences([*read, fit])


def _row(code: str, checked: CheckedNumber, rules: Rules) -> Row:
    return {
        "id": code,
        "name": rules.carriers[code].name,
        "verdict": chips.LEVELS[checked.level],
        "why": checked.message,
    }
