-- What the projector could not read or write and left out, so that the rest goes
-- on. Each row is a fault of ours to look into.

-- +goose Up
CREATE TABLE unreadable (
    set_aside_at timestamptz NOT NULL,
    seq          bigint      NOT NULL, -- of the fact, or of the newest in the record
    what         text        NOT NULL CHECK (what IN ('fact', 'record')),
    ledger       text        NOT NULL, -- whose sequence it is
    call         text        NOT NULL, -- as it was named; it may be no UUID
    error        text        NOT NULL,
    record       jsonb,                -- as it stood in calls; NULL for a fact
    PRIMARY KEY (ledger, seq, what, call)
);

-- +goose Down
DROP TABLE unreadable;
