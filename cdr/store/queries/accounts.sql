-- name: AccountByName :one
SELECT created_at, updated_at, disabled, name, display_name, role, password_hash, language,
       queues, password_at, must_change, issuer, subject, queues_of(queues)::text[] AS held
FROM accounts WHERE name = @name;

-- name: AccountBySubject :one
SELECT created_at, updated_at, disabled, name, display_name, role, password_hash, language,
       queues, password_at, must_change, issuer, subject, queues_of(queues)::text[] AS held
FROM accounts WHERE issuer = @issuer AND subject = @subject;

-- name: Accounts :many
SELECT created_at, updated_at, disabled, name, display_name, role, password_hash, language,
       queues, password_at, must_change, issuer, subject, queues_of(queues)::text[] AS held
FROM accounts ORDER BY name;

-- name: CreateAccount :execrows
INSERT INTO accounts (
    created_at, updated_at, name, display_name, role, password_hash, language,
    queues, password_at, must_change, issuer, subject
) VALUES (
    @now, @now, @name, @display_name, @role, @password_hash, @language,
    sqlc.narg(queues), @now::timestamptz, @must_change, @issuer, @subject
)
ON CONFLICT (name) DO NOTHING;

-- name: SetPassword :execrows
UPDATE accounts SET password_hash = @password_hash, password_at = @now::timestamptz, must_change = @must_change, updated_at = @now
WHERE name = @name;

-- name: SetRight :execrows
UPDATE accounts SET role = @role, queues = sqlc.narg(queues), updated_at = @now WHERE name = @name;

-- name: SetSubject :execrows
-- An account that is somebody's at an issuer already stays theirs.
UPDATE accounts SET issuer = @issuer, subject = @subject, updated_at = @now
WHERE name = @name AND (subject = '' OR (issuer = @issuer AND subject = @subject));

-- name: SetDisplayName :execrows
UPDATE accounts SET display_name = @display_name, updated_at = @now WHERE name = @name;

-- name: SetLanguage :execrows
UPDATE accounts SET language = @language, updated_at = @now WHERE name = @name;

-- name: SetDisabled :execrows
UPDATE accounts SET disabled = @disabled, updated_at = @now WHERE name = @name;

-- name: PutQueueGroup :exec
INSERT INTO queue_groups (updated_at, name, queues) VALUES (@now, @name, @queues)
ON CONFLICT (name) DO UPDATE SET updated_at = excluded.updated_at, queues = excluded.queues;

-- name: DeleteQueueGroup :execrows
DELETE FROM queue_groups WHERE name = @name;

-- name: QueueGroups :many
SELECT name, queues FROM queue_groups ORDER BY name;

-- name: PutToken :exec
INSERT INTO api_tokens (created_at, expires_at, hash, account, label)
VALUES (@now, @expires_at, @hash, @account, @label)
ON CONFLICT (account, label) DO UPDATE SET
    created_at = excluded.created_at, expires_at = excluded.expires_at, hash = excluded.hash;

-- name: AccountByToken :one
SELECT a.created_at, a.updated_at, a.disabled, a.name, a.display_name, a.role, a.password_hash, a.language,
       a.queues, a.password_at, a.must_change, a.issuer, a.subject, queues_of(a.queues)::text[] AS held
FROM api_tokens t JOIN accounts a ON a.name = t.account
WHERE t.hash = @hash AND NOT a.disabled
  AND (t.expires_at IS NULL OR t.expires_at > @now::timestamptz);

-- name: AddPhoneSecret :exec
INSERT INTO phone_secrets (created_at, agent, secret) VALUES (@now, @agent, @secret)
ON CONFLICT (agent) DO NOTHING;

-- name: PhoneSecret :one
SELECT secret FROM phone_secrets WHERE agent = @agent;
