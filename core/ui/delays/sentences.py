"""The sentences of Delays, each once and whole."""

from core.domain.reasons import Reason


class DelaysText(Reason):
    """What stands in the header, and in place of everything when no shipment belongs to the view."""

    DUE = "due", "{late:,} late of {due:,} due"
    PERIOD = "period", {"ordered": "Ordered {days}", "picked_up": "Picked up {days}"}
    WEEKS = "weeks", "{weeks} weeks"
    ALL_OF = "all_of", {"carrier": "All shipping companies", "warehouse": "All warehouses"}
    SEVERAL = "several", {"carrier": "{chosen} shipping companies", "warehouse": "{chosen} warehouses"}
    BOX = "box", {"carrier": "Shipping companies", "warehouse": "Warehouses"}
    NOTHING = (
        "nothing",
        {"ordered": "No shipment was ordered on {days}", "picked_up": "No shipment was picked up on {days}"},
    )
    LONGER = "longer", "Look at {weeks} weeks"


class SpreadText(Reason):
    """What the chart of hours shows."""

    TITLE = "title", {"lane": "{figure}, {lane}", "all": "{figure}, all lanes"}
    STILL_OPEN = "still_open", "{open:,} open, pale, at their present age"
    LONGEST = "longest", "the last bar is all that took longer"
    BEFORE = "before", "dotted: the {weeks} weeks before"
    NO_BEFORE = "no_before", "too few before for a norm"
    NORM_LINE = "norm_line", "norm, {weeks} weeks before"
    MARK = "mark", {"alone": "{name} {at}", "norm": "{name} {at} (norm {norm})"}
    SPAN = "span", {"closed": "{low:g} – {high:g} {unit}", "open": "{low:g} {unit} and longer"}
    FOUND = (
        "found",
        {
            "one": "{figure} of {count} shipment: half took up to {half}, nine of ten up to {most}.",
            "other": "{figure} of {count:,} shipments: half took up to {half}, nine of ten up to {most}.",
        },
    )
    NORM = "norm", "The norm is {half} and {most}."
    FINISHED = (
        "finished",
        {"all": "{span}: {count:,} finished", "open": "{span}: {count:,} finished, {open:,} open at that age"},
    )
    TOO_FEW_TITLE = "too_few_title", {"one": "Only {count} shipment", "other": "Only {count:,} shipments"}
    TOO_FEW = "too_few", "Percentiles over fewer than 20 are not shown. Choose all lanes or a longer period."
    NOTHING_TITLE = "nothing_title", "No shipment to measure"
    NOTHING = "nothing", "Nothing of this lane and these dates came that far."


class StepsText(Reason):
    """What the chart of the steps of late parcels shows."""

    TITLE = (
        "title",
        {"lane": "Where the hours went, late parcels, {lane}", "all": "Where the hours went, late parcels, all lanes"},
    )
    HELP = (
        "help",
        "Each step lasts from the one before: order to release, to invoice, to pick-up (the first scan), transit to the first "
        "attempt, and attempts to the delivery. The norm of a step is its median over the shipments of the same lane in the {days} "
        "days before; bars are what late parcels took beyond it, on average. Parcels still on their way count up to now.",
    )
    LATE = "late", {"one": "{count} late shipment", "other": "{count:,} late shipments"}
    MEAN = "mean", "Mean hours beyond the norm of their lanes, step by step."
    PARCELS = "parcels", {"one": "{count} late parcel.", "other": "{count:,} late parcels."}
    UNKNOWN = (
        "unknown",
        {"one": "{count} more lacks a time or a norm.", "other": "{count:,} more lack a time or a norm."},
    )
    OURS = "ours", "our side {hours} h"
    THEIRS = "theirs", "hand-over and carrier {hours} h"
    FOUND = (
        "found",
        {
            "one": "{count} late parcel took {late:,.0f} hours against a norm of {norm:,.0f}: "
            "{ours} on our side, {theirs} at hand-over and carrier.",
            "other": "{count:,} late parcels took {late:,.0f} hours on average against a norm of {norm:,.0f}: "
            "{ours} on our side, {theirs} at hand-over and carrier.",
        },
    )
    MOST = "most", "The step that lost most is {step} ({hours})."
    NOTHING_LATE_TITLE = "nothing_late_title", "Nothing was late"
    NOTHING_LATE = "nothing_late", "Every shipment of this lane and these dates kept its promise."
    NO_NORM_TITLE = "no_norm_title", "There is no norm to compare with"
    NO_NORM = "no_norm", "The {weeks} weeks before had fewer than 20 shipments on these lanes."


