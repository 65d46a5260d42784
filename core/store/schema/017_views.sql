-- Saved views: a name for what a page shows by its link. Only ever appended; the newest row of a view counts.
CREATE TABLE saved_view (
    event_id BIGINT NOT NULL,
    view_id  BIGINT NOT NULL,                        -- the event_id of its first row
    owner    VARCHAR NOT NULL,                       -- by the name that changes are made under
    name     VARCHAR NOT NULL,                       -- '' where it was forgotten
    page     VARCHAR NOT NULL,                       -- shipments | overview | delays
    link     VARCHAR NOT NULL,                       -- the parameters, as a query
    shared   BOOLEAN NOT NULL,                       -- with the team
    removed  BOOLEAN NOT NULL,
    made_at  TIMESTAMPTZ NOT NULL,
    made_by  VARCHAR NOT NULL
);
