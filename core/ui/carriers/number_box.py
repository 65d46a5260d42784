"""The number box: a number is pasted, and every shipping company says at once what it thinks of it."""

from collections.abc import Sequence

import streamlit as st

from core.domain.carriers import OTHER, OWN, Rules
from core.domain.fields import FIELDS
from core.domain.invoice_number import CheckedNumber, Level, check, clean, fitting
from core.domain.language import tr
from core.domain.number_faults import NumberFault
from core.domain.reasons import Names, sentences
from core.runtime import Runtime
from core.ui.carriers.sentences import NumberText
from core.ui.kit import chips, formats, messages
from core.ui.kit.fragments import fragment
from core.ui.kit.table import Row, TableColumn, TableView, table

_MOST_HIGH = 520
_COLUMNS = (
    TableColumn("name", FIELDS.in_english["carrier"], 130, min=110),
    TableColumn("verdict", "Verdict", 106, "chip"),
    TableColumn("why", "Why", None, "prose", min=160),
)


@fragment()
def section(runtime: Runtime) -> None:
    """The box and its answer."""
    with messages.guarded(tr("The number box")):
        st.subheader(tr("What is this number?"), anchor=False)
        typed = st.text_input(
            FIELDS["invoice_no"],
            key="number_box",
            placeholder=tr("Paste, scan or type a number"),
            max_chars=120,
            live=True,
            width=360,
        )
        if not typed or not typed.strip():
            st.caption(tr("Every shipping company says at once whether the number fits it. Nothing is saved."))
            return
        judged = opinions(typed, runtime.rules)
        st.markdown(summary(typed, judged, runtime.rules))
        table(
            _COLUMNS,
            [_row(code, checked, runtime.rules) for code, checked in judged],
            key="opinions",
            caption=tr("What each shipping company thinks of the number"),
            view=TableView(shows=typed, height=_MOST_HIGH),
        )


def opinions(typed: str, rules: Rules) -> list[tuple[str, CheckedNumber]]:
    """The number checked for every company: those it fits first, those to confirm, those where only the check digit is wrong,
    and the rest; each in the order of the screen, with those that take any digits of its length behind the others, "other" last.
    """
    brought_up = set(fitting(typed, rules))
    judged = [(code, check(code, typed, rules)) for code in rules.carriers if code != OWN]
    return sorted(judged, key=lambda pair: (*_place(pair[1]), pair[0] not in brought_up, pair[0] == OTHER))


def _place(checked: CheckedNumber) -> tuple[int, bool]:
    wrong_digit = checked.fault is not None and checked.fault.reason is NumberFault.CHECK_DIGIT
    return list(Level).index(checked.level), not wrong_digit


def summary(typed: str, judged: Sequence[tuple[str, CheckedNumber]], rules: Rules) -> str:
    """One line: how the number is read, and whom it fits."""
    number, fits = clean(typed), fitting(typed, rules)
    taken = sum(checked.level is Level.OK and code not in (*fits, OTHER) for code, checked in judged)
    read = [] if number == typed else [NumberText.READ_AS(number=formats.plain(number))]
    names = Names(formats.plain(rules.carriers[code].name) for code, _ in judged if code in fits)
    fit = NumberText.FITS(names=names) if fits else NumberText.FITS_NONE() if not taken else None
    any_digits = NumberText.TAKEN(count=taken) if taken else None
    return sentences(why for why in (*read, fit, any_digits) if why)


def _row(code: str, checked: CheckedNumber, rules: Rules) -> Row:
    return {
        "id": code,
        "name": rules.carriers[code].name,
        "verdict": chips.LEVELS[checked.level],
        "why": checked.message,
    }
