-- What befell each number is kept right by whoever writes its checkpoints (see core/store/journey_events.py): nothing is left to be
-- settled later, so how far the marks reach need not be known.
DELETE FROM journey_mark;
INSERT INTO journey_mark
SELECT shipment_id, invoice_id,
    min(happened_at) FILTER (stage = 'attempt_failed'),
    max(happened_at) FILTER (stage = 'attempt_failed'),
    min(happened_at) FILTER (stage = 'exception'),
    max(happened_at) FILTER (stage = 'exception'),
    max(happened_at) FILTER (stage = 'returned'),
    max(happened_at) FILTER (stage = 'lost')
FROM checkpoint WHERE stage IN ('attempt_failed', 'exception', 'returned', 'lost') GROUP BY ALL ORDER BY shipment_id;
DROP TABLE journey_mark_until;
