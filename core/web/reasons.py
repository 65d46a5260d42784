"""Why the server does not do what it is asked, in one whole sentence each."""

from core.domain.reasons import Reason


class WebReason(Reason):
    """Why a request ends without what it asked for."""

    FULL = (
        "full",
        "The desk is open in {limit} windows already, which is as many as one person may have. Close one of them, and this one "
        "goes on.",
    )
    FAULT = "fault", "This could not be done: the fault is ours, and nothing was changed by this request."
    LATE = "late", "The request did not arrive whole within {seconds} seconds. Send it again."
    GARBLED = "garbled", "This is no request that a web server can read."
    NO_TARGET = "no_target", "The request names no path of the desk. Open the desk by its address."
    NO_METHOD = "no_method", "This address is only for looking at. Open the desk and do it there."
    NOTHING = "nothing", "There is nothing here."
    TOO_LARGE = "too_large", "The body is larger than {limit:,} bytes. Send less."
    BUSY = "busy", "The desk is busy. This is shown when it is asked for again."
    SIGNED_OUT = "signed_out", "You are not signed in to this desk. Open it and sign in."
    SWITCH_LOCKED = (
        "switch_locked",
        "The sandbox is switched on the Carriers page. For a program, set SHIPDESK_SANDBOX_SECRET and send it as "
        "Authorization: Bearer SECRET.",
    )
    NO_SWITCH = "no_switch", 'Send JSON such as {{"service": "seventeen_track", "fault": "slow"}}.'
