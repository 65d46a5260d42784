-- What the statements of the store call by the embedded engine's names; each is inlined where it is used.
CREATE OR REPLACE FUNCTION shipdesk_sql.list_contains(whole text[], one text) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS 'SELECT one = ANY (whole)';
CREATE OR REPLACE FUNCTION shipdesk_sql.list_contains(whole bigint[], one bigint) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS 'SELECT one = ANY (whole)';
CREATE OR REPLACE FUNCTION shipdesk_sql.epoch_us(at timestamptz) RETURNS bigint
    LANGUAGE sql IMMUTABLE AS 'SELECT (extract(epoch FROM at) * 1000000)::bigint';
CREATE OR REPLACE FUNCTION shipdesk_sql.to_days(days integer) RETURNS interval
    LANGUAGE sql IMMUTABLE AS 'SELECT make_interval(days => days)';
CREATE OR REPLACE FUNCTION shipdesk_sql.contains(whole text, part text) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS 'SELECT strpos(whole, part) > 0';
CREATE OR REPLACE FUNCTION shipdesk_sql.ends_with(whole text, part text) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS 'SELECT right(whole, length(part)) = part';
CREATE OR REPLACE FUNCTION shipdesk_sql.sha256(whole text) RETURNS text
    LANGUAGE sql IMMUTABLE AS 'SELECT encode(pg_catalog.sha256(convert_to(whole, ''UTF8'')), ''hex'')';

-- A block of ids that are one after another. A sequence alone gives them one by one, in between those of others.
CREATE OR REPLACE FUNCTION shipdesk_sql.reserve(name text, many bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    first bigint;
BEGIN
    IF many = 1 THEN
        PERFORM pg_advisory_lock_shared(hashtext(name));
        first := nextval(name::regclass);
        PERFORM pg_advisory_unlock_shared(hashtext(name));
    ELSE
        PERFORM pg_advisory_lock(hashtext(name));
        first := nextval(name::regclass);
        PERFORM setval(name::regclass, first + many - 1);
        PERFORM pg_advisory_unlock(hashtext(name));
    END IF;
    RETURN first;
END $$;

-- Which transaction wrote a row, so that whoever follows finds it; a trigger, so that no statement can forget it.
CREATE OR REPLACE FUNCTION shipdesk_sql.written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.tx := pg_current_xact_id();
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION shipdesk_sql.removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO shipdesk.gone (of_table, id, tx) VALUES (TG_TABLE_NAME, (to_jsonb(OLD) ->> TG_ARGV[0])::bigint, pg_current_xact_id());
    RETURN NULL;
END $$;
