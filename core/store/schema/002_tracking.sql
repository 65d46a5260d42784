-- The cache of what tracking services said: one row per registration that is in force and still watched. Rows go when the
-- number is modified or deleted, and come back with it: no key here, since a row deleted under a reader cannot come back under a key.
CREATE TABLE tracking (
    invoice_id    BIGINT NOT NULL,
    shipment_id   BIGINT NOT NULL,
    carrier       VARCHAR NOT NULL,
    invoice_no    VARCHAR NOT NULL,
    service       VARCHAR NOT NULL DEFAULT '',      -- who was asked last
    stage         VARCHAR,                          -- of the last answer; null: none, or a code nobody knows
    code          VARCHAR NOT NULL DEFAULT '',
    last_event_at TIMESTAMPTZ,
    estimated_on  DATE,                             -- the carrier's own guess
    asked_at      TIMESTAMPTZ,
    fetched_at    TIMESTAMPTZ,                      -- when the last answer came
    next_due      TIMESTAMPTZ,                      -- null: never again
    attempts      INTEGER NOT NULL DEFAULT 0,       -- failed ones since the last answer
    unchanged     INTEGER NOT NULL DEFAULT 0,       -- answers without news in a row
    last_error    VARCHAR NOT NULL DEFAULT '',
    warning       VARCHAR NOT NULL DEFAULT '',      -- such as: the number was used before
    claimed_by    VARCHAR,                          -- who is asking now, and until when nobody else may
    claimed_until TIMESTAMPTZ,
    stopped_at    TIMESTAMPTZ,                      -- given up after too long a silence
    resumed_at    TIMESTAMPTZ
);

-- What was asked of each carrier in one go; insert-only, old rows are dropped. Error rates come from here.
CREATE TABLE tracking_run (
    ran_at  TIMESTAMPTZ NOT NULL,
    carrier VARCHAR NOT NULL,
    service VARCHAR NOT NULL,
    asked   INTEGER NOT NULL,
    failed  INTEGER NOT NULL,
    news    INTEGER NOT NULL,
    error   VARCHAR NOT NULL DEFAULT ''
);

-- What an admin decided about a carrier. Null: as shipped. Insert-only, the newest row of a carrier counts.
CREATE TABLE carrier_setting (
    setting_id BIGINT NOT NULL,
    carrier    VARCHAR NOT NULL,
    service    VARCHAR,                             -- which service is asked; '' for none
    check_digit VARCHAR,                            -- refuse | warn | off
    updated_at TIMESTAMPTZ NOT NULL,
    updated_by VARCHAR NOT NULL
);

-- Webhooks taken, so that a repeated one changes nothing.
CREATE TABLE webhook_seen (
    service     VARCHAR NOT NULL,
    digest      VARCHAR NOT NULL,                   -- SHA-256 of the raw body
    received_at TIMESTAMPTZ NOT NULL
);

-- How fast the sandbox's journeys go from a moment on. Insert-only: what was told of the past never changes.
CREATE TABLE sandbox_clock (
    started_at TIMESTAMPTZ NOT NULL,
    since      TIMESTAMPTZ NOT NULL,
    speed      DOUBLE NOT NULL
);
