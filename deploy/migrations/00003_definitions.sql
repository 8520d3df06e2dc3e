-- The definitions that were put in force, one row for each `linekeeper apply`.

-- +goose Up

-- The truth of what a site was at any time. The controller itself starts from
-- the copy in its data folder, so that it starts without this database.
CREATE TABLE definitions (
    version    bigint      PRIMARY KEY CHECK (version > 0),
    applied_at timestamptz NOT NULL,
    account    text        NOT NULL CHECK (account <> ''), -- who applied them
    revision   text        NOT NULL CHECK (revision ~ '^[0-9a-f]{16}$'), -- of the files' contents
    files      jsonb       NOT NULL CHECK (jsonb_typeof(files) = 'object') -- name → text
);

-- Versions are never rewritten: what was in force stays what it was.
-- +goose StatementBegin
CREATE FUNCTION definitions_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'applied definitions are append-only';
END
$$;
-- +goose StatementEnd

CREATE TRIGGER definitions_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON definitions
    FOR EACH STATEMENT EXECUTE FUNCTION definitions_are_append_only();

-- +goose Down
DROP TABLE definitions;
DROP FUNCTION definitions_are_append_only;
