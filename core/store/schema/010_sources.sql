-- The order files that shipments came in; the bytes only of workbooks that go back themselves.
CREATE TABLE source_file (
    file_id BIGINT NOT NULL,
    layout  VARCHAR NOT NULL,                        -- core/files/layouts
    name    VARCHAR NOT NULL,
    content BLOB
);

-- The source's own lines behind each shipment, as its newest file has them.
CREATE TABLE source_line (
    shipment_id BIGINT NOT NULL,
    file_id     BIGINT NOT NULL,
    line        INTEGER NOT NULL,
    file_row    INTEGER NOT NULL,
    said        VARCHAR NOT NULL                     -- JSON: head to text, of the heads that are handed back
);

-- The numbers that a source has; only ever appended. Of a batch that was undone they count no more.
CREATE TABLE handed_over (
    batch_id     BIGINT,                             -- null: the source's own file had it
    shipment_id  BIGINT NOT NULL,
    layout       VARCHAR NOT NULL,
    carrier      VARCHAR NOT NULL,
    invoice_no   VARCHAR NOT NULL,
    canonical_no VARCHAR NOT NULL
);

-- How a shop's own files are read, once a person has matched their columns; the newest for the same heads counts.
CREATE TABLE kept_mapping (
    heads    VARCHAR NOT NULL,                       -- as they are compared, sorted
    mapping  VARCHAR NOT NULL,                       -- TOML
    saved_at TIMESTAMPTZ NOT NULL,
    saved_by VARCHAR NOT NULL
);
