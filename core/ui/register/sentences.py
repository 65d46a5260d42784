"""The sentences of the Register page, each once and whole."""

from core.domain import phrases
from core.domain.reasons import Reason
from core.ui.kit import shared


class ScanText(Reason):
    """What is said under the boxes about the last scan."""

    NOTHING_CHANGED = "nothing_changed", "Nothing was changed"
    NOT_DONE = "not_done", shared.NOT_DONE
    NOTHING_REGISTERED = "nothing_registered", shared.NOTHING_REGISTERED
    NOTHING_UNDONE = "nothing_undone", shared.NOTHING_UNDONE
    NO_FIRST_INVOICE = "no_first_invoice", "No first invoice can be registered"
    OTHER_WAREHOUSE = "other_warehouse", "Another warehouse"
    GO_ON = "go_on", "Enter goes on all the same, Esc starts over."
    LOOK_AGAIN = "look_again", "Look once more at {number}"
    CONFIRM = "confirm", "If it is right, press Enter again: the confirmation goes into the history."
    MOVED_ON = "moved_on", "Moved on"
    UNDONE = "undone", "Undone: {shipment_no} waits in Preparing to Release again."
    UNDONE_COMPANY = "undone_company", "Undone: {shipment_no} goes with {company} again."
    TAKEN = (
        "taken",
        "{number} fits {others:and}, too. {company} was taken for {shipment_no}, as such parcels mostly go with it: compare it with the label.",
    )
    TAKE = "take", "Take {company}"
    WAREHOUSE = "warehouse", {"any": "Any warehouse", "one": shared.WAREHOUSE}


class ParcelText(Reason):
    """What is told of the shipment whose number was scanned."""

    ORDER = "order", shared.ORDER
    WAREHOUSE = "warehouse", shared.WAREHOUSE
    GOODS = (
        "goods",
        {"alone": phrases.GOODS, "more": "{name} × {quantity:,} +{more}"},
    )
    SHIP_BY = "ship_by", {"today": "ship by today", "day": shared.SHIP_BY}


class DayText(Reason):
    """How the day goes, as Markdown."""

    REGISTERED = "registered", "Today: **{count:,}** registered"
    REFUSED = "refused", "**{count:,}** refused"
    LAST_HOUR = "last_hour", "**{count:,}** in the last hour"
    AVERAGE = "average", "{seconds} s on average"


class Catch(Reason):
    """What the desk notices by itself."""

    SWAPPED = "swapped", "Swapped scans (Invoice No. in box 1) are put in the right box"
    REPEAT = "repeat", "a repeat within 10 s is ignored"
    OTHER_WAREHOUSE = "other_warehouse", "it asks first about a shipment of another warehouse"
    NUMBER_IN_USE = "number_in_use", "it asks first about a number that another open shipment has"
    COMPANY = "company", "it asks first about a company that does not usually carry such parcels"
    PROVES_NOTHING = "proves_nothing", "it asks first about a number that no check digit proves"
