-- name: FindSession :one
SELECT data, seen_at FROM sessions WHERE token = @token AND expiry > @now;

-- name: CommitSession :exec
INSERT INTO sessions (token, data, expiry, began_at, seen_at) VALUES (@token, @data, @expiry, @now, @now)
ON CONFLICT (token) DO UPDATE SET data = excluded.data, expiry = excluded.expiry;

-- name: DescribeSession :execrows
UPDATE sessions SET account = @account, address = @address, client = @client, method = @method WHERE token = @token;

-- name: TouchSession :exec
UPDATE sessions SET seen_at = @now WHERE token = @token;

-- name: DeleteSession :exec
DELETE FROM sessions WHERE token = @token;

-- name: SessionsOf :many
SELECT id, token, began_at, seen_at, expiry, address, client, method FROM sessions
WHERE account = @account AND expiry > @now ORDER BY began_at DESC;

-- name: EndSession :many
DELETE FROM sessions WHERE account = @account AND id = @id RETURNING token;

-- name: EndSessionsOf :many
DELETE FROM sessions WHERE account = @account AND token <> @kept RETURNING token;

-- name: SweepSessions :execrows
DELETE FROM sessions WHERE expiry <= @now;
