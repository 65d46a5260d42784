-- What each person chose for themselves; only ever appended, the newest row of a name counts.
CREATE TABLE preference (
    person VARCHAR NOT NULL,                         -- by the name that changes are made under
    name   VARCHAR NOT NULL,                         -- language
    value  VARCHAR NOT NULL,
    set_at TIMESTAMPTZ NOT NULL
);