class HeatText(Reason):
    """What the chart of lanes and weeks shows."""

    PER_CENT = "per_cent", "Per cent of shipments past promise"
    FEW = "few", "{few}: too few to show"
    YOUNG = "young", "in brackets: young, still open"
    SMALLER = "smaller", {"one": "{count} smaller lane in the box", "other": "{count:,} smaller lanes in the box"}
    WEEK = "week", {"choice": "Week of {day}", "beside": "week of {day}"}
    SHOW_LATE = "show_late", "Show {late:,} late"
    NO_SHIPMENTS = "no_shipments", "{lane}, week of {week}: no shipments"
    LATE = (
        "late",
        {
            "ripe": "{lane}, week of {week}: {late:,} late of {due:,} due",
            "young": "{lane}, week of {week}: {late:,} late of {due:,} due, young: still open",
        },
    )
    TOO_FEW = "too_few", "No lane had 20 shipments due in a week of {days}."
    SHARES = "shares", "Late shares by lane and week go from {least} to {most} (lanes: {lanes:,}, weeks: {weeks:,})."
    HIGHEST = "highest", "The highest is {lane} in the week of {week}."


class SameMixText(Reason):
    """What stands beside the table of companies at the same lane mix."""

    HELP = (
        "help",
        "Companies carry different lanes, so their plain shares cannot be compared. Here each is taken as if it carried the lanes of "
        "all shipments together: its share on each lane, weighted by that lane's part of the whole. Of the mix: how much of it is on "
        "lanes that the company serves; it is compared on these only. Intervals (Wilson, 95 %) that overlap prove no difference.",
    )
    SCALE = (
        "scale",
        "On-time share with its interval, drawn from {low:.0f} to {high:.0f} %; the line is the target {target:g} %. "
        "Press a plain share to open it.",
    )


class PivotText(Reason):
    """What stands beside the table of two dimensions."""

    MORE_ROWS = "more_rows", {"one": "{count} more row in the export", "other": "{count:,} more rows in the export"}
    MORE_COLUMNS = (
        "more_columns",
        {"one": "{count} more column in the export", "other": "{count:,} more columns in the export"},
    )
    OPENS = "opens", "press a number to open it"
    CAPTION = "caption", "{figure} by two dimensions"


class RiskText(Reason):
    """What stands beside the list of open shipments at risk."""

    HELP = (
        "help",
        "Of earlier shipments of the same lane and company that were at the same stage as many days before their promised date, the "
        "share that ended late. Where these are fewer than 20, the lane of all companies is taken, then all lanes. Orders of the last "
        "120 days.",
    )
    LISTED = (
        "listed",
        {
            "likeliest": "The {count} likeliest to be late, promised for today or later and not yet attempted.",
            "one": "{count} open shipment, promised for today or later and not yet attempted.",
            "other": "{count:,} open shipments, promised for today or later and not yet attempted.",
        },
    )
    AS_OF_NOW = "as_of_now", "As of now, whatever the period."
    CHANCE = "chance", "{share:.0f} % of {cases:,}"
    LEFT = "left", {"today": "today", "later": "{days} d"}


class SqlText(Reason):
    """What stands around the SQL box and its answer."""

    RULES = (
        "rules",
        "One SELECT over the view `{view}`: every shipment, without personal data. It can only read. At most {seconds:g} s, 512 MB "
        "and {rows:,} rows. Days and moments are in {zone}. Domestic and International, General and Claim are together in it: filter "
        "by destination and kind.",
    )
    COLUMNS = "columns", {"one": "{count} column of `{view}`", "other": "{count:,} columns of `{view}`"}
    COLUMNS_OF = "columns_of", "Columns of {view}"
    ROWS = "rows", {"one": "{count} row", "other": "{count:,} rows"}
    EXPORT = "export", {"one": "Export {count} row", "other": "Export {count:,} rows"}
    TOOK = "took", "in {seconds:.1f} s"
    AS_OF = "as_of", "shipments as of {time}"
    CUT = "cut", "there are more: an answer holds {rows:,} rows or {megabytes} MB"
    FIRST = "first", "the first {shown:,} are shown, a file has all"


class DelaysFile(Reason):
    """What can be taken along, and how it was computed."""

    LATE = "late", {"all": "Late shipments", "lane": "Late shipments of {lane}"}
    DUE = "due", "All shipments that were due"
    LANES = "lanes", "Late share by lane and week"
    HOURS = "hours", {"all": "{figure}", "lane": "{figure} of {lane}"}
    STEPS = "steps", {"all": "Where the hours went", "lane": "Where the hours of {lane} went"}
    STEPS_HOW = (
        "steps_how",
        "Mean hours of late parcels by step, beside the medians of the same lanes in the {days} days before",
    )
    COMPANIES = "companies", "Shipping companies at the same lane mix"
    COMPANIES_HOW = (
        "companies_how",
        "Direct standardisation to the lane mix of all shipments; 95 % Wilson interval over the effective number of cases",
    )
    RISKS = "risks", "Open shipments at risk"
    RISKS_HOW = (
        "risks_how",
        "Of earlier shipments at the same stage as many days before their promise, how many ended late; as of now",
    )
    CROSSED = "crossed", "Any two together"
