-- The records of calls, and how far the projector has come.
-- Columns stand fixed width first, widest first, so that rows carry no padding
-- (https://www.postgresql.org/docs/current/storage-page-layout.html).

-- +goose Up

-- One row for each call, written by the projector alone (cdr/store). The column
-- "record" is the truth (cdr.Record as JSON); the others repeat what reports and
-- look-ups filter and group by, and are always written together with it.
CREATE TABLE calls (
    call_id       uuid        PRIMARY KEY,            -- UUIDv7: sorts by arrival
    seq           bigint      NOT NULL CHECK (seq > 0), -- newest fact in the record
    arrived_at    timestamptz NOT NULL,
    ended_at      timestamptz,                        -- NULL while it goes on
    -- Sums over the call, in milliseconds.
    waited_ms     bigint      NOT NULL CHECK (waited_ms >= 0),
    talked_ms     bigint      NOT NULL CHECK (talked_ms >= 0),
    wrap_up_ms    bigint      NOT NULL CHECK (wrap_up_ms >= 0),
    offers        integer     NOT NULL CHECK (offers >= 0),
    code          integer     NOT NULL,               -- ITU-T Q.850, 0 if none
    complete      boolean     NOT NULL,               -- ended and wrapped up
    node          text        NOT NULL,
    number        text        NOT NULL,               -- dialled
    caller_number text        NOT NULL,               -- '' if withheld
    caller_name   text        NOT NULL,
    contact_id    text        NOT NULL,               -- '' if not identified
    contact_name  text        NOT NULL,
    language      text        NOT NULL,
    flow          text        NOT NULL,
    queue         text        NOT NULL,               -- the last one, '' if never queued
    agent         text        NOT NULL,               -- the last who talked, '' if none
    outcome       text        NOT NULL,
    cause         text        NOT NULL,
    ended_by      text        NOT NULL,
    disposition   text        NOT NULL,               -- the last one given
    agents        text[]      NOT NULL,               -- all who were offered it or talked
    record        jsonb       NOT NULL,
    -- A complete record is an ended one.
    CHECK (NOT complete OR ended_at IS NOT NULL)
);

-- The screen pop asks for the last calls of a number or a contact.
CREATE INDEX calls_by_caller  ON calls (caller_number, arrived_at DESC) WHERE caller_number <> '';
CREATE INDEX calls_by_contact ON calls (contact_id, arrived_at DESC) WHERE contact_id <> '';
-- Reports go by period, then by queue or agent.
CREATE INDEX calls_by_arrival ON calls (arrived_at DESC);
CREATE INDEX calls_by_agents  ON calls USING gin (agents);
-- Calls that go on, or wait for their wrap-up: few at any time.
CREATE INDEX calls_incomplete ON calls (arrived_at) WHERE NOT complete;

-- The tickets of calls, one row for each pair; repeats what the record says.
CREATE TABLE ticket_links (
    call_id   uuid        NOT NULL REFERENCES calls (call_id) ON DELETE CASCADE,
    noted_at  timestamptz,          -- when the record stood on the ticket
    created   boolean     NOT NULL, -- made during the call, not found
    system    text        NOT NULL,
    ticket    text        NOT NULL CHECK (ticket <> ''),
    subject   text        NOT NULL,
    url       text        NOT NULL,
    PRIMARY KEY (call_id, system, ticket)
);

CREATE INDEX ticket_links_by_ticket ON ticket_links (system, ticket);

-- How far a reader of the ledger has come. It moves in the transaction that
-- writes what was read: a crash neither loses nor repeats a fact.
CREATE TABLE positions (
    seq    bigint NOT NULL CHECK (seq >= 0), -- the last fact that was applied
    reader text   PRIMARY KEY,
    ledger text   NOT NULL                   -- sequences of another ledger mean nothing
);

-- +goose Down
DROP TABLE positions;
DROP TABLE ticket_links;
DROP TABLE calls;
