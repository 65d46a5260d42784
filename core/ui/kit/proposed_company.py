"""How a company that nobody chose is shown wherever invoices are entered: that it is proposed, why in a word, and how to take another."""

from core.domain.reasons import Reason, Why


class ProposedText(Reason):
    """What stands at a company that is proposed, as `core.services.shipments.lanes.CompanyReason.PROPOSED` says why."""

    WHY = (
        "why",
        {
            "alone": "proposed: fits it alone",
            "like": "proposed: begins alike",
            "form": "proposed: fits it alone",
        },
    )
    COMPANY = "company", "{company} · proposed"
    MEANS = "means", "{why} To take another, choose it here."


def in_a_word(why: Why | None) -> str:
    """That the company is proposed, and why; "" where it is not."""
    return str(ProposedText.WHY(why.form)) if why else ""


def marked(company: str, why: Why | None) -> str:
    """The company's name for a table, with the mark of one that is proposed."""
    return str(ProposedText.COMPANY(company=company)) if why else company


def in_full(why: Why | None) -> str:
    """The same as sentences, with the way to another company; "" where none is proposed."""
    return str(ProposedText.MEANS(why=why)) if why else ""
