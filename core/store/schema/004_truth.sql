-- What the fold knows of the way to the recipient and of the way back; what was known before is filled in from the checkpoints.
ALTER TABLE shipment ADD COLUMN failed_attempts INTEGER DEFAULT 0;
ALTER TABLE shipment ADD COLUMN first_failed_at TIMESTAMPTZ;
ALTER TABLE shipment ADD COLUMN first_exception_at TIMESTAMPTZ;
ALTER TABLE shipment ADD COLUMN lost_at TIMESTAMPTZ;
ALTER TABLE shipment ADD COLUMN returning_at TIMESTAMPTZ;
ALTER TABLE shipment ADD COLUMN returned_at TIMESTAMPTZ;
ALTER TABLE shipment ADD COLUMN doubt VARCHAR;           -- what is odd about the number: core.domain.answer_doubts
UPDATE shipment SET
    failed_attempts = befell.failed_attempts, first_failed_at = befell.first_failed_at,
    first_exception_at = befell.first_exception_at, lost_at = befell.lost_at, returned_at = befell.returned_at,
    returning_at = CASE WHEN shipment.stage = 'returned' THEN befell.returned_at END
FROM (
    SELECT s.shipment_id,
        count(*) FILTER (c.stage = 'attempt_failed') AS failed_attempts,
        min(c.happened_at) FILTER (c.stage = 'attempt_failed') AS first_failed_at,
        min(c.happened_at) FILTER (c.stage = 'exception') AS first_exception_at,
        max(c.happened_at) FILTER (c.stage = 'lost') AS lost_at,
        max(c.happened_at) FILTER (c.stage = 'returned') AS returned_at
    FROM shipment s JOIN checkpoint c ON c.shipment_id = s.shipment_id AND c.invoice_id IS NOT DISTINCT FROM s.invoice_id
    WHERE c.stage IN ('attempt_failed', 'exception', 'lost', 'returned') AND c.happened_at >= s.ordered_at - INTERVAL 1 DAY
      AND (c.stage = 'returned' OR s.delivered_at IS NULL OR c.happened_at <= s.delivered_at)
    GROUP BY s.shipment_id) befell
WHERE shipment.shipment_id = befell.shipment_id;

-- How the zone of a time is known, the time as it was written, what the words say of a return, and whether a pick-up is inferred.
CREATE TABLE checkpoint_known (
    shipment_id BIGINT NOT NULL,
    invoice_id  BIGINT,                              -- null: known without a number (imported past)
    happened_at TIMESTAMPTZ NOT NULL,
    zone_from   VARCHAR NOT NULL DEFAULT 'written',  -- written | place | carrier | assumed | borrowed
    local_at    TIMESTAMP,                           -- null: not known
    stage       VARCHAR,                             -- null: a code nobody knows; recorded, changes nothing
    code        VARCHAR NOT NULL DEFAULT '',
    place       VARCHAR NOT NULL DEFAULT '',
    text        VARCHAR NOT NULL DEFAULT '',
    hint        VARCHAR,                             -- return | settled
    inferred    BOOLEAN NOT NULL DEFAULT false,
    source      VARCHAR NOT NULL,
    batch_id    BIGINT NOT NULL
);
INSERT INTO checkpoint_known BY NAME
SELECT shipment_id, invoice_id, happened_at, CASE WHEN zone_assumed THEN 'carrier' ELSE 'written' END AS zone_from,
    stage, code, place, text, source, batch_id,
    CASE WHEN source = 'carrier' AND stage NOT IN ('info_received', 'invalid_number', 'available_for_pickup', 'returned')
          AND regexp_matches(lower(regexp_replace(text, '[\s\p{P}]', '', 'g')),
              '반송|반품|회송|(수취(인)?|수령|인수)(거절|거부)|(배송|배달)거부|返送|返品|返還|返却|返戻|受(け)?取(り)?(人)?(拒否|拒絶|辞退)|退回|退[件货貨运運签還]|拒收|拒绝签收|拒絕簽收'
              || '|(return(ed|ing)?|back)to(the)?(sender|shipper|origin)|tooriginalsender|beingreturned|return(shipment|delivery|pickup)'
              || '|refusedby(the)?(recipient|receiver|addressee|customer)|(recipient|receiver|addressee|customer|delivery|shipment)refused'
              || '|rücksendung|retoure|zurückandenabsender|andenabsenderzurück|annahmeverweiger')
          AND NOT regexp_matches(lower(text), '시 ?(반송|반품)|경우 ?(반송|반품)|場合|if not|unless|otherwise|逾期|falls nicht')
         THEN 'return' END AS hint
FROM checkpoint;
DROP TABLE checkpoint;
ALTER TABLE checkpoint_known RENAME TO checkpoint;

-- Shipments whose state is to be derived again by the rules of this version, once (core/services/tracking/refolding.py).
CREATE TABLE to_fold (shipment_id BIGINT NOT NULL);
INSERT INTO to_fold
SELECT DISTINCT s.shipment_id
FROM shipment s JOIN checkpoint c ON c.shipment_id = s.shipment_id AND c.invoice_id IS NOT DISTINCT FROM s.invoice_id
WHERE c.hint = 'return' OR (s.status IN ('delivered', 'shipping_failed') AND c.happened_at > s.status_since)
   OR (c.source = 'carrier' AND c.happened_at < coalesce(s.released_at, s.invoiced_at) - INTERVAL 1 DAY)
   OR (c.stage IN ('delivered', 'returned') AND c.happened_at < s.last_scan_at);
