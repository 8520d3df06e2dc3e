-- The definitions that were in force without an apply.

-- +goose Up

-- What a controller began with that nobody had applied: the configured folder. The
-- ledger tells which revision was in force when (fact redefined); together with
-- the table definitions, any day can be replayed by its own definitions.
CREATE TABLE configured_definitions (
    revision text        PRIMARY KEY CHECK (revision ~ '^[0-9a-f]{16}$'), -- of the files' contents
    first_at timestamptz NOT NULL, -- when a controller first began with them
    files    jsonb       NOT NULL CHECK (jsonb_typeof(files) = 'object') -- name → text
);

-- +goose Down
DROP TABLE configured_definitions;
