"""What must hold between the tables of a desk, whatever was written: each as a query that counts where it does not."""

from core.domain.shipment import InvoiceAction

ODDITIES = {
    "shipment_twice": "SELECT count(*) - count(DISTINCT shipment_id) FROM shipment",
    "batch_twice": "SELECT count(*) - count(DISTINCT batch_id) FROM batch",
    "history_twice": "SELECT count(*) - count(DISTINCT history_id) FROM history",
    "history_without_batch": "SELECT count(*) FROM history ANTI JOIN batch USING (batch_id)",
    "invoice_without_batch": "SELECT count(*) FROM invoice ANTI JOIN batch USING (batch_id)",
    "checkpoint_without_batch": "SELECT count(*) FROM checkpoint ANTI JOIN batch USING (batch_id)",
    "invoice_without_shipment": "SELECT count(*) FROM invoice ANTI JOIN shipment USING (shipment_id)",
    "checkpoint_without_shipment": "SELECT count(*) FROM checkpoint ANTI JOIN shipment USING (shipment_id)",
    "item_without_shipment": "SELECT count(*) FROM item ANTI JOIN shipment USING (shipment_id)",
    "history_without_shipment": """
        SELECT count(*) FROM history ANTI JOIN shipment USING (shipment_id)
        WHERE shipment_id NOT IN (SELECT shipment_id FROM history WHERE action = 'removed')""",
    "shipment_not_searched": """
        SELECT count(*) FROM shipment ANTI JOIN (FROM search_key WHERE kind = 'shipment_no') USING (shipment_id)""",
    "invoice_not_as_registered": f"""
        SELECT count(*) FROM shipment s FULL JOIN (
            SELECT shipment_id, arg_max(invoice_no, event_id) AS invoice_no FROM invoice
            GROUP BY shipment_id HAVING arg_max(action, event_id) = '{InvoiceAction.REGISTERED}') i USING (shipment_id)
        WHERE s.invoice_no IS DISTINCT FROM i.invoice_no""",
}
"""By what is odd. A shipment that an undone import took away leaves its history behind."""
