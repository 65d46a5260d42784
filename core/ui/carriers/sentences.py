"""The sentences of the Carriers page, each once and whole."""

from core.domain.reasons import Reason


class RefresherText(Reason):
    """How the refresher goes."""

    STOPPED = "stopped", "Nothing is asked by itself: asking has stopped"
    FIRST_ROUND = (
        "first_round",
        {
            "quiet": "Shipping companies are asked by themselves · nothing in the last 5 minutes",
            "slow": "Shipping companies are asked by themselves · less than one number a minute",
            "one": "Shipping companies are asked by themselves · 1 number a minute",
            "other": "Shipping companies are asked by themselves · {count:,} numbers a minute",
        },
    )
    NEXT_ROUND = (
        "next_round",
        {
            "quiet": "Shipping companies are asked by themselves · nothing in the last 5 minutes · again in {wait}",
            "slow": "Shipping companies are asked by themselves · less than one number a minute · again in {wait}",
            "one": "Shipping companies are asked by themselves · 1 number a minute · again in {wait}",
            "other": "Shipping companies are asked by themselves · {count:,} numbers a minute · again in {wait}",
        },
    )


class Outage(Reason):
    """What is to know of services that are left alone, sentence by sentence."""

    TITLE = "title", {"one": "1 carrier paused", "other": "{count:,} carriers paused"}
    SINCE = (
        "since",
        {
            "answered": "{service} has not answered since {when}: {names}.",
            "answered_more": "{service} has not answered since {when}: {names} and {more} more.",
            "silent": "{service} has not answered so far: {names}.",
            "silent_more": "{service} has not answered so far: {names} and {more} more.",
        },
    )
    KEPT = (
        "kept",
        {
            "one": "1 shipment keeps its last known status.",
            "other": "{count:,} shipments keep their last known status.",
        },
    )
    OTHERS_GO_ON = "others_go_on", "Other carriers go on."
    NEXT_TRY = "next_try", "The next try is at {when}."
    BEING_TRIED = "being_tried", "It is being tried now."


class HealthText(Reason):
    """What stands in and under the four figures and the table."""

    WATCHED = "watched", {"one": "of 1 number that is watched", "other": "of {count:,} numbers that are watched"}
    ANSWERED = "answered", "Answered in the last {span}"
    THAN_BEFORE = "than_before", "than the {span} before"
    NOTHING_BEFORE = "nothing_before", "Nothing was asked in the {span} before"
    FAILED = "failed", "{failed:,} of {asked:,} asked"
    FEW = "few", "{failed} of {asked}"
    OPEN_SINCE = (
        "open_since",
        {"alone": "Not asked since {since}", "tries": "Not asked since {since}, tried again at {next_try}"},
    )
    BREAKER = (
        "breaker",
        "A service that fails several times in a row is not asked for a while; then one try shows whether it "
        "answers again. Retry now tries at once; if it answers, asking goes on.",
    )
    GIVEN_UP = (
        "given_up",
        {"one": "1 number given up after a long silence.", "other": "{count:,} numbers given up after a long silence."},
    )
    USED_BEFORE = "used_before", {"one": "1 number used before.", "other": "{count:,} numbers used before."}
    ASKED_AGAIN = "asked_again", "{service} is asked again now"


class RuleText(Reason):
    """The choices of a carrier's rules, and what was saved of them."""

    WHO = "who", "Company whose rules are shown"
    WHEN = "when", "{who}, {when}"
    CHANGED = "changed", "Changed by {who}"
    AS_SHIPPED = "as_shipped", {"tracked": "As Shipdesk sets it: {service}", "none": "As Shipdesk sets it: not tracked"}
    SERVICE = "service", {"usable": "{service}", "no_key": "{service} (no key)"}
    SERVICE_OF = "service_of", "Service asked about {carrier}"
    CHECK_OF = "check_of", "A wrong check digit of {carrier}"
    ASKED = (
        "asked",
        {
            "service": "{service} is asked about {carrier} from now on",
            "nobody": "Nobody is asked about {carrier} from now on",
            "usual": "The usual service is asked about {carrier} from now on",
        },
    )
    CHECKED = (
        "checked",
        {
            "refuse": "{carrier}: a wrong check digit is refused from now on",
            "warn": "{carrier}: a wrong check digit can be confirmed from now on",
            "off": "{carrier}: a wrong check digit is not looked at from now on",
        },
    )
    SOURCE = "source", "Source: {source}"
    NOT_SAVED = "not_saved", "This was not saved."


class RetireText(Reason):
    """What retiring a company means, what is open with it, and what became of that; captions are Markdown."""

    ABOUT = (
        "about",
        "When nobody tells of a company's parcels any more, retire it: its numbers are no longer asked, and it is not proposed "
        "for new shipments. What went with it before stays as it is.",
    )
    WHO = "who", "Company to retire"
    RETIRED = "retired", "{carrier} is retired: its numbers are no longer asked"
    TAKEN_BACK = "taken_back", "{carrier} is in use again: its numbers are asked as before"
    SINCE = "since", "**{carrier}** · no longer asked since {when}, {who}"
    OPEN = (
        "open",
        {
            "both": "Still open with it: {under_way:,} under way and {failed:,} whose delivery failed.",
            "under_way": "Still open with it: {under_way:,} under way.",
            "failed": "Still open with it: {failed:,} whose delivery failed.",
            "none": "Nothing is open with it.",
        },
    )
    HOW = (
        "how",
        {
            "both": "Delivered: those under way are marked as delivered now, those that failed are closed. "
            "Closed: all of them end as they stand. Either is one batch, which can be undone.",
            "under_way": "Delivered: they are marked as delivered now. Closed: they end as they stand. "
            "Either is one batch, which can be undone.",
            "failed": "They end as they stand. All of them are one batch, which can be undone.",
        },
    )
    WHY = "why", "How you know, or why nothing more will come (goes into the history of each)"
    DELIVERED = "delivered", {"one": "Mark {count} as delivered", "other": "Mark {count:,} as delivered"}
    CLOSED = "closed", {"one": "Close {count}", "other": "Close all {count:,}"}
    ENDED = "ended", {"one": "{count} shipment ended by hand", "other": "{count:,} shipments ended by hand"}


class NumberText(Reason):
    """How a number that was typed is read, and whom it fits; for Markdown."""

    READ_AS = "read_as", "Read as **{number}**."
    FITS = "fits", "It fits {names}."
    FITS_NONE = "fits_none", "It fits no company as it is."
    TAKEN = (
        "taken",
        {"one": "1 company takes any number of its length.", "other": "{count} companies take any number of its length."},
    )


class SandboxText(Reason):
    """What the sandbox carrier is, and how fast its parcels go."""

    WHAT = (
        "what",
        "The parcels of the demo shop travel in a carrier inside this desk. Let it misbehave and watch the table above.",
    )
    PACE = (
        "pace",
        {
            "real": "They travel as fast as real ones.",
            "faster": "They travel {count:,} times as fast as real ones for now.",
        },
    )
