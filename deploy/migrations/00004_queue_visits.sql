-- What reports on queues ask of calls: each stay in a queue, each talk, each
-- callback. All of it repeats what the records say (calls.record) and is written
-- with them by the projector alone (cdr/store), once it is over: what is going on
-- now is the floor's to tell. Calls from before this migration have no rows here.

-- +goose Up

-- One row for each stay in a queue that is over.
CREATE TABLE queue_visits (
    call_id         uuid        NOT NULL REFERENCES calls (call_id) ON DELETE CASCADE,
    entered_at      timestamptz NOT NULL,         -- what the place counted from
    left_at         timestamptz NOT NULL,
    waited_ms       bigint      NOT NULL CHECK (waited_ms >= 0),
    -- The wait that was expected, from estimated_at on; NULL where it could not be
    -- told honestly.
    estimated_at    timestamptz,
    low_ms          bigint      CHECK (low_ms >= 0),
    high_ms         bigint      CHECK (high_ms >= low_ms),
    n               integer     NOT NULL CHECK (n >= 0), -- among the call's stays
    place           integer     NOT NULL CHECK (place >= 0), -- rank at entry, 0 if unknown
    announced       integer     NOT NULL CHECK (announced >= 0),
    short           boolean     NOT NULL,         -- a short abandon
    callback        boolean     NOT NULL,         -- the caller went, to be called back
    queue           text        NOT NULL,
    cause           text        NOT NULL,
    overflow_to     text        NOT NULL,         -- the kind, '' if it was not sent on
    overflow_target text        NOT NULL,
    PRIMARY KEY (call_id, n),
    CHECK ((low_ms IS NULL) = (high_ms IS NULL)),
    CHECK (low_ms IS NULL OR estimated_at IS NOT NULL)
);

-- Reports go by period, then by queue.
CREATE INDEX queue_visits_by_time ON queue_visits (left_at, queue);

-- One row for each agent's part in a call that is over.
CREATE TABLE talks (
    call_id      uuid        NOT NULL REFERENCES calls (call_id) ON DELETE CASCADE,
    connected_at timestamptz NOT NULL,
    ended_at     timestamptz NOT NULL,
    talked_ms    bigint      NOT NULL CHECK (talked_ms >= 0),
    wrap_up_ms   bigint      CHECK (wrap_up_ms >= 0), -- NULL until wrapped up
    n            integer     NOT NULL CHECK (n >= 0),
    agent        text        NOT NULL,
    queue        text        NOT NULL,
    PRIMARY KEY (call_id, n)
);

CREATE INDEX talks_by_queue ON talks (queue, connected_at DESC);
CREATE INDEX talks_by_agent ON talks (agent, connected_at DESC);

-- One row for each call whose caller asked to be called back.
CREATE TABLE callbacks (
    call_id    uuid        PRIMARY KEY REFERENCES calls (call_id) ON DELETE CASCADE,
    asked_at   timestamptz NOT NULL,
    not_before timestamptz,
    not_after  timestamptz,
    reached_at timestamptz,          -- the customer answered
    over_at    timestamptz,          -- given up without that
    tries      integer     NOT NULL CHECK (tries >= 0),
    queue      text        NOT NULL,
    number     text        NOT NULL, -- dialled
    mode       text        NOT NULL,
    asked_by   text        NOT NULL, -- 'key' or 'rule'
    outcome    text        NOT NULL  -- cdr.CallbackOutcome
);

CREATE INDEX callbacks_by_time ON callbacks (asked_at DESC);
-- Those that are not over: few at any time.
CREATE INDEX callbacks_waiting ON callbacks (asked_at) WHERE outcome = 'waiting';

-- +goose Down
DROP TABLE callbacks;
DROP TABLE talks;
DROP TABLE queue_visits;
