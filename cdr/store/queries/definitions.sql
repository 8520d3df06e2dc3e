-- name: NewestDefinitions :one
SELECT COALESCE(max(version), 0)::bigint FROM definitions;

-- name: LockDefinitions :exec
-- One apply at a time, whichever process it is in; readers go on.
LOCK TABLE definitions IN SHARE ROW EXCLUSIVE MODE;

-- name: PutDefinitions :execrows
INSERT INTO definitions (version, applied_at, account, revision, files)
VALUES (@version, @applied_at, @account, @revision, @files)
ON CONFLICT (version) DO NOTHING;

-- name: DefinitionsVersion :one
SELECT version, applied_at, account, revision, files FROM definitions WHERE version = @version;

-- name: ForgetContacts :exec
DELETE FROM contacts WHERE id = ANY(@contact_ids::text[]);
