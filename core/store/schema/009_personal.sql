-- When who receives a shipment was forgotten, null while it is known.
ALTER TABLE shipment ADD COLUMN forgotten_at TIMESTAMPTZ;

-- Files that left the desk with personal data in them: how many shipments the one of this batch held.
CREATE TABLE export (
    batch_id  BIGINT NOT NULL,
    shipments INTEGER NOT NULL
);

-- One row: up to which state of the list beside the database its shipments were forgotten (core/store/forgotten_list.py).
CREATE TABLE forgotten_list (mark VARCHAR NOT NULL);
