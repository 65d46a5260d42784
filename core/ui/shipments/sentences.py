"""The sentences of the list of shipments, each once and whole."""

from core.domain.reasons import Reason


class EmptyText(Reason):
    """Why there is nothing to show, and the words on the buttons that mend it."""

    NO_MATCH = "no_match", "No shipment in “{tab}” matches all filters"
    NONE_IN_TAB = "none_in_tab", "No shipment is in “{tab}”"
    FOUND = "found", "{count:,} of {all:,} searched values are in this list"
    MORE = "more", "and {count:,} more"
    SHOW = (
        "show",
        {"same": "Show {count:,} in {tab}", "other": "Show {count:,} in {tab}, {destination}"},
    )
    SEARCH_AS = "search_as", {"one": "Search {value} as {key}", "other": "Search {count} values as {key}"}
    REMOVE = "remove", "Remove {chip}"


class Absent(Reason):
    """Why a searched value is not in the list; `value` is written for Markdown."""

    OTHER_KEY = "other_key", "**{value}** is known as {known} – the search looks in {searched}"
    UNKNOWN = "unknown", "**{value}** does not exist. Check the last digits."
    ELSEWHERE = "elsewhere", "**{value}** is in {places}."
    HIDDEN = "hidden", "**{value}** is in this tab, hidden by another filter."
    PLACE = "place", "**{tab}** ({destination})"
