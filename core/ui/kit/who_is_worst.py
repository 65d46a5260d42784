"""Who is worst among the shipping companies, in one sentence."""

from core.domain.carriers import Rules
from core.domain.reasons import Names
from core.services.figures.ranking import Ranking
from core.ui.kit import figure_texts, formats
from core.ui.kit.shipment_rows import carrier_name


def sentence(found: Ranking, rules: Rules) -> str:
    """The sentence above a table of companies, as Markdown."""
    return formats.plain(
        str(
            found.finding(
                companies=Names(carrier_name(one.code, rules) for one in found.worst),
                share=figure_texts.share(found.worst[0].value) if found.worst else "",
                norm=figure_texts.share(found.norm) if found.norm is not None else "",
            )
        )
    )
