-- name: ContactByNumber :one
SELECT c.id, c.name, c.email, c.site, c.language, c.vip
FROM contact_numbers n JOIN contacts c ON c.id = n.contact_id
WHERE n.e164 = @e164;

-- name: PutContact :batchexec
INSERT INTO contacts (updated_at, vip, id, name, email, site, language)
VALUES (@now, @vip, @id, @name, @email, @site, @language)
ON CONFLICT (id) DO UPDATE SET
    updated_at = excluded.updated_at, vip = excluded.vip, name = excluded.name,
    email = excluded.email, site = excluded.site, language = excluded.language;

-- name: ForgetNumbers :exec
DELETE FROM contact_numbers WHERE contact_id = ANY(@contact_ids::text[]);

-- name: PutNumber :batchexec
INSERT INTO contact_numbers (e164, contact_id) VALUES (@e164, @contact_id)
ON CONFLICT (e164) DO UPDATE SET contact_id = excluded.contact_id;

-- name: NumbersOfContact :many
SELECT e164 FROM contact_numbers WHERE contact_id = @contact_id ORDER BY e164;
