-- How people deal with a shipment beside what is known of it. All of it is null as long as nobody did anything.
ALTER TABLE shipment ADD COLUMN assigned_to VARCHAR;             -- by the name that changes are made under; '' again for nobody
ALTER TABLE shipment ADD COLUMN snoozed_until DATE;              -- off the worklist before that day of the shop,
ALTER TABLE shipment ADD COLUMN snoozed_version INTEGER;         -- as long as this stays its version
ALTER TABLE shipment ADD COLUMN done_flag VARCHAR;               -- the flag that was dealt with: core.domain.flags,
ALTER TABLE shipment ADD COLUMN done_at TIMESTAMPTZ;             -- when,
ALTER TABLE shipment ADD COLUMN done_on DATE;                    -- and on which day of the shop

-- When somebody looked at the worklist: last, and before this look began. One row a person.
CREATE TABLE looked (
    person    VARCHAR NOT NULL,                      -- by the name that changes are made under
    before_at TIMESTAMPTZ,                           -- null: this is the first look
    last_at   TIMESTAMPTZ NOT NULL
);
