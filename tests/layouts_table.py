"""The table of order files in data/README.md, written from the layouts: `python -m tests.layouts_table`."""

import re

from core.config import ROOT
from core.files.order_layouts import HandbackForm, OrderLayout, layouts
from core.files.reasons import LeftOut

FILE = ROOT / "data" / "README.md"
HEAD = "| Source | Layout | Left out | Goes back |\n|---|---|---|---|\n"
LEFT_OUT = {
    LeftOut.CANCELLED: "cancelled",
    LeftOut.RETURNED: "returned or exchanged",
    LeftOut.REFUNDED: "refunded",
    LeftOut.UNPAID: "unpaid",
    LeftOut.NO_PAYMENT: "unpaid",
    LeftOut.DIGITAL: "digital",
    LeftOut.NO_PARCEL: "without a parcel",
    LeftOut.NO_GOODS: "fees and discounts",
    LeftOut.NO_ORDER: "counts below the table",
    LeftOut.DISPATCHED: "dispatched without a number",
}


def written_into(text: str) -> str:
    """The documentation with the table as the layouts have it."""
    table = HEAD + "".join(f"| {' | '.join(cells)} |\n" for cells in map(_cells, layouts().values()))
    return re.sub(rf"{re.escape(HEAD)}(\|.*\n)*", lambda _: table, text)


def _cells(layout: OrderLayout) -> tuple[str, str, str, str]:
    reasons = {rule.reason for rule in layout.leave} | ({LeftOut.DISPATCHED} if "invoiced_at" in layout.columns else set())
    left = ", ".join(dict.fromkeys(word for reason, word in LEFT_OUT.items() if reason in reasons))
    return layout.title, f"`{layout.name}`", left or "nothing", _goes_back(layout)


def _goes_back(layout: OrderLayout) -> str:
    back = layout.handback
    if back is None:
        return "nothing"
    if back.form is HandbackForm.SAME:
        return f"the very file, with {back.number[0]} and {back.company[0]} filled in"
    heads = ", ".join(column.head for column in back.columns)
    return f"{back.form.upper()}, a row a {'line' if back.by_line else 'shipment'}: {heads}"


if __name__ == "__main__":
    FILE.write_text(written_into(FILE.read_text(encoding="utf-8")), encoding="utf-8")
