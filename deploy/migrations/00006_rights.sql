-- Rights by queue, passwords that age, single sign-on, sessions that can be
-- listed and ended, and the audit log as the ledger tells it.

-- +goose Up

-- What a right holds for may be named once for several people: "@first-line".
CREATE TABLE queue_groups (
    updated_at timestamptz NOT NULL,
    name       text        PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
    queues     text[]      NOT NULL -- IDs; of queues that are no more, nothing follows
);

ALTER TABLE accounts
    -- The queues the account's role holds for: IDs and "@group". NULL is the role's
    -- usual, '{}' none. An administrator's holds for all.
    ADD COLUMN queues      text[] CHECK (role <> 'administrator' OR queues IS NULL),
    ADD COLUMN password_at timestamptz,                     -- when it was set
    ADD COLUMN must_change boolean NOT NULL DEFAULT false,  -- before anything else
    -- Who the account is at the issuer of single sign-on; '' is nobody yet. A name
    -- there may pass to somebody else, a subject never does (OpenID Connect Core §2).
    ADD COLUMN issuer      text    NOT NULL DEFAULT '',
    ADD COLUMN subject     text    NOT NULL DEFAULT '',
    DROP CONSTRAINT accounts_password_hash_check,
    ADD CONSTRAINT accounts_password_hash_check
        CHECK (password_hash = '' OR password_hash LIKE '$argon2id$%'), -- '': by single sign-on only
    ADD CONSTRAINT accounts_subject_check CHECK ((issuer = '') = (subject = ''));

UPDATE accounts SET password_at = updated_at;

CREATE UNIQUE INDEX accounts_by_subject ON accounts (issuer, subject) WHERE subject <> '';

-- The queues named by a right, groups resolved. NULL stays NULL.
-- +goose StatementBegin
CREATE FUNCTION queues_of(named text[]) RETURNS text[] LANGUAGE sql STABLE STRICT AS $$
    SELECT coalesce(array_agg(DISTINCT queue ORDER BY queue), '{}') FROM (
        SELECT n AS queue FROM unnest(named) AS n WHERE n NOT LIKE '@%'
        UNION ALL
        SELECT unnest(g.queues) FROM queue_groups g WHERE '@' || g.name = ANY (named)
    ) AS q
$$;
-- +goose StatementEnd

-- Sessions from before do not say whose they are: their people sign in again.
DELETE FROM sessions;

ALTER TABLE sessions
    ADD COLUMN id       uuid        NOT NULL DEFAULT gen_random_uuid(), -- to name it by; the token is a secret
    ADD COLUMN began_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN seen_at  timestamptz NOT NULL DEFAULT now(), -- to some minutes
    ADD COLUMN account  text        NOT NULL DEFAULT '',    -- '' for the moment before it is told
    ADD COLUMN address  text        NOT NULL DEFAULT '',    -- network address it began from
    ADD COLUMN client   text        NOT NULL DEFAULT '',    -- the browser, as it calls itself
    ADD COLUMN method   text        NOT NULL DEFAULT 'password' CHECK (method IN ('password', 'oidc'));

CREATE UNIQUE INDEX sessions_by_id ON sessions (id);
CREATE INDEX sessions_by_account ON sessions (account, began_at DESC) WHERE account <> '';

-- Who did what, or tried. Rows are only ever added: the trigger below refuses the
-- rest. The projector writes them from the ledger, so that nobody waits for this
-- database; the administrator's commands write theirs themselves.
CREATE TABLE audit (
    id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    account text        NOT NULL, -- '' if nobody was signed in
    act     text        NOT NULL, -- 'sign-in', 'move-call', …
    subject text        NOT NULL, -- what it was done to
    address text        NOT NULL, -- where the request came from
    outcome text        NOT NULL CHECK (outcome IN ('done', 'denied', 'failed')),
    detail  text        NOT NULL,
    fact    text        NOT NULL  -- ID of the fact that told it, '' if none did
);

-- A fact told twice is one line.
CREATE UNIQUE INDEX audit_by_fact ON audit (fact) WHERE fact <> '';
CREATE INDEX audit_by_account ON audit (account, id DESC);
CREATE INDEX audit_by_act ON audit (act, id DESC);

INSERT INTO audit (at, account, act, subject, address, outcome, detail, fact)
SELECT at, account, action, subject, address, 'done', coalesce(detail ->> 'detail', ''), '' FROM audit_log ORDER BY id;

-- +goose StatementBegin
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END
$$;
-- +goose StatementEnd

CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

DROP TABLE audit_log;
DROP FUNCTION audit_log_is_append_only;

-- +goose Down
CREATE TABLE audit_log (
    id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    account text        NOT NULL,
    action  text        NOT NULL,
    subject text        NOT NULL,
    address text        NOT NULL,
    detail  jsonb       NOT NULL
);
INSERT INTO audit_log (at, account, action, subject, address, detail)
SELECT at, account, act, subject, address, jsonb_build_object('detail', detail) FROM audit ORDER BY id;
CREATE INDEX audit_log_by_account ON audit_log (account, id DESC);
-- +goose StatementBegin
CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only();
DROP TABLE audit;
DROP FUNCTION audit_is_append_only;
ALTER TABLE sessions DROP COLUMN id, DROP COLUMN began_at, DROP COLUMN seen_at, DROP COLUMN account,
    DROP COLUMN address, DROP COLUMN client, DROP COLUMN method;
DROP FUNCTION queues_of;
ALTER TABLE accounts DROP COLUMN queues, DROP COLUMN password_at, DROP COLUMN must_change,
    DROP COLUMN issuer, DROP COLUMN subject;
DROP TABLE queue_groups;
