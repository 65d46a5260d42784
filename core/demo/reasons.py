"""Why the demo shop is not made, or its sandbox does not do as told; each sentence once, and whole."""

from core.domain.reasons import Reason


class DemoReason(Reason):
    """Why the demo shop is not made."""

    TOO_FEW = "too_few", "The demo shop needs at least one shipment."
    NOT_EMPTY = "not_empty", "The database already has shipments. Make the demo shop in a new file."


class SandboxReason(Reason):
    """Why the sandbox carrier does not take what it is told."""

    NO_SERVICE = "no_service", "The sandbox is not {service}. It is {services:and}."
    NO_FAULT = "no_fault", "There is no fault {name}. Choose one of {faults}."
