-- name: AccountByName :one
SELECT created_at, updated_at, disabled, name, display_name, role, password_hash, language
FROM accounts WHERE name = @name;

-- name: Accounts :many
SELECT created_at, updated_at, disabled, name, display_name, role, password_hash, language
FROM accounts ORDER BY name;

-- name: CreateAccount :execrows
INSERT INTO accounts (created_at, updated_at, name, display_name, role, password_hash, language)
VALUES (@now, @now, @name, @display_name, @role, @password_hash, @language)
ON CONFLICT (name) DO NOTHING;

-- name: SetPassword :execrows
UPDATE accounts SET password_hash = @password_hash, updated_at = @now WHERE name = @name;

-- name: SetLanguage :execrows
UPDATE accounts SET language = @language, updated_at = @now WHERE name = @name;

-- name: SetDisabled :execrows
UPDATE accounts SET disabled = @disabled, updated_at = @now WHERE name = @name;

-- name: PutToken :exec
INSERT INTO api_tokens (created_at, expires_at, hash, account, label)
VALUES (@now, @expires_at, @hash, @account, @label)
ON CONFLICT (account, label) DO UPDATE SET
    created_at = excluded.created_at, expires_at = excluded.expires_at, hash = excluded.hash;

-- name: AccountByToken :one
SELECT a.created_at, a.updated_at, a.disabled, a.name, a.display_name, a.role, a.password_hash, a.language
FROM api_tokens t JOIN accounts a ON a.name = t.account
WHERE t.hash = @hash AND NOT a.disabled
  AND (t.expires_at IS NULL OR t.expires_at > @now::timestamptz);

-- name: AppendAudit :exec
INSERT INTO audit_log (at, account, action, subject, address, detail)
VALUES (@at, @account, @action, @subject, @address, @detail);

-- name: NewestAudit :many
SELECT id, at, account, action, subject, address, detail FROM audit_log
ORDER BY id DESC LIMIT @max_rows;

-- name: AddPhoneSecret :exec
INSERT INTO phone_secrets (created_at, agent, secret) VALUES (@now, @agent, @secret)
ON CONFLICT (agent) DO NOTHING;

-- name: PhoneSecret :one
SELECT secret FROM phone_secrets WHERE agent = @agent;
