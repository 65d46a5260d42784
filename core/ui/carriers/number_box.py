"""The number box: a number is pasted, and every shipping company says at once what it thinks of it."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from core.domain.invoice_number import OTHER, Check, Level, Rules, Verdict, check, clean
from core.runtime import Runtime
from core.ui.kit import chips, formats, messages
from core.ui.kit.table import Column, Row, table

_COLUMNS = (
    Column("name", "Shipping company", 130, min=110),
    Column("verdict", "Verdict", 106, "chip"),
    Column("why", "Why", None, "prose", min=160),
)
_CHIPS: Final = {Level.OK: "fits", Level.WARN: "to_confirm", Level.REFUSE: "refused"}


@st.fragment
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
            [_row(code, verdict, runtime.rules) for code, verdict in judged],
            key="opinions",
            caption="What each shipping company thinks of the number",
            height="content",
            view=typed,
        )


def opinions(typed: str, rules: Rules) -> list[tuple[str, Verdict]]:
    """The verdict of every carrier on the number: those it fits first, those to confirm, those where only the check digit is
    wrong, and the rest; each in the order of the screen, "other" last.
    """
    lax = rules.with_checks(dict.fromkeys(rules.carriers, Check.OFF))
    order = list(_CHIPS)
    found = [(code, check(code, typed, rules)) for code in rules.carriers]
    return sorted(found, key=lambda one: (order.index(one[1].level), not check(one[0], typed, lax).ok, one[0] == OTHER))


def summary(typed: str, judged: Sequence[tuple[str, Verdict]], rules: Rules) -> str:
    """One line: how the number is read, and whom it fits."""
    fits = [rules.carriers[code].name for code, verdict in judged if verdict.level is Level.OK and code != OTHER]
    number = clean(typed)
    read = "" if number == typed else f"Read as **{formats.plain(number)}**. "
    return (
        f"{read}It fits {', '.join(formats.plain(name) for name in fits)}." if fits else f"{read}It fits no company as it is."
    )


def _row(code: str, verdict: Verdict, rules: Rules) -> Row:
    return {
        "id": code,
        "name": rules.carriers[code].name,
        "verdict": chips.VERDICTS[_CHIPS[verdict.level]],
        "why": verdict.message,
    }
