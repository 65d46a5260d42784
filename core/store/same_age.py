"""The shipments of a period before as they stood at a moment, from the times at which things happened to them.

In this SQL `$then` is that moment; shipments for which `current` holds stay as they are known now.
"""

from core.domain.shipment import InvoiceAction

_NUMBER = ("invoice_id", "carrier", "invoice_no", "invoiced_at")
_SCANS = (
    "picked_up_at", "first_attempt_at", "last_scan_at", "delivered_at", "first_failed_at", "first_exception_at", "lost_at",
    "returned_at",
)  # fmt: skip
_ACTS = ("released_at", "closed_at")
_LAST_TURN = ("stage", "word")
# Its number is that of the moment, and nothing befell it later: what is not known yet is no moment.
_AS_KNOWN = f"(invoiced_at IS NOT NULL AND greatest(invoiced_at, status_since, {', '.join((*_SCANS, *_ACTS))}) <= $then)"


def shipments(current: str, within: str) -> str:
    """The table of shipments at that moment, as a subquery named like it; `within` is the WHERE that none of them is outside of.

    What a carrier told of a number counts from the registration of that number: nobody could ask before. A number that was
    modified or deleted since is there again.
    """
    told = f"{current} OR invoiced_at <= $then"
    asked = "(invoiced_at IS NULL OR invoiced_at <= $then OR then_invoice_id = invoice_id)"
    seen = {
        **{name: f"CASE WHEN {told} THEN {name} ELSE then_{name} END" for name in _NUMBER},
        **{name: f"CASE WHEN {current} OR ({name} <= $then AND {asked}) THEN {name} END" for name in _SCANS},
        **{name: f"CASE WHEN {current} OR {name} <= $then THEN {name} END" for name in _ACTS},
        **{name: f"CASE WHEN {current} OR status_since <= $then THEN {name} END" for name in _LAST_TURN},
    }
    replaced = ", ".join(f"{text} AS {name}" for name, text in seen.items())
    # Most stand as they stood: only the others are worked out, and who they are is asked once.
    return f"""(
        WITH others AS MATERIALIZED (SELECT shipment_id FROM shipment {within} AND NOT ({current}) AND {_AS_KNOWN} IS NOT TRUE)
        SELECT * FROM shipment {within} AND {current}
        UNION ALL
        SELECT shipment.* FROM shipment ANTI JOIN others USING (shipment_id) {within} AND NOT ({current})
        UNION ALL
        SELECT shipment.* REPLACE ({replaced}) FROM shipment LEFT JOIN ({_numbers(current, within)}) ON then_shipment = shipment_id
        {within} AND shipment_id IN (SELECT shipment_id FROM others)) AS shipment"""


def _numbers(current: str, within: str) -> str:
    """The number in force at that moment, of the shipments that have another or none now."""
    changed = f"SELECT shipment_id FROM shipment {within} AND NOT ({current}) AND NOT coalesce(invoiced_at <= $then, false)"
    columns = ", ".join(
        f"arg_max({column}, event_id) AS then_{name}"
        for name, column in zip(_NUMBER, ("invoice_id", "carrier", "invoice_no", "changed_at"), strict=True)
    )
    return f"""SELECT shipment_id AS then_shipment, {columns} FROM invoice
        WHERE changed_at <= $then AND shipment_id IN ({changed})
        GROUP BY shipment_id HAVING arg_max(action, event_id) = '{InvoiceAction.REGISTERED}'"""
