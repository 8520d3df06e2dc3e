-- name: AppendAudit :exec
INSERT INTO audit (at, account, act, subject, address, outcome, detail, fact)
VALUES (@at, @account, @act, @subject, @address, @outcome, @detail, '');

-- name: PutAudit :batchexec
INSERT INTO audit (at, account, act, subject, address, outcome, detail, fact)
VALUES (@at, @account, @act, @subject, @address, @outcome, @detail, @fact)
ON CONFLICT (fact) WHERE fact <> '' DO NOTHING;

-- name: NewestAudit :many
-- Each narrowing is off when its parameter is empty.
SELECT id, at, account, act, subject, address, outcome, detail FROM audit
WHERE id < @before
  AND (@account::text = '' OR account = @account)
  AND (@act::text = '' OR act = @act)
  AND (@subject::text = '' OR subject = @subject)
  AND (@outcome::text = '' OR outcome = @outcome)
  AND at >= @since AND at < @until
ORDER BY id DESC LIMIT @max_rows;
