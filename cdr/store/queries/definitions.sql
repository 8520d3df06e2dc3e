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

-- name: PutConfiguredDefinitions :exec
-- What has been applied is kept there already.
INSERT INTO configured_definitions (revision, first_at, files)
SELECT @revision::text, @now::timestamptz, @files::jsonb
WHERE NOT EXISTS (SELECT FROM definitions d WHERE d.revision = @revision)
ON CONFLICT (revision) DO NOTHING;

-- name: DefinitionFiles :one
SELECT f.files FROM (
    (SELECT d.files FROM definitions d WHERE d.revision = @revision LIMIT 1)
    UNION ALL
    SELECT c.files FROM configured_definitions c WHERE c.revision = @revision
) f LIMIT 1;

-- name: ForgetContacts :exec
DELETE FROM contacts WHERE id = ANY(@contact_ids::text[]);
