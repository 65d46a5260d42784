-- The service's own name of an event, by which it is known when it is told again; '' where it has none.
ALTER TABLE checkpoint ADD COLUMN told_as VARCHAR DEFAULT '';
