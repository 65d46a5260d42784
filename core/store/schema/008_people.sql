-- What admins did about people; only ever appended. The newest row that says a role counts: null for somebody removed.
-- Sign-ins from before the newest "removed" or "sessions_ended" count no more.
CREATE TABLE person_event (
    event_id    BIGINT NOT NULL,
    email       VARCHAR NOT NULL,
    change      VARCHAR NOT NULL,                   -- invited | role_changed | removed | sessions_ended
    role_before VARCHAR,
    role        VARCHAR,                            -- afterwards
    made_at     TIMESTAMPTZ NOT NULL,
    made_by     VARCHAR NOT NULL
);

-- The sign-ins of people who were let in, from the first time each was seen; old rows are dropped.
CREATE TABLE sign_in (
    sign_in_key   VARCHAR NOT NULL,                 -- SHA-256 of what tells one sign-in from others
    email         VARCHAR NOT NULL,
    role          VARCHAR NOT NULL,                 -- when it was seen last
    entry         VARCHAR NOT NULL DEFAULT '',      -- of the settings that gave the role; '' for one given by an admin
    first_seen_at TIMESTAMPTZ NOT NULL,
    last_seen_at  TIMESTAMPTZ NOT NULL,
    ends_at       TIMESTAMPTZ NOT NULL,
    signed_out_at TIMESTAMPTZ
);
