"""The sentences of the list of shipments, each once and whole."""

from core.domain.reasons import Reason
from core.ui.kit import shared


class EmptyText(Reason):
    """Why there is nothing to show, and the words on the buttons that mend it."""

    NO_MATCH = "no_match", "No shipment in “{tab}” matches all filters"
    NONE_IN_TAB = "none_in_tab", "No shipment is in “{tab}”"
    FOUND = "found", "{count:,} of {all:,} searched values are in this list"
    CUT = (
        "cut",
        "More shipments fit **{value}** than a search looks at: only the {count:,} that came last, whatever their tab and filters. Type more of it.",
    )
    MORE = "more", shared.AND_MORE
    PUT_INTO = "put_into", "**{value}** was put into **{into}** and goes out with it."
    SHOW = (
        "show",
        {"same": "Show {count:,} in {tab}", "other": "Show {count:,} in {tab}, {destination}"},
    )
    SEARCH_AS = "search_as", {"one": "Search {value} as {key}", "other": "Search {count} values as {key}"}
    REMOVE = "remove", "Remove {chip}"
    NAMELESS = (
        "nameless",
        "This link was made by searching for a recipient. Names and phone numbers stay out of links: type it again.",
    )


class Absent(Reason):
    """Why a searched value is not in the list; `value` is written for Markdown."""

    OTHER_KEY = "other_key", "**{value}** is known as {known} – the search looks in {searched}"
    UNKNOWN = "unknown", "**{value}** does not exist. Check the last digits."
    UNKNOWN_WORD = "unknown_word", "**{value}** does not exist. Check the spelling, and what is searched in."
    NO_RECIPIENT = "no_recipient", "**{value}** is no recipient's name, and no phone ends so. Check the spelling."
    NO_WHOLE_NAME = (
        "no_whole_name",
        "**{value}** is no recipient's whole name, and no phone ends so. Parts of names are looked for where few are searched: "
        "search for it alone.",
    )
    ELSEWHERE = "elsewhere", "**{value}** is in {places}."
    HIDDEN = "hidden", "**{value}** is in this tab, hidden by another filter."
    PLACE = "place", "**{tab}** ({destination})"


class GridText(Reason):
    """What is said of invoices that are typed in the grid."""

    ENTER = "enter", {"one": "Enter {count} invoice", "other": "Enter {count:,} invoices"}
    REGISTERED = (
        "registered",
        {
            "one": "{count} shipment registered as batch B-{batch}.",
            "other": "{count:,} shipments registered as batch B-{batch}.",
        },
    )
    PROPOSED = (
        "proposed",
        {
            "one": "The company of {count} was proposed; its history says why.",
            "other": "The companies of {count:,} were proposed; their history says why.",
        },
    )
    TO_CONFIRM = "to_confirm", "{count:,} to confirm"
    REFUSED = "refused", "{count:,} refused"


class MenuText(Reason):
    """What the menus of the list offer and what came of them."""

    EXPORTED = (
        "exported",
        {"one": "All {count} shipment of this view", "other": "All {count:,} shipments of this view"},
    )
    EVERY_COLUMN = "every_column", "A file has all {count} columns, also those that are not shown here."
    SELECTED = "selected", "**{count:,} selected**"
    REFRESH_PAGE = "refresh_page", "This page, {count:,}"
    REFRESH_VIEW = "refresh_view", "All {count:,} of this view"
    REFRESH = "refresh", "Refresh {count:,}"
    WORK = "work", "Work on {count:,}"
    STAYED = "stayed", "{count:,} stayed"
    NOTE = "note", {"one": "Add note to {count}", "other": "Add note to {count:,}"}
    FAILED = "failed", "{count:,} failed"
    TIMES = "times", "{count:,} × {reason}"
    NAMED = "named", {"all": "{names}", "more": "{names} and {more:,} more"}


class PackingText(Reason):
    """What stands on a packing list, and on the buttons that lead to it."""

    OF_SELECTED = "of_selected", "Packing list of {count:,}"
    TOO_MANY = "too_many", "A packing list holds at most {most:,} shipments. Select fewer of them."
    ORDER = "order", "Order {order_no}"
    WAREHOUSE = "warehouse", shared.WAREHOUSE
    SHIP_BY = "ship_by", shared.SHIP_BY


class ListText(Reason):
    """What stands on the controls of the list, as Markdown."""

    KEY = "key", {"open": "{key}", "closed": "{key} (not for viewers)"}
    CAPTION = "caption", "Shipments in {tab}, {destination}"
    TAB = "tab", "{tab} **{count:,}**"
    DETAIL = "detail", ":small[{detail} **{count:,}**]"
    RANGE = "range", "{first:,}–{last:,} of {count:,}"
    AS_OF = "as_of", "as of {time}"
    ROWS = "rows", "{count} rows"
