-- The people who call (contacts) and the people who sign in (accounts).

-- +goose Up

-- The directory, loaded from definitions and, later, from other systems.
CREATE TABLE contacts (
    updated_at timestamptz NOT NULL,
    vip        boolean     NOT NULL DEFAULT false,
    id         text        PRIMARY KEY CHECK (id <> ''),
    name       text        NOT NULL,
    email      text        NOT NULL DEFAULT '',
    site       text        NOT NULL DEFAULT '',
    language   text        NOT NULL DEFAULT '' -- 'fr', 'en', '' if unknown
);

-- A number belongs to one contact, so that a caller is never a maybe. E.164
-- (ITU-T E.164): "+", then at most 15 digits, the first of them not zero.
CREATE TABLE contact_numbers (
    e164       text PRIMARY KEY CHECK (e164 ~ '^\+[1-9][0-9]{1,14}$'),
    contact_id text NOT NULL REFERENCES contacts (id) ON DELETE CASCADE
);

CREATE INDEX contact_numbers_by_contact ON contact_numbers (contact_id);

-- Who may sign in to the console. An agent's account has the agent's ID as name.
CREATE TABLE accounts (
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    disabled      boolean     NOT NULL DEFAULT false,
    name          text        PRIMARY KEY CHECK (name <> ''),
    display_name  text        NOT NULL DEFAULT '',
    role          text        NOT NULL CHECK (role IN ('agent', 'supervisor', 'administrator')),
    password_hash text        NOT NULL CHECK (password_hash LIKE '$argon2id$%'), -- PHC string
    language      text        NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en'))
);

-- Bearer tokens of programs. Only the SHA-256 of the token is kept: a token has
-- 256 random bits, so a slow hash would add nothing.
CREATE TABLE api_tokens (
    created_at timestamptz NOT NULL,
    expires_at timestamptz,          -- NULL: never
    hash       bytea       PRIMARY KEY CHECK (octet_length(hash) = 32),
    account    text        NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    label      text        NOT NULL  -- what it is for, shown to administrators
);

-- One token for each account and purpose: making it again replaces it.
CREATE UNIQUE INDEX api_tokens_by_account ON api_tokens (account, label);

-- Sessions of the console, in the shape github.com/alexedwards/scs/pgxstore
-- reads and writes.
CREATE TABLE sessions (
    token  text        PRIMARY KEY,
    data   bytea       NOT NULL,
    expiry timestamptz NOT NULL
);

CREATE INDEX sessions_by_expiry ON sessions (expiry);

-- The SIP secret of each agent's phone. It is kept in clear because Asterisk
-- must be given it to answer a digest challenge (RFC 8760).
CREATE TABLE phone_secrets (
    created_at timestamptz NOT NULL,
    agent      text        PRIMARY KEY CHECK (agent <> ''),
    secret     text        NOT NULL CHECK (length(secret) >= 24)
);

-- Who did what. Rows are only ever added: the trigger below refuses the rest.
CREATE TABLE audit_log (
    id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    account text        NOT NULL, -- '' if nobody was signed in
    action  text        NOT NULL, -- 'sign-in', 'agent.state', …
    subject text        NOT NULL, -- what it was done to
    address text        NOT NULL, -- where the request came from
    detail  jsonb       NOT NULL
);

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

-- +goose Down
DROP TABLE audit_log;
DROP FUNCTION audit_log_is_append_only;
DROP TABLE phone_secrets;
DROP TABLE sessions;
DROP TABLE api_tokens;
DROP TABLE accounts;
DROP TABLE contact_numbers;
DROP TABLE contacts;
