-- Facts: what shops, staff and carriers said. Insert-only, but for the shipment's own row.
-- No secondary index and no foreign key: duckdb can apply an UPDATE twice under a secondary index.
CREATE TABLE shipment (
    shipment_id      BIGINT PRIMARY KEY,
    shipment_no      VARCHAR NOT NULL,
    order_no         VARCHAR NOT NULL,
    kind             VARCHAR NOT NULL,               -- standard | exchange
    destination      VARCHAR NOT NULL,               -- domestic | international
    ordered_at       TIMESTAMPTZ NOT NULL,
    released_at      TIMESTAMPTZ,
    promised_on      DATE,
    ship_by          DATE,
    warehouse        VARCHAR NOT NULL DEFAULT '',
    policy           VARCHAR NOT NULL DEFAULT '',
    option           VARCHAR NOT NULL DEFAULT '',
    weight_g         INTEGER,
    freight          DECIMAL(12, 2),
    currency         VARCHAR NOT NULL DEFAULT '',
    request          VARCHAR NOT NULL DEFAULT '',
    recipient        VARCHAR NOT NULL DEFAULT '',
    phone            VARCHAR NOT NULL DEFAULT '',
    address          VARCHAR NOT NULL DEFAULT '',
    city             VARCHAR NOT NULL DEFAULT '',
    region           VARCHAR NOT NULL DEFAULT '',
    postal_code      VARCHAR NOT NULL DEFAULT '',
    country          VARCHAR NOT NULL,               -- ISO 3166-1 alpha-2
    product          VARCHAR NOT NULL DEFAULT '',    -- name of the first item
    items            INTEGER NOT NULL DEFAULT 0,     -- how many item lines
    origin_no        VARCHAR,                        -- re-shipped from
    successor_no     VARCHAR,                        -- re-shipped as
    source_hash      VARCHAR,                        -- the imported rows, to know a repeat
    -- derived from the facts by core.domain.status.fold, written in the same transaction
    status           VARCHAR NOT NULL,
    word             VARCHAR,                        -- release_failed | redelivery | cancellation | undecided
    reason           VARCHAR,                        -- the carrier's own text behind the word
    exception        VARCHAR,                        -- customs hold, delay: a mark on a shipment in delivery
    stage            VARCHAR,                        -- of the last checkpoint that counted
    status_since     TIMESTAMPTZ NOT NULL,
    invoice_id       BIGINT,
    carrier          VARCHAR,
    invoice_no       VARCHAR,
    invoiced_at      TIMESTAMPTZ,
    picked_up_at     TIMESTAMPTZ,
    first_attempt_at TIMESTAMPTZ,
    last_scan_at     TIMESTAMPTZ,
    delivered_at     TIMESTAMPTZ,
    closed_at        TIMESTAMPTZ,
    version          INTEGER NOT NULL DEFAULT 1,
    updated_at       TIMESTAMPTZ NOT NULL
);

CREATE TABLE item (
    shipment_id BIGINT NOT NULL,
    line        INTEGER NOT NULL,
    product_id  VARCHAR NOT NULL,
    name        VARCHAR NOT NULL,
    quantity    INTEGER NOT NULL
);

-- One row per registration or deletion. A number that comes back to its shipment keeps its invoice_id, and so its journey.
CREATE TABLE invoice (
    event_id    BIGINT PRIMARY KEY,
    shipment_id BIGINT NOT NULL,
    invoice_id  BIGINT NOT NULL,
    action      VARCHAR NOT NULL,                    -- registered | deleted
    carrier     VARCHAR NOT NULL,
    invoice_no  VARCHAR NOT NULL,
    changed_at  TIMESTAMPTZ NOT NULL,
    batch_id    BIGINT NOT NULL
);

CREATE TABLE checkpoint (
    shipment_id  BIGINT NOT NULL,
    invoice_id   BIGINT,                             -- null: known without a number (imported past)
    happened_at  TIMESTAMPTZ NOT NULL,
    zone_assumed BOOLEAN NOT NULL DEFAULT false,
    stage        VARCHAR,                            -- null: a code nobody knows; recorded, changes nothing
    code         VARCHAR NOT NULL DEFAULT '',
    place        VARCHAR NOT NULL DEFAULT '',
    text         VARCHAR NOT NULL DEFAULT '',
    source       VARCHAR NOT NULL,
    batch_id     BIGINT NOT NULL
);

-- The unit of undo. request_key makes a repeated click or file one write.
CREATE TABLE batch (
    batch_id    BIGINT PRIMARY KEY,
    request_key VARCHAR UNIQUE,
    made_at     TIMESTAMPTZ NOT NULL,
    made_by     VARCHAR NOT NULL,
    source      VARCHAR NOT NULL,
    note        VARCHAR NOT NULL DEFAULT '',
    undoes      BIGINT
);

CREATE TABLE history (
    history_id  BIGINT PRIMARY KEY,
    shipment_id BIGINT NOT NULL,
    batch_id    BIGINT NOT NULL,
    changed_at  TIMESTAMPTZ NOT NULL,
    changed_by  VARCHAR NOT NULL,
    source      VARCHAR NOT NULL,                    -- form | scan | upload | carrier | api | import | demo
    action      VARCHAR NOT NULL,
    before      VARCHAR NOT NULL,                    -- JSON of the fields that changed
    after       VARCHAR NOT NULL,
    reason      VARCHAR NOT NULL DEFAULT ''
);

-- Search keys, kept sorted in bulk so that zone maps answer exact and prefix look-ups. A hit is always checked against the shipment.
CREATE TABLE search_key (
    kind        VARCHAR,                             -- shipment_no | order_no | invoice_no | product_id
    value       VARCHAR,                             -- as core.domain.search.search_form writes it
    shipment_id BIGINT
);
