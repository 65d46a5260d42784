-- What befell each number on its way, for figures over many shipments: derived from `checkpoint` up to a batch, and from
-- `checkpoint` itself beyond (see core/store/journey_events.py). Losing it loses nothing.
CREATE TABLE journey_mark (
    shipment_id        BIGINT NOT NULL,
    invoice_id         BIGINT,
    first_failed_at    TIMESTAMPTZ,
    last_failed_at     TIMESTAMPTZ,
    first_exception_at TIMESTAMPTZ,
    last_exception_at  TIMESTAMPTZ,
    last_returned_at   TIMESTAMPTZ,
    last_lost_at       TIMESTAMPTZ
);

-- One row: how many checkpoints the marks were derived from, and the newest batch among them.
CREATE TABLE journey_mark_until (
    checkpoints BIGINT NOT NULL,
    batch_id    BIGINT NOT NULL
);
